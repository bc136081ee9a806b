"""How a range is read: from the coarsest rollups that fit, and sample by sample where none does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import PAGE, TIERS, Columns
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import Fold
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.queries.source import SampleSource

_PAGE_LEAST, _PAGE_MOST = 32, 4_096
_ROWS_OF_UNEVEN_BUCKET = 16  # a bucket of less rows of a tier is better made of a finer one
_FINEST = TIERS[1]  # the ends of buckets, which need samples anyhow, are not made of finer rollups than these
_SHORT = 2 * _FINEST
_NEVER = -(2**63)
_MANY_LEAST, _MANY_MOST = 4, 64  # short ranges that are read at once
_FEW_ROWS = 24  # of a range that is short


class Piece(NamedTuple):
    """A part of a range that is read from the rollups of a tier, from the samples where that is 0."""

    tier: int
    low: int
    high: int


def cover(low: int, high: int, tiers: Sequence[Piece]) -> Iterator[Piece]:
    """The range in pieces, of the coarsest rollups that fit and of samples at its ends.

    tiers: the range in which each is complete, the coarsest first.
    """
    for place, (tier, begin, end) in enumerate(tiers):
        first = -(-max(low, begin) // tier) * tier
        last = min(high, end) // tier * tier
        if first < last:
            yield from cover(low, first, tiers[place + 1 :])
            yield Piece(tier, first, last)
            yield from cover(last, high, tiers[place + 1 :])
            return
    if low < high:
        yield Piece(0, low, high)


def usable(source: SampleSource, tag: str, edges: Edges) -> Sequence[Piece]:
    """The tiers for the buckets, the coarsest first, each with the range in which it is complete."""
    width = max((edges.end_of(i) - edges.starts[i] for i in range(len(edges))), default=0)  # the outer ones may be cut off
    main = next((tier for tier in reversed(TIERS) if tier * _rows_of_bucket(edges, tier) <= width), 0)
    fitting = [tier for tier in reversed(TIERS) if tier == main or _FINEST <= tier < main]
    ranges = [(tier, source.rolled(tag, tier)) for tier in fitting]
    return [Piece(tier, *found) for tier, found in ranges if found is not None and found[0] < found[1]]


def finest_at(source: SampleSource, tag: str, time: int) -> int:
    """The finest tier that reaches back to the time, else the one that reaches farthest; the finest of all without rollups."""
    begins = {tier: found[0] for tier in TIERS if (found := source.rolled(tag, tier)) is not None}
    reaching = [tier for tier, begin in begins.items() if begin <= time]
    return min(reaching, default=min(begins, key=begins.__getitem__, default=TIERS[0]))


def _rows_of_bucket(edges: Edges, tier: int) -> int:
    """How many rollups a bucket must have: many where its ends are made of finer ones, which cost as much as many of these."""
    even = all(start % tier == 0 for start in edges.starts[1:])
    return 1 if even else _ROWS_OF_UNEVEN_BUCKET


def rounded_width(low: int, high: int, count: int) -> int:
    """The width of at most count equal buckets that is a whole number of the coarsest tier of which that is not much more.

    0 if it is of none. Not much is a quarter: a line has that much less points.
    """
    width = -(-(high - low) // count)
    rounded = (-(-width // tier) * tier for tier in reversed(TIERS))
    return next((one for one in rounded if 4 * one <= 5 * width), 0)


class RollupCursor:
    """Reads the rollups of one tier forward: much at once where they are dense, many ranges at once where these are short.

    ranges: all that will be asked for, ascending and apart.
    """

    def __init__(self, source: SampleSource, tag: str, tier: int, ranges: Iterator[tuple[int, int]], meter: Meter) -> None:
        self._source = source
        self._ranges = ranges
        self._next = next(ranges, None)
        self._many = _MANY_LEAST
        self._tag = tag
        self._tier = tier
        self._meter = meter
        self._parts: Sequence[Rolled] = ()
        self._part = 0  # those before it are behind
        self._low = self._high = 0  # the range that the parts know
        self._size = _PAGE_LEAST

    def plain(self, low: int, high: int) -> tuple[Rolled, int, int] | None:
        """The rollups from low up to high, with the indices between which they are; low is not before the last call's high.

        None if there are none, they are in several parts, or are not of good numbers alone; ``feed`` then has to be asked.
        """
        if not self._low <= low < self._high:
            self._load(low, high)
        self._pass(low)
        if high > self._high or self._part == len(self._parts):
            return None
        part = self._parts[self._part]
        first = bisect_left(part.starts, low)
        last = bisect_left(part.starts, high, first)
        whole = last < len(part) or self._part + 1 == len(self._parts) or self._parts[self._part + 1].starts[0] >= high
        return (part, first, last) if whole and first < last and not part.has_odd(first, last) else None

    def _pass(self, low: int) -> None:
        """Leave behind the parts that end before the time."""
        while self._part < len(self._parts) and self._parts[self._part].starts[-1] < low:
            self._part += 1

    def feed(self, fold: Fold, low: int, high: int) -> None:
        """Give the fold the rollups from low up to high; low is not before the last call's high."""
        while low < high:
            if not self._low <= low < self._high:
                self._load(low, high)
            while self._part < len(self._parts):
                part = self._parts[self._part]
                first = bisect_left(part.starts, low)
                last = bisect_left(part.starts, high, first)
                if first < last:
                    fold.feed_rolled(part, first, last)
                if last < len(part):
                    break
                self._part += 1
            low = self._high

    def _load(self, low: int, high: int) -> None:
        """Read on from low, which is in one of the ranges."""
        while self._next is not None and self._next[1] <= low:
            self._next = next(self._ranges, None)
        if self._next is not None and self._is_short(self._next):
            self._load_many(low)
        else:
            self._load_much(low, high)
        self._part = 0
        self._meter.touch(sum(map(len, self._parts)))

    def _is_short(self, one: tuple[int, int]) -> bool:
        return one[1] - one[0] < _FEW_ROWS * self._tier

    def _load_many(self, low: int) -> None:
        wanted: list[tuple[int, int]] = []
        while self._next is not None and len(wanted) < self._many and self._is_short(self._next):
            wanted.append(self._next)
            self._next = next(self._ranges, None)
        self._parts = self._source.scattered_rollups(self._tag, self._tier, wanted)
        self._low, self._high = low, wanted[-1][1]
        self._many = min(self._many * 4, _MANY_MOST)

    def _load_much(self, low: int, high: int) -> None:
        span = self._high - self._low
        following = span > 0 and low - self._high <= span
        needed = (high - low) // self._tier
        self._size = min(max(needed, self._size * 4 if following else _PAGE_LEAST), _PAGE_MOST)
        self._low, self._high = low, low + self._size * self._tier
        self._parts = self._source.rollups(self._tag, self._tier, self._low, self._high)


class SampleCursor:
    """Reads the samples of ranges forward: page by page where one is long, many at once where they are short and far apart.

    ranges: all that will be asked for, ascending and apart.
    """

    def __init__(self, source: SampleSource, tag: str, ranges: Iterator[tuple[int, int]], meter: Meter) -> None:
        self._source = source
        self._tag = tag
        self._ranges = ranges
        self._next = next(ranges, None)
        self._meter = meter
        self._page = Columns((), (), ())
        self._high = _NEVER  # what was read reaches so far
        self._many = _MANY_LEAST

    def pieces(self, low: int, high: int) -> Iterator[Columns]:
        """The samples from low up to high, in pieces; low is not before the last call's high."""
        while low < high:
            if low >= self._high:
                self._load(low)
            page = self._page
            first = bisect_left(page.time, low)
            last = bisect_left(page.time, high, first)
            if first < last:
                yield page.part(first, last)
            low = self._high

    def _load(self, low: int) -> None:
        """Read on from low, which is in the next range or in one that is read page by page."""
        if self._next is None:
            raise ValueError("samples are asked for that were not announced")
        begin, end = max(low, self._next[0]), self._next[1]
        if end - begin > _SHORT:
            self._page = self._source.columns(self._tag, begin, end, PAGE)
            self._high = self._page.time[-1] + 1 if len(self._page) == PAGE else end
            if self._high >= end:
                self._next = next(self._ranges, None)
        else:
            self._high = self._load_many(begin, end)
        self._meter.touch(len(self._page))

    def _load_many(self, begin: int, end: int) -> int:
        wanted = [(begin, end)]
        self._next = next(self._ranges, None)
        while self._next is not None and len(wanted) < self._many and self._next[1] - self._next[0] <= _SHORT:
            wanted.append(self._next)
            self._next = next(self._ranges, None)
        self._page = self._source.scattered(self._tag, wanted)
        grows = len(self._page) < PAGE
        self._many = min(self._many * 4, _MANY_MOST) if grows else max(1, self._many // 4)
        return wanted[-1][1]
