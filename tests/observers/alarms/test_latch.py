"""Latches, ways to acknowledge, samples that cannot be judged, and alarms that are announced again."""

from __future__ import annotations

import math
from typing import Any

import pytest

from automation.model.alarm import AckMode, AlarmDefinition, High, OnBad
from automation.model.errors import ConflictError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts, Transition
from automation.testing.clock import FakeClock


class Bench:
    """An alarm at 80 on a bench; transitions are collected."""

    def __init__(self, clock: FakeClock, facts: Facts | None = None, **options: Any) -> None:
        self.clock = clock
        self.alarm = Alarm(AlarmDefinition(name="A", tag="T", condition=High(limit=80.0), **options), facts)
        self.transitions: list[Transition] = []

    def feed(self, *values: Value, quality: Quality = Quality.GOOD) -> None:
        now = self.clock.now()
        for value in values:
            self.transitions += self.alarm.evaluate(Sample(value, quality, now, now), now)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.transitions += self.alarm.tick(self.clock.now())

    def ack(self) -> None:
        self.transitions.append(self.alarm.acknowledge("ana", "", None, self.clock.now()))

    def reset(self) -> None:
        self.transitions.append(self.alarm.reset("ana", "checked", self.clock.now()))

    def refused(self) -> str | None:
        with pytest.raises(ConflictError) as caught:
            self.reset()
        return caught.value.reason

    @property
    def shown(self) -> str:
        return self.alarm.facts.shown.value

    @property
    def kinds(self) -> list[str]:
        return [transition.kind.value for transition in self.transitions]


@pytest.fixture
def latching(clock: FakeClock) -> Bench:
    return Bench(clock, latching=True)


def test_a_latching_alarm_that_returns_unseen_stays(latching: Bench) -> None:
    latching.feed(81.0, 70.0)

    assert latching.shown == "LUNACK"
    assert latching.refused() == "ack_first"


def test_a_latching_alarm_is_normal_once_it_is_acknowledged_and_reset(latching: Bench) -> None:
    latching.feed(81.0, 70.0)
    latching.ack()
    assert latching.shown == "LACK"

    latching.reset()

    assert latching.shown == "NORM"
    assert latching.kinds == ["raised", "returned", "acknowledged", "reset"]
    assert (latching.transitions[-1].actor, latching.transitions[-1].comment) == ("ana", "checked")


def test_a_latching_alarm_that_was_acknowledged_stays_when_it_returns(latching: Bench) -> None:
    latching.feed(81.0)
    latching.ack()
    latching.feed(70.0)

    assert latching.shown == "LACK"


@pytest.mark.parametrize("acknowledge", [True, False])
def test_a_latched_alarm_that_comes_back_is_a_new_occurrence(latching: Bench, acknowledge: bool) -> None:
    latching.feed(81.0, 70.0)
    first = latching.alarm.facts.occurrence_id
    if acknowledge:
        latching.ack()

    latching.feed(81.0)

    assert latching.shown == "UNACK"
    assert latching.alarm.facts.occurrence_id != first


def test_an_active_alarm_is_not_reset(latching: Bench) -> None:
    latching.feed(81.0)
    assert latching.refused() == "still_active"

    latching.ack()

    assert latching.refused() == "still_active"
    assert latching.kinds == ["raised", "acknowledged"]


def test_a_normal_alarm_has_nothing_to_reset(clock: FakeClock, latching: Bench) -> None:
    assert latching.refused() == "not_latched"

    plain = Bench(clock)
    plain.feed(81.0, 70.0)

    assert plain.refused() == "not_latched"


def test_a_latch_outlives_a_restart(clock: FakeClock, latching: Bench) -> None:
    latching.feed(81.0, 70.0)
    again = Bench(clock, latching.alarm.facts, latching=True)

    again.feed(70.0)

    assert again.shown == "LUNACK"
    assert again.transitions == []


def test_an_alarm_that_no_longer_latches_lets_go(clock: FakeClock, latching: Bench) -> None:
    latching.feed(81.0, 70.0)
    latching.ack()

    plain = latching.alarm.redefined(Bench(clock).alarm.definition)

    assert plain.facts.shown.value == "NORM"


@pytest.mark.parametrize(("latching", "shown"), [(False, "NORM"), (True, "LACK")])
def test_an_alarm_that_its_return_acknowledges_needs_nobody(clock: FakeClock, latching: bool, shown: str) -> None:
    bench = Bench(clock, ack_mode=AckMode.AUTO_ON_RTN, latching=latching)

    bench.feed(81.0)
    assert bench.shown == "UNACK"
    bench.feed(70.0)

    assert bench.shown == shown


def test_an_alarm_that_needs_no_acknowledgement_is_never_unacknowledged(clock: FakeClock) -> None:
    bench = Bench(clock, ack_mode=AckMode.NONE)

    bench.feed(81.0)
    assert bench.shown == "ACKED"
    bench.feed(70.0)

    assert bench.shown == "NORM"


@pytest.mark.parametrize(("value", "quality"), [(None, Quality.BAD_NO_COMMUNICATION), (math.nan, Quality.GOOD)])
@pytest.mark.parametrize(
    ("on_bad", "before", "shown"),
    [
        (OnBad.HOLD, 70.0, "NORM"),
        (OnBad.HOLD, 81.0, "UNACK"),
        (OnBad.ACTIVE, 70.0, "UNACK"),
        (OnBad.NORMAL, 81.0, "RTNUN"),
    ],
)
def test_what_a_sample_that_cannot_be_judged_does_is_a_choice(
    clock: FakeClock, value: Value, quality: Quality, on_bad: OnBad, before: float, shown: str
) -> None:
    bench = Bench(clock, on_bad=on_bad)
    bench.feed(before)

    bench.feed(value, quality=quality)

    assert bench.shown == shown


def test_an_alarm_that_is_active_when_bad_waits_for_its_delay_as_ever(clock: FakeClock) -> None:
    bench = Bench(clock, on_bad=OnBad.ACTIVE, on_delay_s=5.0)
    bench.feed(None, quality=Quality.BAD)
    bench.wait(4.0)
    bench.feed(70.0)
    bench.wait(2.0)
    assert bench.shown == "NORM"

    bench.feed(None, quality=Quality.BAD)
    bench.wait(5.0)

    assert bench.shown == "UNACK"


def test_an_acknowledged_alarm_that_stays_is_announced_again(clock: FakeClock) -> None:
    bench = Bench(clock, realarm_s=900.0)
    bench.feed(81.0)
    bench.ack()
    bench.wait(899.0)
    assert bench.shown == "ACKED"

    bench.wait(1.0)

    assert (bench.shown, bench.alarm.facts.realarms, bench.kinds[-1]) == ("UNACK", 1, "realarmed")
    bench.ack()
    bench.wait(900.0)
    assert bench.alarm.facts.realarms == 2
    bench.feed(70.0)
    assert bench.alarm.facts.realarms == 0


def test_an_alarm_that_nobody_acknowledged_is_not_announced_twice(clock: FakeClock) -> None:
    bench = Bench(clock, realarm_s=10.0)
    bench.feed(81.0)

    bench.wait(100.0)

    assert bench.kinds == ["raised"]


@pytest.mark.parametrize(("restore", "shown"), [(True, "ACKED"), (False, "UNACK")])
def test_what_was_acknowledged_on_the_shelf_may_stay_so(clock: FakeClock, restore: bool, shown: str) -> None:
    bench = Bench(clock, restore_ack=restore)
    bench.feed(81.0)
    bench.alarm.shelve("ana", "works on it", clock.now(), 600.0)
    bench.ack()
    assert bench.shown == "SHLVD"

    bench.alarm.unshelve("ana", "", clock.now())

    assert bench.shown == shown


def test_a_latch_is_kept_under_the_shelf(clock: FakeClock, latching: Bench) -> None:
    latching.feed(81.0)
    latching.alarm.shelve("ana", "works on it", clock.now(), 600.0)
    latching.feed(70.0)

    latching.wait(600.0)

    assert latching.shown == "LUNACK"
