"""From a real Modbus device to the table and back, over a socket that breaks."""

from __future__ import annotations

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.table import Cvt
from automation.drivers.modbus.build import build_driver
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.model.tag import DataType, Scale, Tag
from automation.system.clock import RealClock
from automation.testing.watch import Watch

HOLDING = 3
TAGS = [
    Tag(name="LT", source="plc/holding:0", scale=Scale(raw=(0, 1000), eng=(0.0, 10.0)), scan="fast"),
    Tag(name="RUN", source="plc/holding:1.0", type=DataType.BOOL, scan="fast"),
]


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def acquisition(cvt, free_port):
    acquisition = Acquisition(cvt, RealClock())
    settings = ModbusLink(name="plc", host="127.0.0.1", port=free_port, timeout_s=0.3, scans={"fast": 0.05})
    acquisition.add(LinkSetup(name="plc", driver=build_driver(settings), scans=settings.scans), TAGS)
    yield acquisition
    acquisition.stop()


def good(cvt: Cvt) -> bool:
    return cvt.read("LT").quality is Quality.GOOD and cvt.read("LINK.plc.UP").value is True


def bad(cvt: Cvt) -> bool:
    return cvt.read("LT").quality is Quality.BAD_NOT_CONNECTED and cvt.read("LINK.plc.UP").value is False


def test_a_device_that_goes_and_comes_is_bad_and_good_by_itself(device, acquisition, cvt):
    watch = Watch(cvt)
    device.set(HOLDING, 0, [421, 1])
    acquisition.start()
    watch.until(good)
    assert cvt.read("LT").value == pytest.approx(4.21)
    assert cvt.read("RUN").value is True

    device.stop()
    watch.until(bad)
    assert cvt.read("LT").value == pytest.approx(4.21)

    device.start()
    device.set(HOLDING, 0, [500, 0])
    watch.until(lambda cvt: good(cvt) and cvt.read("LT").value == pytest.approx(5.0))
    assert acquisition.status()[0].reconnects == 1


def test_a_device_absent_at_the_start_is_found_later(device, acquisition, cvt):
    watch = Watch(cvt)
    device.stop()
    acquisition.start()
    watch.until(bad)

    device.start()

    watch.until(good)


def test_a_written_register_is_seen_in_the_table_without_waiting_for_its_turn(device, acquisition, cvt):
    watch = Watch(cvt)
    acquisition.start()
    watch.until(good)

    acquisition.write("plc", "holding:0", 700)

    watch.until(lambda cvt: cvt.read("LT").value == pytest.approx(7.0))
    assert device.get(HOLDING, 0) == [700]
