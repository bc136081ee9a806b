"""A thousand alarms within one second (case 74 of the alarm specification)."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.bench.alarm_burst import answers_ms
from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.analytics.service import AlarmAnalytics
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.storage.database import Database
from automation.storage.days import local_day
from automation.storage.journal import Journal
from automation.testing.clock import FakeClock

GROUPS, SIZE = 10, 100


def test_every_alarm_has_its_row_in_its_order_and_the_flood_is_flagged(clock: FakeClock, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'config.db'}", durable=False)
    database.migrate("config")
    journal, cvt = Journal(database), Cvt()
    names = [[f"T{group}.{i:02d}" for i in range(SIZE)] for group in range(GROUPS)]
    groups = [cvt.add([Tag(name=name) for name in some], clock.now()) for some in names]
    definitions = [AlarmDefinition(name=f"{name}.H", tag=name, condition=High(limit=80.0)) for some in names for name in some]
    analytics = AlarmAnalytics(database, lambda _area: {}, local_day("UTC"))
    manager = AlarmManager(definitions, cvt, SqlAlarmStore(database, journal))
    manager.on_transition(analytics.heard)

    for group in reversed(groups):
        group.update([81.0] * SIZE, Quality.GOOD, clock.now(), clock.now())
        clock.advance(0.05)
        manager.step(clock.now())
        clock.advance(0.05)

    rows = list(reversed(journal.query(kind_prefix="alarm.", limit=2_000)))
    assert [row.subject for row in rows] == [f"{name}.H" for some in reversed(names) for name in some]
    assert [row.seq for row in rows] == list(range(rows[0].seq, rows[0].seq + GROUPS * SIZE))
    assert [row.time for row in rows] == sorted(row.time for row in rows)
    assert journal.verify() is None
    assert analytics.recent(clock.now()) == (GROUPS * SIZE, True)
    database.close()


@pytest.mark.timing
@pytest.mark.timeout(180)
def test_the_interface_answers_within_200_ms_meanwhile() -> None:
    took = sorted(answers_ms())

    assert took[int(len(took) * 0.95)] < 200.0
