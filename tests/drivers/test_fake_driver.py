"""The driver of tests keeps the contract of real ones."""

from __future__ import annotations

import pytest

from automation.model.errors import DeviceTimeoutError
from automation.model.quality import Quality
from automation.testing.contracts.driver import (
    DriverContract,
    DriverUnderTest,
    SubscribingDriverContract,
    SubscribingDriverUnderTest,
)
from automation.testing.drivers import FakeDriver, FakeSubscribingDriver


class TestFakeDriver(DriverContract):
    @pytest.fixture
    def subject(self) -> DriverUnderTest:
        driver = FakeDriver({"a": 1, "b": True, "c": "text", "lost": 5}, read_only=["b"])
        driver.fail_read("lost")
        return DriverUnderTest(
            driver=driver,
            readable=[("a", 1), ("b", True), ("c", "text")],
            writable=("a", 2, 3),
            bad_addresses=["nowhere"],
            read_only="b",
            stop_device=driver.simulate_connection_lost,
            start_device=driver.restore,
            absent="lost",
        )


class TestFakeSubscribingDriver(SubscribingDriverContract):
    @pytest.fixture
    def reporting(self) -> SubscribingDriverUnderTest:
        driver = FakeSubscribingDriver({"a": 1, "b": True, "lost": 5})
        driver.fail_read("lost")
        return SubscribingDriverUnderTest(
            driver=driver,
            readable=[("a", 1), ("b", True)],
            others=[2, 3, 2],
            change=lambda address, value: driver.report((address, value)),
            stop_device=driver.simulate_connection_lost,
            start_device=driver.restore,
            absent="lost",
        )


def test_block_reads_and_writes_are_logged():
    driver = FakeDriver({"a": 1, "b": 2})
    driver.connect()
    driver.read(("a", "b"))
    driver.write("a", 5)

    assert driver.reads == [("a", "b")]
    assert driver.writes == [("a", 5)]


def test_planned_errors_are_raised_once_each():
    driver = FakeDriver({"a": 1})
    driver.connect()
    driver.fail_next_reads(DeviceTimeoutError("silent"))

    with pytest.raises(DeviceTimeoutError):
        driver.read(("a",))
    assert driver.read(("a",))[0].value == 1


def test_a_failing_address_can_be_mended():
    driver = FakeDriver({"a": 1})
    driver.connect()
    driver.fail_read("a", Quality.BAD_SENSOR_FAILURE)
    assert driver.read(("a",))[0].quality is Quality.BAD_SENSOR_FAILURE

    driver.fail_read("a", Quality.GOOD)

    assert driver.read(("a",))[0].value == 1
