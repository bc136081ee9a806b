"""Commands on several alarms: one refusal stops no other, and each leaves a row of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from automation.commands.alarm_bulk import MANY_MAX, AlarmBulkCommands, Selection
from automation.commands.alarm_switches import AlarmSwitchCommands
from automation.commands.alarms import AlarmCommands
from automation.commands.audit import Audit
from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError, StorageError
from automation.model.estop import EstopState
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.security.principal import Principal, Role
from automation.testing.clock import FakeClock
from automation.testing.journal import MemoryJournal
from automation.testing.stores import MemoryAlarmStore

AREAS = {"A": "north", "B": "north/tank", "C": "northern", "D": "south"}
DEFINITIONS = [
    AlarmDefinition(name=f"{name}.HI", tag=name, condition=High(limit=5.0), priority=Priority(4 - number))
    for number, name in enumerate(AREAS)
]


class Definitions:
    """A configuration that is only told which alarms are enabled."""

    def __init__(self, manager: AlarmManager) -> None:
        self.manager = manager
        self.definitions = {definition.name: definition for definition in DEFINITIONS}

    def change(self, changes, actor, origin, now, reason=""):
        for change in changes:
            old = self.definitions[change.name]
            if old.enabled == change.enabled:
                raise ConflictError(f"alarm {change.name} is so already", "enabled" if change.enabled else "disabled")
            self.definitions[change.name] = new = replace(old, enabled=change.enabled)
            self.manager.change((), [(old, new)], (), now, actor, origin, reason)


class Station:
    """Four alarms in their areas, of priority 4 to 1, all raised, behind the commands."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.cvt.add([Tag(name=name, area=area, initial=0.0) for name, area in AREAS.items()], clock.now())
        self.store, self.journal = MemoryAlarmStore(), MemoryJournal()
        self.manager = AlarmManager(DEFINITIONS, self.cvt, self.store)
        audit = Audit(self.journal, clock, EstopState)
        self.configuration = Definitions(self.manager)
        one = AlarmCommands(audit, self.manager, clock)
        switches = AlarmSwitchCommands(audit, self.manager, self.configuration, clock)
        self.bulk = AlarmBulkCommands(audit, self.acknowledge, one, switches, self.manager)
        self.asked: list[str] = []
        self.failure: StorageError | None = None
        self.measure(*AREAS)

    def acknowledge(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None, /) -> AlarmView:
        self.asked.append(alarm)
        if self.failure is not None:
            raise self.failure
        return self.manager.acknowledge(alarm, principal.name, comment, occurrence_id, self.clock.now())

    def measure(self, *names: str, value: float = 9.0) -> None:
        now = self.clock.now()
        for name in names:
            self.cvt.update(name, Sample(value, Quality.GOOD, now, now))
        self.manager.step(now)

    def kinds(self, kind: str) -> list[str]:
        return [event.subject for event in self.store.events if event.kind == kind]


@pytest.fixture
def station(clock) -> Station:
    return Station(clock)


@pytest.fixture
def operator(who: Callable):
    return who(Role.OPERATOR)


def told(outcomes) -> list[tuple[str, bool]]:
    return [(one.name, one.error is None) for one in outcomes.items]


def test_those_that_are_named_are_acknowledged_in_order_with_a_row_each(station, operator):
    outcomes = station.bulk.acknowledge_many(operator, Selection(names=["D.HI", "A.HI"]), "round")

    assert told(outcomes) == [("D.HI", True), ("A.HI", True)]
    assert (outcomes.done, outcomes.refused) == (2, 0)
    assert station.kinds("alarm.acknowledged") == ["D.HI", "A.HI"]
    assert station.manager.get("A.HI").ack_comment == "round"
    assert station.manager.counts().unack == 2


def test_an_unknown_name_and_one_that_is_acknowledged_stop_no_other(station, operator):
    station.bulk.acknowledge_many(operator, Selection(names=["A.HI"]))

    outcomes = station.bulk.acknowledge_many(operator, Selection(names=["NOBODY", "A.HI", "B.HI"]))

    assert told(outcomes) == [("NOBODY", False), ("A.HI", False), ("B.HI", True)]
    assert isinstance(outcomes.items[1].error, ConflictError)
    assert (outcomes.done, outcomes.refused) == (1, 2)


def test_a_name_given_twice_is_done_once(station, operator):
    assert told(station.bulk.acknowledge_many(operator, Selection(names=["A.HI", "A.HI"]))) == [("A.HI", True)]


def test_an_area_means_what_waits_in_it_and_below_it_the_most_urgent_first(station, operator):
    assert told(station.bulk.acknowledge_many(operator, Selection(area="north"))) == [("B.HI", True), ("A.HI", True)]
    assert told(station.bulk.acknowledge_many(operator, Selection(area="north"))) == []


def test_only_what_can_be_acknowledged_in_the_area_is_changed(station, operator):
    """Case 76 of the alarm specification."""
    station.measure("B", value=0.0)
    station.bulk.shelve_many(operator, ["A.HI"], "noisy", 60.0)
    before = {view.name: view for view in station.manager.list()}

    outcomes = station.bulk.acknowledge_many(operator, Selection(area="north"))

    after = {view.name: view for view in station.manager.list()}
    assert before["B.HI"].state == "RTNUN"
    assert [(one.name, one.view.state) for one in outcomes.items if one.view is not None] == [("B.HI", "NORM")]
    assert (outcomes.done, outcomes.refused) == (1, 0)
    assert [name for name in after if after[name] != before[name]] == ["B.HI"]


def test_all_means_what_is_shown_and_waits(station, operator):
    station.bulk.acknowledge_many(operator, Selection(names=["B.HI"]))
    station.bulk.shelve_many(operator, ["C.HI"], "noisy", 60.0)

    assert sorted(told(station.bulk.acknowledge_many(operator, Selection(all=True)))) == [("A.HI", True), ("D.HI", True)]
    assert not station.manager.get("C.HI").acked


def test_an_alarm_that_was_raised_again_since_it_was_seen_is_refused(station, operator):
    seen = {"A.HI": station.manager.get("A.HI").occurrence_id}
    station.measure("A", value=0.0)
    station.clock.advance(1.0)
    station.measure("A")

    outcomes = station.bulk.acknowledge_many(operator, Selection(names=["A.HI", "D.HI"]), occurrences=seen)

    assert told(outcomes) == [("A.HI", False), ("D.HI", True)]


def test_several_are_shelved_and_unshelved_each_within_what_its_priority_allows(station, operator):
    shelved = station.bulk.shelve_many(operator, ["A.HI", "C.HI"], "noisy", 6 * 3600.0)
    assert told(shelved) == [("A.HI", True), ("C.HI", False)]  # four hours are the longest of priority 2

    assert told(station.bulk.unshelve_many(operator, ["A.HI", "C.HI"], "quiet")) == [("A.HI", True), ("C.HI", False)]
    assert station.kinds("alarm.shelved") == station.kinds("alarm.unshelved") == ["A.HI"]


def test_a_store_that_fails_is_not_asked_again_for_each_alarm(station, operator):
    station.failure = StorageError("disk full")

    outcomes = station.bulk.acknowledge_many(operator, Selection(names=["A.HI", "B.HI", "C.HI"]))

    assert station.asked == ["A.HI"]
    assert [str(one.error) for one in outcomes.items[1:]] == ["not tried, for the store fails: disk full"] * 2


def test_a_viewer_is_refused_once_and_journalled(station, who):
    with pytest.raises(NotAllowedError):
        station.bulk.shelve_many(who(Role.VIEWER), ["A.HI", "B.HI"], "noisy")

    assert station.journal.kinds == ["alarm.shelve.refused"]


def test_more_than_a_thousand_names_are_refused(station, operator):
    names = [str(number) for number in range(MANY_MAX + 1)]

    for act in (
        lambda: station.bulk.acknowledge_many(operator, Selection(names=names)),
        lambda: station.bulk.unshelve_many(operator, names),
    ):
        with pytest.raises(InvalidValueError, match="1001 alarms are named"):
            act()


@pytest.mark.parametrize("given", [{}, {"names": ["A"], "all": True}, {"area": "x", "all": True}, {"area": "/"}])
def test_exactly_one_way_says_which_are_meant(given):
    with pytest.raises(InvalidValueError):
        Selection(**given)


def test_several_alarms_are_disabled_and_enabled_with_a_row_each(station, who):
    engineer = who(Role.ENGINEER)

    off = station.bulk.disable_many(engineer, ["A.HI", "B.HI", "NOBODY"], "test run")
    again = station.bulk.disable_many(engineer, ["A.HI", "C.HI"], "test run")
    on = station.bulk.enable_many(engineer, ["A.HI"], "over")

    assert told(off) == [("A.HI", True), ("B.HI", True), ("NOBODY", False)]
    assert [one.error.reason for one in again.items if one.error is not None] == ["disabled"]
    assert [one.view.state for one in on.items] == ["UNACK"]
    assert station.kinds("alarm.disabled") == ["A.HI", "B.HI", "C.HI"]
    assert station.kinds("alarm.enabled") == ["A.HI"]


def test_nobody_below_an_engineer_disables_alarms(station, who):
    with pytest.raises(NotAllowedError):
        station.bulk.disable_many(who(Role.SUPERVISOR), ["A.HI"], "test run")

    assert [event.kind for event in station.journal.events] == ["alarm.disable.refused"]
