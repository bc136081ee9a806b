"""Links that come, change and go while the guard runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.guard.config import GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table, read_request
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard

PLC = GuardedLink(name="plc", host="127.0.0.1", port=1, timeout_s=0.2, watchdog=200, watchdog_period_s=0.5)
MOVED = replace(PLC, host="127.0.0.2")
OTHER = GuardedLink(name="other", host="127.0.0.3")
FAN = GuardedOutput(name="FAN", link="other", unit=1, table=Table.COIL, offset=7, safe=(0,))


@pytest.fixture
def guard(guard: LockstepGuard) -> LockstepGuard:
    guard.settle()
    guard.put("DOOR", [0], guard.estop().epoch)  # held over a start, so nobody knows yet
    return guard


def add(guard: LockstepGuard, name: str) -> MemoryDevice:
    """A device behind the link of that name from now on."""
    device = MemoryDevice()
    guard.devices = {**guard.devices, name: device}
    return device


def execute(guard: LockstepGuard, link: str) -> object:
    pdu = read_request(Table.HOLDING, 0, 1).hex()
    return guard.ask({"op": "execute", "link": link, "unit": 1, "pdu": pdu, "lane": 2})


def test_a_link_that_comes_is_read_and_its_outputs_start_from_safe(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    other = add(guard, "other")
    other.set(Table.COIL, 7, [1])

    guard.configure([*outputs, FAN], links=[PLC, OTHER])
    guard.settle()

    assert other.value(Table.COIL, 7) == 0
    assert execute(guard, "other")
    guard.put("FAN", [1], guard.estop().epoch)
    assert other.value(Table.COIL, 7) == 1


def test_a_link_that_goes_is_known_no_more(guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]) -> None:
    add(guard, "other")
    guard.configure(outputs, links=[PLC, OTHER])

    guard.configure(outputs, links=[PLC])

    with pytest.raises(NotFoundError, match="no link 'other'"):
        execute(guard, "other")
    assert [link.name for link in guard.status().links] == ["plc"]


def test_a_link_stays_while_one_of_its_outputs_is_on(guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)

    for dry_run in (True, False):
        with pytest.raises(ConflictError, match="output PUMP: not confirmed safe") as refused:
            guard.configure(outputs, links=[MOVED], dry_run=dry_run)
        assert refused.value.reason == "output_active"

    guard.put("PUMP", [0], guard.estop().epoch)
    guard.configure(outputs, links=[MOVED], dry_run=True)
    guard.put("PUMP", [1], guard.estop().epoch)


def test_a_link_that_goes_elsewhere_writes_the_safe_values_there(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...], memory: MemoryDevice
) -> None:
    elsewhere = add(guard, "plc")
    elsewhere.set(Table.COIL, 0, [1, 1])

    guard.configure(outputs, links=[MOVED])
    guard.settle()
    assert (elsewhere.value(Table.COIL, 0), elsewhere.value(Table.COIL, 1)) == (0, 0)
    assert guard.estop().unconfirmed == ()

    guard.put("PUMP", [1], guard.estop().epoch)
    assert (elsewhere.value(Table.COIL, 0), memory.value(Table.COIL, 0)) == (1, 0)


def test_a_trip_after_a_change_reaches_the_new_device(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...], clock: FakeClock
) -> None:
    other = add(guard, "other")
    guard.configure([*outputs, FAN], links=[PLC, OTHER])
    guard.settle()
    guard.put("FAN", [1], guard.estop().epoch)

    assert guard.trip("smoke", "anna").unconfirmed == ()

    assert other.value(Table.COIL, 7) == 0


def test_a_link_that_never_connected_may_be_mended(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...], clock: FakeClock
) -> None:
    lost = add(guard, "other")
    lost.reachable = False
    guard.configure([*outputs, FAN], links=[PLC, OTHER])
    clock.advance(0.1)
    assert guard.estop().unconfirmed == ("FAN",)

    add(guard, "other")
    guard.configure([*outputs, FAN], links=[PLC, replace(OTHER, host="127.0.0.4")])
    clock.advance(0.1)

    assert guard.estop().unconfirmed == ()


def test_links_that_make_no_sense_are_refused_and_nothing_changes(
    guard: LockstepGuard, outputs: tuple[GuardedOutput, ...]
) -> None:
    with pytest.raises(ConfigError, match="no guarded link plc"):
        guard.configure(outputs, links=[OTHER])

    guard.put("PUMP", [1], guard.estop().epoch)
    assert execute(guard, "plc")
