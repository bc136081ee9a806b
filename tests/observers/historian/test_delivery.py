"""Rows on their way to the store: what is refused does not hold up the rest."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.model.errors import DataRefusedError, StorageError
from automation.model.tag import DataType
from automation.observers.historian import quarantine as quarantine_file
from automation.observers.historian.delivery import Delivery
from automation.observers.historian.quarantine import Quarantine, read
from automation.observers.historian.rows import Row
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.history import MemoryHistoryStore

NOW = 1_800_000_000.0
AWAY = StorageError("the database is away")


class Way:
    """A delivery to a store in memory."""

    def __init__(self, folder: Path, max_bytes: int = 1_000_000) -> None:
        self.store = MemoryHistoryStore()
        self.spool = Spool(folder / "spool")
        self.file = folder / "quarantine.jsonl"
        self.quarantine = Quarantine(self.file, max_bytes)
        self.delivery = Delivery(self.store, self.spool, self.quarantine)

    def values(self, tag: str) -> list[object]:
        return [row.value for row in self.store.rows(tag)]


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    way = Way(tmp_path)
    yield way
    way.spool.close()


def rows(*tags: str, first: int = 0) -> list[Row]:
    return [Row(tag, DataType.FLOAT, first + i, float(i), 0) for i, tag in enumerate(tags)]


def test_rows_that_the_store_refuses_are_set_aside_with_the_reason_and_the_others_get_through(way, caplog) -> None:
    way.store.refused = {"BAD"}
    with caplog.at_level(logging.ERROR):
        way.delivery.keep(rows("A", "BAD", "B", "A", "BAD", "A", "A"), NOW)

    assert (way.values("A"), way.values("B"), way.values("BAD")) == ([0.0, 3.0, 5.0, 6.0], [2.0], [])
    assert [(line["tag"], line["time"], line["value"]) for line in read(way.file)] == [("BAD", 1, 1.0), ("BAD", 4, 4.0)]
    assert {line["reason"] for line in read(way.file)} == {"a row of BAD does not fit"}
    assert way.quarantine.count == 2
    assert (way.delivery.error, bool(way.spool), way.store.until) == ("", False, round(NOW * 1e6))
    assert caplog.text.count("a row of BAD is refused and set aside") == 2


def test_refused_rows_in_the_spool_do_not_block_it(way) -> None:
    way.store.failing = AWAY
    way.delivery.keep(rows("A", "BAD"), NOW)
    way.delivery.keep(rows("BAD", first=10), NOW)
    way.delivery.keep(rows("A", first=20), NOW)
    way.store.failing, way.store.refused = None, {"BAD"}

    assert way.delivery.store((), NOW + 60)
    assert way.values("A") == [0.0, 0.0]
    assert [line["time"] for line in read(way.file)] == [1, 10]
    assert not way.spool


def test_a_store_that_goes_away_while_rows_are_set_aside_gets_them_once(way, monkeypatch) -> None:
    way.store.refused = {"BAD"}
    add = way.quarantine.add

    def fail_afterwards(row: Row, reason: str, now: int) -> None:
        add(row, reason, now)
        way.store.failing = AWAY

    monkeypatch.setattr(way.quarantine, "add", fail_afterwards)
    way.delivery.keep(rows("BAD", "A", "A"), NOW)
    assert way.delivery.error == "the database is away"
    way.store.failing = None
    way.delivery.keep(rows("A", first=50), NOW + 60)

    assert way.values("A") == [1.0, 2.0, 0.0]
    assert [line["time"] for line in read(way.file)] == [0]


def test_when_the_quarantine_is_full_the_rows_wait_on_disk(tmp_path) -> None:
    way = Way(tmp_path, max_bytes=200)
    way.store.refused = {"BAD"}
    way.delivery.keep(rows("BAD", "BAD", "BAD"), NOW)

    assert "full at" in way.delivery.error
    assert (len(read(way.file)), len(way.spool.peek().rows)) == (1, 3)
    way.spool.close()


def test_half_a_line_is_taken_back_when_the_disk_is_full(way, monkeypatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    way.store.refused = {"BAD"}
    with monkeypatch.context() as patch:
        patch.setattr(quarantine_file.os, "fsync", full)
        with pytest.raises(StorageError, match="No space left on device"):
            way.quarantine.add(rows("BAD")[0], "why", 0)
    way.quarantine.add(rows("BAD")[0], "why", 0)

    assert len(read(way.file)) == 1


def test_whatever_a_row_holds_can_be_told(way) -> None:
    way.quarantine.add(Row("A", DataType.INT, 1, 2**70, 0), "too large", 5)
    way.quarantine.add(Row("A", DataType.STRING, 2, "\ud800\n", 2**65), "no text", 6)

    assert read(way.file) == [
        {"time": 1, "tag": "A", "type": "int", "value": 2**70, "quality": 0, "reason": "too large", "set_aside": 5},
        {"time": 2, "tag": "A", "type": "string", "value": "\ud800\n", "quality": 2**65, "reason": "no text", "set_aside": 6},
    ]


def test_a_real_database_refuses_the_row_and_not_the_batch(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    store = SqlHistoryStore(database)
    spool = Spool(tmp_path / "spool")
    delivery = Delivery(store, spool, Quarantine(tmp_path / "quarantine.jsonl"))
    poison = Row("A", DataType.FLOAT, 5, 1.0, 2**70)
    with pytest.raises(DataRefusedError, match="too large"):
        store.append([poison], 0)
    delivery.keep([*rows("A", "A"), poison, *rows("A", "A", first=10)], NOW)
    found = store.raw("A", 0.0, 1.0, 100)
    spool.close()
    database.close()

    assert list(found.value) == [0.0, 1.0, 0.0, 1.0]
    assert [line["time"] for line in read(tmp_path / "quarantine.jsonl")] == [5]
