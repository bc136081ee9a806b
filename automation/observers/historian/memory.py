"""The newest samples in memory, by tag: those that wait to be packed into blocks."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from operator import call, lt

from automation.model.sample import Value
from automation.observers.historian.queries.columns import Columns

_NONE = Columns((), (), ())
_SLICE = 5_000  # no call that keeps other threads waiting for long


class Memory:
    """What was appended since the last time that it was sealed. Not safe for several threads without a lock.

    The samples are kept in the order in which they came, with the places of each tag's beside them.
    """

    def __init__(self) -> None:
        self.count = 0
        self._times = array("q")
        self._values: list[Value] = []
        self._qualities = array("I")
        self._places: dict[int, array[int]] = {}
        self._add_place: dict[int, Callable[[int], object]] = {}

    def add(self, ids: Sequence[int], times: Sequence[int], values: Sequence[Value], qualities: Sequence[int]) -> None:
        """Take samples as they came."""
        for tag_id in {*ids} - self._places.keys():
            self._places[tag_id] = array("I")
            self._add_place[tag_id] = self._places[tag_id].append
        for i in range(0, len(ids), _SLICE):
            adds = map(self._add_place.__getitem__, ids[i : i + _SLICE])
            deque(map(call, adds, range(self.count + i, self.count + len(ids))), maxlen=0)
        self._times.extend(times)
        self._values += values
        self._qualities.extend(qualities)
        self.count += len(ids)

    @property
    def tags(self) -> Collection[int]:
        """The tags of which there are samples."""
        return self._places.keys()

    def columns(self, tag_id: int) -> Columns:
        """The tag's samples in order of time; of two of one instant the one that came first."""
        places = self._places.get(tag_id)
        if places is None:
            return _NONE
        time = list(map(self._times.__getitem__, places))
        value = list(map(self._values.__getitem__, places))
        columns = Columns(time, value, list(map(self._qualities.__getitem__, places)))
        return columns if all(map(lt, time, time[1:])) else in_order(columns)

    def forget(self, tag_id: int, until: int | None) -> None:
        """Have nothing of the tag any more, or nothing up to that time, after which there is something."""
        if until is None:
            del self._places[tag_id], self._add_place[tag_id]
        else:
            left = array("I", [place for place in self._places[tag_id] if self._times[place] > until])
            self._places[tag_id], self._add_place[tag_id] = left, left.append


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
