"""What the recorder has acknowledged is found again after ``kill -9``, whether the database was there or not."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from automation.cvt.table import Cvt
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.system.clock import RealClock

T0 = 1_800_000_000.0
CHILD = """
import sys
from pathlib import Path
from automation.cvt.table import Cvt
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database

folder = Path(sys.argv[1])
cvt = Cvt()
group = cvt.add([Tag(name="T")], 1_800_000_000.0)
recorder = Recorder(cvt, SqlHistoryStore(Database(f"sqlite:///{folder / 'history.db'}")), Spool(folder / "spool"))
for i in range(1, 1_000_000):
    now = 1_800_000_000.0 + i / 1000
    group.update([float(i)], Quality.GOOD, now, now)
    recorder.step(now)
    print(i, flush=True)
"""


@pytest.mark.process
@pytest.mark.parametrize("away", [False, True], ids=["database there", "database away"])
@pytest.mark.parametrize("lines", [1, 137])
def test_every_acknowledged_sample_is_found_after_a_kill(tmp_path, away, lines):
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    if away:
        rename(database, "history_samples", "hidden")
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(lines):
        child.stdout.readline()
    child.kill()
    rest = [line for line in child.stdout.read().split("\n")[:-1] if line]
    acknowledged = int(rest[-1]) if rest else lines
    child.wait()
    child.stdout.close()
    if away:
        rename(database, "hidden", "history_samples")

    store = SqlHistoryStore(database)
    recorder = Recorder(Cvt(), store, Spool(tmp_path / "spool"))
    recorder.step(T0 + 1_000_000)
    recorder.close(T0 + 1_000_001)
    found = store.raw("T", T0, T0 + 999_999, 100_000)
    database.close()

    good = [value for value, quality in zip(found.value, found.quality, strict=True) if quality == 0]
    assert good[:acknowledged] == [float(i) for i in range(1, acknowledged + 1)]


CHILD_WITH_WORKER = """
import sys
import threading
from pathlib import Path
from automation.cvt.table import Cvt
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.system.clock import RealClock
from automation.system.worker import Worker

folder, first, durability = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
clock, cvt = RealClock(), Cvt()
group = cvt.add([Tag(name="T", history={"mode": "all"})], clock.now())
database = Database(f"sqlite:///{folder / 'history.db'}", durable=durability == "sync")
recorder = Recorder(cvt, SqlHistoryStore(database), Spool(folder / "spool"))
historian = Worker("historian", recorder.step, 0.02, clock)
if durability == "sync":
    recorder.wake_on_change(historian.wake)
historian.start()
told, pause = 0, threading.Event()
for i in range(first, first + 1_000_000):
    now = clock.now()
    group.update([float(i)], Quality.GOOD, now, now)
    recorded = recorder.status().recorded
    if recorded != told:
        told = recorded
        print(first + recorded - 1, flush=True)
    pause.wait(0.0005)
"""


@pytest.mark.process
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.soak)])
@pytest.mark.parametrize("durability", ["normal", "sync"])
def test_kill_after_kill_every_sample_that_was_acknowledged_is_found(tmp_path, durability, rounds):
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    chance = random.Random(rounds)  # noqa: S311 - chance, not secrecy
    acknowledged: list[tuple[int, int]] = []
    for number in range(rounds):
        away = number % 3 == 1
        if away:
            rename(database, "history_samples", "hidden")
        first = number * 1_000_000 + 1
        acknowledged.append((first, killed(tmp_path, first, durability, lines=chance.randint(1, 30))))
        if away:
            rename(database, "hidden", "history_samples")
    begun = RealClock().now() + 1
    store = SqlHistoryStore(database)
    recorder = Recorder(Cvt(), store, Spool(tmp_path / "spool"))
    for second in range(30):
        recorder.step(begun + second)
    recorder.close(begun + 31)
    found = good_values(store, begun)
    database.close()

    for first, last in acknowledged:
        assert last >= first
        missing = [i for i in range(first, last + 1) if i not in found]
        assert not missing


def killed(folder: Path, first: int, durability: str, lines: int) -> int:
    """The last value that a recorder acknowledged before it was killed, in the midst of its work."""
    words = [sys.executable, "-c", CHILD_WITH_WORKER, str(folder), str(first), durability]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [child.stdout.readline() for _ in range(lines)]
    child.kill()
    told += child.stdout.read().split("\n")[:-1]
    child.wait()
    child.stdout.close()
    return int(next(line for line in reversed(told) if line.strip()))


def good_values(store: SqlHistoryStore, now: float) -> set[int]:
    found: set[int] = set()
    start, page = now - 3600.0, 100_000
    while True:
        series = store.raw("T", start, now, page)
        found |= {int(value) for value, quality in zip(series.value, series.quality, strict=True) if quality == 0}
        if not series.truncated:
            return found
        start = series.time[-1]


def rename(database: Database, old: str, new: str) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
