"""Whether a display makes sense."""

from __future__ import annotations

import math
from collections.abc import Sequence

from automation.displays.display import (
    COLUMNS,
    COMPARISONS_S,
    RANGES_S,
    ROWS,
    STEPS,
    STRIPS_MAX,
    TITLE_MAX,
    Content,
    Dashboard,
    Strip,
    TrendGroup,
)
from automation.displays.pen import COLOURS, PENS_MAX, Pen
from automation.model.errors import InvalidValueError

_TIME_MAX = 2**40
MINUTES_MAX = 30 * 24 * 60
SIDE_MIN, HEIGHT_MAX = 2, 24


def check(content: Content) -> None:
    """Do nothing if the display makes sense. Raises ``InvalidValueError`` naming the field."""
    if isinstance(content, TrendGroup):
        _check_group(content)
    else:
        _check_dashboard(content)


def _check_group(group: TrendGroup) -> None:
    _check_pens("pens", group.pens)
    _among("range_s", group.range_s, RANGES_S)
    _among("compare_s", group.compare_s, COMPARISONS_S)
    _check_both(("start", group.start), ("end", group.end), 0, _TIME_MAX)
    if group.step:
        _among("step", group.step, STEPS)


def _check_dashboard(dashboard: Dashboard) -> None:
    if len(dashboard.strips) > STRIPS_MAX:
        raise InvalidValueError(f"strips: at most {STRIPS_MAX}, not {len(dashboard.strips)}")
    for at, strip in enumerate(dashboard.strips):
        _check_strip(f"strips.{at}", strip)
        for before, other in enumerate(dashboard.strips[:at]):
            if strip.overlaps(other):
                raise InvalidValueError(f"strips.{at}: lies over strips.{before}")


def _check_strip(field: str, strip: Strip) -> None:
    _within(f"{field}.x", strip.x, 0, COLUMNS - SIDE_MIN)
    _within(f"{field}.width", strip.width, SIDE_MIN, COLUMNS - strip.x)
    _within(f"{field}.height", strip.height, SIDE_MIN, HEIGHT_MAX)
    _within(f"{field}.y", strip.y, 0, ROWS - strip.height)
    _within(f"{field}.span_min", strip.span_min, 1, MINUTES_MAX)
    if len(strip.title) > TITLE_MAX:
        raise InvalidValueError(f"{field}.title: at most {TITLE_MAX} characters, not {len(strip.title)}")
    _check_pens(f"{field}.pens", strip.pens)
    _check_both((f"{field}.low", strip.low), (f"{field}.high", strip.high))


def _check_pens(field: str, pens: Sequence[Pen]) -> None:
    if not 0 < len(pens) <= PENS_MAX:
        raise InvalidValueError(f"{field}: expected 1 to {PENS_MAX} pens, not {len(pens)}")
    seen: dict[str, int] = {}
    for at, pen in enumerate(pens):
        if pen.tag in seen:
            raise InvalidValueError(f"{field}.{at}.tag: {pen.tag} is the tag of {field}.{seen[pen.tag]} already")
        seen[pen.tag] = at
        _within(f"{field}.{at}.colour", pen.colour, 0, COLOURS)
        _check_both((f"{field}.{at}.low", pen.low), (f"{field}.{at}.high", pen.high))


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidValueError(f"{field}: expected {least} to {most}, not {value}")


def _among(field: str, value: int | str, choices: Sequence[int | str]) -> None:
    if value not in choices:
        raise InvalidValueError(f"{field}: expected one of {', '.join(map(str, choices))}, not {value}")


def _check_both(
    first: tuple[str, float | None], second: tuple[str, float | None], least: float = -math.inf, most: float = math.inf
) -> None:
    """Both are given, or neither; both are numbers in the bounds, and the second is the greater."""
    (low_field, low), (high_field, high) = first, second
    if low is None or high is None:
        if low is not high:
            missing, given = (low_field, high_field) if low is None else (high_field, low_field)
            raise InvalidValueError(f"{missing}: is needed with {given}")
        return
    for field, value in (first, second):
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            raise InvalidValueError(f"{field}: {value} is not a number that can be shown")
    if low >= high:
        raise InvalidValueError(f"{high_field}: {high} is not above {low_field} {low}")
