"""The contracts of the stores of retained values and of overrides, on memory and on every database."""

from __future__ import annotations

import pytest

from automation.cvt.override_sql import SqlOverrideStore, tag_overrides_table
from automation.cvt.override_store import Override, OverrideKind
from automation.cvt.retained_sql import SqlRetainedStore, retained_values_table
from automation.cvt.retained_store import Retained
from automation.model.errors import StorageError
from automation.model.quality import Quality
from automation.storage.database import Database
from automation.testing.contracts.overrides import OverrideStoreContract
from automation.testing.contracts.retained import RetainedStoreContract
from automation.testing.stores import MemoryOverrideStore, MemoryRetainedStore


@pytest.mark.contract
class TestMemoryRetainedStore(RetainedStoreContract):
    @pytest.fixture
    def store(self) -> MemoryRetainedStore:
        return MemoryRetainedStore()


@pytest.mark.contract
class TestSqlRetainedStore(RetainedStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlRetainedStore:
        return SqlRetainedStore(database)

    @pytest.mark.parametrize(("column", "broken"), [("value", "no json"), ("value", "[1]"), ("quality", 17)])
    def test_a_row_that_cannot_be_read_is_logged_and_left_out(
        self, store: SqlRetainedStore, database: Database, caplog, column: str, broken: str | int
    ) -> None:
        store.save({name: Retained(value=1.0, quality=Quality.GOOD, source_time=1.0) for name in ("A", "B")}, 1.0)
        with database.begin() as connection:
            connection.execute(retained_values_table.update().where(retained_values_table.c.tag == "A").values({column: broken}))

        assert set(store.load()) == {"B"}
        assert "tag A: its retained value cannot be read" in caplog.text

    def test_a_save_that_fails_changes_nothing(self, store: SqlRetainedStore, database: Database) -> None:
        kept = {"A": Retained(value=1.0, quality=Quality.GOOD, source_time=1.0)}
        store.save(kept, 1.0)
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE retained_values RENAME COLUMN source_us TO source_gone")

        with pytest.raises(StorageError):
            store.save({"B": kept["A"]}, 1.0, ["A"])

        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE retained_values RENAME COLUMN source_gone TO source_us")
        assert store.load() == kept


@pytest.mark.contract
class TestMemoryOverrideStore(OverrideStoreContract):
    @pytest.fixture
    def store(self) -> MemoryOverrideStore:
        return MemoryOverrideStore()


@pytest.mark.contract
class TestSqlOverrideStore(OverrideStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlOverrideStore:
        return SqlOverrideStore(database)

    @pytest.mark.parametrize(("column", "broken"), [("value", "no json"), ("value", "{}"), ("kind", "bypassed")])
    def test_a_row_that_cannot_be_read_is_logged_and_left_out(
        self, store: SqlOverrideStore, database: Database, caplog, column: str, broken: str
    ) -> None:
        override = Override(kind=OverrideKind.FORCED, value=1.0, reason="why", actor="ana", time=1.0)
        store.save({"A": override, "B": override})
        with database.begin() as connection:
            connection.execute(tag_overrides_table.update().where(tag_overrides_table.c.tag == "A").values({column: broken}))

        assert set(store.load()) == {"B"}
        assert "tag A: its override cannot be read" in caplog.text
