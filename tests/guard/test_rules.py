"""Zones, shortest times and motion groups: in any order of events nothing that is forbidden happens."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.guard.config import GuardedOutput
from automation.guard.gate import Gate, Order
from automation.guard.modbus_wire import Table
from automation.model.errors import (
    AutomationError,
    ConflictError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    NotFoundError,
)
from automation.model.estop import EstopState

NOW = 1_800_000_000.0
ON, OFF = (1,), (0,)
FAN = GuardedOutput(name="FAN", link="plc", unit=1, table=Table.COIL, offset=0, safe=OFF)
EAST = replace(FAN, name="EAST", offset=1, zone="east")
WEST = replace(FAN, name="WEST", offset=2, zone="west")
SLOW = replace(FAN, name="SLOW", offset=3, min_on_s=10.0, min_off_s=30.0, max_on_s=60.0)
UP = replace(FAN, name="UP", offset=4, motion="HOIST", zero_hold_s=0.5)
DOWN = replace(FAN, name="DOWN", offset=5, motion="HOIST")
LEFT = replace(FAN, name="LEFT", offset=6, comm_loss="hold", max_on_s=100.0)
OUTPUTS = (FAN, EAST, WEST, SLOW, UP, DOWN, LEFT)


@pytest.fixture
def gate() -> Gate:
    """All outputs have rested for long."""
    gate = Gate(OUTPUTS, EstopState(epoch=1), zones=("yard",))
    gate.confirm(OUTPUTS, NOW - 1000)
    return gate


def put(gate: Gate, name: str, words: tuple[int, ...], now: float = NOW, *, direction: int = 1, force: bool = False) -> None:
    order = Order(name, words, gate.estop.epoch, direction=direction, force=force)
    gate.check(order, now)
    gate.admit(order, now)
    gate.accepted(order, now)


def pending(gate: Gate) -> list[str]:
    return [output.name for output in gate.pending("plc")]


# zones


def test_a_zone_that_stops_leaves_the_rest_of_the_plant_running(gate: Gate) -> None:
    put(gate, "FAN", ON)

    state = gate.trip("a", "smoke", "anna", NOW, "east")

    assert not state.latched
    assert [(zone.zone, zone.latched, zone.unconfirmed) for zone in state.zones] == [
        ("east", True, ("EAST",)),
        ("west", False, ()),
        ("yard", False, ()),
    ]
    with pytest.raises(EstopActiveError, match="of zone east is latched: smoke"):
        put(gate, "EAST", ON)
    put(gate, "WEST", ON)


def test_a_command_on_its_way_to_another_zone_is_not_void(gate: Gate) -> None:
    before = gate.estop.epoch
    gate.trip("a", "smoke", "anna", NOW, "east")
    gate.admit(Order("WEST", ON, before), NOW)
    gate.confirm([EAST], NOW)
    gate.clear("a", "looked", "ben", NOW)

    with pytest.raises(EstopActiveError, match="given before the last emergency stop"):
        gate.admit(Order("EAST", ON, before), NOW)


def test_the_stop_of_the_plant_holds_every_zone_and_is_cleared_apart_from_theirs(gate: Gate) -> None:
    gate.trip("z", "smoke", "anna", NOW, "east")
    gate.trip("p", "fire", "ben", NOW + 1)
    gate.confirm(gate.pending("plc"), NOW + 1)

    state = gate.clear("p", "looked", "cleo", NOW + 2)

    assert not state.latched
    assert [zone.zone for zone in state.zones if zone.latched] == ["east"]
    with pytest.raises(EstopActiveError):
        put(gate, "EAST", ON, NOW + 3)
    assert not any(zone.latched for zone in gate.clear("z", "looked", "cleo", NOW + 4).zones)
    put(gate, "EAST", ON, NOW + 5)


def test_a_zone_is_cleared_once_its_own_outputs_have_confirmed(gate: Gate) -> None:
    gate.trip("z", "smoke", "anna", NOW, "east")
    gate.connected("plc")
    gate.confirm([EAST], NOW)

    assert not any(zone.latched for zone in gate.clear("z", "looked", "ben", NOW).zones)
    assert "WEST" in pending(gate)


def test_an_unknown_zone_is_told_with_those_that_there_are(gate: Gate) -> None:
    with pytest.raises(NotFoundError, match="unknown zone north of the emergency stop; there are east, west, yard"):
        gate.trip("a", "smoke", "anna", NOW, "north")


def test_a_zone_stays_latched_over_a_new_guard_and_a_change_that_forgets_it(gate: Gate) -> None:
    gate.trip("z", "smoke", "anna", NOW, "yard")

    after = Gate((FAN,), gate.saved)
    after.change((FAN,))

    assert [(zone.zone, zone.id, zone.latched) for zone in after.estop.zones] == [("yard", "z", True)]


def test_a_pressed_button_forbids_the_clear(gate: Gate) -> None:
    gate.trip("z", "smoke", "anna", NOW, "yard")

    with pytest.raises(ConflictError, match="ES1") as refused:
        gate.clear("z", "looked", "ben", NOW, pressed=("ES1",))

    assert refused.value.reason == "input_active"


# times


def test_an_output_stays_on_for_its_shortest_time_unless_it_is_forced(gate: Gate) -> None:
    put(gate, "SLOW", ON)

    with pytest.raises(InterlockedError, match=r"on for its shortest time of 10 s; again in 6\.0 s"):
        put(gate, "SLOW", OFF, NOW + 4)
    put(gate, "SLOW", OFF, NOW + 4, force=True)
    with pytest.raises(InterlockedError, match="off for its shortest time of 30 s"):
        put(gate, "SLOW", ON, NOW + 33)
    put(gate, "SLOW", ON, NOW + 34)


def test_a_stop_does_not_wait_for_the_shortest_time_on(gate: Gate) -> None:
    put(gate, "SLOW", ON)
    gate.trip("a", "smoke", "anna", NOW + 1)

    assert "SLOW" in pending(gate)
    put(gate, "SLOW", OFF, NOW + 1)


def test_a_put_again_does_not_begin_the_shortest_time_anew(gate: Gate) -> None:
    put(gate, "SLOW", ON)
    put(gate, "SLOW", ON, NOW + 9)

    put(gate, "SLOW", OFF, NOW + 10)


def test_a_time_longer_than_the_longest_is_refused(gate: Gate) -> None:
    with pytest.raises(InvalidValueError, match="SLOW: for_s 61: its longest time is 60 s"):
        gate.check(Order("SLOW", ON, gate.estop.epoch, for_s=61.0), NOW)


def test_after_a_start_the_rest_begins_with_the_first_confirmation(gate: Gate) -> None:
    new = Gate(OUTPUTS, EstopState())
    new.confirm(OUTPUTS, NOW)

    with pytest.raises(InterlockedError, match="shortest time of 30 s"):
        put(new, "SLOW", ON, NOW + 29)
    put(new, "SLOW", ON, NOW + 30)


# motion


def test_of_a_motion_group_one_output_moves_at_a_time_and_all_rest_before_another(gate: Gate) -> None:
    put(gate, "UP", ON)
    with pytest.raises(InterlockedError, match="DOWN: UP of the same motion HOIST is not at rest"):
        put(gate, "DOWN", ON)
    put(gate, "UP", OFF, NOW + 1)

    with pytest.raises(InterlockedError, match=r"rests for 0\.5 s first"):
        put(gate, "DOWN", ON, NOW + 1.4)
    put(gate, "DOWN", ON, NOW + 1.5)


def test_one_output_turns_round_only_over_its_safe_value(gate: Gate) -> None:
    put(gate, "UP", ON)
    put(gate, "UP", ON, NOW + 1)

    with pytest.raises(InterlockedError, match="moves the other way"):
        put(gate, "UP", ON, NOW + 2, direction=-1)


# a link that was lost


def test_what_is_left_over_a_loss_goes_on_but_not_under_a_stop_and_not_beyond_its_limit(gate: Gate) -> None:
    gate.connected("plc")
    gate.confirm(OUTPUTS, NOW)
    put(gate, "LEFT", ON)

    gate.connected("plc")
    assert "LEFT" not in pending(gate)
    assert "FAN" in pending(gate)
    gate.expire(NOW + 100)
    assert "LEFT" in pending(gate)

    gate.confirm([LEFT], NOW + 101)
    gate.trip("a", "smoke", "anna", NOW + 102)
    gate.confirm(OUTPUTS, NOW + 102)
    gate.connected("plc")
    assert "LEFT" in pending(gate)


# any order of events

NAMES = st.sampled_from([output.name for output in OUTPUTS])
ZONES = st.sampled_from(["", "east", "west"])
EVENTS = st.one_of(
    st.tuples(st.just("put"), NAMES, st.booleans(), st.booleans()),
    st.tuples(st.just("trip"), ZONES),
    st.tuples(st.just("clear"), ZONES),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.5, 3.0, 11.0, 40.0])),
    st.tuples(st.sampled_from(["lose_runtime", "reconnect"])),
)


class Plant:
    """Coils that do what passes the gate, and what must always hold."""

    def __init__(self) -> None:
        self.gate = Gate(OUTPUTS, EstopState())
        self.now = NOW
        self.on: dict[str, float] = {}
        self.off: dict[str, float] = {}
        self.forced: set[str] = set()
        self.settle()

    def put(self, name: str, on: bool, force: bool) -> None:
        order = Order(name, ON if on else OFF, self.gate.estop.epoch, force=force)
        try:
            self.gate.admit(order, self.now)
        except AutomationError:
            return
        if on:
            self.turn_on(name)
        elif name in self.on:
            assert force or self.now - self.on[name] >= self.output(name).min_on_s, "off before its shortest time"
            self.turn_off(name)
        self.gate.accepted(order, self.now)

    def trip(self, zone: str) -> None:
        self.gate.trip(f"{zone}{self.now}{self.gate.estop.epoch}", "test", "test", self.now, zone)

    def clear(self, zone: str) -> None:
        state = next(state for state in self.gate.estop.latches() if state.zone == zone)
        with suppress(AutomationError):
            self.gate.clear(state.id, "test", "test", self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def lose_runtime(self) -> None:
        self.gate.lose_runtime()

    def reconnect(self) -> None:
        self.gate.connected("plc")

    def settle(self) -> None:
        """The owner of the link writes the safe values that are demanded."""
        self.gate.expire(self.now)
        for name in pending(self.gate):
            self.turn_off(name)
            self.gate.confirm([self.gate.output(name)], self.now)

    def turn_on(self, name: str) -> None:
        output = self.output(name)
        if name in self.on:
            return
        assert self.now - self.off.get(name, NOW - 1000) >= output.min_off_s, "on before its shortest rest"
        if output.motion:
            others = {other.name for other in OUTPUTS if other.motion == output.motion} - {name}
            assert not others & self.on.keys(), "two of one motion"
            rested = max((self.off.get(other, NOW - 1000) for other in (*others, name)), default=NOW)
            assert self.now - rested >= 0.5 - 1e-6, "no rest before the other way"
        self.on[name] = self.now

    def turn_off(self, name: str) -> None:
        if self.on.pop(name, None) is not None:
            self.off[name] = self.now

    def output(self, name: str) -> GuardedOutput:
        return next(output for output in OUTPUTS if output.name == name)

    def check(self) -> None:
        for state in self.gate.estop.latches():
            held = {output.name for output in OUTPUTS if state.zone in ("", output.zone)}
            assert not (state.latched and held & self.on.keys()), "on under a stop"
        assert all(self.now - since < (self.output(name).max_on_s or 1e9) for name, since in self.on.items()), "on beyond its cap"


@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens_no_rule_is_broken(events: list[tuple[object, ...]]) -> None:
    plant = Plant()
    for name, *arguments in events:
        getattr(plant, str(name))(*arguments)
        plant.settle()
        plant.check()
