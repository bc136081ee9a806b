"""Files of history for tests: made in this process, over a history in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from automation.frames.export import file_pieces
from automation.model.errors import AutomationError
from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.question import Question
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads


class MemoryExports:
    """An ``Exporter`` over a history in memory. failing: raised by every call while it is set."""

    def __init__(self, store: MemoryHistoryStore, budget: Budget | None = None) -> None:
        self.failing: AutomationError | None = None
        self._reads = MemoryReads(store)
        self._budget = budget or Budget()

    def __call__(self, question: Question, form: FileFormat) -> Iterator[bytes]:
        """The file, piece by piece."""
        if self.failing is not None:
            raise self.failing
        pieces = file_pieces(self._reads, question, form, Meter(self._budget))
        return chain((next(pieces),), pieces)
