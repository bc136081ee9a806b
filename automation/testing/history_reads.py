"""A history in memory as questions read it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from automation.model.tag import DataType
from automation.observers.historian.queries.columns import Point
from automation.testing.history import MemoryHistoryStore
from automation.testing.samples import MemorySamples


class MemoryReads(MemorySamples):
    """The ``SampleSource`` of a ``MemoryHistoryStore``, at every moment as the store is."""

    def __init__(self, store: MemoryHistoryStore) -> None:
        super().__init__({}, 0)
        self._store = store

    def reading(self, tags: Sequence[str]) -> AbstractContextManager[MemoryReads]:
        """All of it, whatever is asked."""
        _ = tags
        return nullcontext(self)

    def type_of(self, tag: str) -> DataType | None:
        """The type of the tag's newest row, None if there is none."""
        rows = self._store.rows(tag)
        self._check()
        return rows[-1].type if rows else None

    def until(self) -> int:
        """How far the record reaches."""
        self._check()
        return self._store.until

    def points(self, tag: str) -> list[Point]:
        """The rows of the tag."""
        return [Point(row.time, row.value, row.quality) for row in self._store.rows(tag)]

    def _check(self) -> None:
        if self._store.failing is not None:
            raise self._store.failing
