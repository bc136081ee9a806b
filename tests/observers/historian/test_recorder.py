from __future__ import annotations

import logging

import pytest

from automation.cvt.table import Cvt
from automation.model.errors import StorageError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag
from automation.observers.historian.recorder import FLUSH_INTERVAL_S, Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.system.worker import Worker
from automation.testing.contracts.history import buckets
from automation.testing.history import MemoryHistoryStore

AWAY = StorageError("the database is away")


TAGS = (Tag(name="A"), Tag(name="B"))


class Plant:
    """A table with one group, a recorder of it and its worker, under the test's clock."""

    def __init__(self, clock, folder, store=None, tags=TAGS, **options):
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add(tags, clock.now())
        self.store = MemoryHistoryStore() if store is None else store
        self.spool = Spool(folder / "spool", options.pop("max_bytes", 1_000_000))
        self.recorder = Recorder(self.cvt, self.store, self.spool, **options)
        self.worker = Worker("historian", self.recorder.step, FLUSH_INTERVAL_S, clock)
        self.worker.start()
        clock.advance()

    def update(self, *values, quality=Quality.GOOD):
        now = self.clock.now()
        self.group.update(values, quality, now, now)

    def flush(self):
        self.clock.advance(FLUSH_INTERVAL_S)

    def values(self, tag="A"):
        return [row.value for row in self.store.rows(tag)]

    def qualities(self, tag="A"):
        return [row.quality for row in self.store.rows(tag)]

    def crash(self):
        self.worker.stop()
        self.spool.close()

    def close(self):
        self.worker.stop()
        self.recorder.close(self.clock.now())


@pytest.fixture
def plant(clock, tmp_path):
    return Plant(clock, tmp_path)


def test_a_change_is_stored_within_the_flush_interval(plant):
    plant.update(1.0, 2.0)
    assert plant.values() == []
    plant.flush()

    assert (plant.values("A"), plant.values("B")) == ([1.0], [2.0])


def test_the_history_of_a_renamed_tag_follows_its_name(plant):
    plant.update(1.0, 2.0)
    plant.flush()
    plant.group = plant.cvt.replace([plant.group], [[Tag(name="A2"), TAGS[1]]], plant.clock.now(), renamed={"A2": "A"})[0]
    plant.recorder.rename("A", "A2")
    plant.update(3.0, 2.0)
    plant.flush()

    assert (plant.values("A2"), plant.values("A"), plant.values("B")) == ([1.0, 3.0], [], [2.0])


def test_a_rename_waits_for_a_store_that_is_away(plant):
    plant.update(1.0, 2.0)
    plant.flush()
    plant.store.failing = AWAY
    plant.update(3.0, 2.0)
    plant.group = plant.cvt.replace([plant.group], [[Tag(name="A2"), TAGS[1]]], plant.clock.now(), renamed={"A2": "A"})[0]
    plant.recorder.rename("A", "A2")
    plant.flush()
    assert plant.recorder.status().error

    plant.store.failing = None
    plant.clock.advance(10.0)

    assert (plant.values("A2"), plant.values("A")) == ([1.0, 3.0], [])


def test_only_what_changed_is_stored(plant):
    plant.update(1.0, 2.0)
    plant.flush()
    plant.update(1.0, 3.0)
    plant.flush()

    assert (plant.values("A"), plant.values("B")) == ([1.0], [2.0, 3.0])


def test_one_step_stores_all_batches_at_once(plant):
    for i in range(20):
        plant.update(float(i), float(-i))
        plant.clock.advance(0.01)
    plant.flush()

    assert plant.values() == [float(i) for i in range(20)]
    assert max(plant.store.batches) == 40


def test_a_tag_without_history_is_not_stored(clock, tmp_path):
    plant = Plant(clock, tmp_path, tags=(Tag(name="A"), Tag(name="B", history=False)))
    plant.update(1.0, 2.0)
    plant.flush()

    assert (plant.values("A"), plant.values("B")) == ([1.0], [])


def test_the_deadband_holds_back_small_changes_but_not_a_slow_ramp(clock, tmp_path):
    plant = Plant(clock, tmp_path, tags=(Tag(name="A", deadband=1.0),))
    for i in range(25):
        plant.update(i / 10)
        plant.flush()

    assert plant.values() == [0.0, 1.0, 2.0]


def test_a_change_of_quality_is_stored_whatever_the_deadband(clock, tmp_path):
    plant = Plant(clock, tmp_path, tags=(Tag(name="A", deadband=1.0),))
    plant.update(5.0)
    plant.flush()
    plant.group.degrade(Quality.BAD_NOT_CONNECTED, clock.now())
    plant.flush()
    plant.update(5.0)
    plant.flush()

    assert plant.values() == [5.0, 5.0, 5.0]
    assert plant.qualities() == [Quality.GOOD, Quality.BAD_NOT_CONNECTED, Quality.GOOD]


def test_two_puts_of_one_instant_are_both_stored(plant):
    plant.update(1.0, 0.0)
    plant.update(2.0, 0.0)
    plant.flush()

    assert plant.values() == [1.0, 2.0]


def test_a_soft_tag_that_never_changes_is_stored_once(clock, tmp_path):
    plant = Plant(clock, tmp_path, tags=(Tag(name="SP", initial=40.0), Tag(name="A")))
    plant.flush()
    plant.flush()

    assert (plant.values("SP"), plant.values("A")) == ([40.0], [])


def test_tags_added_later_are_recorded(plant):
    added = plant.cvt.add((Tag(name="SP", initial=40.0), Tag(name="C", type=DataType.INT)), plant.clock.now())
    plant.flush()
    now = plant.clock.now()
    plant.cvt.update("C", Sample(7, Quality.GOOD, now, now))
    plant.flush()
    plant.cvt.remove(added)
    plant.flush()

    assert (plant.values("SP"), plant.values("C")) == ([40.0], [7])


def test_what_a_failing_store_does_not_take_waits_on_disk_and_is_replayed_in_order(plant, caplog):
    plant.update(1.0, 0.0)
    plant.flush()
    plant.store.failing = AWAY
    with caplog.at_level(logging.INFO):
        for i in range(2, 30):
            plant.update(float(i), 0.0)
            plant.flush()
        status = plant.recorder.status()
        plant.store.failing = None
        plant.clock.advance(20)

    assert (status.waiting, status.error) == (0, "the database is away")
    assert status.spooled_bytes > 0
    assert plant.values() == [float(i) for i in range(1, 30)]
    assert plant.recorder.status().error == ""
    assert plant.recorder.status().spooled_bytes == 0
    assert caplog.text.count("history cannot be stored") == 1
    assert caplog.text.count("history is stored again") == 1


def test_changes_while_the_spool_drains_are_not_lost(plant):
    plant.store.failing = AWAY
    plant.flush()
    plant.update(1.0, 0.0)
    plant.flush()
    plant.store.failing = None
    for i in range(2, 100):
        plant.update(float(i), 0.0)
        plant.flush()

    assert plant.values() == [float(i) for i in range(1, 100)]


def test_when_neither_store_nor_disk_takes_it_the_rows_wait_in_memory(clock, tmp_path):
    plant = Plant(clock, tmp_path, max_bytes=10)
    plant.store.failing = AWAY
    plant.flush()
    for i in range(5):
        plant.update(float(i), 0.0)
        plant.flush()
    waiting = plant.recorder.status().waiting
    plant.store.failing = None
    clock.advance(30)

    assert plant.worker.stats.failures > 0
    assert waiting == 5
    assert plant.values() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert plant.recorder.status().lost == 0


def test_a_full_mailbox_goes_to_the_disk(clock, tmp_path):
    plant = Plant(clock, tmp_path, capacity=10)
    for i in range(100):
        plant.update(float(i), 0.0)
    spooled = plant.recorder.status().spooled_bytes
    plant.flush()

    assert spooled > 0
    assert plant.values() == [float(i) for i in range(100)]


def test_a_full_mailbox_with_a_full_disk_loses_and_says_so_once_and_disturbs_nobody(clock, tmp_path, caplog):
    plant = Plant(clock, tmp_path, capacity=10, max_bytes=10)
    for i in range(100):
        plant.update(float(i), 0.0)
    plant.flush()

    lost = plant.recorder.status().lost
    assert lost > 0
    assert len(plant.values("A")) + len(plant.values("B")) + lost == 101
    assert plant.values()[-1] == 99.0
    assert caplog.text.count("history loses samples") == 1


def test_a_stop_loses_nothing(plant):
    plant.update(1.0, 2.0)
    plant.close()

    assert plant.values() == [1.0]
    assert plant.store.until == round(plant.clock.now() * 1e6)


def test_after_a_stop_nothing_is_recorded(plant):
    plant.close()
    plant.update(1.0, 2.0)
    plant.recorder.step(plant.clock.now())

    assert plant.values() == []


def test_a_stop_while_the_store_is_away_leaves_everything_for_the_next_start(plant, clock, tmp_path):
    plant.store.failing = AWAY
    plant.update(1.0, 2.0)
    plant.close()
    clock.advance(60)
    again = Plant(clock, tmp_path)

    assert (again.values("A"), again.values("B")) == ([1.0, 1.0], [2.0, 2.0])
    assert again.qualities() == [Quality.GOOD, Quality.BAD_NO_COMMUNICATION]


def test_a_store_that_was_away_at_the_start_gets_no_false_outage(plant, clock, tmp_path):
    plant.update(1.0, 2.0)
    plant.close()
    clock.advance(60)
    plant.store.failing = AWAY
    again = Plant(clock, tmp_path, store=plant.store)
    again.update(1.0, 2.0)
    clock.advance(60)
    plant.store.failing = None
    clock.advance(60)

    assert plant.qualities() == [Quality.GOOD, Quality.BAD_NO_COMMUNICATION, Quality.GOOD]


def test_the_time_between_two_runs_is_an_outage(plant, clock, tmp_path):
    plant.update(1.0, 2.0)
    plant.flush()
    stopped = clock.now()
    plant.crash()
    clock.advance(3600)
    again = Plant(clock, tmp_path, store=plant.store)
    again.update(1.0, 2.0)
    again.flush()

    start = stopped - 0.5
    found = buckets(plant.store, "A", start, clock.now(), 10)

    assert plant.qualities() == [Quality.GOOD, Quality.BAD_NO_COMMUNICATION, Quality.GOOD]
    assert plant.store.rows("A")[1].time == round(stopped * 1e6)
    assert found.mean == [1.0, *[None] * 8, 1.0]


def test_an_idle_plant_is_known_to_be_recorded(plant):
    plant.update(1.0, 2.0)
    plant.clock.advance(600)

    found = buckets(plant.store, "A", plant.clock.now() - 300, plant.clock.now() - 2, 3)

    assert found.mean == [1.0, 1.0, 1.0]


def test_a_real_database_may_fail_and_return(clock, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    plant = Plant(clock, tmp_path, store=SqlHistoryStore(database))
    plant.update(1.0, 2.0)
    plant.flush()
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE history_samples RENAME TO hidden")
    for i in range(2, 20):
        plant.update(float(i), 2.0)
        plant.flush()
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO history_samples")
    clock.advance(20)

    found = plant.store.raw("A", clock.now() - 100, clock.now(), 100)
    plant.close()
    database.close()

    assert list(found.value) == [float(i) for i in range(1, 20)]


def test_a_transaction_that_failed_leaves_no_tag_ids_behind(clock, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE history_samples RENAME TO hidden")
    plant = Plant(clock, tmp_path, store=SqlHistoryStore(database))
    plant.update(1.0, 2.0)
    plant.flush()
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO history_samples")
        connection.exec_driver_sql("INSERT INTO history_tags (name, type) VALUES ('OTHER', 'float')")
    clock.advance(20)

    found = [plant.store.raw(tag, clock.now() - 100, clock.now(), 100) for tag in ("A", "B", "OTHER")]
    plant.close()
    database.close()

    assert [list(series.value) for series in found] == [[1.0], [2.0], []]


def test_a_recorder_that_is_abandoned_loses_nothing(clock, tmp_path):
    plant = Plant(clock, tmp_path)
    plant.update(1.0, 1.0)
    plant.flush()
    plant.worker.stop()  # as if it hung in the store from here on
    plant.update(2.0, 2.0)
    plant.update(3.0, 3.0)

    plant.recorder.abandon()
    plant.update(4.0, 4.0)

    again = Plant(clock, tmp_path, plant.store)
    again.flush()
    assert [value for value in again.values() if value is not None][:3] == [1.0, 2.0, 3.0]
    assert 4.0 not in again.values()
    again.close()
