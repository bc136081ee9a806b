"""How the historian fares, as tags and alarms."""

from __future__ import annotations

import pytest

from automation.cvt.table import Cvt
from automation.observers.alarms.manager import AlarmManager
from automation.observers.historian.diagnostics import NAMES, HistoryDiagnostics, history_alarms, history_tags
from automation.observers.historian.recorder import RecorderStatus
from automation.runtime.health import check_history
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore


class Fares:
    """The tags and alarms of a historian whose status is what the test says."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.status = status()
        self.cvt = Cvt()
        self.diagnostics = HistoryDiagnostics(self.cvt, lambda: self.status, clock.now())
        self.alarms = AlarmManager(history_alarms(), self.cvt, MemoryAlarmStore())

    def tell(self, seconds: float = 1.0, **told: object) -> None:
        self.status = status(**told)
        self.clock.advance(seconds)
        self.diagnostics.step(self.clock.now())
        self.alarms.step(self.clock.now())
        self.clock.advance(20.0)
        self.alarms.step(self.clock.now())

    @property
    def values(self) -> list[object]:
        return [self.cvt.read(name).value for name in NAMES]

    @property
    def active(self) -> set[str]:
        return {view.name for view in self.alarms.list() if view.active}


def status(**told: object) -> RecorderStatus:
    usual = {"recorded": 5, "waiting": 0, "spooled_bytes": 0, "spool_max_bytes": 1000, "lost": 0, "quarantined": 0, "error": ""}
    return RecorderStatus(**{**usual, **told})


@pytest.fixture
def fares(clock: FakeClock) -> Fares:
    return Fares(clock)


def test_a_historian_that_is_well_says_so(fares: Fares) -> None:
    fares.tell()

    assert fares.values == [True, 0.0, 0, 0, 0]
    assert fares.active == set()
    assert (check_history(fares.status).ok, check_history(fares.status).message) == (True, "")


def test_a_database_that_is_away_raises_an_alarm_and_its_return_ends_it(fares: Fares) -> None:
    fares.tell(error="the database is away", waiting=3)
    assert (fares.values, fares.active) == ([False, 0.0, 3, 0, 0], {"HISTORY.DOWN"})
    assert check_history(fares.status).message == "the database is away"
    fares.tell()

    assert fares.active == set()


def test_the_fill_level_of_the_spool_has_an_alarm_that_becomes_more_urgent(fares: Fares) -> None:
    fares.tell(spooled_bytes=199)
    assert fares.active == set()
    fares.tell(spooled_bytes=201)
    assert fares.active == {"HISTORY.SPOOL"}
    urgent = next(view for view in fares.alarms.list() if view.name == "HISTORY.SPOOL").priority
    fares.tell(spooled_bytes=900)
    assert next(view for view in fares.alarms.list() if view.name == "HISTORY.SPOOL").priority < urgent
    assert check_history(fares.status).message == "spool 90.0 % full"
    fares.tell(spooled_bytes=100)

    assert fares.active == set()


def test_what_was_lost_or_refused_is_told(fares: Fares) -> None:
    fares.tell(lost=7, quarantined=2)

    assert fares.values == [True, 0.0, 0, 7, 2]
    assert fares.active == {"HISTORY.LOST", "HISTORY.QUARANTINED"}
    assert not check_history(fares.status).ok
    assert check_history(fares.status).message == "7 rows lost; 2 rows refused and set aside"
    assert check_history(status(quarantined=2)).ok


def test_nothing_is_told_while_nothing_changes(fares: Fares) -> None:
    fares.tell(waiting=1)
    group, _ = fares.cvt.slot("HISTORY.WAITING")
    updates = group.updates
    fares.tell(waiting=1)

    assert group.updates == updates


def test_its_own_tags_are_system_tags_and_what_changes_all_the_time_is_not_recorded() -> None:
    assert [tag.name for tag in history_tags()] == list(NAMES)
    assert all(tag.system for tag in history_tags())
    assert [tag.name for tag in history_tags() if not tag.history] == ["HISTORY.WAITING"]
