"""When the runtime was there to announce anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

STARTING, STARTED, STOPPING = "runtime.starting", "runtime.started", "runtime.stopping"
KINDS = (STARTING, STARTED, STOPPING)


class Mark(NamedTuple):
    """An instant at which the runtime came up, or was seen for the last time. time: POSIX seconds."""

    time: float
    up: bool


class Interval(NamedTuple):
    """A stretch of time. start, end: POSIX seconds."""

    start: float
    end: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end - self.start


def covered(marks: Iterable[Mark], start: float, end: float) -> Sequence[Interval]:
    """The parts of start to end in which the runtime was up; marks: in their order, the last one before start included.

    Without any mark before it, what comes before the first is not covered.
    """
    found: list[Interval] = []
    since: float | None = None
    for mark in marks:
        if mark.up and since is None:
            since = mark.time
        elif not mark.up and since is not None:
            _add(found, since, mark.time, start, end)
            since = None
    if since is not None:
        _add(found, since, end, start, end)
    return found


def total_s(intervals: Iterable[Interval]) -> float:
    """How long all of them are."""
    return sum(one.length_s for one in intervals)


def overlap_s(interval: Interval, intervals: Iterable[Interval]) -> float:
    """How much of the interval lies in the others, which do not overlap each other."""
    return sum(max(0.0, min(interval.end, one.end) - max(interval.start, one.start)) for one in intervals)


def periods(intervals: Iterable[Interval], length_s: int) -> Sequence[int]:
    """The numbers of the fixed periods of that length since the epoch that the intervals touch, ascending."""
    found: dict[int, None] = {}
    for one in intervals:
        last = int(one.end // length_s)
        if one.end % length_s == 0:
            last -= 1
        found.update(dict.fromkeys(range(int(one.start // length_s), last + 1)))
    return sorted(found)


def _add(found: list[Interval], since: float, until: float, start: float, end: float) -> None:
    since, until = max(since, start, found[-1].end if found else start), min(until, end)
    if until > since:
        found.append(Interval(since, until))


class Note(NamedTuple):
    """What the journal tells of the runtime. seq, time, kind: of the row."""

    seq: int
    time: float
    kind: str


def marks_of(notes: Iterable[Note], last_before: Callable[[int], float | None]) -> Sequence[Mark]:
    """The marks that the notes leave, in their order.

    last_before: when anything was journalled last before that row; a runtime that was killed says no more than that.
    """
    found: list[Mark] = []
    former = STOPPING
    for note in notes:
        if note.kind == STOPPING:
            found.append(Mark(note.time, up=False))
        elif not (note.kind == STARTED and former == STARTING):  # else it has only told that it is ready
            if former != STOPPING:
                seen = last_before(note.seq)
                found.append(Mark(note.time if seen is None else min(seen, note.time), up=False))
            found.append(Mark(note.time, up=True))
        former = note.kind
    return found
