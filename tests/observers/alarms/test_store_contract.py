"""The contract of alarm stores, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.alarms.store import AlarmRecord, AlarmStore
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.contracts.alarms import AlarmStoreContract
from automation.testing.stores import MemoryAlarmStore

RAISED = AlarmRecord(name="A", facts=Facts(active=True, acked=False, occurrence_id="1"))


@pytest.mark.contract
class TestMemoryAlarmStore(AlarmStoreContract):
    @pytest.fixture
    def store(self) -> MemoryAlarmStore:
        return MemoryAlarmStore()

    def journalled(self, store: AlarmStore) -> Sequence[str]:
        assert isinstance(store, MemoryAlarmStore)
        return store.kinds


@pytest.mark.contract
class TestSqlAlarmStore(AlarmStoreContract):
    @pytest.fixture
    def journal(self, database: Database) -> Journal:
        return Journal(database)

    @pytest.fixture
    def store(self, database: Database, journal: Journal) -> SqlAlarmStore:
        self._journal = journal
        return SqlAlarmStore(database, journal)

    def journalled(self, store: AlarmStore) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]

    def test_state_and_row_are_one_unit(self, store: SqlAlarmStore, journal: Journal, database: Database) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE alarm_state RENAME TO alarm_state_gone")

        with pytest.raises(StorageError):
            store.save([RAISED], [Event(time=1.0, kind="alarm.raised", subject="A", message="told by a test")])

        assert journal.query() == []
        assert journal.verify() is None

    def test_a_journal_that_cannot_be_written_keeps_the_state_as_it_was(self, store: SqlAlarmStore, database: Database) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE journal RENAME TO journal_gone")

        with pytest.raises(StorageError):
            store.save([RAISED], [Event(time=1.0, kind="alarm.raised", subject="A", message="told by a test")])

        assert store.load() == {}
