"""The guard on every transport, against raw devices: what is written, what must not be believed, and who waits for whom."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from automation.guard.client import GuardClient
from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.device import Device, Devices
from automation.guard.framing import AsciiFraming, RtuFraming, crc16
from automation.guard.gateway import Gateway
from automation.guard.latch_file import LatchFile
from automation.guard.modbus_wire import (
    Table,
    decode_read,
    mask_request,
    parse_request,
    read_request,
    read_write_request,
    write_request,
)
from automation.guard.service import Guard
from automation.model.errors import (
    DeviceRefusedError,
    DeviceTimeoutError,
    DriverError,
    InvalidValueError,
    LinkDownError,
    NotAllowedError,
)
from automation.system.clock import RealClock
from automation.testing.waiting import wait_until
from tests.drivers.modbus.certificates import KeyPair, key_pair
from tests.drivers.modbus.lines import Ascii, Mbap, PtyDevice, Request, Rtu, Send, SocketDevice, crc

TRANSPORTS = ["tcp", "rtu", "rtu_over_tcp", "ascii", "tls"]
READ = read_request("holding", 5, 3)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return key_pair(tmp_path_factory.mktemp("keys"), "device")


@dataclass
class Wire:
    device: PtyDevice | SocketDevice
    link: GuardedLink


@pytest.fixture
def make_wire(tmp_path: Path, free_port: int, keys: KeyPair) -> Iterator[Callable[[str], Wire]]:
    made: list[Wire] = []

    def make(transport: str, timeout_s: float = 3.0) -> Wire:
        device: PtyDevice | SocketDevice
        place: dict[str, object] = {"host": "127.0.0.1", "port": free_port}
        if transport in ("rtu", "ascii"):
            device = PtyDevice(Rtu() if transport == "rtu" else Ascii(), tmp_path / "ttyS0")
            place = {"serial_port": str(device.path), "baud": 115_200, "parity": "none"}
        elif transport == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(keys.certificate, keys.key)
            device = SocketDevice(Mbap(), free_port, context)
            place["ca_file"] = str(keys.certificate)
        else:
            device = SocketDevice(Rtu() if transport == "rtu_over_tcp" else Mbap(), free_port)
        device.memory.registers[3][:] = range(200)
        device.start()
        made.append(Wire(device, GuardedLink(name="plc", transport=transport, timeout_s=timeout_s, **place)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for wire in made:
        wire.device.stop()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_reads_and_writes_pass_on_every_transport(make_wire: Callable[[str], Wire], transport: str) -> None:
    wire = make_wire(transport)
    device = Devices().make(wire.link)
    device.connect()

    assert decode_read(READ, device.exchange(1, READ)) == [5, 6, 7]
    device.exchange(1, write_request("holding", 5, [500]))
    device.exchange(1, write_request("holding", 6, [600, 700]))
    device.exchange(1, mask_request(20, 0xFFF0, 0x0003))
    assert decode_read(READ, device.exchange(1, READ)) == [500, 600, 700]
    assert wire.device.memory.registers[3][20] == 20 & 0xFFF0 | 3
    with pytest.raises(DeviceRefusedError):
        device.exchange(1, read_request("holding", 199, 5))
    assert device.connected
    device.close()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_device_that_says_nothing_is_given_up_and_found_again(make_wire: Callable[..., Wire], transport: str) -> None:
    wire = make_wire(transport, 0.3)
    with closing(Devices().make(wire.link)) as device:
        device.connect()
        wire.device.script = lambda request, send: None
        for _ in range(2):
            with pytest.raises(DriverError):
                device.exchange(1, READ)
        assert not device.connected
        wire.device.script = wire.device.memory.reply

        assert decode_read(READ, answer(device)) == [5, 6, 7]


def answer(device: Device) -> bytes:
    """What a device that answers again says; on a busy machine it may not be the first time that it is in time."""
    for _ in range(20):
        with suppress(DeviceTimeoutError):
            if not device.connected:
                device.connect()
            return device.exchange(1, READ)
    pytest.fail("the device was not found again")


@pytest.mark.parametrize("transport", ["rtu", "rtu_over_tcp", "ascii"])
@pytest.mark.parametrize("damage", ["checksum", "unit", "half"])
def test_a_damaged_reply_is_never_believed(make_wire: Callable[..., Wire], transport: str, damage: str) -> None:
    wire = make_wire(transport, 0.4)

    def damaged(request: Request, send: Send) -> None:
        frame = request.frame(wire.device.memory.answer(request.pdu), unit=9 if damage == "unit" else None)
        if damage == "checksum":
            middle = len(frame) - 4
            frame = frame[:middle] + bytes((frame[middle] ^ 1,)) + frame[middle + 1 :]
        send(frame[: len(frame) // 2] if damage == "half" else frame)

    with closing(Devices().make(wire.link)) as device:
        device.connect()
        wire.device.script = damaged
        with pytest.raises(DriverError):
            device.exchange(1, READ)
        wire.device.script = wire.device.memory.reply

        assert decode_read(READ, answer(device)) == [5, 6, 7]


def test_a_late_reply_on_a_line_is_not_taken_for_the_next(make_wire: Callable[..., Wire]) -> None:
    wire = make_wire("rtu", 0.2)
    device = Devices().make(wire.link)
    device.connect()

    def late(request: Request, send: Send) -> None:
        time.sleep(0.3)
        wire.device.memory.reply(request, send)

    wire.device.script = late
    with pytest.raises(DeviceTimeoutError):
        device.exchange(1, READ)
    wire.device.script = wire.device.memory.reply
    wire.device.memory.registers[3][5] = 77
    wait_until(lambda: len(wire.device.seen) == 1, 2.0)
    time.sleep(0.2)

    assert decode_read(READ, answer(device)) == [77, 6, 7]
    device.close()


def test_a_wrong_certificate_is_refused(make_wire: Callable[[str], Wire], tmp_path: Path) -> None:
    wire = make_wire("tls")
    other = key_pair(tmp_path, "other")
    link = GuardedLink(name="plc", transport="tls", host="127.0.0.1", port=wire.link.port, ca_file=str(other.certificate))

    with pytest.raises(LinkDownError, match="certificate"):
        Devices().make(link).connect()


# the checksums, and the requests of functions 22 and 23


def test_the_checksum_is_that_of_the_specification() -> None:
    assert crc16(b"\x02\x07") == b"\x41\x12"
    for data in (b"", b"\x01\x03\x00\x00\x00\x0a", bytes(range(256))):
        assert crc16(data) == crc(data)
    assert AsciiFraming().encode(0x11, bytes.fromhex("030001000A")).startswith(b":11030001000A")


@pytest.mark.parametrize("framing", [RtuFraming(), AsciiFraming()])
def test_nothing_is_taken_before_it_is_whole(framing: RtuFraming | AsciiFraming) -> None:
    request = framing.encode(1, READ)
    reply = AsciiFraming().encode(1, b"\x03\x06" + bytes(6)) if isinstance(framing, AsciiFraming) else None
    if reply is None:
        data = b"\x01\x03\x06" + bytes(6)
        reply = data + crc16(data)
    buffer = bytearray()
    taken = []
    for byte in reply:
        buffer.append(byte)
        taken.append(framing.take(buffer))

    assert request
    assert [pdu for pdu in taken if pdu] == [b"\x03\x06" + bytes(6)]
    assert taken[-1] is not None
    assert not buffer


def test_a_write_with_read_back_names_what_it_writes() -> None:
    request = parse_request(read_write_request(10, [1, 2]))

    assert (request.writes, request.table, request.offset, request.size, request.reads) == (True, Table.HOLDING, 10, 2, (10, 2))
    for broken in (b"\x17\x00\x00\x00\x01", read_write_request(10, [1, 2])[:-1], mask_request(1, 0, 0) + b"\0"):
        with pytest.raises(InvalidValueError):
            parse_request(broken)
    with pytest.raises(InvalidValueError):
        read_write_request(0, [0] * 122)


# two units on one line, with the whole guard


class Site:
    """A guard with a pump on each of two units of one line."""

    def __init__(self, device: PtyDevice, folder: Path) -> None:
        self.device = device
        place = {"transport": "rtu", "serial_port": str(device.path), "baud": 115_200, "parity": "none", "timeout_s": 0.2}
        links = tuple(GuardedLink(name=f"U{unit}", **place) for unit in (1, 2))  # type: ignore[arg-type]
        outputs = tuple(
            GuardedOutput(name=f"P{unit}", link=f"U{unit}", unit=unit, table=Table.COIL, offset=unit, safe=(0,))
            for unit in (1, 2)
        )
        clock = RealClock()
        config = GuardConfig(state_dir=str(folder), links=links, outputs=outputs, heartbeat_timeout_s=60.0)
        self.guard = Guard(config, LatchFile(folder), clock)
        self.gateway = Gateway("secret", self.guard.handle, clock, 16)
        self.client = GuardClient.at("127.0.0.1", self.gateway.port, "secret")
        self.guard.start()
        self.gateway.start()

    def close(self) -> None:
        self.client.close()
        self.guard.make_safe(in_order=True)
        self.gateway.stop()
        self.guard.stop(0.5)

    def put(self, unit: int, value: int) -> None:
        self.client.put(f"P{unit}", [value], self.client.estop().epoch)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[PtyDevice]:
    device = PtyDevice(Rtu(), tmp_path / "ttyS0")
    device.memory.units = (1, 2)
    device.start()
    yield device
    device.stop()


@pytest.fixture
def site(line: PtyDevice, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "guard").mkdir()
    site = Site(line, tmp_path / "guard")
    yield site
    site.close()


def test_two_units_share_one_line_and_a_stop_makes_both_safe(site: Site, line: PtyDevice) -> None:
    wait_until(lambda: not site.client.status().estop.unconfirmed, 3.0)
    site.put(1, 1)
    site.put(2, 1)
    state = site.client.trip("smoke", "anna")

    assert state.unconfirmed == ()
    assert (line.memory.bits[1][1], line.memory.bits[1][2]) == (False, False)


def test_a_dead_unit_starves_no_neighbour(site: Site, line: PtyDevice) -> None:
    wait_until(lambda: not site.client.status().estop.unconfirmed, 3.0)
    line.memory.units = (1,)
    site.client.trip("smoke", "anna")
    begun = time.perf_counter()
    for _ in range(20):
        site.client.execute("U1", 1, read_request("coil", 0, 8))
    took_s = time.perf_counter() - begun

    assert site.client.estop().unconfirmed == ("P2",)
    assert took_s < 2.0
    line.memory.units = (1, 2)
    wait_until(lambda: not site.client.estop().unconfirmed, 10.0)


def test_an_output_is_not_written_by_another_way(site: Site) -> None:
    wait_until(lambda: not site.client.status().estop.unconfirmed, 3.0)

    with pytest.raises(NotAllowedError, match="P1"):
        site.client.write("U1", 1, write_request("coil", 0, [1, 1]))
