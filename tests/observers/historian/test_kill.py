"""What the recorder has acknowledged is found again after ``kill -9``, whether the database was there or not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from automation.cvt.table import Cvt
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database

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


def rename(database: Database, old: str, new: str) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
