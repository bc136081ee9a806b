"""Rollups column by column: many of one tag and tier, of which nobody makes objects but for those that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from automation.observers.historian.queries.columns import UNCERTAIN, Part, Point, Rollup

# What a rollup of good numbers alone comes to; span: from its first to its last sample, microseconds.
COLUMNS = ("samples", "quality", "since", "span", "first", "last", "low", "high", "total", "spread", "weighted")
_FEW = 12  # a larger part of a column is better found out with all of it
_NUMBERS = frozenset({float, int, bool})


class Rolled(Sequence[Rollup]):
    """Rollups in order of time.

    starts: where each begins. odd: by index those that are not of good numbers alone; the columns say nothing of them. column:
    gives of the column of a name, one of ``COLUMNS``, what is from an index up to another.
    """

    __slots__ = ("_column", "_columns", "odd", "starts")

    def __init__(
        self, starts: Sequence[int], odd: Mapping[int, Rollup], column: Callable[[str, int, int], Sequence[Any]]
    ) -> None:
        self.starts = starts
        self.odd = odd
        self._column = column
        self._columns: dict[str, Sequence[Any]] = {}

    @classmethod
    def of(cls, rows: Sequence[Rollup]) -> Rolled:
        """These rollups."""
        return cls([row.start for row in rows], dict(enumerate(rows)), lambda _name, _low, _high: ())

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Rollup]:
        return map(self._row, range(len(self.starts)))

    @overload
    def __getitem__(self, index: int) -> Rollup: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Rollup]: ...

    def __getitem__(self, index: int | slice) -> Rollup | Sequence[Rollup]:
        if isinstance(index, slice):
            return list(map(self._row, range(*index.indices(len(self.starts)))))
        return self._row(range(len(self.starts))[index])

    def column(self, name: str) -> Sequence[Any]:
        """The column; what it says of those that are odd means nothing."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._column(name, 0, len(self.starts))
        return found

    def part(self, name: str, low: int, high: int) -> Sequence[Any]:
        """The column from the index low up to high; of a small part nothing else is found out."""
        found = self._columns.get(name)
        if found is None and _FEW * (high - low) < len(self.starts):
            return self._column(name, low, high)
        return (self.column(name) if found is None else found)[low:high]

    def end(self, index: int) -> int:
        """When the last sample of the rollup was, which must not be odd."""
        return int(self._at("since", index) + self._at("span", index))

    def _at(self, name: str, index: int) -> Any:
        return self.part(name, index, index + 1)[0]

    def newest(self, index: int) -> Point:
        """The last sample of the rollup, which must not be odd."""
        return Point(self.end(index), self._at("last", index), self._at("quality", index))

    def has_odd(self, low: int, high: int) -> bool:
        """True if one of the rollups from the index low up to high is odd."""
        return bool(self.odd) and any(low <= index < high for index in self.odd)

    def _row(self, index: int) -> Rollup:
        odd = self.odd.get(index)
        if odd is not None:
            return odd
        samples, quality, since, span, first, last, low, high, total, spread, weighted = (
            self.column(name)[index] for name in COLUMNS
        )
        good = Part(samples, total, low, high, spread, first, last, span, span, weighted)
        newest = Point(since + span, last, quality)
        return Rollup(self.starts[index], samples, quality, good, None, since, since + span, newest, (first, last))


def is_plain(row: Rollup) -> bool:
    """True if the rollup is of good numbers alone, so that the columns say all of it."""
    good, newest = row.good, row.newest
    if good is None or row.uncertain is not None or row.quality >= UNCERTAIN or good.numbers != row.samples:
        return False
    held = row.to - row.since
    return (
        good.held_us == held == good.weighted_us
        and newest.time == row.to
        and newest.quality == row.quality
        and newest.value is good.last
        and row.known[0] is good.first
        and row.known[1] is good.last
        and type(good.first) is type(good.last)
        and type(good.first) in _NUMBERS
    )
