"""The contract of stores of reference points, on memory and on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.referencing.point import ReferencePoint
from automation.referencing.sql import SqlReferenceStore
from automation.referencing.store import ReferenceStore
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.contracts.referencing import ReferenceStoreContract
from automation.testing.journal import MemoryJournal
from automation.testing.referencing import MemoryReferenceStore

POINT = ReferencePoint(segment="north", km=1.0, latitude=2.0, longitude=3.0)


def change(store: ReferenceStore, *points: ReferencePoint) -> None:
    with store.edit() as edit:
        edit.journal(Event(time=1.0, kind="reference.added", subject="north km 1", message="told by a test"))
        for point in points:
            edit.add([point])


@pytest.mark.contract
class TestMemoryReferenceStore(ReferenceStoreContract):
    @pytest.fixture
    def store(self) -> MemoryReferenceStore:
        self._journal = MemoryJournal()
        return MemoryReferenceStore(self._journal)

    def journalled(self, store: ReferenceStore) -> Sequence[str]:
        return self._journal.kinds


@pytest.mark.contract
class TestSqlReferenceStore(ReferenceStoreContract):
    @pytest.fixture
    def journal(self, database: Database) -> Journal:
        return Journal(database)

    @pytest.fixture
    def store(self, database: Database, journal: Journal) -> SqlReferenceStore:
        self._journal = journal
        return SqlReferenceStore(database, journal)

    def journalled(self, store: ReferenceStore) -> Sequence[str]:
        return [row.kind for row in reversed(self._journal.query())]

    def test_two_points_at_one_place_are_refused_by_the_database(self, store: SqlReferenceStore, journal: Journal) -> None:
        with pytest.raises(StorageError):
            change(store, POINT, POINT)

        assert store.all() == []
        assert journal.query() == []
        assert journal.verify() is None

    def test_a_journal_that_cannot_be_written_keeps_the_points_as_they_were(
        self, store: SqlReferenceStore, database: Database
    ) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE journal RENAME TO journal_gone")

        with pytest.raises(StorageError):
            change(store, POINT)

        assert store.all() == []
