"""Alarms that are heard only while a condition over tags is met."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High
from automation.model.errors import ConfigError, ConflictError, InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.manager import AlarmManager
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

FIELD = (Tag(name="PT", unit="bar"), Tag(name="RUN", type=DataType.BOOL))
SOFT = (Tag(name="MODE", type=DataType.INT),)
LOW_FLOW = AlarmDefinition(name="A", tag="PT", condition=High(limit=5.0), enabled_when="RUN and MODE == 2")
PLAIN = replace(LOW_FLOW, enabled_when="")


class Site:
    """Alarm A on PT, heard while RUN and MODE is 2; RUN comes with the pressure in one batch, MODE by itself."""

    def __init__(
        self, clock: FakeClock, definition: AlarmDefinition = LOW_FLOW, store: MemoryAlarmStore | None = None, capacity: int = 100
    ) -> None:
        self.clock = clock
        self.store = store or MemoryAlarmStore()
        self.cvt = Cvt()
        self.field, self.soft = self.cvt.add(FIELD, clock.now()), self.cvt.add(SOFT, clock.now())
        self.manager = AlarmManager([definition], self.cvt, self.store, capacity=capacity)
        self.manager.step(clock.now())

    def set(self, pressure: Value, run: Value, quality: Quality = Quality.GOOD) -> None:
        self.field.update([pressure, run], [Quality.GOOD, quality], self.clock.now(), self.clock.now())

    def mode(self, mode: int) -> None:
        self.soft.update([mode], Quality.GOOD, self.clock.now(), self.clock.now())

    def step(self, wait_s: float = 1.0) -> None:
        self.clock.advance(wait_s)
        self.manager.step(self.clock.now())

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(row.kind.removeprefix("alarm."), str(row.details.get("to"))) for row in self.store.events]

    @property
    def announced(self) -> list[str]:
        return [row.kind for row in self.store.events if row.details.get("annunciated")]


@pytest.fixture
def site(clock: FakeClock) -> Site:
    """In operation, and normal."""
    site = Site(clock)
    site.mode(2)
    site.set(1.0, True)
    site.step()
    assert site.told == []
    return site


def test_while_the_condition_is_false_the_alarm_is_silent_by_design_in_the_name_of_the_logic(site: Site) -> None:
    site.mode(1)
    site.step()
    site.set(9.0, True)
    site.step()

    view, row = site.manager.get("A"), site.store.events[0]
    assert (view.state, view.core_state, view.silence) == ("DSUPR", "UNACK", "enabled_when")
    assert (row.kind, row.actor, row.details["comment"]) == ("alarm.suppressed", "logic", "enabled_when")
    assert site.announced == []


def test_an_abnormal_alarm_is_announced_when_the_condition_comes_true(site: Site) -> None:
    site.mode(1)
    site.set(9.0, True)
    site.step()

    site.mode(2)
    site.step()

    assert site.told == [("suppressed", "DSUPR"), ("raised", "DSUPR"), ("unsuppressed", "UNACK")]
    assert site.announced == ["alarm.unsuppressed"]


def test_a_sample_that_ends_the_condition_and_is_abnormal_raises_nothing(site: Site) -> None:
    site.set(9.0, False)
    site.step()

    assert site.told == [("suppressed", "DSUPR"), ("raised", "DSUPR")]
    assert site.announced == []


def test_changes_count_in_their_order_within_one_step(site: Site) -> None:
    site.set(9.0, True)
    site.mode(1)
    site.set(1.0, True)
    site.mode(2)
    site.step()

    assert [kind for kind, _ in site.told] == ["raised", "suppressed", "returned", "unsuppressed"]


def test_a_delay_that_ended_before_the_condition_did_is_announced(clock: FakeClock) -> None:
    site = Site(clock, replace(LOW_FLOW, on_delay_s=5.0))
    site.mode(2)
    site.set(9.0, True)
    site.step()
    clock.advance(10.0)
    site.mode(1)
    site.step(0.0)

    assert site.told == [("raised", "UNACK"), ("suppressed", "DSUPR")]


@pytest.mark.parametrize("quality", [Quality.BAD_SENSOR_FAILURE, Quality.BAD_NO_COMMUNICATION])
def test_a_condition_that_cannot_be_told_leaves_the_alarm_heard(site: Site, quality: Quality) -> None:
    site.set(1.0, False)
    site.step()

    site.set(9.0, False, quality)
    site.step()

    assert site.told == [("suppressed", "DSUPR"), ("unsuppressed", "NORM"), ("raised", "UNACK")]


def test_an_input_that_is_not_there_leaves_the_alarm_heard(clock: FakeClock) -> None:
    site = Site(clock, replace(LOW_FLOW, enabled_when="NOBODY"))
    site.set(9.0, True)
    site.step()

    assert site.manager.get("A").state == "UNACK"


def test_silence_outlives_a_restart_and_is_not_lifted_before_its_inputs_are_read(site: Site, clock: FakeClock) -> None:
    site.set(9.0, False)
    site.step()
    rows = len(site.store.events)

    again = Site(clock, store=site.store)
    again.step()
    assert (again.manager.get("A").state, len(site.store.events)) == ("DSUPR", rows)
    again.mode(2)
    again.set(9.0, False)
    again.step()
    assert len(site.store.events) == rows

    again.set(9.0, True)
    again.step()
    assert again.manager.get("A").state == "UNACK"


def test_after_a_restart_a_condition_that_cannot_be_read_lets_the_alarm_be_heard(site: Site, clock: FakeClock) -> None:
    site.set(9.0, False)
    site.step()

    again = Site(clock, store=site.store)
    again.mode(2)
    again.set(9.0, False, Quality.BAD_NO_COMMUNICATION)
    again.step()

    assert again.manager.get("A").state == "UNACK"


def test_after_a_gap_the_condition_is_read_anew(clock: FakeClock) -> None:
    site = Site(clock, capacity=2)
    for mode in (2, 1, 2, 1):
        site.mode(mode)
        site.set(9.0, True)
    site.step()

    assert site.manager.get("A").state == "DSUPR"
    assert site.announced == []


def test_a_definition_without_the_condition_lifts_the_silence(site: Site) -> None:
    site.set(9.0, False)
    site.step()

    site.manager.change((), [(LOW_FLOW, PLAIN)], (), site.clock.now(), "eve")
    site.step()

    assert site.told[-1] == ("unsuppressed", "UNACK")
    assert site.manager.get("A").silence == ""


def test_a_definition_with_the_condition_silences_at_once(clock: FakeClock) -> None:
    site = Site(clock, PLAIN)
    site.mode(1)
    site.set(9.0, True)
    site.step()

    site.manager.change((), [(PLAIN, LOW_FLOW)], (), site.clock.now(), "eve")
    site.step()

    assert site.manager.get("A").state == "DSUPR"
    assert site.store.events[-2].details["old_enabled_when"] == ""


def test_a_disabled_alarm_follows_its_condition_only_when_it_is_enabled(clock: FakeClock) -> None:
    off = replace(LOW_FLOW, enabled=False)
    site = Site(clock, off)
    site.mode(1)
    site.set(9.0, True)
    site.step()
    assert site.told == []

    site.manager.change((), [(off, LOW_FLOW)], (), site.clock.now(), "eve")
    site.step()

    assert site.told == [("enabled", "NORM"), ("suppressed", "DSUPR"), ("raised", "DSUPR")]


def test_people_neither_give_nor_take_the_reason_of_the_logic(site: Site) -> None:
    site.set(1.0, False)
    site.step()

    with pytest.raises(InvalidValueError, match=r"alarm A: reason superseded:B: only the logic gives that one"):
        site.manager.suppress("A", "eve", "superseded:B", site.clock.now())
    with pytest.raises(ConflictError) as refused:
        site.manager.unsuppress("A", "eve", "enabled_when", site.clock.now())

    assert refused.value.reason == "kept_by_logic"
    assert site.manager.get("A").state == "DSUPR"


def test_why_tells_the_condition_with_the_present_values_of_its_inputs(site: Site) -> None:
    heard = site.manager.why("A", site.clock.now()).sentences
    site.set(1.0, False)
    site.step()
    silent = site.manager.why("A", site.clock.now()).overlays
    site.set(1.0, False, Quality.BAD_SENSOR_FAILURE)
    site.step()
    unknown = site.manager.why("A", site.clock.now()).sentences

    assert "It is heard unless this is false: RUN and MODE == 2 (RUN is true, MODE is 2)." in heard
    assert silent == ("It is silent because this is false: RUN and MODE == 2 (RUN is false, MODE is 2).",)
    assert "It is heard unless this is false: RUN and MODE == 2 (RUN is BAD (sensor failure))." in unknown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RUN and", r"alarm A: enabled_when: "),
        ("delay(RUN, 5)", r"alarm A: enabled_when: it depends on the past; make that a derived tag"),
    ],
)
def test_a_condition_that_is_none_is_refused(clock: FakeClock, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Site(clock, replace(LOW_FLOW, enabled_when=text))


def test_an_alarm_that_is_silent_needs_no_worker(site: Site) -> None:
    site.set(9.0, False)
    site.step()

    assert site.manager.due == NEVER
