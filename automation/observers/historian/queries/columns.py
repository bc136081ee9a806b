"""Columns of recorded samples, and what the samples of a span come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from automation.model.quality import Quality
from automation.model.sample import Value

PAGE = 10_000
_SECOND = 1_000_000
TIERS = (10 * _SECOND, 60 * _SECOND, 600 * _SECOND, 3_600 * _SECOND, 86_400 * _SECOND)  # spans of rollups
UNKNOWN_QUALITY = int(Quality.BAD_WAITING_FOR_INITIAL_DATA)
BAD = int(Quality.BAD)
UNCERTAIN = int(Quality.UNCERTAIN)


class Point(NamedTuple):
    """One recorded sample. time: microseconds since the epoch, UTC. quality: OPC UA status code."""

    time: int
    value: Value
    quality: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Samples of one tag in order of time, column by column, all of one length; as ``Point``."""

    time: Sequence[int]
    value: Sequence[Value]
    quality: Sequence[int]

    def __len__(self) -> int:
        return len(self.time)

    def joined(self, other: Columns) -> Columns:
        """These samples and then the others."""
        return (
            other
            if not self.time
            else Columns([*self.time, *other.time], [*self.value, *other.value], [*self.quality, *other.quality])
        )

    def part(self, low: int, high: int) -> Columns:
        """The samples from the index low up to high."""
        return Columns(self.time[low:high], self.value[low:high], self.quality[low:high])

    def point(self, index: int) -> Point:
        """The sample at the index."""
        return Point(self.time[index], self.value[index], self.quality[index])


class Part(NamedTuple):
    """What the samples of one class of quality, good or uncertain, come to in a rollup.

    numbers: how many of them are. total, low, high, spread: of these, see ``Numbers``. first, last: of any type. held_us: for how
    long such values held between ``Rollup.since`` and ``Rollup.to``; weighted_us and weighted: of the numbers, and times their
    values.
    """

    numbers: int
    total: float
    low: float
    high: float
    spread: float
    first: Value
    last: Value
    held_us: int
    weighted_us: int
    weighted: float


class Rollup(NamedTuple):
    """What the samples in [start, start + tier) come to, of which there is one at least; microseconds since the epoch.

    samples: how many. quality: the worst. good, uncertain: None where there is none. since, to: the time of which durations are
    told: of the first and the last sample, so that late samples elsewhere change nothing here, or of the whole span. newest: the
    last sample. known: the first and the last that is not BAD and has a value, of both classes together.
    """

    start: int
    samples: int
    quality: int
    good: Part | None
    uncertain: Part | None
    since: int
    to: int
    newest: Point
    known: tuple[Value, Value] = (None, None)


def known(point: Point | None, time: int, until: int) -> Point | None:
    """The sample if its value still holds at the time: it is not BAD, and the record reaches so far."""
    if point is None or point.quality >= BAD or time > max(until, point.time):
        return None
    return point


def quality_at(point: Point | None, time: int, until: int) -> int:
    """The quality that holds at the time after the sample."""
    if point is None or (time > until and time > point.time):
        return UNKNOWN_QUALITY
    return point.quality
