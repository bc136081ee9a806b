"""A surveyed point of a line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from automation.model.errors import InvalidValueError

SEGMENT_MAX = 128
FIELDS = ("segment", "km", "latitude", "longitude", "elevation")
_BOUNDS = {
    "km": (-100_000.0, 100_000.0),
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "elevation": (-12_000.0, 10_000.0),
}
_MILLIMETRES = 6  # decimals of a kilometre

Place: TypeAlias = tuple[str, float]


@dataclass(frozen=True, kw_only=True)
class ReferencePoint:
    """A point of a segment whose coordinates are known; segment and km together are its own.

    segment: its name, without blanks around it. km: the kilometre post, rounded to millimetres. latitude, longitude: degrees,
    north and east positive. elevation: metres, None where it was not surveyed. id: given by the store, 0 before.
    Raises ``InvalidValueError`` naming the field.
    """

    segment: str
    km: float
    latitude: float
    longitude: float
    elevation: float | None = None
    id: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "segment", self.segment.strip())
        for field in FIELDS:
            for words in mistakes(field, getattr(self, field)):
                raise InvalidValueError(f"{field}: {words}")
        object.__setattr__(self, "km", rounded(self.km))
        for field in ("latitude", "longitude", "elevation"):
            value = getattr(self, field)
            object.__setattr__(self, field, None if value is None else float(value))

    @property
    def place(self) -> Place:
        """Segment and kilometre post."""
        return self.segment, self.km

    @property
    def label(self) -> str:
        """The place in words, such as ``north km 12.5``."""
        return f"{self.segment} km {km_text(self.km)}"


def mistakes(field: str, value: str | float | None) -> Iterator[str]:
    """What is wrong with the value of the field, at most one sentence."""
    if field == "segment":
        yield from _segment_mistakes(str(value))
        return
    if value is None:
        if field != "elevation":
            yield "is missing"
        return
    low, high = _BOUNDS[field]
    number = float(value)
    if not math.isfinite(number):
        yield "must be finite"
    elif not low <= number <= high:
        yield f"{number:g} is out of range {low:g} to {high:g}"


def _segment_mistakes(text: str) -> Iterator[str]:
    if not text:
        yield "is missing"
    elif len(text) > SEGMENT_MAX:
        yield f"is longer than {SEGMENT_MAX} characters"
    elif not text.isprintable():
        yield "has characters that cannot be printed"


def rounded(km: float) -> float:
    """The kilometre post to the millimetre; never minus zero."""
    return round(float(km), _MILLIMETRES) + 0.0


def km_text(km: float) -> str:
    """The kilometre post without idle zeros."""
    return f"{km:.{_MILLIMETRES}f}".rstrip("0").rstrip(".")
