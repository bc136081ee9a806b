"""A history of which old samples are in an archive: filled, and read as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from automation.frames.archive import DAY_US, ParquetArchive
from automation.observers.historian.memory import merged, within
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.source import SampleSource
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.sql import SqlHistoryStore

_PAGE = 50_000


def reads_of(store: SqlHistoryStore, archive: str) -> SampleSource:
    """The samples of the store, and those of the archive if a folder is given.

    Raises ``MissingExtraError`` if there is one and the libraries that read it are not installed.
    """
    return ArchivedReads(store, ParquetArchive(Path(archive))) if archive else StoreReads(store)


class ArchivedReads(StoreReads):
    """The ``SampleSource`` of a store and of an archive that has what the store keeps no longer."""

    def __init__(self, store: SqlHistoryStore, archive: ParquetArchive) -> None:
        super().__init__(store)
        self._sql = store
        self._archive = archive

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, in the database or in the archive, None if all are."""
        kept = super().kept_from(tag)
        if kept is None:
            return None
        days = self._archive.days()
        return min([kept, *days[:1]])

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high."""
        kept = super().kept_from(tag)
        if kept is None or low >= kept:
            return super().columns(tag, low, high, limit)
        known = self._sql.known(tag)
        old = self._archive.columns(known.id, known.type, low, min(high, kept), limit)
        if len(old) >= limit or high <= kept:
            return old
        return within(merged([old, super().columns(tag, kept, high, limit)]), low, high, limit)

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time."""
        found = super().before(tag, time)
        kept = super().kept_from(tag)
        if kept is None or time > kept + DAY_US:
            return found
        known = self._sql.known(tag)
        old = self._archive.before(known.id, known.type, min(time, kept))
        points = [point for point in (found, *map(old.point, range(len(old)))) if point is not None]
        return max(points, key=lambda point: point.time, default=None)


class Archiving:
    """Puts samples that are about to be removed into the archive; see ``retention.Archive``."""

    def __init__(self, store: SqlHistoryStore, archive: ParquetArchive) -> None:
        self._store = store
        self._archive = archive

    def __call__(self, tags: Sequence[str], until: int) -> None:
        """Keep the samples of the tags before the time, a midnight of UTC. Raises ``StorageError``; then some are kept twice."""
        ends = {tag: self._store.floor_at(tag, until) for tag in tags}  # a tag that has stopped keeps its last day
        places = {tag: self._next(tag, self._store.kept_from(tag), end) for tag, end in ends.items()}
        while days := {place for place in places.values() if place is not None}:
            day = min(days) // DAY_US * DAY_US
            found: dict[int, tuple[str, Columns]] = {}
            for tag, place in places.items():
                if place is not None and place < day + DAY_US:
                    found[self._store.known(tag).id] = (tag, self._all(tag, place, day + DAY_US))
                    places[tag] = self._next(tag, day + DAY_US, ends[tag])
            self._archive.add(day, found)

    def _next(self, tag: str, low: int | None, until: int) -> int | None:
        """When the first sample from low on was, None if there is none before the end."""
        found = self._store.columns(tag, -(2**62) if low is None else low, max(until, -(2**62)), 1)
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
