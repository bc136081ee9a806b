"""The historian as its readers see it."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cvt.table import Cvt
from automation.model.errors import UnknownTagError
from automation.observers.historian.series import BucketSeries, RawSeries
from automation.observers.historian.store import HistoryStore

RAW_LIMIT = 10_000
BUCKETS = 500


class Historian:
    """Answers for time ranges of tags, those that were removed since included; from any thread.

    Times are POSIX seconds, start included, end not. Answers are at most one flush interval old.
    """

    def __init__(self, cvt: Cvt, store: HistoryStore) -> None:
        self._cvt = cvt
        self._store = store

    def raw(self, names: Sequence[str], start: float, end: float, limit: int = RAW_LIMIT) -> Sequence[RawSeries]:
        """The samples of each tag, limit of each at most. Raises ``UnknownTagError``, ``InvalidValueError``, ``StorageError``."""
        self._check(names)
        return [self._store.raw(name, start, end, limit) for name in names]

    def buckets(self, names: Sequence[str], start: float, end: float, count: int = BUCKETS) -> Sequence[BucketSeries]:
        """Each tag in the same equal buckets. Raises ``UnknownTagError``, ``InvalidValueError``, ``StorageError``."""
        self._check(names)
        return [self._store.buckets(name, start, end, count) for name in names]

    def _check(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self._cvt and not self._store.knows(name):
                raise UnknownTagError(f"unknown tag {name}")
