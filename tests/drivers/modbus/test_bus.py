"""Several units behind one connection: a serial line, a gateway that takes only one, and one that takes many."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.table import Cvt
from automation.drivers.base import Reading
from automation.drivers.modbus.build import build_driver
from automation.drivers.modbus.driver import ModbusDriver
from automation.model.errors import DeviceTimeoutError, DriverError, LinkDownError
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.system.clock import RealClock
from automation.testing.waiting import wait_until
from automation.testing.watch import Watch
from tests.drivers.modbus.lines import Mbap, PtyDevice, Request, Rtu, Send, SocketDevice

PATIENT_S, HASTY_S = 5.0, 0.1
LIVING = (1, 2, 3)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[PtyDevice]:
    """A serial line with the units 1, 2 and 3, whose register 0 holds 5."""
    device = PtyDevice(Rtu(), tmp_path / "ttyS0")
    device.memory.units = LIVING
    device.memory.registers[3][0] = 5
    device.start()
    yield device
    device.stop()


@pytest.fixture
def gateway(free_port: int) -> Iterator[SocketDevice]:
    """The same behind a TCP gateway."""
    device = SocketDevice(Mbap(), free_port)
    device.memory.units = LIVING
    device.memory.registers[3][0] = 5
    device.start()
    yield device
    device.stop()


@pytest.fixture
def on_line(line) -> Iterator[Callable[[int], ModbusDriver]]:
    yield from connected(lambda unit: serial_link(line, unit))


@pytest.fixture
def on_gateway(gateway) -> Iterator[Callable[[int], ModbusDriver]]:
    yield from connected(lambda unit: tcp_link(gateway, unit, shared=True))


def patience_s(unit: int) -> float:
    """The timeout of a link: a unit that lives is waited for however busy the machine is."""
    return PATIENT_S if unit in LIVING else HASTY_S


def serial_link(line: PtyDevice, unit: int) -> ModbusLink:
    place = {"transport": "rtu", "serial_port": str(line.path), "baud": 115_200, "parity": "none"}
    return ModbusLink(name=f"unit{unit}", unit_id=unit, timeout_s=patience_s(unit), scans={"fast": 0.02}, **place)


def tcp_link(gateway: SocketDevice, unit: int, *, shared: bool) -> ModbusLink:
    place = {"host": "127.0.0.1", "port": gateway.port, "shared": shared}
    return ModbusLink(name=f"unit{unit}", unit_id=unit, timeout_s=patience_s(unit), scans={"fast": 0.02}, **place)


def connected(link: Callable[[int], ModbusLink]) -> Iterator[Callable[[int], ModbusDriver]]:
    """Makes the connected driver of a unit."""
    drivers = []

    def make(unit: int) -> ModbusDriver:
        drivers.append(build_driver(link(unit)))
        drivers[-1].connect()
        return drivers[-1]

    yield make
    for driver in drivers:
        driver.close()


def refusing_units(device: SocketDevice, code: int, *units: int) -> Callable[[Request, Send], None]:
    """A script of a gateway that answers for these units that they do not."""

    def script(request: Request, send: Send) -> None:
        if request.unit in units:
            send(request.frame(bytes([request.pdu[0] | 0x80, code])))
        else:
            device.memory.reply(request, send)

    return script


def test_units_share_one_connection_one_request_at_a_time(on_gateway, gateway):
    drivers = [on_gateway(unit) for unit in (1, 2, 3)]
    inside, most = 0, 0

    def script(request: Request, send: Send) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.001)
        gateway.memory.reply(request, send)
        inside -= 1

    gateway.script = script
    readings: list[object] = []
    threads = [
        threading.Thread(target=lambda driver=driver: readings.extend(driver.read(("holding:0",))[0] for _ in range(20)))
        for driver in drivers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert readings == [Reading(5)] * 60
    assert (gateway.connections, most) == (1, 1)


def test_the_connection_is_closed_by_the_last_to_leave(on_gateway, gateway):
    first, second = on_gateway(1), on_gateway(2)
    first.close()
    with pytest.raises(LinkDownError, match="not connected"):
        first.read(("holding:0",))
    assert second.read(("holding:0",)) == [Reading(5)]

    second.close()
    first.connect()

    assert first.read(("holding:0",)) == [Reading(5)]
    assert gateway.connections == 2


def test_links_that_do_not_share_have_connections_of_their_own(gateway):
    drivers = [build_driver(tcp_link(gateway, unit, shared=False)) for unit in (1, 2)]
    for driver in drivers:
        driver.connect()
        assert driver.read(("holding:0",)) == [Reading(5)]
        assert driver.read(("holding:0",)) == [Reading(5)]
    for driver in drivers:
        driver.close()

    assert gateway.connections == 2


def test_a_silent_unit_leaves_its_neighbours_connected(on_line, line):
    dead, alive = on_line(9), on_line(2)

    with pytest.raises(DeviceTimeoutError):
        dead.read(("holding:0",))

    assert alive.read(("holding:0",)) == [Reading(5)]


@pytest.mark.parametrize("code", [10, 11])
def test_units_that_the_gateway_does_not_reach_leave_the_others_on_the_same_socket(on_gateway, gateway, code):
    gateway.script = refusing_units(gateway, code, 7)
    dead, alive = on_gateway(7), [on_gateway(unit) for unit in (1, 2, 3)]

    for _ in range(5):
        with pytest.raises((DeviceTimeoutError, LinkDownError)):
            dead.read(("holding:0",))
        assert [driver.read(("holding:0",)) for driver in alive] == [[Reading(5)]] * 3
    assert gateway.connections == 1


def test_silent_units_together_take_a_small_part_of_the_line(on_line, line):
    dead, alive = [on_line(unit) for unit in range(10, 20)], on_line(1)
    for driver in dead * 2:
        with pytest.raises((DeviceTimeoutError, LinkDownError)):
            driver.read(("holding:0",))
    asked = len(line.seen)

    for driver in dead * 10:
        with pytest.raises(LinkDownError, match="does not answer; asked again in"):
            driver.read(("holding:0",))

    assert len(line.seen) == asked
    assert alive.read(("holding:0",)) == [Reading(5)]


def test_a_unit_that_answers_again_is_one_of_all_at_once(on_line, line):
    unit, _ = on_line(9), on_line(1)
    for _ in range(2):
        with pytest.raises(DeviceTimeoutError):
            unit.read(("holding:0",))
    line.memory.units = (9,)

    wait_until(lambda: all(answers(unit) for _ in range(3)), 5.0)


def answers(driver: ModbusDriver) -> bool:
    try:
        return driver.read(("holding:0",)) == [Reading(5)]
    except DriverError:
        return False


def test_a_unit_without_neighbours_is_asked_whenever_its_link_likes(on_line, line):
    unit = on_line(9)

    for _ in range(4):
        with pytest.raises(DeviceTimeoutError):
            unit.read(("holding:0",))
    assert len(line.seen) == 4


def test_a_write_goes_before_the_reads_that_wait(line):
    drivers = [build_driver(serial_link(line, unit)) for unit in (1, 2, 3)]
    for driver in drivers:
        driver.connect()
    free, busy = threading.Event(), threading.Event()

    def held(request: Request, send: Send) -> None:
        busy.set()
        free.wait(5)
        line.memory.reply(request, send)

    line.script = held
    threads = [
        threading.Thread(target=drivers[0].read, args=(("holding:0",),)),
        threading.Thread(target=drivers[1].read, args=(("holding:0",),)),
        threading.Thread(target=drivers[2].write, args=("holding:1", 9)),
    ]
    threads[0].start()
    assert busy.wait(5)
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: waiting(drivers[0]) == 2, 5.0)
    free.set()
    for thread in threads:
        thread.join(5)
    for driver in drivers:
        driver.close()

    assert [request.pdu[0] for request in line.seen] == [3, 6, 3]


def waiting(driver: ModbusDriver) -> int:
    """How many requests wait for the bus of the driver."""
    return len(driver._transport._line._turns._waiting)


@pytest.mark.parametrize("kind", ["serial", "shared", "own"])
def test_a_dead_unit_does_not_keep_its_neighbours_from_being_polled(kind, line, gateway):
    """Unit 9 is dead; the others are polled on."""
    cvt, units = Cvt(), (1, 9, 2)
    links = [serial_link(line, unit) if kind == "serial" else tcp_link(gateway, unit, shared=kind == "shared") for unit in units]
    acquisition = Acquisition(cvt, RealClock())
    for link in links:
        tag = Tag(name=f"{link.name}.PT", source=f"{link.name}/holding:0", scan="fast")
        acquisition.add(LinkSetup(name=link.name, driver=build_driver(link), scans=link.scans), [tag])
    device = line if kind == "serial" else gateway
    watch = Watch(cvt)

    acquisition.start()
    watch.until(lambda cvt: cvt.read("unit9.PT").quality is Quality.BAD_NO_COMMUNICATION)
    watch.until(lambda cvt: all(cvt.read(f"unit{unit}.PT").quality is Quality.GOOD for unit in (1, 2)))
    asked = len(device.seen)
    wait_until(lambda: len(device.seen) > asked + 100, 10.0)
    status = {each.name: each for each in acquisition.status()}
    acquisition.stop()

    assert (status["unit1"].errors, status["unit2"].errors) == (0, 0)
    assert sum(request.unit == 9 for request in device.seen[asked:]) < 10
