"""The contract of history stores, on memory and on every database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.historian.tables import (
    blocks_table,
    marks_table,
    rollups_table,
    samples_table,
    tags_table,
    tail_table,
)
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


class Packing(SqlHistoryStore):
    """Packs everything as soon as it has come."""

    def append(self, rows, until: int) -> None:
        super().append(rows, until)
        self.compact_all()


def cleared(database: Database) -> None:
    """Close the database without its rows."""
    with database.begin() as connection:
        for table in (samples_table, tail_table, blocks_table, rollups_table, tags_table):
            connection.execute(table.delete())
        connection.execute(marks_table.update().values(ts=0))
    database.close()


@pytest.mark.contract
class TestSqlHistoryStore(HistoryStoreContract):
    @pytest.fixture
    def store(self, url: str) -> Iterator[SqlHistoryStore]:
        database = Database(url)
        yield SqlHistoryStore(database)
        cleared(database)


@pytest.mark.contract
class TestPackedSqlHistoryStore(HistoryStoreContract):
    @pytest.fixture
    def store(self, url: str) -> Iterator[SqlHistoryStore]:
        database = Database(url)
        yield Packing(database)
        cleared(database)
