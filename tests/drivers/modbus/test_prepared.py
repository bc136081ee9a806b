"""Plans that are made ahead of the first read, and kept."""

from __future__ import annotations

import pytest

from automation.drivers.modbus import driver as module
from automation.drivers.modbus.address import Table
from automation.drivers.modbus.driver import ModbusDriver
from automation.drivers.modbus.transport import one_by_one
from automation.model.errors import ConfigError, DeviceRefusedError
from automation.model.link import ModbusLink


class Registers:
    """A transport whose registers hold their own offset; reads logs each request. hole: offset that is refused."""

    def __init__(self) -> None:
        self.reads: list[tuple[int, int]] = []
        self.hole: int | None = None

    def connect(self) -> None:
        pass

    def close(self) -> None:
        pass

    def read(self, table: Table, offset: int, count: int, unit: int) -> list[int]:
        self.reads.append((offset, count))
        if self.hole is not None and offset <= self.hole < offset + count:
            raise DeviceRefusedError("illegal data address", 2)
        return list(range(offset, offset + count))

    def read_many(self, spans, unit: int):
        return one_by_one(self.read, spans, unit)

    def write(self, table: Table, offset: int, values, unit: int) -> None:
        raise AssertionError("not written here")


@pytest.fixture
def registers() -> Registers:
    return Registers()


@pytest.fixture
def driver(registers) -> ModbusDriver:
    return ModbusDriver(ModbusLink(name="plc", host="127.0.0.1"), registers)


@pytest.fixture
def planned(monkeypatch) -> list[int]:
    """How many addresses each plan had."""
    sizes, plan = [], module.plan
    monkeypatch.setattr(module, "plan", lambda addresses, *more: sizes.append(len(addresses)) or plan(addresses, *more))
    return sizes


SCAN = ("holding:0", "holding:1", "holding:5")


def test_a_prepared_scan_is_not_planned_again_by_its_reads_or_by_a_new_connection(driver, registers, planned):
    driver.prepare(SCAN)
    driver.prepare(SCAN)
    assert registers.reads == []

    for _ in range(2):
        driver.connect()
        assert [reading.value for reading in driver.read(SCAN)] == [0, 1, 5]
    driver.prepare(SCAN)

    assert planned == [3]


def test_a_new_connection_asks_again_for_what_was_refused(driver, registers):
    registers.hole = 1
    driver.connect()
    driver.read(SCAN)
    assert driver.read(SCAN)[1].value is None
    registers.hole = None

    driver.connect()

    assert [reading.value for reading in driver.read(SCAN)] == [0, 1, 5]


def test_an_address_that_is_none_cannot_be_prepared(driver):
    with pytest.raises(ConfigError, match="'nowhere'"):
        driver.prepare(("nowhere",))


def test_scans_that_are_read_no_more_make_room_for_others_and_those_that_are_stay(driver, planned):
    driver.connect()
    driver.read(SCAN)
    for n in range(200):
        driver.read((f"holding:{n}",))
        driver.read(SCAN)

    assert planned.count(3) == 1
    assert len(driver._scans) <= 64


def test_plans_that_are_never_read_are_not_kept_for_ever(driver):
    for n in range(200):
        driver.prepare((f"holding:{n}",))

    assert len(driver._prepared) <= 64
