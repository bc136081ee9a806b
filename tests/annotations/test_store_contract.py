"""The contract of stores of annotations, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.annotations.sql import SqlAnnotations
from automation.annotations.store import Annotations
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.annotations import MemoryAnnotations
from automation.testing.contracts.annotations import AnnotationsContract
from automation.testing.journal import MemoryJournal


@pytest.mark.contract
class TestMemoryAnnotations(AnnotationsContract):
    @pytest.fixture
    def store(self) -> MemoryAnnotations:
        self._journal = MemoryJournal()
        return MemoryAnnotations(self._journal)

    def journalled(self, store: Annotations) -> Sequence[str]:
        return self._journal.kinds


@pytest.mark.contract
class TestSqlAnnotations(AnnotationsContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlAnnotations:
        self._journal = Journal(database)
        return SqlAnnotations(database, self._journal)

    def journalled(self, store: Annotations) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]
