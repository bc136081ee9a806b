"""The history of several tags as one sequence in order of time, of which only pages are in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value

_MICROSECOND = 1e-6
# All pages together hold about so many samples.
_IN_MEMORY = 200_000
_PAGE_LEAST, _PAGE_MOST = 100, 10_000


class Point(NamedTuple):
    """One recorded sample. time: POSIX seconds."""

    time: float
    tag: str
    value: Value
    quality: Quality


class Series(Protocol):
    """Recorded samples of one tag, column by column; see ``HistoryStore.raw``."""

    @property
    def time(self) -> Sequence[float]:
        """POSIX seconds, ascending."""

    @property
    def value(self) -> Sequence[Value]:
        """The values."""

    @property
    def quality(self) -> Sequence[int]:
        """OPC UA status codes."""

    @property
    def boundary(self) -> bool:
        """The first sample is the last one before the range."""

    @property
    def truncated(self) -> bool:
        """There are more."""


class History(Protocol):
    """Where recorded samples are read."""

    def raw(self, tag: str, start: float, end: float, limit: int) -> Series:
        """The first limit samples of the range, after the last one before it. Raises ``StorageError``."""


class Tape:
    """The samples of the tags from start up to end, POSIX seconds, to be read once; before them those of lead_s and one more.

    silent: the tags without any sample. counts: how many samples from start on each tag gave so far. Raises
    ``InvalidValueError`` as soon as there are more than samples_max, and ``StorageError``.
    """

    def __init__(
        self, history: History, tags: Sequence[str], start: float, end: float, samples_max: int, lead_s: float = 0.0
    ) -> None:
        self.counts: dict[str, int] = dict.fromkeys(tags, 0)
        self._start = start
        self._samples_max = samples_max
        page = min(max(_IN_MEMORY // max(1, len(tags)), _PAGE_LEAST), _PAGE_MOST)
        opened: Mapping[str, Iterator[Point]] = {tag: _points(history, tag, start - lead_s, end, page) for tag in tags}
        firsts = {tag: next(points, None) for tag, points in opened.items()}
        self.silent = [tag for tag, first in firsts.items() if first is None]
        self._streams = [chain((first,), opened[tag]) for tag, first in firsts.items() if first is not None]

    def __iter__(self) -> Iterator[Point]:
        counts, start = self.counts, self._start
        for read, point in enumerate(heapq.merge(*self._streams, key=_time), 1):
            if read > self._samples_max:
                raise InvalidValueError(f"replay: more than {self._samples_max} samples; choose a shorter period or fewer alarms")
            if point.time >= start:
                counts[point.tag] += 1
            yield point


def _time(point: Point) -> float:
    return point.time


def _points(history: History, tag: str, start: float, end: float, page: int) -> Iterator[Point]:
    begin = start
    while begin < end:
        series = history.raw(tag, begin, end, page)
        skipped = 1 if series.boundary and begin > start else 0
        last = begin
        for i in range(skipped, len(series.time)):
            last = series.time[i]
            yield Point(last, tag, series.value[i], quality_of(series.quality[i]))
        if not series.truncated:
            return
        begin = last + _MICROSECOND


def quality_of(code: int) -> Quality:
    """The quality with that status code; of a code that this version does not know, the plain one of its class."""
    try:
        return Quality(code)
    except ValueError:
        if code >= Quality.BAD:
            return Quality.BAD
        return Quality.UNCERTAIN if code >= Quality.UNCERTAIN else Quality.GOOD
