"""The contract of stores of displays, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.displays.sql import SqlDisplays
from automation.displays.store import Displays
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.contracts.displays import DisplaysContract
from automation.testing.displays import MemoryDisplays
from automation.testing.journal import MemoryJournal


@pytest.mark.contract
class TestMemoryDisplays(DisplaysContract):
    @pytest.fixture
    def store(self) -> MemoryDisplays:
        self._journal = MemoryJournal()
        return MemoryDisplays(self._journal)

    def journalled(self, store: Displays) -> Sequence[str]:
        return self._journal.kinds


@pytest.mark.contract
class TestSqlDisplays(DisplaysContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlDisplays:
        self._journal = Journal(database)
        return SqlDisplays(database, self._journal)

    def journalled(self, store: Displays) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]
