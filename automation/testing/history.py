"""The history of tests: lists in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from automation.model.errors import DataRefusedError, StorageError
from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rows import Row, restored, stored
from automation.observers.historian.series import RawSeries, check_limit, check_range
from automation.storage.micros import from_micros
from automation.testing.samples import MemorySamples


class MemoryHistoryStore:
    """A history that keeps its rows by tag, in order of time.

    failing: raised by every call while it is set. refused: names of tags of which it takes no row. until: the
    mark, microseconds. batches: how many rows each append brought.
    """

    def __init__(self) -> None:
        self.failing: StorageError | None = None
        self.refused: set[str] = set()
        self.until = 0
        self.batches: list[int] = []
        self._rows: dict[str, list[Row]] = {}
        self._types: dict[str, DataType] = {}

    def rows(self, tag: str) -> Sequence[Row]:
        """All rows of the tag in order of time."""
        return tuple(self._rows.get(tag, ()))

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows; one whose tag and time are there already is left out.

        Raises what ``failing`` holds, and ``DataRefusedError``, nothing kept, if a row is of a tag that is refused.
        """
        self._check()
        refused = next((row.tag for row in rows if row.tag in self.refused), None)
        if refused is not None:
            raise DataRefusedError(f"a row of {refused} does not fit")
        self.batches.append(len(rows))
        for row in rows:
            kept = self._rows.setdefault(row.tag, [])
            self._types[row.tag] = row.type
            place = bisect_left(kept, row.time, key=lambda other: other.time)
            if place == len(kept) or kept[place].time != row.time:
                kept.insert(place, row)
        self.until = max(self.until, until)

    def close_ends(self, start: int) -> None:
        """Give every tag whose last row is neither BAD nor after start a row that is BAD, where the record ended."""
        self._check()
        for kept in self._rows.values():
            last = kept[-1]
            if last.quality < Quality.BAD and last.time < start:
                end = max(min(self.until, start), last.time + 1)
                kept.append(last._replace(time=end, quality=int(Quality.BAD_NO_COMMUNICATION)))

    def rename(self, old: str, new: str) -> None:
        """Give the rows of the old name to the new one; of one instant the old name's stays."""
        self._check()
        rows = self._rows.pop(old, None)
        if rows is None:
            return
        times = {row.time for row in rows}
        others = [row for row in self._rows.get(new, ()) if row.time not in times]
        self._rows[new] = sorted((row._replace(tag=new) for row in (*rows, *others)), key=lambda row: row.time)
        self._types[new] = self._types.pop(old)

    def knows(self, tag: str) -> bool:
        """True if the tag was ever recorded."""
        self._check()
        return tag in self._rows

    def recorded_until(self) -> int:
        """How far the record reaches, microseconds."""
        self._check()
        return self.until

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""
        self._check()
        return self._types.get(tag)

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it."""
        low, high = check_range(start, end)
        check_limit(limit)
        self._check()
        before, inside = self._split(tag, low, high)
        found = before[-1:] + inside[:limit]
        kind = self._types.get(tag, DataType.FLOAT)
        return RawSeries(
            tag=tag,
            time=[from_micros(row.time) for row in found],
            value=[restored(kind, *stored(row.value)) for row in found],
            quality=[row.quality for row in found],
            boundary=bool(before),
            truncated=len(inside) > limit,
        )

    @contextmanager
    def reading(self, tags: Sequence[str]) -> Iterator[MemorySamples]:
        """What there is of the tags."""
        self._check()
        points = {tag: [Point(row.time, row.value, row.quality) for row in self.rows(tag)] for tag in tags if tag in self._rows}
        yield MemorySamples(points, self.until, self._types)

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time, microseconds."""
        found = self._columns(tag, self._split(tag, time, time)[0][-1:])
        return found.point(0) if found else None

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, microseconds."""
        return self._columns(tag, self._split(tag, low, high)[1][:limit])

    def kept_from(self, tag: str) -> int | None:
        """None: it keeps everything."""
        return None

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """None: it has no rollups."""
        return None

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """None: it has no rollups."""
        return ()

    def _columns(self, tag: str, rows: Sequence[Row]) -> Columns:
        self._check()
        kind = self._types.get(tag, DataType.FLOAT)
        values = [restored(kind, *stored(row.value)) for row in rows]
        return Columns([row.time for row in rows], values, [row.quality for row in rows])

    def _split(self, tag: str, low: int, high: int) -> tuple[list[Row], list[Row]]:
        kept = self._rows.get(tag, [])
        first = bisect_left(kept, low, key=lambda row: row.time)
        return kept[:first], kept[first : bisect_left(kept, high, key=lambda row: row.time)]

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing
