"""Reports of alarms over a long time, made by a process of its own out of a real journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from automation.model.errors import ConflictError, StorageError
from automation.observers.alarms.analytics.reading import Asked
from automation.observers.alarms.analytics.service import AlarmAnalytics
from automation.observers.alarms.sql import SqlAlarmStore
from automation.runtime.analytics import AnalyticsProcesses
from automation.settings import Alarms, AlarmTargets, DatabaseUrls, Settings, Site
from automation.storage.database import Database
from automation.storage.days import local_day
from automation.storage.journal import Journal
from tests.observers.alarms.stories import Plant

pytestmark = [pytest.mark.process, pytest.mark.timeout(60)]

ZONE = "Europe/Vienna"
TARGETS = AlarmTargets(flood_opens_above=2, flood_closes_below=2, upset_alarms=("A0",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("analytics")


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'config.db'}", durable=False)
    database.migrate("config")
    yield database
    database.close()


@pytest.fixture(scope="module")
def plant(database: Database) -> Plant:
    """A plant that has lived for a while, and left its journal in the database."""
    return Plant(7, SqlAlarmStore(database, Journal(database))).live(300, 1500.0)


def settings(folder: Path) -> Settings:
    return Settings(
        site=Site(time_zone=ZONE),
        database=DatabaseUrls(config=f"sqlite:///{folder / 'config.db'}"),
        alarms=Alarms(targets=TARGETS),
    )


def asked(now: float) -> Asked:
    return Asked(start=now - 86_400.0, end=now, area="north", now=now, configured={1: 2, 3: 5})


def test_the_report_of_the_process_is_the_one_that_would_be_made_here(folder: Path, database: Database, plant: Plant) -> None:
    now = plant.clock.now()
    question = asked(now)
    analytics = [
        AlarmAnalytics(database, lambda _: question.configured, local_day(ZONE), TARGETS, elsewhere, rows_here=10)
        for elsewhere in (None, AnalyticsProcesses(settings(folder)))
    ]

    here, there = (one.report(question.start, question.end, question.area, now) for one in analytics)

    assert there["count"] > 0
    assert there == orjson.loads(orjson.dumps(here))


def test_a_database_without_a_journal_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such table"):
        AnalyticsProcesses(settings(tmp_path))(asked(1_800_000_000.0))


def test_a_report_that_takes_too_long_is_given_up(folder: Path, plant: Plant) -> None:
    with pytest.raises(StorageError, match=r"not done within 0\.01 s"):
        AnalyticsProcesses(settings(folder), limit_s=0.01)(asked(plant.clock.now()))


def test_who_does_not_get_a_turn_is_told_to_come_again(folder: Path, plant: Plant) -> None:
    reports = AnalyticsProcesses(settings(folder), turn_s=0.0, at_once=0)

    with pytest.raises(ConflictError, match="reports are being made") as refused:
        reports(asked(plant.clock.now()))

    assert refused.value.reason == "busy"
