"""The emergency stop as the runtime sees it."""

from __future__ import annotations

import pytest

from automation.guard.modbus_wire import Table
from automation.model.errors import ConflictError, EstopActiveError, GuardUnavailableError
from automation.model.estop import EstopState
from automation.outputs.outputs import Outputs
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard


@pytest.fixture
def heard(outputs: Outputs, clock: FakeClock) -> list[EstopState]:
    heard: list[EstopState] = []
    outputs.step(clock.now())
    outputs.on_estop(heard.append)
    return heard


def test_a_trip_and_a_clear_are_told_once_each(outputs: Outputs, heard: list[EstopState], clock: FakeClock) -> None:
    state = outputs.trip("smoke", "anna")
    outputs.step(clock.now())
    outputs.clear(state.id, "looked", "ben")
    outputs.step(clock.now())

    assert [(state.latched, state.reason) for state in heard] == [(True, "smoke"), (False, "looked")]
    assert outputs.estop() == heard[-1]


def test_a_stop_from_elsewhere_is_heard_by_the_next_step(
    outputs: Outputs, guard: LockstepGuard, heard: list[EstopState], clock: FakeClock
) -> None:
    guard.trip("button on the wall", "guard")
    outputs.step(clock.now())

    assert [state.reason for state in heard] == ["button on the wall"]


def test_a_listener_hears_nothing_after_its_end(outputs: Outputs) -> None:
    heard: list[EstopState] = []
    end = outputs.on_estop(heard.append)
    end()
    outputs.trip("smoke", "anna")

    assert heard == []


def test_a_late_confirmation_is_told(outputs: Outputs, memory: MemoryDevice, heard: list[EstopState], clock: FakeClock) -> None:
    memory.silent = True
    assert "PUMP" in outputs.trip("smoke", "anna").unconfirmed
    with pytest.raises(ConflictError):
        outputs.clear(outputs.estop().id, "looked", "ben")
    memory.silent = False
    clock.advance(0.2)
    outputs.step(clock.now())

    assert heard[-1].latched
    assert heard[-1].unconfirmed == ()


def test_without_a_guard_a_stop_holds_here_and_reaches_the_guard_when_it_is_back(
    outputs: Outputs, guard: LockstepGuard, memory: MemoryDevice, heard: list[EstopState], clock: FakeClock
) -> None:
    outputs.put("PUMP", True, "machine", clock.now())
    guard.available = False
    with pytest.raises(GuardUnavailableError, match="reaches the guard as soon as it is back"):
        outputs.trip("smoke", "anna")

    held = outputs.estop()
    assert (held.latched, held.reason, held.unconfirmed) == (True, "smoke", ("PUMP", "AUTO", "SPEED"))
    assert not outputs.guard_up
    with pytest.raises(EstopActiveError):
        outputs.put("PUMP", True, "machine", clock.now())
    with pytest.raises(ConflictError, match="has not reached the guard"):
        outputs.clear(held.id, "looked", "ben")
    outputs.step(clock.now())
    assert outputs.estop() == held

    guard.available = True
    outputs.step(clock.now())
    assert outputs.guard_up
    assert memory.value(Table.COIL, 0) == 0
    assert guard.estop().latched
    assert (outputs.estop().reason, outputs.estop().actor, outputs.estop().unconfirmed) == ("smoke", "anna", ())
    assert len(heard) == 2


def test_a_guard_that_goes_and_comes_back_is_seen(outputs: Outputs, guard: LockstepGuard, clock: FakeClock) -> None:
    assert not outputs.guard_up
    outputs.step(clock.now())
    assert outputs.guard_up
    guard.available = False
    outputs.step(clock.now())
    assert not outputs.guard_up
