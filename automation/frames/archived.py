"""A history of which old samples are in an archive: filled, and read as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from automation.frames.archive import DAY_US, ParquetArchive
from automation.model.tag import DataType
from automation.observers.historian.memory import merged, within
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.queries.source import Readings, SampleSource
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.sql import SqlHistoryStore

_PAGE = 50_000
_ALL = 2**62


def reads_of(store: SqlHistoryStore, archive: str) -> Readings:
    """The samples of the store, and those of the archive if a folder is given.

    Raises ``MissingExtraError`` if there is one and the libraries that read it are not installed.
    """
    return ArchivedReads(store, ParquetArchive(Path(archive))) if archive else StoreReads(store)


class _Archived:
    """The ``SampleSource`` of what a store gives and of an archive that has what the store keeps no longer."""

    def __init__(self, inner: SampleSource, store: SqlHistoryStore, archive: ParquetArchive) -> None:
        self._inner = inner
        self._store = store
        self._archive = archive

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""
        return self._inner.type_of(tag)

    def until(self) -> int:
        """How far the record reaches, microseconds."""
        return self._inner.until()

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time."""
        found = self._inner.before(tag, time)
        kept = self._inner.kept_from(tag)
        if kept is None or time > kept + DAY_US:
            return found
        known = self._store.known(tag)
        old = self._archive.before(known.id, known.type, min(time, kept))
        points = [point for point in (found, *map(old.point, range(len(old)))) if point is not None]
        return max(points, key=lambda point: point.time, default=None)

    def after(self, tag: str, time: int) -> Point | None:
        """The first sample at the time or after it."""
        kept = self._inner.kept_from(tag)
        old = Columns((), (), ()) if kept is None or time >= kept else self.columns(tag, time, kept, 1)
        return old.point(0) if old else self._inner.after(tag, time)

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high."""
        kept = self._inner.kept_from(tag)
        if kept is None or low >= kept:
            return self._inner.columns(tag, low, high, limit)
        known = self._store.known(tag)
        old = self._archive.columns(known.id, known.type, low, min(high, kept), limit)
        if len(old) >= limit or high <= kept:
            return old
        return within(merged([old, self._inner.columns(tag, kept, high, limit)]), low, high, limit)

    def scattered(self, tag: str, ranges: Sequence[tuple[int, int]]) -> Columns:
        """The samples of short ranges, each from low up to high, which ascend and do not overlap."""
        kept = self._inner.kept_from(tag)
        if kept is None or not ranges or ranges[0][0] >= kept:
            return self._inner.scattered(tag, ranges)
        return merged([self.columns(tag, low, high, _ALL) for low, high in ranges])

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, in the database or in the archive, None if all are."""
        kept = self._inner.kept_from(tag)
        return None if kept is None else min([kept, *self._archive.days()[:1]])

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, None if nothing of it is."""
        return self._inner.rolled(tag, tier)

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, and some around."""
        return self._inner.rollups(tag, tier, low, high)

    def scattered_rollups(self, tag: str, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
        """The rollups of the tier that begin in short ranges, each from low up to high, which ascend; and some around."""
        return self._inner.scattered_rollups(tag, tier, ranges)


class ArchivedReads(_Archived):
    """The samples of a store and of an archive as one."""

    def __init__(self, store: SqlHistoryStore, archive: ParquetArchive) -> None:
        super().__init__(StoreReads(store), store, archive)

    @contextmanager
    def reading(self, tags: Sequence[str]) -> Iterator[SampleSource]:
        """What a question about these tags reads, and nothing else."""
        with self._store.reading(tags) as inner:
            yield _Archived(inner, self._store, self._archive)


class Archiving:
    """Puts samples that are about to be removed into the archive; an ``Archive`` of ``HistoryRetention``."""

    def __init__(self, store: SqlHistoryStore, archive: ParquetArchive) -> None:
        self._store = store
        self._archive = archive

    def place(self, tag: str) -> int:
        """Tags of the same number are in the same files."""
        return self._archive.place(self._store.known(tag).id)

    def keep(self, tags: Sequence[str], until: int) -> None:
        """Keep the samples of tags of one place before the time, a midnight of UTC.

        Raises ``StorageError``; then some may be kept twice, which nobody sees.
        """
        ends = {tag: self._store.floor_at(tag, until) for tag in tags}  # a tag that has stopped keeps its last day
        first = {tag: self._next(tag, self._store.kept_from(tag), end) for tag, end in ends.items()}
        while some := [time for time in first.values() if time is not None]:
            day = min(some) // DAY_US * DAY_US
            today = {tag: time for tag, time in first.items() if time is not None and time < day + DAY_US}
            found = ((self._store.known(tag).id, tag, self._all(tag, time, day + DAY_US)) for tag, time in today.items())
            self._archive.add(day, self.place(tags[0]), found)
            first |= {tag: self._next(tag, day + DAY_US, ends[tag]) for tag in today}

    def _next(self, tag: str, low: int | None, until: int) -> int | None:
        """When the first sample from low on was, None if there is none before the end."""
        found = self._store.columns(tag, -_ALL if low is None else low, max(until, -_ALL), 1)
        return found.time[0] if found else None

    def _all(self, tag: str, low: int, high: int) -> Columns:
        parts: list[Columns] = []
        while low < high:
            page = self._store.columns(tag, low, high, _PAGE)
            parts.append(page)
            if len(page) < _PAGE:
                break
            low = page.time[-1] + 1
        return merged(parts)
