"""A history store as the questions read it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from automation.model.tag import DataType
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.queries.source import SampleSource
from automation.observers.historian.store import HistoryStore

_EVER = 100_000_000_000 * 1_000_000  # later than any time that the history knows


class StoreReads:
    """The ``SampleSource`` of a store; every call raises ``StorageError`` when the database does not do its part."""

    def __init__(self, store: HistoryStore) -> None:
        self._store = store

    def reading(self, tags: Sequence[str]) -> AbstractContextManager[SampleSource]:
        """What a question about these tags reads, and nothing else."""
        return self._store.reading(tags)

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""
        return self._store.type_of(tag)

    def until(self) -> int:
        """How far the record reaches, microseconds."""
        return self._store.recorded_until()

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time."""
        return self._store.before(tag, time)

    def after(self, tag: str, time: int) -> Point | None:
        """The first sample at the time or after it."""
        found = self._store.columns(tag, time, _EVER, 1)
        return found.point(0) if found else None

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high."""
        return self._store.columns(tag, low, high, limit)

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, None if all are."""
        return self._store.kept_from(tag)

    def scattered(self, tag: str, ranges: Sequence[tuple[int, int]]) -> Columns:
        """The samples of short ranges, each from low up to high, which ascend and do not overlap."""
        with self._store.reading([tag]) as found:
            return found.scattered(tag, ranges)

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, None if nothing of it is."""
        return self._store.rolled(tag, tier)

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, and some around."""
        return self._store.rollups(tag, tier, low, high)

    def scattered_rollups(self, tag: str, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
        """The rollups of the tier that begin in short ranges, each from low up to high, which ascend; and some around."""
        with self._store.reading([tag]) as found:
            return found.scattered_rollups(tag, tier, ranges)
