"""The OPC UA driver against a real server: polled values and writes."""

from __future__ import annotations

import pytest

from automation.drivers.opcua.build import build_driver
from automation.model.errors import DeviceRefusedError, InvalidValueError
from automation.model.opcua_link import OpcUaLink
from automation.model.quality import Quality
from automation.testing.contracts.driver import DriverContract, DriverUnderTest
from tests.drivers.opcua.plant import MANY, NODES

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


class TestOpcUaDriver(DriverContract):
    @pytest.fixture
    def subject(self, device, driver) -> DriverUnderTest:
        return DriverUnderTest(
            driver=driver,
            readable=[(f"{NODES}LT", 1.5), (f"{NODES}RUN", True), (f"{NODES}COUNT", 7), ("ns=2;s=NOTE", "hello")],
            writable=(f"{NODES}SP", 2.5, -1.25),
            bad_addresses=["ns=2", "ns=99999;i=1", "i=x", "ns=1;b=?", "g=1"],
            read_only="i=2258",
            stop_device=device.stop,
            start_device=device.start,
            absent=f"{NODES}NOPE",
        )


def test_quality_and_time_are_those_of_the_device(device, driver):
    device.set("LT", 7.9, 0x40940600, at=1_800_000_123.25)
    device.set("SP", 1.0, 0x808C0000)
    driver.connect()

    over, broken = driver.read((f"{NODES}LT", f"{NODES}SP"))

    assert (over.value, over.quality) == (7.9, Quality.UNCERTAIN_OVER_RANGE)
    assert over.source_time == pytest.approx(1_800_000_123.25, abs=1e-4)
    assert (broken.value, broken.quality) == (None, Quality.BAD_SENSOR_FAILURE)


def test_what_is_not_one_plain_value_is_a_wrong_configuration(driver):
    driver.connect()

    array, structure, unknown, started, empty = driver.read(
        (f"{NODES}ARRAY", "i=2256", "nsu=urn:nobody;s=LT", "i=2257", f"{NODES}NEVER")
    )

    assert [each.quality for each in (array, structure, unknown)] == [Quality.BAD_CONFIGURATION_ERROR] * 3
    assert isinstance(started.value, float)
    assert (empty.value, empty.quality) == (None, Quality.BAD_WAITING_FOR_INITIAL_DATA)


def test_many_nodes_are_read_within_what_the_server_takes_at_once(device, driver):
    device.set_limits(nodes_per_read=100)
    device.set_many(MANY, 4.5)
    driver.connect()

    readings = driver.read(tuple(f"{NODES}{name}" for name in MANY))

    assert [reading.value for reading in readings] == [4.5] * len(MANY)


def test_a_value_takes_the_type_of_its_node(device, driver):
    driver.connect()

    driver.write(f"{NODES}COUNT", 12.0)
    driver.write(f"{NODES}FRESH", -5)
    driver.write(f"{NODES}RUN", 0)

    assert (device.get("COUNT"), device.get("FRESH"), device.get("RUN")) == (12, -5, False)


@pytest.mark.parametrize(("name", "value"), [("COUNT", 70_000), ("COUNT", 1.5), ("LT", "high"), ("ARRAY", 1.0)])
def test_a_value_that_does_not_fit_is_not_sent(driver, name, value):
    driver.connect()

    with pytest.raises(InvalidValueError, match=name):
        driver.write(f"{NODES}{name}", value)


@pytest.mark.parametrize(
    ("address", "reason"),
    [(f"{NODES}FIXED", "BadUserAccessDenied"), (f"{NODES}NOPE", "BadNodeIdUnknown"), ("nsu=urn:nobody;s=LT", "namespace")],
)
def test_a_refused_write_says_what_the_server_says(driver, address, reason):
    driver.connect()

    with pytest.raises(DeviceRefusedError, match=reason) as caught:
        driver.write(address, 1.0)
    assert caught.value.code >= 0x80000000


def test_a_namespace_is_looked_up_anew_after_a_restart_of_the_server(other_device):
    driver = build_driver(OpcUaLink(name="plc", url=other_device.url, policy="None"))
    driver.connect()
    assert driver.read((f"{NODES}LT", "ns=2;s=LT"))[1].quality is Quality.GOOD

    other_device.stop()
    other_device.start(index=4)
    driver.connect()
    by_uri, by_index = driver.read((f"{NODES}LT", "ns=2;s=LT"))
    driver.close()

    assert (by_uri.value, by_uri.quality) == (6.25, Quality.GOOD)
    assert by_index.quality is Quality.BAD_CONFIGURATION_ERROR


def test_two_servers_with_the_same_nodes_are_not_mixed(device, driver, other_device):
    other = build_driver(OpcUaLink(name="other", url=other_device.url, policy="None"))
    driver.connect()
    other.connect()
    try:
        assert driver.read((f"{NODES}LT",))[0].value == 1.5
        assert other.read((f"{NODES}LT",))[0].value == 6.25
    finally:
        other.close()
