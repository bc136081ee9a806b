"""The newest samples in memory, by tag: those that wait to be packed into blocks."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from automation.model.sample import Value
from automation.observers.historian.queries.columns import Columns

_NONE = Columns((), (), ())


class Waiting:
    """The samples of one tag in the order in which they came."""

    __slots__ = ("add_quality", "add_time", "add_value", "newest", "ordered", "quality", "time", "value")

    def __init__(self) -> None:
        self.time = array("q")
        self.value: list[Value] = []
        self.quality: list[int] = []
        self.add_time, self.add_value, self.add_quality = self.time.append, self.value.append, self.quality.append
        self.newest = 0
        self.ordered = True  # each later than the one before

    def columns(self) -> Columns:
        """The samples in order of time; of two of one instant the one that came first."""
        columns = Columns(self.time.tolist(), list(self.value), list(self.quality))
        return columns if self.ordered else in_order(columns)


class Memory:
    """What was appended since the last time that it was sealed. Not safe for several threads without a lock."""

    def __init__(self) -> None:
        self.count = 0
        self.tags: dict[int, Waiting] = {}

    def add(self, ids: Sequence[int], times: Sequence[int], values: Sequence[Value], qualities: Sequence[int]) -> None:
        """Take samples as they came."""
        tags = self.tags
        for tag_id, time, value, quality in zip(ids, times, values, qualities, strict=True):
            waiting = tags.get(tag_id)
            if waiting is None:
                waiting = tags[tag_id] = Waiting()
            elif time <= waiting.newest:
                waiting.ordered = False
            waiting.newest = time
            waiting.add_time(time)
            waiting.add_value(value)
            waiting.add_quality(quality)
        self.count += len(ids)


def in_order(columns: Columns) -> Columns:
    """The samples in order of time; of several of one instant the first of them."""
    time = columns.time
    order = sorted(range(len(time)), key=time.__getitem__)
    kept = [index for place, index in enumerate(order) if not place or time[index] != time[order[place - 1]]]
    return Columns([time[i] for i in kept], [columns.value[i] for i in kept], [columns.quality[i] for i in kept])


def merged(parts: Iterable[Columns]) -> Columns:
    """Samples from several places in order of time; of one instant that of the first place."""
    found = [part for part in parts if part]
    if not found:
        return _NONE
    result = found[0]
    ordered = True
    for part in found[1:]:
        ordered = ordered and part.time[0] > result.time[-1]
        result = result.joined(part)
    return result if ordered else in_order(result)


def within(columns: Columns, low: int, high: int, limit: int) -> Columns:
    """The first limit samples from low up to high."""
    first = bisect_left(columns.time, low)
    return columns.part(first, min(bisect_left(columns.time, high, first), first + limit))
