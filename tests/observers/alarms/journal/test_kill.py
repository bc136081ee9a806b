"""A process that is killed in the midst of a flood leaves a journal that is whole, and states and an index that agree with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.journal.reader import SqlAlarmJournal, all_rows
from automation.observers.alarms.sql import SqlAlarmStore
from automation.storage.database import Database
from automation.storage.journal import Journal

FLOOD = """
import sys
from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.clock import FakeClock

clock, cvt, database = FakeClock(), Cvt(), Database(sys.argv[1])
group = cvt.add([Tag(name=f"T{i}") for i in range(200)], clock.now())
definitions = [AlarmDefinition(name=f"A{i}", tag=f"T{i}", condition=High(limit=5.0)) for i in range(200)]
manager = AlarmManager(definitions, cvt, SqlAlarmStore(database, Journal(database)))
for turn in range(1_000_000):
    clock.advance(0.1)
    group.update([9.0 if (turn + i) % 2 else 0.0 for i in range(200)], Quality.GOOD, clock.now(), clock.now())
    manager.step(clock.now())
    print("flooded", flush=True)
"""


@pytest.mark.process
@pytest.mark.parametrize("turns", [1, 3, 8])
def test_a_kill_in_a_flood_breaks_nothing(tmp_path: Path, turns: int) -> None:
    url = f"sqlite:///{tmp_path / 'config.db'}"
    database = Database(url)
    database.migrate("config")
    with subprocess.Popen([sys.executable, "-c", FLOOD, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(turns):
            assert process.stdout.readline() == "flooded\n"
        process.kill()

    journal = Journal(database)
    reader = SqlAlarmJournal(database)
    rows = list(all_rows(reader, RowFilter(), 1_000_000))
    last = {}
    for item in reversed(rows):
        last[item.row.subject] = item.row.details["to"]
    states = {name: facts.shown.value for name, facts in SqlAlarmStore(database, journal).load().items()}
    occurrences = reader.occurrences(OccurrenceFilter(), 1000).items

    assert journal.verify() is None
    assert len(rows) == journal.head()[0] >= 100 * turns
    assert states == last
    AlarmIndex(database, journal).rebuild()
    assert reader.occurrences(OccurrenceFilter(), 1000).items == occurrences
    database.close()
