"""Several limits in one alarm, slopes, tags that nobody updates, and alarms that keep others silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.table import Cvt
from automation.model.alarm import (
    AlarmDefinition,
    BadQuality,
    Comms,
    Condition,
    High,
    Level,
    Levels,
    Low,
    Plausibility,
    Priority,
    RateOfChange,
    Stale,
)
from automation.model.errors import ConfigError, ConflictError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.manager import AlarmManager
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

PT = Tag(name="PT", unit="bar", source="plc/40001")
UP = Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True)
BOTH = Levels(high=Level(limit=80.0, deadband=2.0), high_high=Level(limit=90.0, deadband=2.0, priority=Priority.CRITICAL))


def alarm(name: str, condition: Condition, **options: Any) -> AlarmDefinition:
    return AlarmDefinition(name=name, tag="PT", condition=condition, **options)


class Site:
    """A tag of a link, the link's own, and a manager that the test steps itself."""

    def __init__(self, clock: FakeClock, *definitions: AlarmDefinition) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.field = self.cvt.add([PT], clock.now())
        self.link = self.cvt.add([UP], clock.now())
        self.store = MemoryAlarmStore()
        self.manager = AlarmManager(definitions, self.cvt, self.store)
        self.connect(True)

    def connect(self, up: bool) -> None:
        self.link.update([up], Quality.GOOD, self.clock.now(), self.clock.now())
        self.step()

    def set(self, value: Value, quality: Quality = Quality.GOOD) -> None:
        self.field.update([value], quality, self.clock.now(), self.clock.now())
        self.step()

    def step(self, wait_s: float = 0.0) -> None:
        self.clock.advance(wait_s)
        self.manager.step(self.clock.now())

    def ack(self, name: str) -> None:
        self.manager.acknowledge(name, "ana", "", None, self.clock.now())

    def state(self, name: str = "A") -> str:
        return self.manager.get(name).state

    @property
    def told(self) -> list[str]:
        """The annunciated rows, as alarm and kind."""
        kinds = [(event.subject, event.kind) for event in self.store.events if event.details.get("annunciated")]
        return [f"{name} {kind.removeprefix('alarm.')}" for name, kind in kinds]


@pytest.fixture
def levels(clock: FakeClock) -> Site:
    site = Site(clock, alarm("A", BOTH))
    site.set(70.0)
    return site


def test_a_jump_over_both_limits_is_one_alarm_of_the_worse_one(levels: Site) -> None:
    levels.set(95.0)

    view = levels.manager.get("A")
    assert levels.told == ["A raised"]
    assert (view.level, view.priority, view.limit, view.message) == ("high_high", 1, 90.0, "PT above 90 bar (high high)")


def test_a_worse_level_must_be_acknowledged_anew(levels: Site) -> None:
    levels.set(85.0)
    levels.ack("A")

    levels.set(95.0)

    assert levels.state() == "UNACK"
    assert levels.told == ["A raised", "A escalated"]
    assert (levels.store.events[-1].details["last_priority"], levels.store.events[-1].details["priority"]) == (3, 1)


def test_a_worse_level_may_leave_the_acknowledgement(clock: FakeClock) -> None:
    site = Site(clock, alarm("A", BOTH, reack_on_escalation=False))
    site.set(85.0)
    site.ack("A")

    site.set(95.0)

    assert (site.state(), site.told) == ("ACKED", ["A raised"])


@pytest.mark.parametrize(("acknowledge", "state"), [(True, "ACKED"), (False, "UNACK")])
def test_a_milder_level_tells_nothing_and_keeps_the_acknowledgement(levels: Site, acknowledge: bool, state: str) -> None:
    levels.set(95.0)
    if acknowledge:
        levels.ack("A")
    told = levels.told

    levels.set(88.1)
    assert levels.manager.get("A").level == "high_high"
    levels.set(88.0)

    assert (levels.state(), levels.manager.get("A").level, levels.told) == (state, "high", told)
    assert levels.store.events[-1].kind == "alarm.deescalated"
    levels.set(78.0)
    assert levels.manager.get("A").level == ("" if acknowledge else "high")


def test_a_returned_alarm_keeps_the_priority_of_its_level_until_it_is_acknowledged(levels: Site) -> None:
    levels.set(95.0)
    levels.set(70.0)
    assert (levels.state(), levels.manager.get("A").priority) == ("RTNUN", 1)

    levels.ack("A")

    assert (levels.manager.get("A").priority, levels.manager.get("A").level) == (3, "")


def test_a_level_outlives_a_restart(levels: Site) -> None:
    levels.set(95.0)

    again = AlarmManager([alarm("A", BOTH)], levels.cvt, levels.store)
    again.step(levels.clock.now())

    assert (again.get("A").level, levels.told) == ("high_high", ["A raised"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "at least one"),
        ({"high": Level(limit=90.0), "high_high": Level(limit=90.0)}, "high_high 90: must be above high 90"),
        ({"low": Level(limit=5.0), "low_low": Level(limit=6.0)}, "low 5: must be above low_low 6"),
        ({"low": Level(limit=5.0), "high": Level(limit=4.0)}, "high 4: must be above low 5"),
        (
            {"high": Level(limit=80.0), "high_high": Level(limit=90.0, deadband=10.0)},
            "high_high: deadband 10: must end before high",
        ),
        ({"low": Level(limit=10.0, deadband=20.0), "high": Level(limit=20.0)}, "low: deadband 20: must end before high"),
    ],
)
def test_limits_that_are_out_of_order_are_refused(wrong: dict[str, Level], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Levels(**wrong)


LEVELS = Levels(
    low_low=Level(limit=10.0, deadband=3.0), low=Level(limit=20.0, deadband=3.0), high=BOTH.high, high_high=BOTH.high_high
)


@given(st.lists(st.floats(0.0, 100.0), max_size=40))
def test_an_alarm_of_levels_that_sees_only_what_is_loud_ends_like_one_that_sees_all(values: list[float]) -> None:
    sees_all, sees_loud = Alarm(alarm("A", LEVELS)), Alarm(alarm("A", LEVELS))
    for now, value in enumerate(values, 1000):
        sample = Sample(value, Quality.GOOD, now, now)
        low, high = sees_loud.quiet
        if not low < value < high:
            sees_loud.evaluate(sample, now)
        sees_all.evaluate(sample, now)

        assert sees_loud.facts == sees_all.facts


class Slope:
    """An alarm of a slope, fed with its own source times."""

    def __init__(self, **options: Any) -> None:
        self.alarm = Alarm(alarm("A", RateOfChange(**options)))
        self.now = 1000.0

    def feed(self, *points: tuple[float, float]) -> bool:
        for time, value in points:
            self.now = max(self.now, 1000.0 + time)
            self.alarm.evaluate(Sample(value, Quality.GOOD, 1000.0 + time, self.now), self.now)
        return self.alarm.facts.active


def test_a_value_that_rises_too_fast_raises_the_alarm() -> None:
    slope = Slope(rising=10.0, window_s=2.0)

    assert slope.feed((0, 0), (0.5, 4.5), (1, 9), (1.5, 13.5)) is False
    assert slope.feed((2, 20), (2.5, 26), (3, 31.5), (3.5, 37)) is True


def test_one_spike_is_no_slope() -> None:
    slope = Slope(rising=10.0, window_s=2.0)

    assert slope.feed((0, 0), (0.5, 100.0), (1.0, 0), (1.5, 0)) is False


def test_a_sample_older_than_the_last_does_not_count() -> None:
    slope = Slope(falling=10.0, window_s=5.0)

    assert slope.feed((0, 0), (1, 0), (0.5, -500.0), (0.6, -900.0), (2, 0)) is False


def test_a_slope_ends_when_the_value_stands_still_untold() -> None:
    slope = Slope(rising=1.0, window_s=4.0)
    assert slope.feed((0, 0), (1, 5), (2, 10)) is True

    while slope.alarm.look_due != NEVER:
        slope.feed((slope.alarm.look_due - 1000.0, 10.0))

    assert slope.alarm.facts.active is False


def test_a_tag_that_nobody_updates_goes_stale_at_its_time(clock: FakeClock) -> None:
    site = Site(clock, alarm("A", Stale(timeout_s=30.0)))
    site.set(5.0)
    site.step(29.9)
    assert site.state() == "NORM"

    site.step(site.manager.due - clock.now())
    assert site.state() == "UNACK"

    site.field.update([5.0], Quality.GOOD, clock.now(), clock.now())  # the same value: nobody is told
    site.step(1.1)
    assert site.state() == "RTNUN"


def test_a_check_of_the_tag_raises_the_alarm_of_plausibility(clock: FakeClock) -> None:
    site = Site(clock, alarm("A", Plausibility(faults=("frozen",))), alarm("B", Plausibility()))
    site.set(5.0, Quality.UNCERTAIN_RATE_EXCEEDED)
    assert (site.state("A"), site.state("B")) == ("NORM", "UNACK")

    site.set(5.0, Quality.UNCERTAIN_FROZEN)
    assert site.state("A") == "UNACK"
    site.set(6.0)

    assert (site.state("A"), site.state("B")) == ("RTNUN", "RTNUN")


@pytest.fixture
def linked(clock: FakeClock) -> Site:
    comms = AlarmDefinition(name="LINK.plc", tag="LINK.plc.UP", condition=Comms(), on_delay_s=5.0)
    site = Site(clock, alarm("BAD", BadQuality(), on_delay_s=1.0), alarm("LOW", Low(limit=1.0)), comms)
    site.set(5.0)
    return site


def test_a_lost_link_is_one_alarm_and_those_of_its_tags_are_silent(linked: Site) -> None:
    linked.connect(False)
    linked.set(None, Quality.BAD_NO_COMMUNICATION)
    for _ in range(10):
        linked.step(1.0)

    assert linked.told == ["LINK.plc raised"]
    assert (linked.state("BAD"), linked.state("LOW")) == ("DSUPR", "NORM")
    linked.connect(True)
    linked.step(1.0)
    assert linked.state("BAD") == "DSUPR"
    linked.set(5.0)
    linked.step(5.0)

    assert linked.told == ["LINK.plc raised"]
    assert linked.state("BAD") == "NORM"


def test_a_tag_that_stays_bad_after_its_link_came_back_is_heard(linked: Site) -> None:
    linked.connect(False)
    linked.set(None, Quality.BAD_NO_COMMUNICATION)
    linked.step(10.0)

    linked.connect(True)
    linked.step(5.1)

    assert linked.state("BAD") == "UNACK"
    assert linked.told == ["LINK.plc raised", "BAD unsuppressed"]


@pytest.fixture
def separate(clock: FakeClock) -> Site:
    site = Site(clock, alarm("H", High(limit=80.0)), alarm("HH", High(limit=90.0), supersedes=("H",)))
    site.set(70.0)
    return site


def test_a_jump_over_two_alarms_announces_the_one_that_supersedes(separate: Site) -> None:
    separate.set(95.0)

    assert separate.told == ["HH raised"]
    assert separate.state("H") == "DSUPR"


def test_a_superseded_alarm_comes_back_as_it_was_acknowledged(separate: Site) -> None:
    separate.set(85.0)
    separate.ack("H")
    separate.set(95.0)
    assert separate.state("H") == "DSUPR"

    separate.set(85.0)

    assert separate.state("H") == "ACKED"
    assert separate.told == ["H raised", "HH raised"]


def test_nothing_stays_superseded_by_an_alarm_that_was_removed(separate: Site) -> None:
    separate.set(95.0)

    separate.manager.change([], [], ["HH"], separate.clock.now())
    separate.step()

    assert separate.state("H") == "UNACK"


def test_a_disabled_alarm_is_not_judged_until_it_is_enabled(clock: FakeClock) -> None:
    off = alarm("A", High(limit=80.0), enabled=False)
    site = Site(clock, off)
    site.set(95.0)
    assert (site.state(), site.store.events, site.manager.list(standing=True)) == ("DSBLD", [], [])
    with pytest.raises(ConflictError, match="disabled"):
        site.ack("A")

    site.manager.change([], [(off, replace(off, enabled=True))], [], clock.now())
    site.step()

    assert (site.state(), site.told) == ("UNACK", ["A raised"])
