"""The Modbus driver against pymodbus's own server."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from automation.drivers.modbus.address import parse
from automation.drivers.modbus.build import build_driver
from automation.drivers.modbus.codec import encode
from automation.drivers.modbus.driver import ModbusDriver
from automation.model.errors import ConfigError, DeviceRefusedError, InvalidValueError, LinkDownError
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.testing.contracts.driver import DriverContract, DriverUnderTest

COILS, DISCRETE, HOLDING, INPUT = 1, 2, 3, 4


@pytest.fixture
def driver(device) -> Iterator[ModbusDriver]:
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=device.port, timeout_s=1.0))
    yield driver
    driver.close()


class TestModbusDriver(DriverContract):
    @pytest.fixture
    def subject(self, device, driver) -> DriverUnderTest:
        def start() -> None:
            device.start()
            fill()

        def fill() -> None:
            device.set(HOLDING, 10, [0xFFFF, 0x4142, 0x4300])
            device.set(HOLDING, 20, encode(parse("holding:20:float64:cdab"), 3.25))
            device.set(INPUT, 5, [7])
            device.set(COILS, 3, [True])
            device.set(DISCRETE, 60, [True])

        fill()
        return DriverUnderTest(
            driver=driver,
            readable=[
                ("holding:10", 65_535),
                ("holding:10:int16", -1),
                ("holding:11:string4", "ABC"),
                ("holding:20:float64:cdab", 3.25),
                ("holding:10.15", True),
                ("input:5", 7),
                ("coil:3", True),
                ("coil:4", False),
                ("discrete:60", True),
            ],
            writable=("holding:30:float32:dcba", 1.5, -2.25),
            bad_addresses=["holding", "holding:70000", "coil:1:uint16", "holding:1:float16"],
            read_only="input:5",
            stop_device=device.stop,
            start_device=start,
            absent="holding:250",
        )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("coil:9", True),
        ("holding:40", 65_535),
        ("holding:40:int16:badc", -2),
        ("holding:40:int32:badc", -70_000),
        ("holding:40:uint32", 4_000_000_000),
        ("holding:40:int64:cdab", -(2**60)),
        ("holding:40:uint64:dcba", 2**63 + 1),
        ("holding:40:float32", 0.5),
        ("holding:40:float64:badc", 1e300),
        ("holding:40:string16", "Füllstand Tank 1"[:14]),
        ("holding:40.11", True),
    ],
)
def test_what_is_written_is_read_back(driver, text, value):
    driver.connect()

    driver.write(text, value)

    assert driver.read((text,))[0].value == value


def test_a_bit_of_a_register_leaves_the_others_alone(driver, device):
    device.set(HOLDING, 40, [0b1010])
    driver.connect()

    driver.write("holding:40.2", True)
    driver.write("holding:40.3", False)

    assert device.get(HOLDING, 40) == [0b0110]


def test_a_float_that_is_no_number_is_bad_and_its_neighbours_are_good(driver, device):
    device.set(HOLDING, 50, list(struct.unpack(">2H", struct.pack(">f", float("nan")))))
    driver.connect()

    broken, good = driver.read(("holding:50:float32", "holding:52"))

    assert (broken.value, broken.quality) == (None, Quality.BAD_SENSOR_FAILURE)
    assert (good.value, good.quality) == (0, Quality.GOOD)


def test_a_value_out_of_range_is_refused_before_anything_is_sent(driver):
    with pytest.raises(InvalidValueError, match="holding:40: 70000"):
        driver.write("holding:40", 70_000)


def test_writing_a_bit_wants_a_bit_before_anything_is_sent(driver):
    with pytest.raises(InvalidValueError, match=r"holding:40\.2"):
        driver.write("holding:40.2", 7)


def test_a_write_to_a_missing_address_is_refused_by_the_device(driver):
    driver.connect()

    with pytest.raises(DeviceRefusedError, match=r"holding:250: .*illegal data address") as caught:
        driver.write("holding:250", 1)
    assert caught.value.code == 2


def test_words_for_the_guard_are_what_a_write_sends(driver):
    assert driver.encode("holding:40:float32:cdab", 1.5) == [0, 0x3FC0]
    assert driver.encode("coil:3", True) == [1]
    assert driver.encode("holding:40.3", False) == [0]
    with pytest.raises(ConfigError):
        driver.encode("input:3", 1)


def test_a_large_scan_over_a_hole_settles_in_few_requests(driver, device):
    """Registers 200 to 299 do not exist; the gap is read along once, then never again."""
    device.set(HOLDING, 195, [1, 2, 3, 4, 5])
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=device.port, max_gap=125, max_block=125))
    driver.connect()
    addresses = tuple(f"holding:{n}" for n in (*range(195, 200), *range(300, 305)))

    first = driver.read(addresses)
    driver.close()

    assert [reading.value for reading in first] == [1, 2, 3, 4, 5, 0, 0, 0, 0, 0]


def test_nobody_listening_is_a_link_down_that_names_the_endpoint(free_port):
    driver = build_driver(ModbusLink(name="plc", host="127.0.0.1", port=free_port))

    with pytest.raises(LinkDownError, match=f"127.0.0.1:{free_port}"):
        driver.connect()


def test_an_unknown_host_is_a_link_down():
    driver = build_driver(ModbusLink(name="plc", host="no-such-host.invalid"))

    with pytest.raises(LinkDownError, match="no-such-host"):
        driver.connect()


def test_a_guarded_link_needs_a_guard():
    with pytest.raises(ConfigError, match="plc"):
        build_driver(ModbusLink(name="plc", host="127.0.0.1", guarded=True))
