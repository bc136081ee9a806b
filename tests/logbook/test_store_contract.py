"""The contract of stores of the log book, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.logbook.sql import SqlLogbook
from automation.logbook.store import Logbook
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.contracts.logbook import LogbookContract
from automation.testing.journal import MemoryJournal
from automation.testing.logbook import MemoryLogbook


@pytest.mark.contract
class TestMemoryLogbook(LogbookContract):
    @pytest.fixture
    def store(self) -> MemoryLogbook:
        self._journal = MemoryJournal()
        return MemoryLogbook(self._journal)

    def journalled(self, store: Logbook) -> Sequence[str]:
        return self._journal.kinds


@pytest.mark.contract
class TestSqlLogbook(LogbookContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlLogbook:
        self._journal = Journal(database)
        return SqlLogbook(database, self._journal)

    def journalled(self, store: Logbook) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]
