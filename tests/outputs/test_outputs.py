"""Putting values: what reaches a device, what the table shows, what is refused."""

from __future__ import annotations

import threading

import pytest

from automation.cvt.table import Cvt
from automation.guard.modbus_wire import Table
from automation.model.errors import (
    AutomationError,
    DeviceRefusedError,
    DeviceTimeoutError,
    EstopActiveError,
    GuardUnavailableError,
    InvalidValueError,
    LinkDownError,
    NotAllowedError,
    NotConfirmedError,
    UnknownTagError,
)
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.outputs.outputs import Outputs
from automation.outputs.readback import Readback
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard


def test_an_output_reaches_the_device_and_shows_what_it_read_back(outputs: Outputs, cvt: Cvt, memory: MemoryDevice) -> None:
    sample = outputs.put_and_confirm("PUMP", True, "anna")

    assert memory.value(Table.COIL, 0) == 1
    assert sample == cvt.read("PUMP")
    assert sample.value is True


def test_a_put_changes_nothing_in_the_table_until_the_device_read_it_back(
    outputs: Outputs, cvt: Cvt, devices: object, clock: FakeClock
) -> None:
    devices.polled = False  # type: ignore[attr-defined]
    before = cvt.read("PUMP")
    outputs.put("PUMP", True, "machine", clock.now())

    assert cvt.read("PUMP") == before


def test_a_value_is_scaled_to_counts_and_confirmed_to_one_count(outputs: Outputs, memory: MemoryDevice, devices: object) -> None:
    devices.off_by = 1  # type: ignore[attr-defined]
    sample = outputs.put_and_confirm("SPEED", 33.333, "anna")

    assert memory.value(Table.HOLDING, 10) == 9216
    assert sample.value == pytest.approx(33.333, abs=0.01)


def test_a_device_that_shows_another_value_is_an_error_that_tells_both(outputs: Outputs, devices: object) -> None:
    devices.off_by = 3  # type: ignore[attr-defined]

    with pytest.raises(
        NotConfirmedError, match=r"SPEED: 50.0 was written, but not read back within 0.05 s; the device shows 50.01"
    ):
        outputs.put_and_confirm("SPEED", 50.0, "anna", 0.05)


def test_a_writable_field_tag_goes_to_its_link(outputs: Outputs, memory: MemoryDevice) -> None:
    assert outputs.put_and_confirm("LIMIT", 50.0, "anna").value == 50.0
    assert memory.value(Table.HOLDING, 40) == 13_824


def test_a_soft_tag_changes_at_once_with_the_time_of_the_put(outputs: Outputs, cvt: Cvt, clock: FakeClock) -> None:
    outputs.put("STEP", 4, "machine", clock.now())
    sample = outputs.put_and_confirm("SP", 3, "anna")

    assert cvt.read("STEP").value == 4
    assert sample == Sample(3.0, Quality.GOOD, clock.now(), clock.now())


def test_the_confirmation_waits_for_the_link_that_reads(outputs: Outputs, devices: object, cvt: Cvt) -> None:
    devices.polled = False  # type: ignore[attr-defined]

    def poll(_now: float) -> None:
        threading.Event().wait(0.05)
        cvt.update("PUMP", Sample(False, Quality.GOOD, 1.0, 1.0))
        cvt.update("PUMP", Sample(True, Quality.BAD_NOT_CONNECTED, 1.5, 1.5))
        cvt.update("PUMP", Sample(True, Quality.GOOD, 2.0, 2.0))

    worker = Worker("poll", poll, None, RealClock())
    worker.start()
    worker.wake()
    sample = outputs.put_and_confirm("PUMP", True, "anna", 3.0)
    worker.stop()

    assert sample == Sample(True, Quality.GOOD, 2.0, 2.0)


def test_waiting_for_a_device_that_does_not_answer_is_bounded(outputs: Outputs, devices: object) -> None:
    devices.polled = False  # type: ignore[attr-defined]
    watch = Stopwatch()

    with pytest.raises(NotConfirmedError):
        outputs.put_and_confirm("PUMP", True, "anna", 0.1)
    assert 0.09 < watch.elapsed_s() < 1.0


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("NOPE", 1, UnknownTagError),
        ("PUMP", 1, InvalidValueError),
        ("PUMP", None, InvalidValueError),
        ("SPEED", "fast", InvalidValueError),
        ("SPEED", 101.0, InvalidValueError),
        ("SPEED", float("nan"), InvalidValueError),
        ("SPEED", 10**400, InvalidValueError),
        ("LEVEL", 1.0, NotAllowedError),
        ("LINK.plc.UP", True, NotAllowedError),
        ("STEP", 1, NotAllowedError),
        ("DOUBLE", 1.0, NotAllowedError),
        ("AUTO", True, NotAllowedError),
    ],
)
def test_what_a_person_may_not_put_is_refused_before_anything_is_sent(
    outputs: Outputs, memory: MemoryDevice, name: str, value: Value, error: type[AutomationError]
) -> None:
    sent = len(memory.log)

    with pytest.raises(error, match=name):
        outputs.put_and_confirm(name, value, "anna")
    assert len(memory.log) == sent


def test_a_machine_may_put_what_no_person_may_but_no_measured_value(
    outputs: Outputs, memory: MemoryDevice, clock: FakeClock
) -> None:
    outputs.put("AUTO", True, "machine", clock.now())
    assert memory.value(Table.COIL, 3) == 1

    for name in ("LEVEL", "LINK.plc.UP"):
        with pytest.raises(NotAllowedError, match=name):
            outputs.put(name, True if name != "LEVEL" else 1.0, "machine", clock.now())


@pytest.mark.parametrize(
    ("fault", "error"),
    [({"silent": True}, DeviceTimeoutError), ({"refuse_with": 2}, DeviceRefusedError), ({"reachable": False}, LinkDownError)],
)
def test_a_failed_write_is_an_error_to_the_caller(
    outputs: Outputs, memory: MemoryDevice, fault: dict[str, object], error: type[AutomationError]
) -> None:
    for name, value in fault.items():
        setattr(memory, name, value)

    with pytest.raises(error):
        outputs.put_and_confirm("PUMP", True, "anna")


def test_a_put_for_some_seconds_ends_by_itself(outputs: Outputs, memory: MemoryDevice, clock: FakeClock) -> None:
    outputs.put("PUMP", True, "machine", clock.now(), for_s=0.5)
    clock.advance(0.6)

    assert memory.value(Table.COIL, 0) == 0


def test_under_a_stop_nothing_activates_but_soft_tags_and_outsiders_go_on(
    outputs: Outputs, memory: MemoryDevice, clock: FakeClock
) -> None:
    outputs.trip("smoke", "anna")

    for name, value in (("PUMP", True), ("SPEED", 1.0), ("LIMIT", 1.0)):
        with pytest.raises(EstopActiveError, match="smoke"):
            outputs.put(name, value, "machine", clock.now())
    outputs.put("PUMP", False, "machine", clock.now())
    outputs.put("LAMP", True, "machine", clock.now())
    outputs.put("STEP", 1, "machine", clock.now())
    assert memory.value(Table.COIL, 2) == 1


def test_the_guard_refuses_what_the_runtime_has_not_heard_of_yet(
    outputs: Outputs, guard: LockstepGuard, clock: FakeClock
) -> None:
    outputs.step(clock.now())
    guard.trip("button on the wall", "guard")

    with pytest.raises(EstopActiveError):
        outputs.put("PUMP", True, "machine", clock.now())
    assert outputs.estop().reason == "button on the wall"


def test_a_dead_guard_lets_nothing_pass(outputs: Outputs, guard: LockstepGuard, clock: FakeClock) -> None:
    guard.available = False

    with pytest.raises(GuardUnavailableError):
        outputs.put("PUMP", True, "machine", clock.now())


def test_a_confirmation_is_heard_though_the_tags_were_changed_meanwhile(cvt: Cvt, clock: FakeClock) -> None:
    group, _ = cvt.slot("SPEED")

    with Readback(cvt, cvt.tag("SPEED"), 5.0) as readback:
        cvt.replace([group], [list(reversed(group.tags))], clock.now())
        cvt.update("SPEED", Sample(5.0, Quality.GOOD, clock.now(), clock.now()))

        assert readback.wait(0.0).value == 5.0
