"""The Modbus driver through a real guard process, to pymodbus's own server."""

from __future__ import annotations

import pytest

from automation.drivers.modbus.build import build_driver
from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table
from automation.guard.process import GuardProcess
from automation.model.errors import DeviceRefusedError, DriverError, LinkDownError, NotAllowedError
from automation.model.link import ModbusLink
from automation.model.quality import Quality

HOLDING, INPUT, COILS = 3, 4, 1

pytestmark = pytest.mark.process


@pytest.fixture
def guard(device, tmp_path):
    link = GuardedLink(name="plc", host="127.0.0.1", port=device.port, timeout_s=0.5)
    pump = GuardedOutput(name="PUMP", link="plc", unit=1, table=Table.COIL, offset=3, safe=(0,))
    guard = GuardProcess(
        GuardConfig(state_dir=str(tmp_path), links=(link,), outputs=(pump,), heartbeat_timeout_s=60, realtime=False)
    )
    guard.start()
    yield guard
    guard.stop()


@pytest.fixture
def driver(device, guard):
    client = guard.client()
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=device.port, guarded=True), client)
    driver.connect()
    yield driver
    driver.close()
    client.close()


def test_polls_and_writes_pass_the_guard(driver, device):
    device.set(INPUT, 5, [7])

    driver.write("holding:30:float32:cdab", 1.5)
    readings = driver.read(("holding:30:float32:cdab", "input:5", "coil:3", "holding:250"))

    assert [reading.value for reading in readings] == [1.5, 7, False, None]
    assert readings[3].quality is Quality.BAD_CONFIGURATION_ERROR


def test_an_output_cannot_be_written_past_its_guard(driver, device):
    with pytest.raises(NotAllowedError):
        driver.write("coil:3", True)
    assert device.get(COILS, 3)[0] is False


def test_a_write_that_the_device_refuses_tells_its_code(driver):
    with pytest.raises(DeviceRefusedError) as caught:
        driver.write("holding:250", 1)
    assert caught.value.code == 2


def test_a_lost_device_and_a_stopped_guard_are_driver_errors(driver, device, guard):
    assert driver.read(("holding:0",))[0].quality is Quality.GOOD

    device.stop()
    with pytest.raises(DriverError):
        driver.read(("holding:0",))
    guard.stop()
    with pytest.raises(LinkDownError):
        driver.read(("holding:0",))
