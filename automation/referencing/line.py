"""From a kilometre post to coordinates."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.model.errors import InvalidValueError, NotFoundError
from automation.referencing.point import ReferencePoint, km_text, rounded

_HALF, _WHOLE = 180.0, 360.0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A segment that has points. start, end: the kilometre posts between which it is surveyed."""

    name: str
    points: int
    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a kilometre post is. between: the points that it was reckoned from, twice the same one if it is that point.

    elevation: metres, None unless both points have one.
    """

    latitude: float
    longitude: float
    elevation: float | None
    between: tuple[ReferencePoint, ReferencePoint]


class Surveyed(Protocol):
    """Points of lines, as far as ``locate`` asks for them."""

    def segments(self) -> Sequence[Segment]:
        """Every segment that has points."""

    def around(self, segment: str, km: float) -> tuple[ReferencePoint | None, ReferencePoint | None]:
        """The last point at or before the kilometre post and the first one at or after it."""


def locate(survey: Surveyed, segment: str, km: float) -> Position:
    """Where the kilometre post of the segment is.

    Raises ``NotFoundError`` for a segment without points, ``InvalidValueError`` naming the surveyed range outside of it.
    """
    if not math.isfinite(km):
        raise InvalidValueError(f"segment {segment}: the kilometre post must be finite")
    before, after = survey.around(segment, rounded(km))
    if before is None or after is None:
        found = _segment(survey.segments(), segment)
        reach = f"{km_text(found.start)} to {km_text(found.end)} km"
        raise InvalidValueError(f"segment {segment}: kilometre post {km:.12g} is outside of the surveyed range {reach}")
    return interpolate(before, after, rounded(km))


def interpolate(before: ReferencePoint, after: ReferencePoint, km: float) -> Position:
    """The position at km, linear between the two points and the short way round the globe; exact at each of them.

    km: from that of before to that of after.
    """
    if before.km in (km, after.km):
        return _at(before)
    if km == after.km:
        return _at(after)
    part = (km - before.km) / (after.km - before.km)
    return Position(
        latitude=_between(before.latitude, after.latitude, part),
        longitude=_longitude(before.longitude, after.longitude, part),
        elevation=None
        if before.elevation is None or after.elevation is None
        else _between(before.elevation, after.elevation, part),
        between=(before, after),
    )


def _at(point: ReferencePoint) -> Position:
    return Position(latitude=point.latitude, longitude=point.longitude, elevation=point.elevation, between=(point, point))


def _between(start: float, end: float, part: float) -> float:
    """Never outside of start and end, whatever rounding does."""
    value = start + (end - start) * part
    return min(max(value, min(start, end)), max(start, end))


def _longitude(start: float, end: float, part: float) -> float:
    """Across the date line where that is shorter; eastwards between opposite meridians."""
    way = end - start
    if way <= -_HALF:
        way += _WHOLE
    elif way > _HALF:
        way -= _WHOLE
    value = _between(start, start + way, part)
    if value > _HALF:
        return value - _WHOLE
    return value + _WHOLE if value < -_HALF else value


def _segment(segments: Sequence[Segment], name: str) -> Segment:
    for segment in segments:
        if segment.name == name:
            return segment
    near = difflib.get_close_matches(name, [segment.name for segment in segments], n=1)
    raise NotFoundError(f"no points of a segment {name:.64}" + (f"; did you mean {near[0]}?" if near else ""))
