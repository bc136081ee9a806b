"""The whole guard on a virtual clock, against a device in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.messages import status_from_json
from automation.guard.modbus_wire import Table, decode_read, read_request, write_request
from automation.model.errors import (
    AutomationError,
    ConfigError,
    ConflictError,
    DeviceRefusedError,
    DeviceTimeoutError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    LinkDownError,
    NotAllowedError,
    NotFoundError,
)
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard

PUMP, VALVE, LAMP, DOOR = (Table.COIL, 0), (Table.COIL, 1), (Table.COIL, 2), (Table.COIL, 5)


def test_a_connection_begins_with_the_safe_values_of_all_outputs_but_the_held(memory: MemoryDevice, guard: LockstepGuard) -> None:
    written = {(table, offset + i) for table, offset, words in memory.log for i in range(len(words))}

    assert {PUMP, VALVE, LAMP, (Table.HOLDING, 10), (Table.HOLDING, 11), (Table.HOLDING, 20)} <= written
    assert DOOR not in written


def test_neighbours_are_made_safe_by_one_request(memory: MemoryDevice, guard: LockstepGuard) -> None:
    assert (Table.COIL, 0, (0, 0, 0)) in memory.log


def test_a_put_returns_when_the_device_has_the_value(memory: MemoryDevice, guard: LockstepGuard) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    guard.put("SPEED", [0x4248, 0x0000], guard.estop().epoch)

    assert memory.value(*PUMP) == 1
    assert memory.value(Table.HOLDING, 10) == 0x4248


def test_a_bit_is_put_without_touching_its_neighbours(memory: MemoryDevice, guard: LockstepGuard) -> None:
    memory.set(Table.HOLDING, 20, [0b0110_0001])

    guard.put("HORN", [1], guard.estop().epoch)
    assert memory.value(Table.HOLDING, 20) == 0b0110_1001

    guard.trip("smoke", "anna")
    assert memory.value(Table.HOLDING, 20) == 0b0110_0001


def test_a_trip_reaches_every_member_and_reports_it(memory: MemoryDevice, guard: LockstepGuard) -> None:
    for name in ("PUMP", "LAMP", "DOOR"):
        guard.put(name, [1], guard.estop().epoch)

    state = guard.trip("smoke", "anna")

    assert (state.latched, state.reason, state.actor, state.unconfirmed) == (True, "smoke", "anna", ())
    assert [memory.value(*at) for at in (PUMP, LAMP, DOOR)] == [0, 1, 0]


def test_nothing_activates_until_the_stop_is_cleared(memory: MemoryDevice, guard: LockstepGuard) -> None:
    state = guard.trip("smoke", "anna")
    with pytest.raises(EstopActiveError):
        guard.put("PUMP", [1], state.epoch)

    state = guard.clear(state.id, "looked", "ben")
    guard.put("PUMP", [1], state.epoch)

    assert memory.value(*PUMP) == 1


def test_a_put_that_waits_behind_a_stop_never_reaches_the_wire(
    memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock
) -> None:
    answers: list[dict[str, object]] = []
    epoch = guard.estop().epoch
    service = guard._guard
    service.handle({"op": "put", "output": "PUMP", "words": [1], "epoch": epoch}, answers.append)
    service.trip("smoke", "anna")
    clock.advance(0.1)

    assert answers[0]["error"]["type"] == "EstopActiveError"  # type: ignore[index]
    assert memory.value(*PUMP) == 0
    assert (Table.COIL, 0, (1,)) not in memory.log


def test_unconfirmed_outputs_are_retried_until_the_device_is_back(
    memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock
) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    memory.silent = True

    state = guard.trip("smoke", "anna")
    assert "PUMP" in state.unconfirmed
    with pytest.raises(ConflictError, match="PUMP"):
        guard.clear(state.id, "looked", "ben")

    memory.silent = False
    clock.advance(0.1)
    assert memory.value(*PUMP) == 0
    assert not guard.clear(state.id, "looked", "ben").latched


def test_an_unreachable_device_is_made_safe_when_it_comes_back(
    memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock
) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    memory.reachable = False
    guard.trip("smoke", "anna")
    memory.reachable = True
    clock.advance(0.1)

    assert memory.value(*PUMP) == 0
    assert guard.estop().unconfirmed == ()


def test_a_device_that_knows_single_writes_only_is_made_safe_too(memory: MemoryDevice, guard: LockstepGuard) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    memory.functions_missing = {15, 16}
    state = guard.trip("smoke", "anna")

    assert memory.value(*PUMP) == 0
    assert state.unconfirmed == ("SPEED",)  # two registers cannot be written one by one


def test_one_refused_address_does_not_keep_its_neighbours_on(memory: MemoryDevice, guard: LockstepGuard) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    memory.refused = {VALVE}

    state = guard.trip("smoke", "anna")

    assert memory.value(*PUMP) == 0
    assert state.unconfirmed == ("VALVE",)


def test_a_capped_output_is_off_within_50_ms_of_its_limit(memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock) -> None:
    guard.put("VALVE", [1], guard.estop().epoch)
    guard.heartbeat()
    clock.advance(0.95)
    assert memory.value(*VALVE) == 1

    clock.advance(0.1)
    assert memory.value(*VALVE) == 0
    with pytest.raises(InterlockedError):
        guard.put("VALVE", [1], guard.estop().epoch)


def test_a_put_for_some_seconds_ends_in_the_guard(memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock) -> None:
    guard.put("PUMP", [1], guard.estop().epoch, for_s=0.3)
    clock.advance(0.25)
    assert memory.value(*PUMP) == 1
    clock.advance(0.1)
    assert memory.value(*PUMP) == 0


def test_a_silent_runtime_makes_everything_safe(memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock) -> None:
    for name in ("PUMP", "LAMP", "DOOR"):
        guard.put(name, [1], guard.estop().epoch)
    before = guard.heartbeat()
    clock.advance(2.9)
    assert memory.value(*PUMP) == 1

    clock.advance(0.3)
    assert [memory.value(*at) for at in (PUMP, LAMP, DOOR)] == [0, 0, 0]
    assert not guard.estop().latched
    with pytest.raises(EstopActiveError):
        guard.put("PUMP", [1], before.epoch)


def test_a_runtime_that_never_spoke_is_not_missed(guard: LockstepGuard, clock: FakeClock) -> None:
    before = guard.estop()
    clock.advance(10.0)

    assert guard.estop() == before


def test_a_silent_runtime_latches_where_so_configured(
    make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice
) -> None:
    guard = LockstepGuard(make_config(trip_on_runtime_loss=True), clock, {"plc": memory})
    guard.start()
    guard.heartbeat()
    clock.advance(3.2)

    assert guard.estop().latched
    assert "no sign of the runtime" in guard.estop().reason
    guard.stop()


def test_a_stop_in_order_that_a_silent_device_delays_is_no_loss_of_the_runtime(
    make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice
) -> None:
    guard = LockstepGuard(make_config(heartbeat_timeout_s=0.5, trip_on_runtime_loss=True), clock, {"plc": memory})
    guard.start()
    guard.put("DOOR", [1], guard.heartbeat().epoch)
    memory.silent = True

    guard.stop()

    state = guard.estop()
    assert not state.latched
    assert "PUMP" in state.unconfirmed
    assert "DOOR" not in state.unconfirmed


def test_the_watchdog_is_counted_up_while_the_guard_lives(memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock) -> None:
    clock.advance(2.1)
    counts = [words[0] for table, offset, words in memory.log if (table, offset) == (Table.HOLDING, 200)]

    assert counts == [1, 2, 3, 4, 5]


def test_polls_pass_through(memory: MemoryDevice, guard: LockstepGuard) -> None:
    memory.set(Table.INPUT, 7, [42, 43])
    request = read_request("input", 7, 2)

    reply = guard.ask({"op": "execute", "link": "plc", "unit": 1, "pdu": request.hex(), "lane": 2})

    assert decode_read(request, bytes.fromhex(reply["pdu"])) == [42, 43]


def test_other_addresses_are_written_but_no_output_and_not_the_watchdog(memory: MemoryDevice, guard: LockstepGuard) -> None:
    def write(offset: int, *values: int, table: str = "holding") -> None:
        guard.ask({"op": "write", "link": "plc", "unit": 1, "pdu": write_request(table, offset, values).hex()})

    write(40, 7)
    assert memory.value(Table.HOLDING, 40) == 7
    for offset, values in ((11, (1,)), (9, (1, 1)), (20, (1,)), (200, (1,)), (198, (1, 1, 1))):
        with pytest.raises(NotAllowedError):
            write(offset, *values)
    with pytest.raises(NotAllowedError, match="PUMP"):
        write(0, 1, table="coil")
    guard.trip("smoke", "anna")
    with pytest.raises(EstopActiveError):
        write(40, 8)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"silent": True}, DeviceTimeoutError),
        ({"refuse_with": 4}, DeviceRefusedError),
        ({"reachable": False}, LinkDownError),
    ],
)
def test_a_failed_put_is_an_error_of_its_kind(
    memory: MemoryDevice, guard: LockstepGuard, fault: dict[str, object], error: type[AutomationError]
) -> None:
    for name, value in fault.items():
        setattr(memory, name, value)

    with pytest.raises(error):
        guard.put("PUMP", [1], guard.estop().epoch)


def test_a_device_that_came_back_starts_from_safe(memory: MemoryDevice, guard: LockstepGuard, clock: FakeClock) -> None:
    guard.put("PUMP", [1], guard.estop().epoch)
    memory.reachable = False
    with pytest.raises(LinkDownError):
        guard.put("LAMP", [1], guard.estop().epoch)
    memory.reachable = True
    clock.advance(0.5)

    assert memory.value(*PUMP) == 0
    status = status_from_json(guard.ask({"op": "status"}))
    assert (status.links[0].up, status.links[0].reconnects) == (True, 1)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, InvalidValueError),
        ({"op": "dance"}, InvalidValueError),
        ({"op": ["put"]}, InvalidValueError),
        ({"op": "put", "output": "NOPE", "words": [1], "epoch": 1}, NotFoundError),
        ({"op": "put", "output": "PUMP", "words": "1", "epoch": 1}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [10**30], "epoch": 1}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [1]}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [1], "epoch": "1"}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [1], "epoch": 1, "for_s": float("nan")}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [1], "epoch": 1, "for_s": 10**400}, InvalidValueError),
        ({"op": "put", "output": "PUMP", "words": [1], "epoch": 1, "for_s": -1}, InvalidValueError),
        ({"op": "execute", "link": "nope", "unit": 1, "pdu": "0300000001"}, NotFoundError),
        ({"op": "execute", "link": ["plc"], "unit": 1, "pdu": "0300000001"}, NotFoundError),
        ({"op": "execute", "link": "plc", "unit": 256, "pdu": "0300000001"}, InvalidValueError),
        ({"op": "execute", "link": "plc", "unit": 1, "pdu": "xyz"}, InvalidValueError),
        ({"op": "execute", "link": "plc", "unit": 1, "pdu": 3}, InvalidValueError),
        ({"op": "execute", "link": "plc", "unit": 1, "pdu": "050000ff00"}, InvalidValueError),
        ({"op": "write", "link": "plc", "unit": 1, "pdu": "0300000001"}, InvalidValueError),
        ({"op": "trip", "reason": 1, "actor": "anna"}, InvalidValueError),
        ({"op": "clear", "estop_id": None, "reason": "a", "actor": "anna"}, InvalidValueError),
    ],
)
def test_a_message_that_makes_no_sense_is_refused_by_name(
    guard: LockstepGuard, message: dict[str, object], error: type[AutomationError]
) -> None:
    with pytest.raises(error):
        guard.ask(message)


def test_the_latch_survives_the_guard(make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice) -> None:
    first = LockstepGuard(make_config(), clock, {"plc": memory})
    first.start()
    tripped = first.trip("smoke", "anna")
    first.stop()

    second = LockstepGuard(make_config(), clock, {"plc": memory})
    second.start()
    state = second.estop()
    second.stop()

    assert (state.latched, state.id, state.reason, state.actor) == (True, tripped.id, "smoke", "anna")
    assert state.epoch > tripped.epoch


def test_a_stop_in_order_holds_what_is_declared_so_and_a_crash_does_not(
    make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice
) -> None:
    for in_order, door in ((True, 1), (False, 0)):
        guard = LockstepGuard(make_config(), clock, {"plc": memory})
        guard.start()
        guard.put("PUMP", [1], guard.estop().epoch)
        guard.put("DOOR", [1], guard.estop().epoch)
        guard.stop(in_order=in_order)

        assert (memory.value(*PUMP), memory.value(*DOOR)) == (0, door)


def test_two_links_are_made_safe_each_by_its_own_thread(tmp_path: Path, clock: FakeClock) -> None:
    links = tuple(GuardedLink(name=name, host="127.0.0.1", port=1) for name in ("a", "b"))
    outputs = tuple(
        GuardedOutput(name=f"{link.name}.PUMP", link=link.name, unit=1, table=Table.COIL, offset=0, safe=(0,)) for link in links
    )
    devices = {"a": MemoryDevice(), "b": MemoryDevice()}
    guard = LockstepGuard(GuardConfig(state_dir=str(tmp_path), links=links, outputs=outputs), clock, devices)
    guard.start()
    for output in outputs:
        guard.put(output.name, [1], guard.estop().epoch)
    devices["a"].silent = True

    state = guard.trip("smoke", "anna")

    assert state.unconfirmed == ("a.PUMP",)
    assert devices["b"].value(*PUMP) == 0
    devices["a"].silent = False
    guard.stop()


def test_a_folder_that_cannot_be_written_is_told_at_the_start(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        LockstepGuard(GuardConfig(state_dir=str(tmp_path / "nowhere")), clock, {})
