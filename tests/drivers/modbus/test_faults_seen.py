"""What the table shows and the link counts while a device misbehaves on the wire."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup, LinkStatus
from automation.cvt.table import Cvt
from automation.drivers.modbus.build import build_driver
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.system.clock import RealClock
from automation.testing.waiting import wait_until
from automation.testing.watch import Watch
from tests.drivers.modbus.lines import Mbap, Request, Send, SocketDevice


class Plant:
    """Devices and their links; each has the tags NAME.PT and NAME.TT, registers 0 and 1."""

    def __init__(self) -> None:
        self.cvt = Cvt()
        self.watch = Watch(self.cvt)
        self.changes: list[LinkStatus] = []
        self.acquisition = Acquisition(self.cvt, RealClock(), on_change=self.changes.append)
        self.devices: list[SocketDevice] = []

    def add(self, name: str, port: int, scan_s: float = 0.02, timeout_s: float = 5.0) -> SocketDevice:
        link = ModbusLink(name=name, host="127.0.0.1", port=port, timeout_s=timeout_s, scans={"fast": scan_s}, max_gap=0)
        tags = [Tag(name=f"{name}.{tag}", source=f"{name}/holding:{n}", scan="fast") for n, tag in enumerate(("PT", "TT"))]
        self.acquisition.add(LinkSetup(name=name, driver=build_driver(link), scans=link.scans), tags)
        self.devices.append(SocketDevice(Mbap(), port))
        self.devices[-1].memory.registers[3][:2] = [421, 7]
        return self.devices[-1]

    def shows(self, tag: str, value: float, quality: Quality = Quality.GOOD) -> None:
        """Return once the table does."""
        self.watch.until(lambda cvt: (cvt.read(tag).value, cvt.read(tag).quality) == (value, quality))

    def status(self, name: str) -> LinkStatus:
        return next(each for each in self.acquisition.status() if each.name == name)

    def stop(self) -> None:
        self.acquisition.stop()
        for device in self.devices:
            device.stop()


@pytest.fixture
def plant() -> Iterator[Plant]:
    plant = Plant()
    yield plant
    plant.stop()


@pytest.fixture
def free_ports() -> tuple[int, int]:
    """Two TCP ports on loopback that were free a moment ago."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def late(device: SocketDevice, delay_s: float) -> Callable[[Request, Send], None]:
    """A script of a device that takes its time."""

    def script(request: Request, send: Send) -> None:
        time.sleep(delay_s)
        device.memory.reply(request, send)

    return script


def test_a_silent_device_delays_no_other(plant, free_ports):
    silent = plant.add("silent", free_ports[0], timeout_s=2.0)
    well = plant.add("well", free_ports[1])
    silent.script = lambda request, send: None
    for device in plant.devices:
        device.start()
    plant.acquisition.start()
    wait_until(lambda: silent.seen, 5.0)
    before = len(well.seen)

    wait_until(lambda: len(well.seen) > before + 10, 5.0)

    assert len(silent.seen) == 1
    plant.watch.until(lambda cvt: cvt.read("silent.PT").quality is Quality.BAD_NO_COMMUNICATION)
    assert plant.status("well").errors == 0


def test_a_busy_device_keeps_the_value_as_uncertain_and_is_good_at_the_next_poll(plant, free_port):
    device = plant.add("plc", free_port)
    device.start()
    plant.acquisition.start()
    plant.shows("plc.PT", 421)

    device.script = lambda request, send: send(request.frame(bytes([request.pdu[0] | 0x80, 6])))
    plant.shows("plc.PT", 421, Quality.UNCERTAIN_LAST_USABLE_VALUE)
    device.script = device.memory.reply

    plant.shows("plc.PT", 421)
    assert device.connections == 1


def test_a_slow_device_stretches_the_scan_and_nothing_queues_up(plant, free_port):
    device = plant.add("plc", free_port, scan_s=0.01, timeout_s=5.0)
    device.script = late(device, 0.08)
    device.start()
    plant.acquisition.start()
    plant.shows("plc.PT", 421)

    wait_until(lambda: plant.status("plc").overruns > 10, 5.0)

    status = plant.status("plc")
    assert status.errors == 0
    assert status.requests - len(device.seen) in (-1, 0, 1)
    device.script = device.memory.reply
    device.memory.registers[3][0] = 422
    plant.shows("plc.PT", 422)


def test_a_reboot_is_one_loss_and_one_return(plant, free_port):
    device = plant.add("plc", free_port)
    device.start()
    plant.acquisition.start()
    plant.shows("plc.TT", 7)

    device.stop()
    plant.shows("plc.TT", 7, Quality.BAD_NOT_CONNECTED)
    device.memory.registers[3][:] = [0] * 200
    device.start()

    plant.shows("plc.TT", 0)
    assert [change.up for change in plant.changes] == [True, False, True]
    assert plant.status("plc").reconnects == 1
