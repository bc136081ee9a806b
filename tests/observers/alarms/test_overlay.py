"""Alarms that are kept silent: shelved, suppressed by design, out of service; judged all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConflictError, InvalidValueError
from automation.model.philosophy import MAX_SHELVE_S
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import AlarmState, Facts, Transition, TransitionKind
from automation.system.clock import NEVER

T0 = 1_800_000_000.0
HIGH = AlarmDefinition(name="H", tag="T", condition=High(limit=10.0), priority=Priority.MEDIUM)


class Driven:
    """An alarm that is told values at instants; ``log`` has the kinds of what happened."""

    def __init__(self, definition: AlarmDefinition = HIGH, facts: Facts | None = None) -> None:
        self.alarm, self.now = Alarm(definition, facts), T0
        self.log: list[Transition] = []

    def value(self, value: float, after_s: float = 1.0) -> None:
        self.now += after_s
        self.log += self.alarm.evaluate(Sample(value, Quality.GOOD, self.now, self.now), self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.log += self.alarm.tick(self.now)

    def do(self, name: str, *given: Any, **more: Any) -> None:
        self.log.append(getattr(self.alarm, name)("anna", *given, self.now, **more))

    def shelve(self, for_s: float | None = None, *, one_shot: bool = False) -> None:
        self.log.append(self.alarm.shelve("anna", "noisy sensor", self.now, for_s, one_shot=one_shot))

    @property
    def shown(self) -> str:
        return self.alarm.facts.shown.value

    @property
    def core(self) -> str:
        return self.alarm.facts.state.value

    @property
    def kinds(self) -> list[str]:
        return [transition.kind.value for transition in self.log]


def test_a_shelved_alarm_is_silent_and_goes_on_underneath() -> None:
    driven = Driven()
    driven.value(12)
    driven.shelve(600)
    assert (driven.shown, driven.core) == ("SHLVD", "UNACK")

    driven.value(5)
    driven.value(12)

    assert (driven.shown, driven.core) == ("SHLVD", "UNACK")
    assert driven.kinds == ["raised", "shelved", "returned", "raised"]


def test_the_end_of_a_shelf_announces_what_is_abnormal() -> None:
    driven = Driven()
    driven.value(12)
    driven.log.append(driven.alarm.acknowledge("ben", "", None, driven.now))
    driven.shelve(60)
    assert driven.alarm.due == driven.now + 60

    driven.wait(61)

    assert driven.shown == "UNACK"
    last = driven.log[-1]
    assert (last.kind, last.actor, last.time) == (TransitionKind.UNSHELVED, "system", driven.now - 1)
    assert driven.alarm.due == NEVER


def test_what_has_returned_under_a_shelf_is_normal_afterwards() -> None:
    driven = Driven()
    driven.value(12)
    driven.shelve(60)
    driven.value(5)
    driven.wait(61)

    assert driven.shown == "NORM"


def test_a_one_shot_shelf_ends_when_the_alarm_returns() -> None:
    driven = Driven()
    driven.value(12)
    driven.shelve(one_shot=True)

    driven.value(5)

    assert driven.kinds[-2:] == ["returned", "unshelved"]
    assert driven.shown == "NORM"


def test_a_shelf_ends_before_a_delay_that_runs_out_later() -> None:
    driven = Driven(AlarmDefinition(name="H", tag="T", condition=High(limit=10.0), on_delay_s=100.0))
    driven.shelve(50)
    driven.value(12)

    driven.wait(200)

    assert driven.kinds == ["shelved", "unshelved", "raised"]
    assert driven.shown == "UNACK"


def test_the_end_of_a_shelf_survives_a_restart() -> None:
    driven = Driven()
    driven.value(12)
    driven.shelve(600)

    again = Driven(facts=driven.alarm.facts)
    again.now = driven.now + 1000
    again.wait(0)

    assert again.shown == "UNACK"


@pytest.mark.parametrize(("priority", "longest"), [(Priority.CRITICAL, 3600.0), (Priority.DIAGNOSTIC, 86_400.0)])
def test_no_alarm_is_shelved_for_longer_than_its_priority_allows(priority: Priority, longest: float) -> None:
    driven = Driven(AlarmDefinition(name="H", tag="T", condition=High(limit=10.0), priority=priority))

    with pytest.raises(InvalidValueError, match="at most"):
        driven.shelve(longest + 1)
    driven.shelve(longest - 10)
    driven.wait(100)
    with pytest.raises(InvalidValueError, match="at most"):
        driven.shelve(longest)
    driven.shelve(longest - 100)
    driven.shelve()

    assert driven.alarm.facts.overlay.shelf is not None
    assert driven.alarm.facts.overlay.shelf.until == T0 + longest


def test_out_of_service_hides_everything_and_is_not_acknowledged() -> None:
    driven = Driven()
    driven.value(12)
    driven.do("suppress", "pump stopped")
    assert driven.shown == "DSUPR"
    driven.do("take_out_of_service", "calibration", "WO-17")
    assert driven.shown == "OOSRV"

    with pytest.raises(ConflictError) as refused:
        driven.alarm.acknowledge("ben", "", None, driven.now)
    assert refused.value.reason == "out_of_service"
    with pytest.raises(ConflictError):
        driven.shelve(60)

    driven.do("return_to_service", "done")
    assert driven.shown == "DSUPR"
    driven.do("unsuppress", "pump stopped")
    assert driven.shown == "UNACK"


def test_suppression_counts_reasons() -> None:
    driven = Driven()
    driven.do("suppress", "start-up")
    driven.do("suppress", "maintenance")
    with pytest.raises(ConflictError) as twice:
        driven.do("suppress", "start-up")
    driven.do("unsuppress", "start-up")

    assert twice.value.reason == "already_suppressed"
    assert driven.shown == "DSUPR"
    driven.do("unsuppress", "maintenance")
    assert driven.shown == "NORM"
    with pytest.raises(ConflictError, match="is not suppressed for that"):
        driven.do("unsuppress", "maintenance")


def test_an_acknowledgement_under_a_shelf_moves_what_is_underneath() -> None:
    driven = Driven()
    driven.value(12)
    driven.shelve(60)

    driven.log.append(driven.alarm.acknowledge("ben", "", None, driven.now))

    assert (driven.shown, driven.core) == ("SHLVD", "ACKED")


def test_every_way_to_be_silent_needs_a_reason() -> None:
    driven = Driven()
    for act in (
        lambda: driven.alarm.shelve("anna", " ", T0),
        lambda: driven.alarm.suppress("anna", "", T0),
        lambda: driven.alarm.take_out_of_service("anna", "", "WO-1", T0),
        lambda: driven.alarm.comment("anna", "", T0),
    ):
        with pytest.raises(InvalidValueError, match="one is needed"):
            act()
    with pytest.raises(ConflictError) as nothing:
        driven.alarm.unshelve("anna", "", T0)
    assert nothing.value.reason == "not_shelved"


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("value"), st.sampled_from([5.0, 12.0])),
        st.tuples(st.just("wait"), st.floats(0, 40_000)),
        st.tuples(st.just("shelve"), st.floats(-1, 40_000)),
        st.tuples(st.just("one_shot"), st.none()),
        st.tuples(st.sampled_from(["unshelve", "out", "back", "suppress", "unsuppress", "ack"]), st.none()),
    ),
    max_size=40,
)


_ACTS: dict[str, Callable[[Driven, Any], None]] = {
    "value": lambda driven, value: driven.value(value),
    "wait": lambda driven, seconds: driven.wait(seconds),
    "shelve": lambda driven, seconds: driven.shelve(seconds),
    "one_shot": lambda driven, _: driven.shelve(one_shot=True),
    "unshelve": lambda driven, _: driven.do("unshelve", ""),
    "out": lambda driven, _: driven.do("take_out_of_service", "work", ""),
    "back": lambda driven, _: driven.do("return_to_service", ""),
    "suppress": lambda driven, _: driven.do("suppress", "logic"),
    "unsuppress": lambda driven, _: driven.do("unsuppress", "logic"),
    "ack": lambda driven, _: driven.log.append(driven.alarm.acknowledge("ben", "", None, driven.now)),
}


@settings(max_examples=200, deadline=None)
@given(_STEPS)
def test_whatever_is_done_nothing_is_announced_in_silence_and_nothing_abnormal_is_lost(steps: list[tuple[str, Any]]) -> None:
    driven, value = Driven(), 5.0
    for what, argument in steps:
        before = driven.alarm.facts
        value = argument if what == "value" else value
        try:
            _ACTS[what](driven, argument)
        except (ConflictError, InvalidValueError):
            assert driven.alarm.facts == before
        check(driven, before, what, abnormal=value > 10)


def check(driven: Driven, before: Facts, what: str, *, abnormal: bool) -> None:
    """What always holds."""
    facts = driven.alarm.facts
    shelf = facts.overlay.shelf
    assert facts.active is abnormal
    assert shelf is None or driven.now < shelf.until <= shelf.since + MAX_SHELVE_S[HIGH.priority]
    if facts.overlay.silent:
        assert facts.shown in (AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV)
    elif before.overlay.silent and facts.active and what != "ack":
        assert facts.shown is AlarmState.UNACK
