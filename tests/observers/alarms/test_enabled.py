"""Alarms that are enabled and disabled: what is told of it, and what they are afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High
from automation.model.errors import ConflictError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

HIGH = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0))
OFF = replace(HIGH, enabled=False)


class Bench:
    """One alarm, raised and acknowledged."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add((Tag(name="T", area="station"),), clock.now())
        self.store = MemoryAlarmStore()
        self.manager = AlarmManager((HIGH,), self.cvt, self.store)
        self.states: list[str] = []
        self.manager.on_transition(lambda view, _event: self.states.append(view.state))
        self.feed(90.0)
        self.manager.acknowledge("T.H", "ana", "", None, clock.now())
        self.manager.step(clock.now())

    def feed(self, value: float) -> None:
        self.clock.advance(1.0)
        self.group.update([value], Quality.GOOD, self.clock.now(), self.clock.now())
        self.manager.step(self.clock.now())

    def change(self, old: AlarmDefinition, new: AlarmDefinition, reason: str = "") -> None:
        self.clock.advance(1.0)
        self.manager.change((), [(old, new)], (), self.clock.now(), "eve", "rest 10.0.0.1", reason)
        self.manager.step(self.clock.now())


@pytest.fixture
def bench(clock: FakeClock) -> Bench:
    return Bench(clock)


def test_a_switch_is_a_transition_with_person_origin_and_reason(bench: Bench) -> None:
    bench.change(HIGH, OFF, "being rebuilt")
    bench.change(OFF, HIGH, "done")

    off, on = bench.store.events[-2:]
    assert (off.kind, off.actor, off.origin, off.details["comment"]) == (
        "alarm.disabled",
        "eve",
        "rest 10.0.0.1",
        "being rebuilt",
    )
    assert (off.details["from"], off.details["to"], off.details["core_state"]) == ("ACKED", "DSBLD", "ACKED")
    assert (on.kind, on.details["comment"], on.details["from"], on.details["to"]) == ("alarm.enabled", "done", "DSBLD", "ACKED")
    assert bench.states[-2:] == ["DSBLD", "ACKED"]


def test_what_returned_meanwhile_returns_when_it_is_enabled(bench: Bench) -> None:
    bench.change(HIGH, OFF)
    bench.feed(10.0)
    assert bench.manager.get("T.H").core_state == "ACKED"

    bench.change(OFF, HIGH)

    assert bench.manager.get("T.H").state == "NORM"
    assert bench.store.kinds[-2:] == ["alarm.enabled", "alarm.returned"]


def test_a_disabled_alarm_takes_no_command_and_stands_nowhere(bench: Bench) -> None:
    bench.change(HIGH, OFF)

    with pytest.raises(ConflictError) as refused:
        bench.manager.shelve("T.H", "ben", "noisy", bench.clock.now(), for_s=60.0, one_shot=False)

    assert refused.value.reason == "disabled"
    assert (bench.manager.list(standing=True), bench.manager.counts().active) == ([], 0)


def test_a_change_of_more_than_that_leaves_a_row_of_each(bench: Bench) -> None:
    bench.change(HIGH, replace(OFF, condition=High(limit=70.0)))

    changed, switched = bench.store.events[-2:]
    assert (changed.kind, changed.details["old_limit"], switched.kind) == ("alarm.changed", 80.0, "alarm.disabled")
