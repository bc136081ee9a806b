"""Recorded samples for tests of questions: lists in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from automation.model.errors import StorageError
from automation.model.tag import DataType
from automation.observers.historian.queries.columns import BAD, TIERS, UNCERTAIN, Columns, Part, Point, Rollup
from automation.observers.historian.queries.numbers import Numbers
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rolled_packing import pack_rollups, unpack_rollups


class MemorySamples:
    """A ``SampleSource`` of the points given by tag, in any order. types: of tags that are not float.

    until: how far the record reaches, microseconds. failing: raised by every call while it is set. reads: how often samples were
    asked for. touched: how many were given. kept: where the samples begin that are kept. rolled_range: where the rollups of all
    tiers are complete, None for nowhere; rollup_reads: how often they were asked for.
    """

    def __init__(self, points: Mapping[str, Sequence[Point]], until: int, types: Mapping[str, DataType] | None = None) -> None:
        self._points = {tag: sorted(some, key=lambda point: point.time) for tag, some in points.items()}
        self._until = until
        self._types = types or {}
        self.failing: StorageError | None = None
        self.reads = 0
        self.touched = 0
        self.rollup_reads = 0
        self.tiers: Sequence[int] = TIERS
        self.kept: int | None = None
        self.rolled_range: tuple[int, int] | None = None

    def type_of(self, tag: str) -> DataType | None:
        """The tag's type, None if there is no point of it."""
        self._check()
        return self._types.get(tag, DataType.FLOAT) if tag in self._points else None

    def until(self) -> int:
        """How far the record reaches."""
        self._check()
        return self._until

    def before(self, tag: str, time: int) -> Point | None:
        """The last point before the time."""
        points, place = self._place(tag, time)
        return points[place - 1] if place else None

    def after(self, tag: str, time: int) -> Point | None:
        """The first point at the time or after it."""
        points, place = self._place(tag, time)
        return points[place] if place < len(points) else None

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit points from low up to high."""
        points, first = self._place(tag, low)
        _, last = self._place(tag, high)
        found = points[first : max(first, min(last, first + limit))]
        self.touched += len(found)
        return Columns([p.time for p in found], [p.value for p in found], [p.quality for p in found])

    def kept_from(self, tag: str) -> int | None:
        """As ``kept`` says."""
        return self.kept

    def scattered(self, tag: str, ranges: Sequence[tuple[int, int]]) -> Columns:
        """The points of the ranges."""
        found = Columns((), (), ())
        for low, high in ranges:
            found = found.joined(self.columns(tag, low, high, 2**62))
        return found

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """As ``rolled_range`` says."""
        return self.rolled_range if tier in self.tiers and tag in self._points else None

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups from low up to high, made of the points, as they come out of a database."""
        self._check()
        self.rollup_reads += 1
        inside = [point for point in self.points(tag) if low <= point.time < high]
        rows = [rollup_of(start, list(points)) for start, points in groupby(inside, key=lambda point: point.time // tier * tier)]
        return [unpack_rollups(rows[0].start, tier, pack_rollups(rows))] if rows else []

    def scattered_rollups(self, tag: str, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
        """The rollups of the ranges, made of the points."""
        return [part for low, high in ranges for part in self.rollups(tag, tier, low, high)]

    def points(self, tag: str) -> Sequence[Point]:
        """All points of the tag in order of time."""
        return self._points.get(tag, ())

    def _place(self, tag: str, time: int) -> tuple[Sequence[Point], int]:
        self._check()
        self.reads += 1
        points = self.points(tag)
        return points, bisect_left(points, time, key=lambda point: point.time)

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing


def rollup_of(start: int, points: Sequence[Point]) -> Rollup:
    """What the points, one at least and in order, come to."""
    known = [p.value for p in points if p.quality < BAD and p.value is not None and not isinstance(p.value, str)]
    return Rollup(
        start=start,
        samples=len(points),
        quality=max(p.quality for p in points),
        good=_part(points, 0, UNCERTAIN),
        uncertain=_part(points, UNCERTAIN, BAD),
        since=points[0].time,
        to=points[-1].time,
        newest=points[-1],
        known=(known[0], known[-1]) if known else (None, None),
    )


def _part(points: Sequence[Point], low: int, high: int) -> Part | None:
    mine = [p for p in points if low <= p.quality < high]
    if not mine:
        return None
    values = [p.value for p in mine if p.value is not None]
    found = Numbers()
    some = [float(value) for value in values if not isinstance(value, str)]
    if some:
        found.add(some, spread=True)
    spans = [(p, after.time - p.time) for p, after in pairwise(points) if low <= p.quality < high]
    weighed = [(float(p.value), span) for p, span in spans if p.value is not None and not isinstance(p.value, str)]
    return Part(
        numbers=found.count,
        total=found.total,
        low=found.low,
        high=found.high,
        spread=found.spread,
        first=values[0] if values else None,
        last=values[-1] if values else None,
        held_us=sum(span for _, span in spans),
        weighted_us=sum(span for _, span in weighed),
        weighted=sum(value * span for value, span in weighed),
    )
