"""Steps of a calendar: seconds, days and months as they are counted in a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from automation.model.errors import InvalidValueError

Unit: TypeAlias = Literal["us", "d", "w", "mo"]

_DAY_US = 86_400_000_000
_TEXT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d|w|mo)?", re.ASCII)
_MICROS = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_LEAST_DAYS = {"d": 1, "w": 7, "mo": 28}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """So many units. us: microseconds that divide a day without rest."""

    count: int
    unit: Unit

    @property
    def least_us(self) -> int:
        """The length of the shortest such step in microseconds."""
        return self.count if self.unit == "us" else self.count * _LEAST_DAYS[self.unit] * _DAY_US


def step_of(text: str) -> Step:
    """The step that a text such as ``500ms``, ``10s``, ``15m``, ``1h``, ``1d``, ``1w``, ``1mo``, or a number of seconds, means.

    Raises ``InvalidValueError``.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise InvalidValueError(f"step {text!r:.40}: expected such as 500ms, 10s, 15m, 1h, 1d, 1w, 1mo, or seconds")
    number, unit = float(match[1]), match[2] or "s"
    if unit in _MICROS:
        return _within_a_day(round(number * _MICROS[unit]), text)
    if not number.is_integer() or not 1 <= number <= 1200:  # noqa: PLR2004 - a hundred years of months
        raise InvalidValueError(f"step {text!r:.40}: expected a whole number of days, weeks or months")
    return Step(int(number), unit)  # type: ignore[arg-type]  # the pattern has no others


def _within_a_day(micros: int, text: str) -> Step:
    if micros and micros % _DAY_US == 0:
        return Step(micros // _DAY_US, "d")
    if not 0 < micros < _DAY_US or _DAY_US % micros:
        raise InvalidValueError(f"step {text!r:.40}: must divide a day without rest, such as 10s, 15m or 6h, or be whole days")
    return Step(micros, "us")


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone. Raises ``InvalidValueError``."""
    if name not in _zones():
        raise InvalidValueError(f"time zone {name!r:.60}: not an IANA time zone such as Europe/Berlin")
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def starts(low: int, high: int, step: Step, zone: ZoneInfo) -> list[int]:
    """Where the steps that touch [low, high) begin, microseconds ascending; the first one may begin before low.

    Steps are counted on the clock of the zone from its midnight, weeks from Monday, months from January. A step that holds a
    change of the clock is as much longer or shorter; where the clock is put back, steps of up to an hour begin twice. Raises
    ``InvalidValueError`` for times that no calendar has.
    """
    found: list[int] = []
    try:
        for start in _from(low, step, zone):
            if start >= high:
                break
            if start <= low:
                found.clear()  # only the last one that is not later counts
            found.append(start)
    except (OverflowError, ValueError) as error:
        raise InvalidValueError("history: the range leaves the calendar, which has the years 1 to 9999") from error
    return found


def datetime_of(micros: int, zone: ZoneInfo) -> datetime:
    """The instant on the clock of the zone."""
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(zone)


def _from(low: int, step: Step, zone: ZoneInfo) -> Iterator[int]:
    """The starts of steps, beginning with one that is not later than low."""
    day = datetime_of(low, zone).date()
    if step.unit == "us":
        day -= timedelta(days=1)  # midnight may come twice
        while True:
            yield from _of_day(day, step.count, zone, low)
            day += timedelta(days=1)
    day = _first(day, step)
    while True:
        yield _micros(datetime.combine(day, time(), zone))
        day = _following(day, step)


def _first(day: date, step: Step) -> date:
    """The last day on which a step begins, at the day or before it."""
    if step.unit == "d":
        return day - timedelta(days=day.toordinal() % step.count)
    if step.unit == "w":
        weeks = (day.toordinal() - 1) // 7
        return date.fromordinal((weeks - weeks % step.count) * 7 + 1)
    months = day.year * 12 + day.month - 1
    return _month(months - months % step.count)


def _following(day: date, step: Step) -> date:
    if step.unit == "mo":
        return _month(day.year * 12 + day.month - 1 + step.count)
    return day + timedelta(days=step.count * (7 if step.unit == "w" else 1))


def _month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _of_day(day: date, step: int, zone: ZoneInfo, begin: int) -> Iterator[int]:
    """The starts of the day, without those before the last one that is not later than begin."""
    midnight = datetime.combine(day, time(), zone)
    low, high = _micros(midnight), _micros(datetime.combine(day + timedelta(days=1), time(), zone))
    if high - low == _DAY_US:
        passed = max(0, min(begin, high - 1) - low) // step
        yield from range(low + passed * step, high, step)
        return
    found: set[int] = set()
    for wall in range(0, _DAY_US, step):
        at = midnight.replace(tzinfo=None) + timedelta(microseconds=wall)
        for fold in (0, 1) if step <= _MICROS["h"] else (0,):
            local = at.replace(tzinfo=zone, fold=fold)
            if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at:  # the clock shows that time at all
                found.add(_micros(local))
    yield from sorted(found)


def _micros(local: datetime) -> int:
    return (local - _EPOCH) // timedelta(microseconds=1)
