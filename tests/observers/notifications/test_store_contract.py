"""The contract of the store of notifications, on memory and on every database."""

from __future__ import annotations

import pytest

from automation.model.errors import StorageError
from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.rules import Watch
from automation.observers.notifications.sql import SqlNotificationStore, watch_table
from automation.observers.notifications.store import Delivery
from automation.storage.database import Database
from automation.testing.contracts.notifications import NotificationStoreContract
from automation.testing.notifications import MemoryNotificationStore


@pytest.mark.contract
class TestMemoryNotificationStore(NotificationStoreContract):
    @pytest.fixture
    def store(self) -> MemoryNotificationStore:
        return MemoryNotificationStore()


def watch(alarm: str) -> Watch:
    return Watch(rule="r", news=AlarmNews(name=alarm, kind="raised", time=1.0, active=True, acked=False), since=1.0)


@pytest.mark.contract
class TestSqlNotificationStore(NotificationStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlNotificationStore:
        return SqlNotificationStore(database)

    @pytest.mark.parametrize("broken", ["no json", "[]", '{"news": {}}', '{"news": {"name": "A"}, "told": []}'])
    def test_a_watch_that_cannot_be_read_is_logged_and_left_out(
        self, store: SqlNotificationStore, database: Database, caplog, broken: str
    ) -> None:
        store.save([watch("A"), watch("B")], (), ())
        with database.begin() as connection:
            connection.execute(watch_table.update().where(watch_table.c.alarm == "A").values(watch=broken))

        assert [one.news.name for one in store.load()] == ["B"]
        assert "notification of alarm A by rule r: cannot be read" in caplog.text

    def test_a_save_that_fails_changes_nothing(self, store: SqlNotificationStore) -> None:
        delivery = Delivery(id="1", channel="mail", rule="r", kind="raised", created=1.0, due=1.0)
        store.save([watch("A")], (), [delivery])

        with pytest.raises(StorageError):
            store.save([watch("B")], [("r", "A")], [delivery])  # the id is there already

        assert [one.news.name for one in store.load()] == ["A"]
        assert len(store.newest(10)) == 1

    def test_long_and_strange_texts_are_kept_as_far_as_they_go(self, store: SqlNotificationStore) -> None:
        odd = "\0\ud800" + "x" * 50_000
        delivery = Delivery(
            id="1", channel="c", rule="r", kind="raised", created=1.0, due=1.0, subject=odd, text=odd, recipient=odd, error=odd
        )

        store.save((), (), [delivery])

        (kept,) = store.newest(1)
        assert kept.text.startswith("��xxx")
        assert kept.subject.endswith("…")
