"""The Modbus driver through a guard's gateway."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.drivers.base import Reading
from automation.drivers.modbus.build import build_driver
from automation.drivers.modbus.driver import ModbusDriver
from automation.guard.lanes import Lane
from automation.guard.modbus_wire import Table, check_reply, encode_exception, encode_reply, parse_request
from automation.model.errors import (
    AutomationError,
    DeviceRefusedError,
    DeviceTimeoutError,
    EstopActiveError,
    GuardUnavailableError,
    LinkDownError,
)
from automation.model.link import ModbusLink
from automation.model.quality import Quality


class MemoryGateway:
    """A guard's gateway whose device is a dictionary of tables; what is missing there gives exception 2."""

    def __init__(self) -> None:
        self.tables = {table: dict.fromkeys(range(100), 0) for table in Table}
        self.requests: list[tuple[str, int, Lane | None, bytes]] = []
        self.error: AutomationError | None = None

    def execute(self, link: str, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        self.requests.append((link, unit, lane, pdu))
        return self._answer(pdu)

    def execute_many(
        self, link: str, unit: int, pdus: Sequence[bytes], lane: Lane = Lane.POLL
    ) -> Sequence[bytes | AutomationError]:
        found: list[bytes | AutomationError] = []
        for pdu in pdus:
            try:
                found.append(self.execute(link, unit, pdu, lane))
            except DeviceRefusedError as error:
                found.append(error)
        return found

    def write(self, link: str, unit: int, pdu: bytes, epoch: int | None = None) -> bytes:
        self.requests.append((link, unit, None, pdu))
        return self._answer(pdu)

    def _answer(self, pdu: bytes) -> bytes:
        if self.error is not None:
            raise self.error
        request = parse_request(pdu)
        memory, span = self.tables[request.table], range(request.offset, request.offset + request.size)
        if any(offset not in memory for offset in span):
            reply = encode_exception(request.function, 2)
        elif request.function == 22:
            keep, on = request.values
            memory[request.offset] = memory[request.offset] & keep | on & ~keep & 0xFFFF
            reply = encode_reply(request)
        elif request.function == 23:
            memory.update(zip(span, request.values, strict=True))
            reply = encode_reply(request, [memory[request.reads[0] + i] for i in range(request.reads[1])])
        elif request.writes:
            memory.update(zip(span, request.values, strict=True))
            reply = encode_reply(request)
        else:
            reply = encode_reply(request, [memory[offset] for offset in span])
        check_reply(pdu, reply)
        return reply


@pytest.fixture
def gateway() -> MemoryGateway:
    return MemoryGateway()


@pytest.fixture
def driver(gateway) -> ModbusDriver:
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", unit_id=7, guarded=True), gateway)
    driver.connect()
    return driver


def test_without_a_connect_nothing_is_sent(driver, gateway):
    driver.close()

    with pytest.raises(LinkDownError, match="plc"):
        driver.read(("holding:10",))
    with pytest.raises(LinkDownError, match="plc"):
        driver.write("holding:10", 1)
    assert gateway.requests == []


def test_polls_take_the_poll_lane_and_name_link_and_unit(driver, gateway):
    gateway.tables[Table.HOLDING].update({10: 0x3FC0, 11: 0})

    assert driver.read(("holding:10:float32", "coil:3")) == [Reading(1.5), Reading(False)]
    assert {request[:3] for request in gateway.requests} == {("plc", 7, Lane.POLL)}


def test_a_write_goes_through_the_guard(driver, gateway):
    driver.write("holding:10:uint32", 0x00010002)
    driver.write("holding:20.3", True)

    memory = gateway.tables[Table.HOLDING]
    assert (memory[10], memory[11], memory[20]) == (1, 2, 8)


def test_a_refused_address_is_found_by_halving(driver):
    readings = driver.read(("holding:98", "holding:99", "holding:100"))

    assert [reading.quality.is_good for reading in readings] == [True, True, False]
    assert readings[2].quality is Quality.BAD_CONFIGURATION_ERROR


def test_without_a_guard_the_link_is_down(driver, gateway):
    gateway.error = GuardUnavailableError("the guard is not running")

    with pytest.raises(LinkDownError, match="plc: the guard is not running"):
        driver.read(("holding:10",))


@pytest.mark.parametrize(
    "error", [LinkDownError("down"), DeviceTimeoutError("silent"), EstopActiveError("stop"), DeviceRefusedError("no", 4)]
)
def test_what_the_guard_refuses_reaches_the_writer(driver, gateway, error):
    gateway.error = error

    with pytest.raises(type(error), match=str(error)):
        driver.write("holding:10", 1)


def test_a_device_failure_is_a_bad_reading(driver, gateway):
    gateway.error = DeviceRefusedError("no", 4)

    assert driver.read(("holding:10",)) == [Reading(None, Quality.BAD_DEVICE_FAILURE)]
