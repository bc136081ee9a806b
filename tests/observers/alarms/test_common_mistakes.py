"""Five mistakes that alarm systems make, each shown not to be made, through the manager."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, BadQuality, Condition, High, Low, OnBad
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore


class Site:
    """One tag with its alarms; only time passes unless a value is set."""

    def __init__(self, clock: FakeClock, *definitions: AlarmDefinition) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add([Tag(name="T")], clock.now())
        self.store = MemoryAlarmStore()
        self.manager = AlarmManager(definitions, self.cvt, self.store)

    def set(self, value: float, quality: Quality = Quality.GOOD) -> str:
        self.group.update([value], quality, self.clock.now(), self.clock.now())
        return self.wait(0.0)

    def wait(self, seconds: float) -> str:
        self.clock.advance(seconds)
        self.manager.step(self.clock.now())
        return self.manager.get("A").state


def alarm(condition: Condition, **options: object) -> AlarmDefinition:
    return AlarmDefinition(name="A", tag="T", condition=condition, **options)  # type: ignore[arg-type]


def test_an_on_delay_of_a_minute_is_a_minute(clock: FakeClock) -> None:
    site = Site(clock, alarm(High(limit=80.0), on_delay_s=60.0))

    assert site.set(81.0) == "NORM"
    assert site.wait(59.9) == "NORM"
    assert site.wait(0.1) == "UNACK"


def test_a_value_within_the_deadband_does_not_return_the_alarm(clock: FakeClock) -> None:
    site = Site(clock, alarm(High(limit=80.0, deadband=5.0)))
    site.set(81.0)

    assert site.set(79.9) == "UNACK"
    assert site.set(75.0) == "RTNUN"


def test_a_shelf_that_ends_while_the_value_is_abnormal_announces_the_alarm_without_a_sample(clock: FakeClock) -> None:
    site = Site(clock, alarm(High(limit=80.0)))
    site.set(81.0)
    site.manager.shelve("A", "ana", "works on it", clock.now(), for_s=600.0, one_shot=False)

    assert site.wait(599.0) == "SHLVD"
    assert site.wait(1.0) == "UNACK"
    assert site.store.events[-1].details["annunciated"] is True


def test_a_limit_is_changed_to_zero(clock: FakeClock) -> None:
    before = alarm(High(limit=80.0))
    site = Site(clock, before)
    assert site.set(1.0) == "NORM"

    site.manager.change([], [(before, replace(before, condition=High(limit=0.0)))], [], clock.now())

    assert site.wait(0.0) == "UNACK"
    assert site.manager.get("A").limit == 0.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_taken_for_normal(clock: FakeClock, value: float) -> None:
    held = Site(clock, alarm(Low(limit=10.0)))
    held.set(5.0)
    assert held.set(value) == "UNACK"

    strict = Site(clock, alarm(Low(limit=10.0), on_bad=OnBad.ACTIVE))
    strict.set(50.0)
    assert strict.set(value) == "UNACK"

    watched = Site(clock, alarm(BadQuality()))
    watched.set(50.0)
    assert watched.set(value) == "UNACK"
