"""The Modbus driver against a device that misbehaves on the wire."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from automation.drivers.base import Reading
from automation.drivers.modbus.build import build_driver
from automation.drivers.modbus.driver import ModbusDriver
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError
from automation.model.link import ModbusLink
from automation.model.quality import Quality


class RawDevice:
    """A TCP server that answers each request with what the test's script says, byte for byte.

    script: called with (transaction, unit, pdu) and the connection; it sends what it likes. Requests seen are kept in pdus.
    """

    def __init__(self) -> None:
        self.pdus: list[bytes] = []
        self.script: Callable[[int, int, bytes, socket.socket], None] = lambda *_: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._peers: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="raw device")]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), name="raw device peer")
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            try:
                while True:
                    header = _exactly(peer, 7)
                    pdu = _exactly(peer, int.from_bytes(header[4:6], "big") - 1)
                    self.pdus.append(pdu)
                    self.script(int.from_bytes(header[:2], "big"), header[6], pdu, peer)
            except OSError:
                return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join(5)


def _exactly(peer: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = peer.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def frame(transaction: int, unit: int, pdu: bytes) -> bytes:
    return transaction.to_bytes(2, "big") + b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes([unit]) + pdu


def good_reply(pdu: bytes) -> bytes:
    """The right answer of a device whose register n holds n, and whose bits are all on."""
    function, offset, count = pdu[0], int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
    if function in (1, 2):
        size = (count + 7) // 8
        return bytes([function, size]) + b"\xff" * size
    if function in (3, 4):
        data = b"".join(n.to_bytes(2, "big") for n in range(offset, offset + count))
        return bytes([function, len(data)]) + data
    return pdu[:5]


def answer_well(transaction: int, unit: int, pdu: bytes, peer: socket.socket) -> None:
    peer.sendall(frame(transaction, unit, good_reply(pdu)))


def answer_slowly(transaction: int, unit: int, pdu: bytes, peer: socket.socket) -> None:
    for byte in frame(transaction, unit, good_reply(pdu)):
        peer.sendall(bytes([byte]))
        time.sleep(0.002)


@pytest.fixture
def raw_device() -> Iterator[RawDevice]:
    """A device that answers as its script says; well until told otherwise."""
    server = RawDevice()
    server.script = answer_well
    yield server
    server.close()


@pytest.fixture
def driver(raw_device: RawDevice) -> Iterator[ModbusDriver]:
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=raw_device.port, timeout_s=0.2, max_gap=0))
    driver.connect()
    yield driver
    driver.close()


def pdu_of(pdu: bytes) -> Callable[[int, int, bytes, socket.socket], None]:
    """A script that answers every request with this PDU."""
    return lambda transaction, unit, _, peer: peer.sendall(frame(transaction, unit, pdu))


def refusing(code: int, *offsets: int) -> Callable[[int, int, bytes, socket.socket], None]:
    """A script that refuses every request which touches one of the offsets, or every request."""

    def script(transaction: int, unit: int, pdu: bytes, peer: socket.socket) -> None:
        start, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        refused = not offsets or any(start <= offset < start + count for offset in offsets)
        peer.sendall(frame(transaction, unit, bytes([pdu[0] | 0x80, code]) if refused else good_reply(pdu)))

    return script


def values(readings: list[Reading]) -> list[object]:
    return [reading.value for reading in readings]


def assert_recovers(driver: ModbusDriver, raw_device: RawDevice) -> None:
    raw_device.script = answer_well
    driver.connect()
    assert values(driver.read(("holding:7", "holding:8"))) == [7, 8]


def test_a_reply_byte_by_byte_is_read(driver, raw_device):
    raw_device.script = answer_slowly

    assert values(driver.read(("holding:7", "holding:8"))) == [7, 8]


@pytest.mark.parametrize(
    ("address", "pdu"),
    [
        ("holding:7:uint32", b"\x03\x02\x00\x07"),
        ("holding:7:uint32", b"\x03\x06\x00\x07\x00\x08\x00\x09"),
        ("holding:7:uint32", b"\x03\x04\x00\x07\x00"),
        ("holding:7:uint32", b"\x03\x03\x00\x07\x00\x08"),
        ("holding:7:uint32", b"\x04\x04\x00\x07\x00\x08"),
        ("holding:7:uint32", b"\x84\x02"),
        ("coil:7", b"\x01\x02\xff\xff"),
        ("coil:7", b"\x01\x02\xff"),
        ("coil:7", b"\x02\x01\xff"),
    ],
)
def test_a_reply_that_does_not_fit_the_request_is_bad_and_shifts_no_value(driver, raw_device, address, pdu):
    raw_device.script = pdu_of(pdu)

    assert driver.read((address,)) == [Reading(None, Quality.BAD_COMMUNICATION_ERROR)]
    assert_recovers(driver, raw_device)


def test_a_malformed_block_leaves_the_other_blocks_good(driver, raw_device):
    def script(transaction, unit, pdu, peer):
        reply = b"\x03\x02\x00\x07" if pdu[2] == 7 else good_reply(pdu)
        peer.sendall(frame(transaction, unit, reply))

    raw_device.script = script

    bad, good = driver.read(("holding:7:uint32", "holding:50"))
    assert bad.quality is Quality.BAD_COMMUNICATION_ERROR
    assert good == Reading(50)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda *_: None, id="silence"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(frame(t, u, good_reply(pdu))[:9]), id="half frame"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(frame(t + 1, u, good_reply(pdu))), id="wrong transaction"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(frame(t, u + 1, good_reply(pdu))), id="wrong unit"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(bytes(range(7, 256))), id="garbage"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(frame(t, u, b"\x55\x02\x00\x07")), id="unknown function"),
        pytest.param(lambda t, u, pdu, peer: peer.sendall(frame(t, u, b"\x03")), id="no data"),
    ],
)
def test_no_valid_reply_is_a_timeout_and_the_next_connection_is_clean(driver, raw_device, script):
    raw_device.script = script
    began = time.monotonic()

    with pytest.raises(DeviceTimeoutError, match="holding:7"):
        driver.read(("holding:7",))
    assert time.monotonic() - began < 2.0
    assert_recovers(driver, raw_device)


def test_a_flood_of_garbage_ends_at_the_deadline(driver, raw_device):
    def flood(transaction, unit, pdu, peer):
        for _ in range(200):
            peer.sendall(b"\0\0\0\0" * 64)
            time.sleep(0.01)

    raw_device.script = flood
    began = time.monotonic()

    with pytest.raises(DriverError):
        driver.read(("holding:7",))
    assert time.monotonic() - began < 2.0
    assert_recovers(driver, raw_device)


def test_a_close_in_mid_request_is_a_lost_link_at_once(driver, raw_device):
    def hang_up(transaction, unit, pdu, peer):
        peer.sendall(frame(transaction, unit, good_reply(pdu))[:5])
        peer.shutdown(socket.SHUT_RDWR)

    raw_device.script = hang_up

    with pytest.raises(LinkDownError, match="connection lost"):
        driver.read(("holding:7",))
    assert_recovers(driver, raw_device)


def test_one_refused_address_is_found_by_halving_and_remembered(driver, raw_device):
    raw_device.script = refusing(2, 5)
    addresses = tuple(f"holding:{n}" for n in range(16))

    readings = driver.read(addresses)
    asked = len(raw_device.pdus)
    again = driver.read(addresses)

    assert readings == again
    assert readings[5] == Reading(None, Quality.BAD_CONFIGURATION_ERROR)
    assert values(readings)[:5] + values(readings)[6:] == [*range(5), *range(6, 16)]
    assert asked == 9
    assert len(raw_device.pdus) - asked == 4


def test_a_multi_register_value_is_never_cut(driver, raw_device):
    raw_device.script = refusing(2, 3)

    readings = driver.read(("holding:0:uint32", "holding:2:uint32", "holding:4:uint32"))

    assert [reading.quality.is_good for reading in readings] == [True, False, True]
    assert values(readings)[2] == 4 << 16 | 5


def test_a_refused_address_is_good_again_after_a_reconnect(driver, raw_device):
    raw_device.script = refusing(2, 5)
    assert driver.read(("holding:4", "holding:5"))[1].quality.is_bad
    raw_device.script = answer_well
    assert driver.read(("holding:4", "holding:5"))[1].quality.is_bad

    driver.connect()

    assert values(driver.read(("holding:4", "holding:5"))) == [4, 5]


def test_a_refused_address_is_asked_for_again_from_time_to_time(driver, raw_device):
    raw_device.script = refusing(2, 5)
    driver.read(("holding:4", "holding:5"))
    raw_device.script = answer_well

    found = [driver.read(("holding:4", "holding:5"))[1].value for _ in range(100)]

    assert found[-1] == 5


def test_a_device_that_refuses_everything_costs_a_bounded_number_of_requests(driver, raw_device):
    raw_device.script = refusing(2)
    addresses = tuple(f"holding:{n}" for n in range(100))

    first = driver.read(addresses)
    asked = len(raw_device.pdus)
    for _ in range(10):
        driver.read(addresses)
    settled = len(raw_device.pdus)
    driver.read(addresses)

    assert {reading.quality for reading in first} == {Quality.BAD_CONFIGURATION_ERROR}
    assert asked <= 40
    assert len(raw_device.pdus) == settled


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        (1, Quality.BAD_CONFIGURATION_ERROR),
        (2, Quality.BAD_CONFIGURATION_ERROR),
        (3, Quality.BAD_CONFIGURATION_ERROR),
        (4, Quality.BAD_DEVICE_FAILURE),
        (5, Quality.UNCERTAIN_LAST_USABLE_VALUE),
        (6, Quality.UNCERTAIN_LAST_USABLE_VALUE),
        (8, Quality.BAD_DEVICE_FAILURE),
        (10, Quality.BAD_NO_COMMUNICATION),
        (11, Quality.BAD_NO_COMMUNICATION),
        (99, Quality.BAD_DEVICE_FAILURE),
    ],
)
def test_each_exception_code_has_its_quality_and_spoils_no_other_block(driver, raw_device, code, quality):
    raw_device.script = refusing(code, 7)

    assert driver.read(("holding:7", "holding:50")) == [Reading(None, quality), Reading(50)]


def test_an_absent_unit_behind_a_gateway_is_a_timeout_on_an_open_connection(driver, raw_device):
    raw_device.script = refusing(11)
    with pytest.raises(DeviceTimeoutError, match="unit 1"):
        driver.read(("holding:7", "holding:50"))

    raw_device.script = answer_well

    assert values(driver.read(("holding:7",))) == [7]


def test_a_refused_write_names_address_and_reason(driver, raw_device):
    raw_device.script = refusing(4)

    with pytest.raises(DeviceRefusedError, match=r"holding:7: .*server device failure \(exception 4\)") as caught:
        driver.write("holding:7", 1)
    assert caught.value.code == 4


@pytest.mark.parametrize(
    ("address", "value", "pdu"),
    [
        ("holding:7", 1, b"\x06\x00\x08\x00\x01"),
        ("holding:7", 1, b"\x06\x00\x07\x00\x02"),
        ("holding:7:uint32", 1, b"\x10\x00\x07\x00\x01"),
        ("coil:7", True, b"\x05\x00\x07\x00\x00"),
        ("coil:7", True, b"\x06\x00\x07\x00\x01"),
    ],
)
def test_a_wrong_confirmation_of_a_write_is_an_error(driver, raw_device, address, value, pdu):
    raw_device.script = pdu_of(pdu)

    with pytest.raises(DeviceRefusedError, match="malformed reply"):
        driver.write(address, value)


def test_a_write_without_reply_is_sent_once(driver, raw_device):
    raw_device.script = lambda *_: None

    with pytest.raises(DeviceTimeoutError):
        driver.write("holding:7", 1)
    assert raw_device.pdus == [b"\x06\x00\x07\x00\x01"]


@pytest.mark.parametrize(
    ("address", "value", "pdu"),
    [
        ("coil:7", True, b"\x05\x00\x07\xff\x00"),
        ("coil:7", 0, b"\x05\x00\x07\x00\x00"),
        ("holding:7:int16", -2, b"\x06\x00\x07\xff\xfe"),
        ("holding:7:uint32:cdab", 0x00010002, b"\x10\x00\x07\x00\x02\x04\x00\x02\x00\x01"),
    ],
)
def test_a_value_goes_out_in_one_request(driver, raw_device, address, value, pdu):
    driver.write(address, value)

    assert raw_device.pdus == [pdu]


def test_a_late_reply_never_answers_the_next_request(driver, raw_device):
    late: list[bytes] = []

    def one_behind(transaction, unit, pdu, peer):
        late.append(frame(transaction, unit, good_reply(pdu)))
        if len(late) > 1:
            peer.sendall(late[-2] + late[-1])

    raw_device.script = one_behind
    with pytest.raises(DeviceTimeoutError):
        driver.read(("holding:7",))
    driver.connect()

    assert values(driver.read(("holding:9",))) == [9]


def test_a_thousand_hang_ups_leave_nothing_behind(raw_device):
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=raw_device.port, timeout_s=5.0))
    raw_device.script = lambda t, u, pdu, peer: peer.shutdown(socket.SHUT_RDWR)
    for _ in range(1000):
        driver.connect()
        with pytest.raises(LinkDownError):
            driver.read(("holding:7",))

    assert_recovers(driver, raw_device)
    driver.close()
