"""The contract of history stores, on memory and on every database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.contracts.history import HistoryStoreContract
from automation.testing.databases import DIALECTS, scratch_database
from automation.testing.history import MemoryHistoryStore


@pytest.mark.contract
class TestMemoryHistoryStore(HistoryStoreContract):
    @pytest.fixture
    def store(self) -> MemoryHistoryStore:
        return MemoryHistoryStore()


@pytest.fixture(scope="module", params=DIALECTS)
def url(request, tmp_path_factory) -> Iterator[str]:
    with scratch_database(request.param, tmp_path_factory.mktemp("history")) as url:
        database = Database(url)
        database.migrate("history")
        database.close()
        yield url


@pytest.mark.contract
class TestSqlHistoryStore(HistoryStoreContract):
    @pytest.fixture
    def store(self, url: str) -> Iterator[SqlHistoryStore]:
        database = Database(url)
        yield SqlHistoryStore(database)
        with database.begin() as connection:
            connection.exec_driver_sql("DELETE FROM history_samples")
            connection.exec_driver_sql("DELETE FROM history_tags")
            connection.exec_driver_sql("UPDATE history_marks SET ts = 0")
        database.close()
