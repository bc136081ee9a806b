"""From a real server to the table and back, over a connection that breaks."""

from __future__ import annotations

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.table import Cvt
from automation.drivers.opcua.build import build_driver
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock
from automation.testing.watch import Watch
from tests.drivers.opcua.plant import NODES

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

TAGS = [
    Tag(name="LT", source=f"plc/{NODES}LT", scan="fast"),
    Tag(name="RUN", source=f"plc/{NODES}RUN", type=DataType.BOOL, scan="fast"),
    Tag(name="SP", source=f"plc/{NODES}SP", scan="slow", writable=True),
]


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def acquisition(cvt, link):
    acquisition = Acquisition(cvt, RealClock())
    setup = LinkSetup(name="plc", driver=build_driver(link), scans={"fast": 0.05, "slow": 0.1}, polled=("slow",))
    acquisition.add(setup, TAGS)
    yield acquisition
    acquisition.stop()


def good(cvt: Cvt) -> bool:
    return all(cvt.read(tag.name).quality is Quality.GOOD for tag in TAGS) and cvt.read("LINK.plc.UP").value is True


def bad(cvt: Cvt) -> bool:
    return all(cvt.read(tag.name).quality is Quality.BAD_NOT_CONNECTED for tag in TAGS)


def test_a_server_that_goes_and_comes_is_bad_and_good_by_itself(device, acquisition, cvt):
    watch = Watch(cvt)
    acquisition.start()
    watch.until(good)
    assert (cvt.read("LT").value, cvt.read("LT").source_time) == (1.5, pytest.approx(1_800_000_000.0))

    device.stop()
    watch.until(bad)
    assert cvt.read("LT").value == 1.5

    device.start()
    device.set("LT", 5.0)
    watch.until(lambda cvt: good(cvt) and cvt.read("LT").value == 5.0)
    assert acquisition.status()[0].reconnects == 1


def test_reported_and_polled_scans_are_both_seen_in_the_table(device, acquisition, cvt):
    watch = Watch(cvt)
    acquisition.start()
    watch.until(good)

    device.set("LT", 3.0)
    acquisition.write("plc", f"{NODES}SP", 4.0)

    watch.until(lambda cvt: (cvt.read("LT").value, cvt.read("SP").value) == (3.0, 4.0))
    assert device.get("SP") == 4.0
