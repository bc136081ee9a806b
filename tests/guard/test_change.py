"""Outputs that are declared, changed and removed while the guard runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.guard.config import GuardedOutput
from automation.guard.gate import Gate
from automation.guard.modbus_wire import Table
from automation.model.errors import ConfigError, ConflictError, InterlockedError, NotFoundError
from automation.model.estop import EstopState
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard

FAN = GuardedOutput(name="FAN", link="plc", unit=1, table=Table.COIL, offset=7, safe=(0,))


def test_a_new_output_starts_from_safe_and_can_be_put(
    memory: MemoryDevice, guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    memory.set(Table.COIL, 7, [1])

    guard.configure([*outputs, FAN])
    guard.settle()
    assert memory.value(Table.COIL, 7) == 0

    guard.put("FAN", [1], guard.estop().epoch)
    assert memory.value(Table.COIL, 7) == 1


def test_what_is_on_goes_on_while_others_come_and_go(
    memory: MemoryDevice, guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)

    guard.configure([output for output in outputs if output.name != "HORN"] + [FAN])
    guard.settle()

    assert memory.value(Table.COIL, 0) == 1
    with pytest.raises(NotFoundError, match="HORN"):
        guard.put("HORN", [1], guard.estop().epoch)


def test_an_output_that_is_on_neither_goes_nor_changes(guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    moved = [replace(output, offset=30) if output.name == "PUMP" else output for output in outputs]

    for wanted in (outputs[1:], moved):
        with pytest.raises(ConflictError, match="PUMP: not confirmed safe") as refused:
            guard.configure(wanted)
        assert refused.value.reason == "output_active"

    guard.put("PUMP", [0], guard.estop().epoch)
    guard.configure(moved)


def test_outputs_that_make_no_sense_are_refused_and_nothing_changes(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    with pytest.raises(ConfigError, match="its address overlaps that of PUMP"):
        guard.configure([*outputs, replace(FAN, offset=0)])
    with pytest.raises(ConfigError, match="no guarded link other"):
        guard.configure([*outputs, replace(FAN, link="other")])

    guard.put("PUMP", [1], guard.estop().epoch)


def test_an_output_added_under_a_stop_is_part_of_it(guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]) -> None:
    state = guard.trip("smoke", "anna")

    guard.configure([*outputs, replace(FAN, restart="hold")])
    guard.settle()

    assert guard.clear(state.id, "looked", "ben").unconfirmed == ()


def test_a_put_on_its_way_does_not_reach_an_output_that_was_declared_anew() -> None:
    gate = Gate([FAN], EstopState(epoch=1))
    gate.confirm([gate.output("FAN")], 0.0)
    given = gate.output("FAN")

    gate.change([replace(FAN, offset=9)])

    with pytest.raises(InterlockedError, match="its declaration has changed"):
        gate.unchanged(given)


def test_an_output_at_an_address_that_the_device_does_not_have_may_go_again(
    memory: MemoryDevice, guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    memory.refused.add((Table.COIL, 7))
    guard.configure([*outputs, FAN])
    guard.settle()
    assert guard.estop().unconfirmed == ("FAN",)

    guard.configure(outputs)

    assert guard.estop().unconfirmed == ()
