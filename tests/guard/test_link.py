"""A guarded link and its wire, over a real socket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from automation.guard.config import GuardConfig, GuardedLink
from automation.guard.device import Device, Devices
from automation.guard.gate import Gate
from automation.guard.lanes import Lane
from automation.guard.link import Link
from automation.guard.modbus_wire import Table, decode_read, read_request
from automation.model.errors import AutomationError, DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.model.estop import EstopState
from automation.system.clock import RealClock
from automation.testing.device import LoopbackDevice

REQUEST = read_request("holding", 10, 2)


@pytest.fixture
def wire(device: LoopbackDevice) -> Iterator[Device]:
    device.set(Table.HOLDING, 10, [1, 2])
    wire = Devices().make(GuardedLink(name="d", host="127.0.0.1", port=device.port, timeout_s=0.15))
    wire.connect()
    yield wire
    wire.close()


def read(wire: Device) -> list[int]:
    return decode_read(REQUEST, wire.exchange(1, REQUEST))


def test_nobody_at_the_address_is_told(free_port: int) -> None:
    wire = Devices().make(GuardedLink(name="d", host="127.0.0.1", port=free_port, timeout_s=0.2))

    with pytest.raises(LinkDownError, match=str(free_port)):
        wire.connect()
    with pytest.raises(LinkDownError):
        wire.exchange(1, REQUEST)


def test_a_late_answer_is_not_taken_for_the_next(device: LoopbackDevice, wire: Device) -> None:
    device.delay_s = 0.2
    with pytest.raises(DeviceTimeoutError):
        read(wire)
    device.delay_s = 0.0
    device.set(Table.HOLDING, 10, [3, 4])

    assert read(wire) == [3, 4]
    assert device.connections == 1


def test_two_silent_requests_end_the_connection(device: LoopbackDevice, wire: Device) -> None:
    device.silent = True
    for _ in range(2):
        with pytest.raises(DeviceTimeoutError):
            read(wire)

    assert not wire.connected


@pytest.mark.parametrize(
    ("mangle", "error"),
    [
        (lambda frame: bytes((frame[0] ^ 1,)) + frame[1:], DeviceTimeoutError),  # another transaction
        (lambda frame: frame[:6] + b"\x09" + frame[7:], DeviceTimeoutError),  # another unit
        (lambda frame: frame[:7] + b"\x04" + frame[8:], DeviceRefusedError),  # another function
        (lambda frame: frame[:9], DeviceTimeoutError),  # half a frame
        (lambda frame: frame[:5] + b"\x05\x01\x03\x02\x00\x01", DeviceRefusedError),  # a register too few
        (lambda frame: b"HTTP/1.1 400 Bad Request\r\n", LinkDownError),
    ],
)
def test_a_reply_that_is_wrong_is_never_believed(
    device: LoopbackDevice, wire: Device, mangle: Callable[[bytes], bytes], error: type[AutomationError]
) -> None:
    device.mangle = mangle
    with pytest.raises(error):
        read(wire)
    device.mangle = None
    if not wire.connected:
        wire.connect()

    assert read(wire) == [1, 2]


def test_a_device_that_hangs_up_is_told_and_can_be_reached_again(device: LoopbackDevice, wire: Device) -> None:
    assert read(wire) == [1, 2]
    device.hang_up()
    with pytest.raises(LinkDownError):
        read(wire)
    wire.connect()

    assert read(wire) == [1, 2]


class Answers:
    """What a link answered, waited for."""

    def __init__(self) -> None:
        self.all: list[bytes | AutomationError] = []
        self._arrived = threading.Condition()

    def __call__(self, answer: bytes | AutomationError) -> None:
        with self._arrived:
            self.all.append(answer)
            self._arrived.notify_all()

    def wait(self, count: int = 1) -> list[bytes | AutomationError]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.all) >= count, 3.0)
            return self.all


@pytest.fixture
def link(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> Iterator[Link]:
    config = make_config(device.port)
    settings = config.links[0]
    wire = Devices().make(GuardedLink(name="d", host=settings.host, port=settings.port, timeout_s=settings.timeout_s))
    link = Link(settings, wire, Gate(config.outputs, EstopState()), threading.Lock(), RealClock(), lambda: None)
    link.start()
    yield link
    link.stop()


def test_a_request_is_carried_out_by_the_owner(link: Link, device: LoopbackDevice) -> None:
    answers = Answers()
    link.submit(Lane.POLL, lambda exchange, _now: exchange(1, REQUEST), answers)

    assert decode_read(REQUEST, answers.wait()[0]) == [0, 0]  # type: ignore[arg-type]
    assert link.status().up


def test_writes_pass_the_polls_that_wait(link: Link, device: LoopbackDevice) -> None:
    device.delay_s = 0.02
    order: list[str] = []
    answers = Answers()

    def note(name: str) -> Callable[..., bytes]:
        return lambda exchange, _now: (order.append(name), exchange(1, REQUEST))[1]

    for i in range(4):
        link.submit(Lane.POLL, note(f"poll {i}"), answers)
    link.submit(Lane.WRITE, note("write"), answers)
    answers.wait(5)

    assert order.index("write") < order.index("poll 3")


def test_a_lost_device_answers_at_once_and_comes_back_by_itself(link: Link, device: LoopbackDevice) -> None:
    assert device.wait_for(lambda: len(device.log) > 0)
    device.stop()
    answers = Answers()
    link.submit(Lane.POLL, lambda exchange, _now: exchange(1, REQUEST), answers)
    assert isinstance(answers.wait()[0], LinkDownError)
    assert not link.status().up

    device.start()
    for _ in range(100):
        link.hurry()
        if device.wait_for(lambda: device.connections >= 2, 0.05):
            break
    link.submit(Lane.POLL, lambda exchange, _now: exchange(1, REQUEST), answers)

    assert isinstance(answers.wait(2)[1], bytes)
    assert link.status().reconnects == 1


def test_what_waits_is_refused_when_the_link_ends(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> None:
    config = make_config(device.port)
    wire = Devices().make(GuardedLink(name="d", host="127.0.0.1", port=device.port, timeout_s=0.2))
    link = Link(config.links[0], wire, Gate((), EstopState()), threading.Lock(), RealClock(), lambda: None)
    answers = Answers()
    link.submit(Lane.POLL, lambda exchange, _now: exchange(1, REQUEST), answers)
    link.stop()

    assert isinstance(answers.wait()[0], LinkDownError)


def test_too_many_requests_are_refused_instead_of_kept(make_config: Callable[..., GuardConfig]) -> None:
    config = make_config()
    link = Link(
        config.links[0],
        Devices().make(GuardedLink(name="d", host="127.0.0.1", port=1, timeout_s=0.2)),
        Gate((), EstopState()),
        threading.Lock(),
        RealClock(),
        lambda: None,
    )
    answers = Answers()
    for _ in range(65):
        link.submit(Lane.POLL, lambda exchange, _now: exchange(1, REQUEST), answers)

    assert [type(answer) for answer in answers.all] == [DeviceTimeoutError]
    link.stop()
