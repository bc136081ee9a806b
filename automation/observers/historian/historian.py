"""The historian as its readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from automation.cvt.table import Cvt
from automation.model.errors import UnknownTagError
from automation.observers.historian.backfill import Backfill, BackfillReport, Given
from automation.observers.historian.buckets import Grid
from automation.observers.historian.exports import Exporter, FileFormat
from automation.observers.historian.folding import folded
from automation.observers.historian.queries.answering import answer
from automation.observers.historian.queries.answers import Answer
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.question import Question
from automation.observers.historian.queries.source import Readings
from automation.observers.historian.series import BucketSeries
from automation.observers.historian.store import HistoryStore

BUCKETS = 500


class Historian:
    """Answers for time ranges of tags, those that were removed since included; from any thread.

    Times are POSIX seconds, start included, end not, and microseconds in questions and their answers. Answers are at most one
    flush interval old. reads: the store's samples. exporter: makes files. budget: what one question may cost.
    """

    def __init__(self, cvt: Cvt, store: HistoryStore, reads: Readings, exporter: Exporter, budget: Budget | None = None) -> None:
        self._cvt = cvt
        self._store = store
        self._exporter = exporter
        self._reads = reads
        self._backfill = Backfill(cvt, store, self._reads)
        self.budget = budget or Budget()

    def ask(self, question: Question) -> Answer:
        """The answer: raw samples and buckets, lines for a plot, values at instants, tables, in pages where it is long.

        Raises ``UnknownTagError``, ``InvalidValueError``, ``BudgetError`` that says what to ask for instead, ``StorageError``.
        """
        self._check(question.tags)
        with self._reads.reading(question.tags) as source:
            return answer(source, question, Meter(self.budget))

    def export(self, question: Question, form: FileFormat) -> Iterator[bytes]:
        """The whole answer as a file, piece by piece. Raises as ``ask`` and ``Exporter``, all before the first piece."""
        self._check(question.tags)
        return self._exporter(question, form)

    def buckets(self, names: Sequence[str], start: float, end: float, count: int = BUCKETS) -> Sequence[BucketSeries]:
        """Each tag in the same equal buckets. Raises ``UnknownTagError``, ``InvalidValueError``, ``StorageError``."""
        self._check(names)
        with self._reads.reading(names) as source:
            return [folded(source, name, Grid.over(start, end, count)) for name in names]

    def backfill(self, given: Iterable[Given], now: float, end: float | None = None) -> BackfillReport:
        """What became of samples from elsewhere; see ``Backfill.take``. Raises ``InvalidValueError``, ``StorageError``."""
        return self._backfill.take(given, now, end)

    def _check(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self._cvt and not self._store.knows(name):
                raise UnknownTagError(f"unknown tag {name}")
