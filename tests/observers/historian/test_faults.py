"""What really goes wrong: a database that is killed, a disk that is full, a lock that is held, a clock that is set."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.cvt.table import Cvt
from automation.model.errors import StorageError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.historian import spool as spool_file
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.historian.store import HistoryStore
from automation.storage.database import Database
from automation.system import clock as clock_file
from automation.system.clock import RealClock
from automation.testing.history import MemoryHistoryStore
from automation.testing.postgres import own_postgres

T0 = 1_800_000_000.0
STEP_S = 0.25


class Site:
    """A table whose tags all count, a recorder of it, and time that goes on by steps."""

    def __init__(self, store: HistoryStore, folder: Path, tags: int = 2) -> None:
        self.store = store
        self.names = [f"T{i}" for i in range(tags)]
        self.cvt = Cvt()
        self.group = self.cvt.add([Tag(name=name) for name in self.names], T0)
        self.recorder = Recorder(self.cvt, store, Spool(folder / "spool"))
        self.now = T0
        self.count = 0

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.now += STEP_S
            self.count += 1
            self.group.update([float(self.count)] * len(self.names), Quality.GOOD, self.now, self.now)
            self.recorder.step(self.now)

    def try_run(self, steps: int) -> int:
        """As ``run``, with a worker's patience; how many steps failed."""
        failed = 0
        for _ in range(steps):
            try:
                self.run(1)
            except StorageError:
                failed += 1
        return failed

    def settle(self) -> None:
        """Let time pass until nothing waits."""
        for _ in range(200):
            self.now += 1.0
            self.recorder.step(self.now)
            status = self.recorder.status()
            if not status.error and not status.spooled_bytes and not status.waiting:
                return
        pytest.fail(f"something still waits: {self.recorder.status()}")

    def found(self, name: str) -> Sequence[object]:
        return list(self.store.raw(name, T0, self.now + 1, 100_000).value)

    def check_all_found(self) -> None:
        expected = [float(i + 1) for i in range(self.count)]
        assert [name for name in self.names if self.found(name) != expected] == []
        assert (self.recorder.status().lost, self.recorder.status().quarantined) == (0, 0)


def history(url: str, *, lock_wait_ms: int | None = None) -> Database:
    database = Database(url, durable=False)
    if lock_wait_ms is not None:
        sa.event.listen(
            database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA busy_timeout={lock_wait_ms}").close()
        )
    database.migrate("history")
    return database


@pytest.mark.process
@pytest.mark.timeout(120)
def test_a_database_that_is_killed_under_load_and_comes_back_has_every_sample(tmp_path: Path) -> None:
    with own_postgres() as server:
        database = history(server.url)
        site = Site(SqlHistoryStore(database), tmp_path, tags=200)
        site.run(20)
        killer = threading.Timer(0.3, server.kill)
        killer.start()
        while not site.recorder.status().error:  # until the kill comes between two rows, or two steps
            site.run(1)
        killer.join()
        site.run(50)
        assert site.recorder.status().spooled_bytes > 0
        server.start()
        site.run(50)
        site.settle()

        site.check_all_found()
        site.recorder.close(site.now)
        database.close()


@pytest.mark.process
@pytest.mark.timeout(60)
def test_a_database_that_is_locked_by_another_gets_what_waited_when_it_is_free(tmp_path: Path) -> None:
    database = history(f"sqlite:///{tmp_path / 'history.db'}", lock_wait_ms=50)
    site = Site(SqlHistoryStore(database), tmp_path)
    site.run(10)
    other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    site.run(40)
    assert "locked" in site.recorder.status().error
    other.execute("ROLLBACK")
    other.close()
    site.run(10)
    site.settle()

    site.check_all_found()
    site.recorder.close(site.now)
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no small disk: there is no mount command")
    if mounted.returncode:
        pytest.skip(f"no small disk: this account may not mount one: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all that is left."""
    ballast = folder / "ballast"
    size = 1 << 16
    with ballast.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return ballast


@pytest.mark.process
@pytest.mark.parametrize("spool_too", [False, True], ids=["the database's disk", "the disk of both"])
def test_a_disk_that_is_full_loses_nothing_and_what_waited_is_stored_when_there_is_room(
    small_disk: Path, tmp_path: Path, spool_too: bool
) -> None:
    database = history(f"sqlite:///{small_disk / 'history.db'}")
    site = Site(SqlHistoryStore(database), small_disk if spool_too else tmp_path, tags=50)
    site.run(20)
    ballast = fill(small_disk)
    failed = site.try_run(100)
    status = site.recorder.status()
    assert "full" in status.error
    assert (failed > 0, status.waiting > 0) == (spool_too, spool_too)
    ballast.unlink()
    site.try_run(20)
    site.settle()

    site.check_all_found()
    site.recorder.close(site.now)
    database.close()


def test_a_disk_that_fills_between_two_frames_keeps_the_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryHistoryStore()
    site = Site(store, tmp_path)
    store.failing = StorageError("the database is away")
    site.run(5)
    with monkeypatch.context() as patch:
        patch.setattr(spool_file.os, "fsync", no_space)
        assert site.try_run(5) == 5
        assert site.recorder.status().waiting == 5
    store.failing = None
    site.run(5)
    site.settle()

    site.check_all_found()


def no_space(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_machines_clock_may_be_set_while_it_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock = RealClock()
    site = Site(MemoryHistoryStore(), tmp_path)
    site.recorder.step(clock.now())
    wall = clock_file.time.time
    for i, jump in enumerate((0.0, -7200.0, 7200.0, -86_400.0)):
        monkeypatch.setattr(clock_file.time, "time", lambda jump=jump: wall() + jump)
        now = clock.now()
        site.group.update([float(i), float(-i)], Quality.GOOD, now, now)
        site.recorder.step(now)

    rows = site.store.rows("T0")
    assert [row.value for row in rows] == [0.0, 1.0, 2.0, 3.0]
    assert rows[-1].time - rows[0].time < 60e6


def test_a_devices_clock_may_be_set_and_no_sample_is_lost(tmp_path: Path) -> None:
    site = Site(MemoryHistoryStore(), tmp_path)
    jumps = [0.0] * 5 + [-3600.0] * 5 + [3600.0] * 5 + [0.0] * 5
    told = []
    for i, jump in enumerate(jumps):
        now = T0 + i * STEP_S
        site.group.update([float(i), 0.0], Quality.GOOD, now + jump, now)
        told.append((round((now + jump) * 1e6), float(i)))
        site.recorder.step(now)

    assert [(row.time, row.value) for row in site.store.rows("T0")] == sorted(told)


def test_a_start_with_a_clock_that_was_set_back_keeps_what_was_recorded_ahead(tmp_path: Path) -> None:
    store = MemoryHistoryStore()
    ahead = Site(store, tmp_path)
    ahead.run(40)
    ahead.recorder.close(ahead.now)
    again = Site(store, tmp_path)
    again.now = T0 + 3.1
    again.count = 1000
    again.run(40)
    again.recorder.close(again.now)

    good = [row for row in store.rows("T0") if row.quality == 0]
    assert sorted(row.value for row in good) == [float(i) for i in [*range(1, 41), *range(1001, 1041)]]
    assert [row.time for row in good] == sorted({row.time for row in good})
