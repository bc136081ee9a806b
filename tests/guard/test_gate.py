"""The gate: what passes to an output, and what is made safe, in any order of events."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from automation.guard.caps import NEVER
from automation.guard.config import GuardedOutput
from automation.guard.gate import Gate, Order, touches_watchdog
from automation.guard.modbus_wire import Table, parse_request, write_request
from automation.model.errors import (
    AutomationError,
    EstopActiveError,
    GuardUnavailableError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from automation.model.estop import EstopState

NOW = 1_800_000_000.0
ON, OFF = (1,), (0,)
CAP_S = 1.0


def coil(name: str, offset: int, *, max_on_s: float | None = None, estop: bool = True, restart: str = "safe") -> GuardedOutput:
    return GuardedOutput(
        name=name,
        link="plc",
        unit=1,
        table=Table.COIL,
        offset=offset,
        safe=OFF,
        max_on_s=max_on_s,
        estop=estop,
        restart=restart,
    )


OUTPUTS = (coil("PUMP", 0), coil("VALVE", 1, max_on_s=CAP_S), coil("LAMP", 2, estop=False), coil("DOOR", 3, restart="hold"))


@pytest.fixture
def gate() -> Gate:
    return Gate(OUTPUTS, EstopState(epoch=1))


def put(gate: Gate, name: str, words: tuple[int, ...], now: float = NOW, for_s: float | None = None) -> None:
    order = Order(name, words, gate.estop.epoch, for_s)
    gate.admit(order, now)
    gate.accepted(order, now)


def pending(gate: Gate) -> list[str]:
    return [output.name for output in gate.pending("plc")]


def make_safe(gate: Gate) -> None:
    gate.confirm(gate.pending("plc"), NOW)


def test_a_stop_demands_the_safe_value_of_its_members_alone(gate: Gate) -> None:
    state = gate.trip("a", "smoke", "anna", NOW)

    assert state.unconfirmed == ("PUMP", "VALVE", "DOOR")
    assert pending(gate) == ["PUMP", "VALVE", "DOOR"]


def test_nothing_activates_under_a_stop_but_the_safe_value_passes(gate: Gate) -> None:
    gate.trip("a", "smoke", "anna", NOW)

    with pytest.raises(EstopActiveError):
        put(gate, "PUMP", ON)
    put(gate, "PUMP", OFF)


def test_an_output_outside_the_stop_goes_on(gate: Gate) -> None:
    gate.trip("a", "smoke", "anna", NOW)

    put(gate, "LAMP", ON)


def test_a_command_that_was_on_its_way_is_void_for_every_output(gate: Gate) -> None:
    before = gate.estop.epoch
    gate.trip("a", "smoke", "anna", NOW)

    with pytest.raises(EstopActiveError):
        gate.admit(Order("LAMP", ON, before), NOW)


def test_the_stop_is_cleared_once_all_members_have_confirmed(gate: Gate) -> None:
    gate.trip("a", "smoke", "anna", NOW)
    make_safe(gate)

    state = gate.clear("a", "looked", "ben", NOW + 1)

    assert not state.latched
    assert pending(gate) == []


def test_a_guard_that_starts_latched_demands_the_members(gate: Gate) -> None:
    latched = Gate(OUTPUTS, EstopState(latched=True, id="a", epoch=5, reason="smoke"))

    assert latched.estop.unconfirmed == ("PUMP", "VALVE", "DOOR")


def test_a_new_connection_starts_from_safe_but_for_held_outputs(gate: Gate) -> None:
    gate.connected("plc")

    assert pending(gate) == ["PUMP", "VALVE", "LAMP"]


def test_under_a_stop_a_new_connection_holds_nothing(gate: Gate) -> None:
    gate.trip("a", "smoke", "anna", NOW)
    make_safe(gate)
    gate.connected("plc")

    assert "DOOR" in pending(gate)


def test_losing_the_runtime_makes_everything_safe_and_voids_its_commands(gate: Gate) -> None:
    before = gate.estop.epoch
    gate.lose_runtime()

    assert pending(gate) == ["PUMP", "VALVE", "LAMP", "DOOR"]
    make_safe(gate)
    with pytest.raises(EstopActiveError):
        gate.admit(Order("PUMP", ON, before), NOW)


def test_an_output_activates_only_after_its_safe_value_was_confirmed(gate: Gate) -> None:
    gate.connected("plc")

    with pytest.raises(InterlockedError, match="not yet confirmed"):
        put(gate, "PUMP", ON)


def test_an_output_is_made_safe_after_its_longest_time(gate: Gate) -> None:
    put(gate, "VALVE", ON)

    assert not gate.expire(NOW + CAP_S - 0.001)
    assert gate.expire(NOW + CAP_S)
    assert pending(gate) == ["VALVE"]


def test_asking_again_does_not_extend_the_longest_time(gate: Gate) -> None:
    put(gate, "VALVE", ON)
    put(gate, "VALVE", ON, NOW + CAP_S / 2)

    assert gate.expire(NOW + CAP_S)


def test_after_its_longest_time_an_output_wants_its_safe_value_put_once(gate: Gate) -> None:
    put(gate, "VALVE", ON)
    gate.expire(NOW + CAP_S)
    make_safe(gate)

    with pytest.raises(InterlockedError, match="longest time of 1 s"):
        put(gate, "VALVE", ON, NOW + 2)
    put(gate, "VALVE", OFF, NOW + 2)
    put(gate, "VALVE", ON, NOW + 2)


def test_an_activation_in_the_moment_between_limit_and_check_is_refused(gate: Gate) -> None:
    put(gate, "VALVE", ON)

    with pytest.raises(InterlockedError):
        put(gate, "VALVE", ON, NOW + CAP_S)


def test_a_put_for_some_seconds_ends_by_itself_and_may_be_given_again(gate: Gate) -> None:
    put(gate, "PUMP", ON, for_s=0.5)

    assert gate.expire(NOW + 0.5)
    make_safe(gate)
    put(gate, "PUMP", ON, NOW + 1, for_s=0.5)


def test_the_shorter_of_the_two_times_counts(gate: Gate) -> None:
    put(gate, "VALVE", ON, for_s=100.0)

    assert gate.expire(NOW + CAP_S)


def test_an_output_put_to_safe_has_no_limit_running(gate: Gate) -> None:
    put(gate, "VALVE", ON)
    put(gate, "VALVE", OFF, NOW + 0.5)

    assert not gate.expire(NOW + 10)


def test_a_closed_gate_lets_only_safe_values_pass(gate: Gate) -> None:
    gate.close()

    with pytest.raises(GuardUnavailableError):
        put(gate, "LAMP", ON)
    put(gate, "LAMP", OFF)


@pytest.mark.parametrize("words", [(), (2,), (-1,), (0, 0)])
def test_words_that_the_device_cannot_hold_are_refused(gate: Gate, words: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValueError, match="PUMP"):
        gate.check(Order("PUMP", words, gate.estop.epoch), NOW)


def test_an_unknown_output_is_told(gate: Gate) -> None:
    with pytest.raises(NotFoundError, match="NOPE"):
        gate.check(Order("NOPE", ON, gate.estop.epoch), NOW)


def test_a_write_that_touches_an_output_is_refused(gate: Gate) -> None:
    request = parse_request(write_request("coil", 0, [1, 1]))

    with pytest.raises(NotAllowedError, match="PUMP"):
        gate.admit_write("plc", 1, request, None)


def test_other_writes_pass_until_a_stop(gate: Gate) -> None:
    request = parse_request(write_request("holding", 0, [1]))
    gate.admit_write("plc", 1, request, None)
    gate.trip("a", "smoke", "anna", NOW)

    with pytest.raises(EstopActiveError):
        gate.admit_write("plc", 1, request, None)


def test_only_the_guard_counts_the_watchdog_up() -> None:
    request = parse_request(write_request("holding", 199, [1, 2]))

    assert touches_watchdog(1, request, 200, 1)
    assert not touches_watchdog(2, request, 200, 1)
    assert not touches_watchdog(1, request, 201, 1)
    assert not touches_watchdog(1, request, None, 1)


@pytest.mark.parametrize("for_s", [None, 60.0])
def test_a_put_that_is_not_confirmed_does_not_extend_the_one_before(gate: Gate, for_s: float | None) -> None:
    put(gate, "LAMP", ON, for_s=1.0)

    gate.admit(Order("LAMP", ON, gate.estop.epoch, for_s), NOW)

    assert gate.next_deadline() == NOW + 1.0
    gate.accepted(Order("LAMP", ON, gate.estop.epoch, for_s), NOW)
    assert gate.next_deadline() == (NEVER if for_s is None else NOW + for_s)


NAMES = st.sampled_from([output.name for output in OUTPUTS])
MEMBERS = {output.name for output in OUTPUTS if output.estop}


class Plant:
    """The owner thread's order of work against coils, as in ``guard.link``, and what must always hold."""

    def __init__(self) -> None:
        self.gate = Gate(OUTPUTS, EstopState())
        self.now = NOW
        self.reachable = True
        self.on_since: dict[str, float] = {}
        self.until: dict[str, float] = {}

    def put(self, name: str, on: bool, for_s: float | None) -> None:
        if self._admit(name, on, for_s, self.gate.estop.epoch):
            self._arrive(name, on, for_s)
            self.gate.accepted(Order(name, ON if on else OFF, 0), self.now)

    def put_without_answer(self, name: str) -> None:
        if self._admit(name, True, None, self.gate.estop.epoch):
            self._arrive(name, True, None)

    def put_given_before_the_last_stop(self, name: str) -> None:
        assert not self._admit(name, True, None, self.gate.estop.epoch - 1)

    def trip_while_a_put_is_on_the_wire(self, name: str) -> None:
        if self._admit(name, True, None, self.gate.estop.epoch):
            self.trip()
            self._arrive(name, True, None)
            self.gate.accepted(Order(name, ON, 0), self.now)

    def trip(self) -> None:
        self.gate.trip(str(self.now), "test", "test", self.now)

    def clear(self) -> None:
        with suppress(AutomationError):
            self.gate.clear(self.gate.estop.id, "test", "test", self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def lose_runtime(self) -> None:
        self.gate.lose_runtime()

    def lose_device(self) -> None:
        self.reachable = False

    def reconnect(self) -> None:
        self.reachable = True
        self.gate.connected("plc")

    def owner(self) -> None:
        """The owner thread gets its turn: first of all the safe values."""
        self.gate.expire(self.now)
        for name in pending(self.gate) if self.reachable else ():
            self.on_since.pop(name, None)
            self.until.pop(name, None)
            self.gate.confirm([self.gate.output(name)], self.now)

    def check(self) -> None:
        """What is on too long, or under a stop, is at most waiting for a device that cannot be reached."""
        on = self.on_since.keys() - (set() if self.reachable else set(pending(self.gate)))
        assert not (self.gate.estop.latched and on & MEMBERS), "on under a stop"
        assert "VALVE" not in on or self.now - self.on_since["VALVE"] < CAP_S, "on beyond its cap"
        assert all(self.now < until for name, until in self.until.items() if name in on), "on beyond the time of its put"

    def _admit(self, name: str, on: bool, for_s: float | None, epoch: int) -> bool:
        try:
            self.gate.admit(Order(name, ON if on else OFF, epoch, for_s), self.now)
        except AutomationError:
            return False
        return self.reachable

    def _arrive(self, name: str, on: bool, for_s: float | None) -> None:
        self.until.pop(name, None)
        if not on:
            self.on_since.pop(name, None)
            return
        self.on_since.setdefault(name, self.now)
        if for_s is not None:
            self.until[name] = self.now + for_s


EVENTS = st.one_of(
    st.tuples(st.just("put"), NAMES, st.booleans(), st.none() | st.floats(0.01, 3.0)),
    st.tuples(
        st.sampled_from(["put_without_answer", "put_given_before_the_last_stop", "trip_while_a_put_is_on_the_wire"]), NAMES
    ),
    st.tuples(st.just("wait"), st.floats(0.0, 2.0)),
    st.tuples(st.sampled_from(["trip", "clear", "lose_runtime", "lose_device", "reconnect"])),
)


@settings(max_examples=500)
@example([("put", "LAMP", True, 1.0), ("lose_device",), ("put", "LAMP", True, None), ("wait", 1.0)])
@given(st.lists(EVENTS, max_size=40))
def test_no_order_of_events_leaves_an_output_on_beyond_its_limit_or_under_a_stop(events: list[tuple[str, ...]]) -> None:
    plant = Plant()
    for name, *arguments in events:
        getattr(plant, name)(*arguments)
        plant.owner()
        plant.check()
