"""The contract of stores of the configuration, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.model.configuration import ConfigObject, ObjectKind
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.project.sql import SqlConfigStore
from automation.project.store import ConfigStore, Record, Stored, Writing
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.configuration import MemoryConfigStore
from automation.testing.contracts.configuration import ConfigStoreContract

TAG = Record(object=ConfigObject(kind=ObjectKind.TAG, name="A", body={"name": "A"}), id="1")
EVENT = Event(time=1.0, kind="config.tag.added", subject="A", message="told by a test")


@pytest.mark.contract
class TestMemoryConfigStore(ConfigStoreContract):
    @pytest.fixture
    def store(self) -> MemoryConfigStore:
        return MemoryConfigStore()

    def journalled(self, store: ConfigStore) -> Sequence[str]:
        assert isinstance(store, MemoryConfigStore)
        return store.kinds


@pytest.mark.contract
class TestSqlConfigStore(ConfigStoreContract):
    @pytest.fixture
    def journal(self, database: Database) -> Journal:
        return Journal(database)

    @pytest.fixture
    def store(self, database: Database, journal: Journal) -> SqlConfigStore:
        self._journal = journal
        return SqlConfigStore(database, journal)

    def journalled(self, store: ConfigStore) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]

    def test_objects_and_rows_are_one_unit(self, store: SqlConfigStore, journal: Journal, database: Database) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE config_objects RENAME TO config_objects_gone")

        with pytest.raises(StorageError):
            store.save(Writing(before=0, records=[TAG], events=[EVENT]))

        assert journal.query() == []
        assert journal.verify() is None

    def test_a_journal_that_cannot_be_written_keeps_the_objects_as_they_were(
        self, store: SqlConfigStore, database: Database
    ) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE journal RENAME TO journal_gone")

        with pytest.raises(StorageError):
            store.save(Writing(before=0, records=[TAG], events=[EVENT]))

        assert store.load() == Stored()

    def test_a_row_that_cannot_be_read_is_named(self, store: SqlConfigStore, database: Database) -> None:
        store.save(Writing(before=0, records=[TAG]))
        with database.begin() as connection:
            connection.exec_driver_sql("UPDATE config_objects SET body = '{'")

        with pytest.raises(StorageError, match="tag A: its row cannot be read"):
            store.load()

    def test_a_body_larger_than_a_plain_text_column_comes_back(self, store: SqlConfigStore) -> None:
        big = ConfigObject(kind=ObjectKind.TYPE, name="BIG", body={"name": "BIG", "tags": [{"description": "x" * 100_000}]})
        store.save(Writing(before=0, records=[Record(object=big)]))

        assert store.load().records == (Record(object=big),)
