"""How a range is read: from the coarsest rollups that fit, and sample by sample where none does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import PAGE, TIERS, Columns
from automation.observers.historian.queries.fold import Fold
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.queries.source import SampleSource

_FEW = 64
_PAGE_LEAST, _PAGE_MOST = 16, 4_096
ROWS_OF_BUCKET = 4  # a bucket of less rows of a tier is better made of a finer one


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


def usable(source: SampleSource, tag: str, width: int) -> Sequence[Piece]:
    """The tiers for buckets of that width, the coarsest first, each with the range in which it is complete."""
    fitting = [tier for tier in reversed(TIERS) if tier * ROWS_OF_BUCKET <= width]
    ranges = [(tier, source.rolled(tag, tier)) for tier in fitting]
    return [Piece(tier, *found) for tier, found in ranges if found is not None and found[0] < found[1]]


def finest_at(source: SampleSource, tag: str, time: int) -> int:
    """The finest tier that reaches back to the time, else the one that reaches farthest; the finest of all without rollups."""
    begins = {tier: found[0] for tier in TIERS if (found := source.rolled(tag, tier)) is not None}
    reaching = [tier for tier, begin in begins.items() if begin <= time]
    return min(reaching, default=min(begins, key=begins.__getitem__, default=TIERS[0]))


def rounded_width(low: int, high: int, count: int) -> int:
    """The least width of at most count equal buckets that is a whole number of the coarsest tier that fits; 0 if none does."""
    width = -(-(high - low) // count)
    tier = next((tier for tier in reversed(TIERS) if tier * ROWS_OF_BUCKET <= width), 0)
    return -(-width // tier) * tier if tier else 0


class RollupCursor:
    """Reads the rollups of one tier forward: much at once where they are dense, little after a jump."""

    def __init__(self, source: SampleSource, tag: str, tier: int, meter: Meter) -> None:
        self._source = source
        self._tag = tag
        self._tier = tier
        self._meter = meter
        self._parts: Sequence[Rolled] = ()
        self._part = 0  # those before it are behind
        self._low = self._high = 0  # the range that the parts know
        self._size = _PAGE_LEAST

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
        span = self._high - self._low
        following = span > 0 and low - self._high <= span
        needed = (high - low) // self._tier
        self._size = min(max(needed, self._size * 4 if following else _PAGE_LEAST), _PAGE_MOST)
        self._low, self._high = low, low + self._size * self._tier
        self._parts, self._part = self._source.rollups(self._tag, self._tier, self._low, self._high), 0
        self._meter.touch(sum(map(len, self._parts)))


class SampleCursor:
    """Reads the samples of a range forward: page by page where they follow, few at a time after a jump."""

    def __init__(self, source: SampleSource, tag: str, end: int, meter: Meter, *, dense: bool) -> None:
        self._source = source
        self._tag = tag
        self._end = end
        self._meter = meter
        self._page = Columns((), (), ())
        self._low = self._high = 0  # the range that the page knows
        self._size = PAGE if dense else _FEW

    def pieces(self, low: int, high: int) -> Iterator[Columns]:
        """The samples from low up to high, in pieces; low is not before the last call's high."""
        while low < high:
            if not self._low <= low < self._high:
                self._load(low)
            page = self._page
            first = bisect_left(page.time, low)
            last = bisect_left(page.time, high, first)
            if first < last:
                yield page.part(first, last)
            low = self._high

    def _load(self, low: int) -> None:
        if self._high:
            self._size = min(self._size * 4, PAGE) if low == self._high else _FEW
        self._page = self._source.columns(self._tag, low, self._end, self._size)
        self._meter.touch(len(self._page))
        self._low = low
        self._high = self._page.time[-1] + 1 if len(self._page) == self._size else self._end
