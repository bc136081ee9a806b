"""Answers of the historian, column by column, and the bounds of its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.model.errors import InvalidValueError
from automation.model.sample import Value
from automation.storage.micros import to_micros

COUNT_MAX = 5_000
LIMIT_MAX = 100_000
_TIME_MAX = 1e11  # seconds; the year 5138, so that no sum of microseconds leaves 64 bits


@dataclass(frozen=True, kw_only=True)
class RawSeries:
    """Recorded samples of one tag in order of time, all columns of one length.

    time: POSIX seconds. quality: OPC UA status codes. boundary: the first sample is the last one before the range, because it
    still holds at its start. truncated: there are more; ask again from the last time on.
    """

    tag: str
    time: Sequence[float]
    value: Sequence[Value]
    quality: Sequence[int]
    boundary: bool
    truncated: bool


@dataclass(frozen=True, kw_only=True)
class BucketSeries:
    """A range of one tag cut into equal buckets, all of them present, so that several tags share one time column.

    time: start of each bucket, POSIX seconds. min, max, mean: of the bucket's good samples, of its uncertain ones where none is
    good. count: samples in the bucket, bad ones included. Where count is 0 the value before still held, or nothing was known:
    then the values are None, as they are where all was bad. quality: the worst status code.
    """

    tag: str
    time: Sequence[float]
    min: Sequence[float | None]
    max: Sequence[float | None]
    mean: Sequence[float | None]
    count: Sequence[int]
    quality: Sequence[int]


def check_range(start: float, end: float) -> tuple[int, int]:
    """The range in microseconds. Raises ``InvalidValueError`` unless start is before end and both are times."""
    for name, time in (("start", start), ("end", end)):
        if not abs(time) <= _TIME_MAX:
            raise InvalidValueError(f"history: {name} {time}: expected POSIX seconds")
    if not start < end:
        raise InvalidValueError(f"history: start {start} must be before end {end}")
    return to_micros(start), max(to_micros(end), to_micros(start) + 1)


def check_limit(limit: int) -> int:
    """The limit. Raises ``InvalidValueError`` unless it is 1 to ``LIMIT_MAX``."""
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValueError(f"history: limit {limit}: must be 1 to {LIMIT_MAX}")
    return limit
