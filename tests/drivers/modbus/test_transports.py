"""Every transport of Modbus against raw devices: what works, and what must not pass."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from automation.drivers.base import Reading
from automation.drivers.modbus.address import parse
from automation.drivers.modbus.build import build_driver
from automation.drivers.modbus.codec import encode
from automation.drivers.modbus.driver import ModbusDriver
from automation.model.errors import ConfigError, DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.testing.contracts.driver import DriverContract, DriverUnderTest
from tests.drivers.modbus.certificates import KeyPair, key_pair
from tests.drivers.modbus.lines import Ascii, Device, Mbap, PtyDevice, Request, Rtu, Send, SocketDevice, byte_by_byte

TRANSPORTS = ["tcp", "rtu", "rtu_over_tcp", "ascii", "tls"]
CHECKED = ["rtu", "rtu_over_tcp", "ascii"]
NUMBERED = ["tcp", "tls"]
SERIAL = ["rtu", "ascii"]


@dataclass
class Wire:
    """A device and the link to it."""

    device: PtyDevice | SocketDevice
    link: ModbusLink


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> KeyPair:
    return key_pair(tmp_path_factory.mktemp("keys"), "device")


@pytest.fixture
def timeout_s() -> float:
    """Of every request; so long that only a reply that never comes takes it."""
    return 5.0


@pytest.fixture
def make_wire(tmp_path: Path, free_port: int, keys: KeyPair, timeout_s: float) -> Iterator[Callable[[str], Wire]]:
    """Makes a running device and a link that are joined by the transport."""
    made: list[Wire] = []

    def make(transport: str) -> Wire:
        device: PtyDevice | SocketDevice
        link = ModbusLink(name="plc", host="127.0.0.1", port=free_port, timeout_s=timeout_s, max_gap=0)
        if transport in SERIAL:
            device = PtyDevice(Rtu() if transport == "rtu" else Ascii(), tmp_path / "ttyS0")
            place = {"host": "", "serial_port": str(device.path), "baud": 115_200, "parity": "none"}
        elif transport == "tls":
            device = SocketDevice(Mbap(), free_port, server_context(keys))
            place = {"ca_file": str(keys.certificate)}
        else:
            device = SocketDevice(Rtu() if transport == "rtu_over_tcp" else Mbap(), free_port)
            place = {}
        made.append(Wire(device, replace(link, transport=transport, **place)))
        device.start()
        return made[-1]

    yield make
    for wire in made:
        wire.device.stop()


@pytest.fixture
def wire(make_wire, transport) -> Wire:
    return make_wire(transport)


@pytest.fixture
def driver(wire) -> Iterator[ModbusDriver]:
    driver = build_driver(wire.link)
    yield driver
    driver.close()


@pytest.fixture
def device(wire, driver) -> Device:
    """The device whose registers hold their own offset, with the driver connected to it."""
    wire.device.memory.registers[3][:] = range(200)
    driver.connect()
    return wire.device


def server_context(keys: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys.certificate, keys.key)
    return context


def saying(pdu: bytes, unit: int | None = None) -> Callable[[Request, Send], None]:
    """A script that answers everything with this PDU."""
    return lambda request, send: send(request.frame(pdu, unit))


def assert_recovers(driver: ModbusDriver, device: Device) -> None:
    device.script = device.memory.reply
    driver.connect()
    assert [reading.value for reading in driver.read(("holding:7", "holding:8"))] == [7, 8]


def first_reading(driver: ModbusDriver) -> Reading:
    driver.connect()
    return driver.read(("holding:7",))[0]


@pytest.mark.parametrize("transport", TRANSPORTS)
class TestTransports(DriverContract):
    @pytest.fixture
    def subject(self, wire, driver) -> DriverUnderTest:
        memory = wire.device.memory
        memory.registers[3][10:13] = [0xFFFF, 0x4142, 0x4300]
        memory.registers[3][20:24] = encode(parse("holding:20:float64:cdab"), 3.25)
        memory.registers[4][5] = 7
        memory.bits[1][3] = memory.bits[2][60] = True
        return DriverUnderTest(
            driver=driver,
            readable=[
                ("holding:10:int16", -1),
                ("holding:11:string4", "ABC"),
                ("holding:20:float64:cdab", 3.25),
                ("input:5", 7),
                ("coil:3", True),
                ("coil:4", False),
                ("discrete:60", True),
            ],
            writable=("holding:30:float32:dcba", 1.5, -2.25),
            bad_addresses=["holding", "holding:70000"],
            read_only="input:5",
            stop_device=wire.device.stop,
            start_device=wire.device.start,
            absent="holding:250",
        )


@pytest.mark.parametrize("transport", TRANSPORTS)
class TestReplies:
    @pytest.mark.parametrize(
        ("address", "pdu"),
        [
            pytest.param("holding:7:uint32", b"\x03\x02\x00\x07", id="a register too few"),
            pytest.param("holding:7:uint32", b"\x03\x06\x00\x07\x00\x08\x00\x09", id="a register too many"),
            pytest.param("holding:7:uint32", b"\x04\x04\x00\x07\x00\x08", id="other function"),
            pytest.param("holding:7:uint32", b"\x84\x02", id="exception of another function"),
            pytest.param("coil:7", b"\x01\x02\xff\xff", id="a byte of bits too many"),
            pytest.param("coil:7", b"\x02\x01\xff", id="other table of bits"),
        ],
    )
    def test_one_that_does_not_fit_the_request_is_bad_and_shifts_no_value(self, driver, device, address, pdu):
        device.script = saying(pdu)

        assert driver.read((address,)) == [Reading(None, Quality.BAD_COMMUNICATION_ERROR)]
        assert_recovers(driver, device)

    @pytest.mark.parametrize(
        "script",
        [
            pytest.param(lambda request, send: None, id="silence"),
            pytest.param(lambda request, send: send(request.frame(b"\x03\x02\x00\x07")[:5]), id="half a frame"),
            pytest.param(saying(b"\x03\x02\x00\x07", unit=9), id="wrong unit"),
            pytest.param(lambda request, send: send(bytes(range(7, 256))), id="garbage"),
            pytest.param(lambda request, send: send(b":" + b"zz" * 20 + b"\r\n" + b"\0" * 20), id="garbage in ASCII"),
            pytest.param(saying(b"\x55\x02\x00\x07"), id="unknown function"),
            pytest.param(saying(b"\x03"), id="no data"),
        ],
    )
    @pytest.mark.parametrize("timeout_s", [0.2])
    def test_none_that_is_valid_is_a_timeout_within_bounds_and_the_next_poll_is_clean(self, driver, device, script):
        device.script = script
        began = time.monotonic()

        with pytest.raises(DeviceTimeoutError, match="holding:7"):
            driver.read(("holding:7",))
        assert time.monotonic() - began < 2.0
        assert_recovers(driver, device)

    def test_one_byte_by_byte_is_read(self, driver, device):
        device.script = lambda request, send: byte_by_byte(send, request.frame(device.memory.answer(request.pdu)))

        assert [reading.value for reading in driver.read(("holding:7", "holding:8"))] == [7, 8]

    def test_a_refused_write_names_address_and_reason(self, driver, device):
        device.script = saying(b"\x86\x04")

        with pytest.raises(DeviceRefusedError, match=r"holding:7: .*server device failure \(exception 4\)"):
            driver.write("holding:7", 1)

    @pytest.mark.parametrize(
        ("address", "value", "pdu"),
        [
            ("holding:7", 1, b"\x06\x00\x08\x00\x01"),
            ("holding:7", 1, b"\x06\x00\x07\x00\x02"),
            ("holding:7:uint32", 1, b"\x10\x00\x07\x00\x01"),
            ("coil:7", True, b"\x05\x00\x07\x00\x00"),
            ("holding:7.3", True, b"\x16\x00\x07\xff\xf7\x00\x00"),
            ("holding:7.3", True, b"\x06\x00\x07\x00\x08"),
        ],
    )
    def test_a_wrong_confirmation_of_a_write_is_an_error(self, driver, device, address, value, pdu):
        device.script = saying(pdu)

        with pytest.raises(DeviceRefusedError, match="malformed reply"):
            driver.write(address, value)

    def test_every_kind_of_write_arrives(self, driver, device):
        for address, value in {"coil:7": True, "holding:50": 5, "holding:51:uint32": 6, "holding:53.2": True}.items():
            driver.write(address, value)

        assert device.memory.bits[1][7] is True
        assert device.memory.registers[3][50:54] == [5, 0, 6, 53 | 4]
        assert [pdu[0] for pdu in device.pdus] == [5, 6, 16, 22]


@pytest.mark.parametrize("transport", NUMBERED)
@pytest.mark.parametrize("pdu", [b"\x06\x00\x07\x00\x01\x00", b"\x06\x00\x07\x00"])
@pytest.mark.parametrize("timeout_s", [0.2])
def test_a_confirmation_of_the_wrong_length_is_none(driver, device, pdu):
    device.script = saying(pdu)

    with pytest.raises(DeviceTimeoutError):
        driver.write("holding:7", 1)


@pytest.mark.parametrize("transport", NUMBERED)
@pytest.mark.parametrize("pdu", [b"\x03\x04\x00\x07\x00", b"\x03\x03\x00\x07\x00\x08"])
def test_a_byte_count_that_does_not_fit_the_frame_is_bad(driver, device, pdu):
    device.script = saying(pdu)

    assert driver.read(("holding:7:uint32",)) == [Reading(None, Quality.BAD_COMMUNICATION_ERROR)]


@pytest.mark.parametrize("transport", CHECKED)
@pytest.mark.parametrize("timeout_s", [0.2])
def test_a_frame_with_a_wrong_checksum_is_dropped(driver, device):
    def garbled(request: Request, send: Send) -> None:
        frame = bytearray(request.frame(device.memory.answer(request.pdu)))
        frame[6] ^= 1
        send(bytes(frame))

    device.script = garbled

    with pytest.raises(DeviceTimeoutError):
        driver.read(("holding:7",))
    assert_recovers(driver, device)


@pytest.mark.parametrize("transport", CHECKED)
@pytest.mark.parametrize("timeout_s", [0.2])
def test_a_byte_count_that_does_not_fit_the_frame_is_never_a_value(driver, device):
    for pdu in (b"\x03\x04\x00\x07\x00", b"\x03\x03\x00\x07\x00\x08"):
        device.script = saying(pdu)
        try:
            readings = driver.read(("holding:7:uint32",))
        except DeviceTimeoutError:
            driver.connect()
        else:
            assert readings == [Reading(None, Quality.BAD_COMMUNICATION_ERROR)]


@pytest.mark.parametrize("transport", CHECKED)
def test_what_arrived_unasked_never_answers_the_next_request(driver, device):
    def twice(request: Request, send: Send) -> None:
        frame = request.frame(device.memory.answer(request.pdu))
        send(frame + frame)

    device.script = twice
    assert driver.read(("holding:7",)) == [Reading(7)]
    assert driver.read(("holding:9",)) == [Reading(9)]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("timeout_s", [0.2])
def test_a_flood_of_garbage_ends_at_the_deadline(driver, device):
    def flood(request: Request, send: Send) -> None:
        until = time.monotonic() + 0.6
        try:
            while time.monotonic() < until:
                send(b"\0" * 32)
                time.sleep(0.01)
        except OSError:
            return

    device.script = flood
    began = time.monotonic()

    with pytest.raises(DriverError):
        driver.read(("holding:7",))
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("transport", SERIAL)
def test_the_port_is_free_after_each_close(wire, driver):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        driver.connect()
        driver.close()

    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("transport", SERIAL)
def test_a_port_that_is_not_there_is_a_link_down_that_names_it(wire):
    driver = build_driver(replace(wire.link, serial_port="/dev/no-such-port"))

    with pytest.raises(LinkDownError, match="/dev/no-such-port"):
        driver.connect()


@pytest.mark.parametrize("transport", ["rtu"])
def test_a_port_has_one_owner(wire, driver, device):
    other = build_driver(replace(wire.link, name="other", baud=9600))

    with pytest.raises(LinkDownError, match="ttyS0 9600 8N1"):
        other.connect()
    driver.close()
    other.connect()
    assert other.read(("holding:7",)) == [Reading(7)]
    other.close()


@pytest.mark.parametrize("transport", ["rtu"])
@pytest.mark.parametrize("frame", [{"parity": "even"}, {"parity": "odd"}])
def test_a_port_that_cannot_do_the_parity_is_a_link_down_each_time(wire, frame):
    driver = build_driver(replace(wire.link, **frame))

    for _ in range(3):
        with pytest.raises(LinkDownError, match="does not support"):
            driver.connect()


@pytest.mark.parametrize("transport", ["rtu"])
def test_a_file_that_is_no_serial_port_is_a_link_down(wire, tmp_path):
    (tmp_path / "file").write_text("")
    driver = build_driver(replace(wire.link, serial_port=str(tmp_path / "file")))

    with pytest.raises(LinkDownError, match="file"):
        driver.connect()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_device_without_function_22_has_its_register_read_first_and_is_asked_once(driver, device):
    device.memory.refused = {22}
    driver.write("holding:7.3", True)
    driver.write("holding:7.0", False)

    assert device.memory.registers[3][7] == 0b1110
    assert [pdu[0] for pdu in device.pdus] == [22, 3, 6, 3, 6]


@pytest.mark.parametrize("transport", ["tcp"])
class TestBits:
    def test_another_refusal_of_a_bit_is_told(self, driver, device):
        device.script = saying(b"\x96\x02")

        with pytest.raises(DeviceRefusedError, match="illegal data address"):
            driver.write("holding:7.3", True)
        assert len(device.pdus) == 1

    def test_a_device_is_asked_for_function_22_again_after_a_connect(self, driver, device):
        device.memory.refused = {22}
        driver.write("holding:7.3", True)
        device.memory.refused = set()
        driver.connect()

        driver.write("holding:7.4", True)

        assert [pdu[0] for pdu in device.pdus] == [22, 3, 6, 22]

    def test_a_link_may_do_without(self, wire, device):
        driver = build_driver(replace(wire.link, mask_write=False))
        driver.connect()

        driver.write("holding:7.3", True)
        driver.close()

        assert [pdu[0] for pdu in device.pdus] == [3, 6]


@pytest.mark.parametrize("transport", ["tls"])
class TestTls:
    def test_a_device_with_another_certificate_is_refused(self, wire, tmp_path):
        stranger = key_pair(tmp_path, "device")
        driver = build_driver(replace(wire.link, ca_file=str(stranger.certificate)))

        with pytest.raises(LinkDownError, match="CERTIFICATE_VERIFY_FAILED"):
            driver.connect()

    def test_a_device_with_another_name_is_refused(self, wire):
        driver = build_driver(replace(wire.link, server_name="pump"))

        with pytest.raises(LinkDownError, match="pump"):
            driver.connect()

    def test_the_name_of_the_certificate_may_differ_from_the_host(self, wire):
        driver = build_driver(replace(wire.link, server_name="device"))
        driver.connect()

        assert driver.read(("holding:7",)) == [Reading(0)]
        driver.close()

    def test_a_device_that_wants_a_certificate_gets_ours(self, wire, keys, tmp_path):
        ours = key_pair(tmp_path, "runtime")
        context = server_context(keys)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(ours.certificate)
        wire.device.stop()
        device = SocketDevice(Mbap(), wire.device.port, context)
        device.start()
        pair = {"client_certificate": str(ours.certificate), "client_key": str(ours.key)}
        known, stranger = build_driver(replace(wire.link, **pair)), build_driver(wire.link)

        known.connect()
        assert known.read(("holding:7",)) == [Reading(0)]
        with pytest.raises(DriverError):
            first_reading(stranger)
        known.close()
        device.stop()

    def test_files_that_cannot_be_used_are_named(self, wire, keys, tmp_path):
        with pytest.raises(ConfigError, match="link plc: ca_file /nowhere"):
            build_driver(replace(wire.link, ca_file="/nowhere"))
        other = key_pair(tmp_path, "other")
        with pytest.raises(ConfigError, match=r"link plc: client_certificate .*device\.pem"):
            build_driver(replace(wire.link, client_certificate=str(keys.certificate), client_key=str(other.key)))


@pytest.mark.parametrize("transport", ["tcp"])
@pytest.mark.parametrize("timeout_s", [0.2])
def test_a_device_that_speaks_in_clear_is_refused(wire, keys):
    driver = build_driver(replace(wire.link, transport="tls", ca_file=str(keys.certificate)))
    began = time.monotonic()

    with pytest.raises(LinkDownError, match=r"127\.0\.0\.1"):
        driver.connect()
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_registers_are_written_and_read_back_in_one_request(make_wire, transport):
    wire = make_wire(transport)
    driver = build_driver(replace(wire.link, read_write=True))
    driver.connect()
    driver.write("holding:10:uint32", 0x00010002)
    driver.close()

    assert [pdu[0] for pdu in wire.device.pdus] == [23]
    assert wire.device.memory.registers[3][10:12] == [1, 2]


def test_a_device_that_shows_other_registers_than_were_written_refuses(make_wire):
    wire = make_wire("tcp")
    driver = build_driver(replace(wire.link, read_write=True))
    driver.connect()
    wire.device.script = saying(bytes([23, 2, 0, 9]))

    with pytest.raises(DeviceRefusedError, match=r"shows \[9\] after \[5\] was written"):
        driver.write("holding:10", 5)
    driver.close()


def test_a_device_without_function_23_is_written_as_any_other(make_wire):
    wire = make_wire("tcp")
    wire.device.memory.refused = {23}
    driver = build_driver(replace(wire.link, read_write=True))
    driver.connect()
    driver.write("holding:10", 5)
    driver.write("holding:10", 6)
    driver.close()

    assert [pdu[0] for pdu in wire.device.pdus] == [23, 6, 6]
