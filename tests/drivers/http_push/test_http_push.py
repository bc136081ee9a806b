"""Devices that post: the contracts, tokens, states that make no sense, writes in the reply, the offline timer."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.base import DriverContext
from automation.drivers.http_push.driver import HttpPushDriver
from automation.drivers.http_push.kind import KIND
from automation.drivers.http_push.state import decode, parse, reading
from automation.drivers.registry import DriverRegistry
from automation.model.errors import AuthenticationError, ConfigError, DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.model.http_push_link import HttpPushLink
from automation.model.quality import Quality
from automation.testing.contracts.driver import (
    DriverContract,
    DriverUnderTest,
    Heard,
    SubscribingDriverContract,
    SubscribingDriverUnderTest,
)
from automation.testing.waiting import wait_until

TOKEN = "a token of the device"


def driver_of(**fields) -> HttpPushDriver:
    link = HttpPushLink(**{"name": "door", "token_env": "DOOR_TOKEN", **fields})
    driver = KIND.build(link, DriverContext(environment={"DOOR_TOKEN": TOKEN}))
    assert isinstance(driver, HttpPushDriver)
    return driver


def post(driver: HttpPushDriver, **state) -> dict:
    return dict(driver.receive(TOKEN, json.dumps(state).encode()))


class Device:
    """Posts its state again and again, and does what the replies say."""

    def __init__(self, driver: HttpPushDriver) -> None:
        self.state = {"speed": 1450, "running": True, "setpoint": 1}
        self._driver = driver
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._post()
        self._ended.clear()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def change(self, address: str, value) -> None:
        self._post(**{address: value})

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def fall_silent(self) -> None:
        self.stop()
        wait_until(self._driver._silent)

    def _run(self) -> None:
        while not self._ended.wait(0.02):
            self._post()

    def _post(self, **changes) -> None:
        with self._turn:
            self.state |= changes
            self.state |= post(self._driver, **self.state)


class TestHttpPushDriver(DriverContract, SubscribingDriverContract):
    @pytest.fixture
    def device(self) -> Iterator[Device]:
        driver = driver_of(offline_s=0.5)
        device = Device(driver)
        device.start()
        yield device
        device.stop()

    @pytest.fixture
    def subject(self, device: Device) -> DriverUnderTest:
        return DriverUnderTest(
            driver=device._driver,
            readable=[("speed", 1450), ("running", True)],
            writable=("setpoint", 20.5, 21.5),
            bad_addresses=["a..b", ".a", "a."],
            read_only=None,
            stop_device=device.fall_silent,
            start_device=device.start,
            absent="nothing.like.it",
            settles_s=5.0,
        )

    @pytest.fixture
    def reporting(self, device: Device) -> SubscribingDriverUnderTest:
        return SubscribingDriverUnderTest(
            driver=device._driver,
            readable=[("speed", 1450), ("running", True)],
            others=[1451, 1452, 1453],
            change=device.change,
            stop_device=device.fall_silent,
            start_device=device.start,
            absent="nothing",
        )


def test_a_post_with_another_token_changes_nothing():
    driver = driver_of()

    with pytest.raises(AuthenticationError, match="link door: wrong token"):
        driver.receive("another token of a device", b'{"speed": 5}')
    with pytest.raises(LinkDownError, match="has not posted"):
        driver.connect()


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"5", b"\xff", b"[" * 100_000, b'{"a": "' + b"x" * (1 << 20) + b'"}'])
def test_a_body_that_is_no_state_is_refused_and_does_not_count_as_a_post(body):
    driver = driver_of()

    with pytest.raises(InvalidValueError, match="state"):
        driver.receive(TOKEN, body)
    with pytest.raises(LinkDownError):
        driver.connect()


def test_a_write_is_in_the_reply_to_the_next_post_and_in_every_later_one():
    driver = driver_of()
    post(driver, speed=1)
    driver.connect()
    writer = threading.Thread(target=driver.write, args=("lamp", True))
    writer.start()

    wait_until(lambda: post(driver, speed=2) == {"lamp": True})
    writer.join()
    assert post(driver, speed=3) == {"lamp": True}


def test_a_write_that_nobody_fetches_is_withdrawn():
    driver = driver_of(timeout_s=0.05)
    post(driver, speed=1)
    driver.connect()

    with pytest.raises(DeviceTimeoutError, match="lamp: not sent"):
        driver.write("lamp", True)

    assert post(driver, speed=2) == {}


def test_a_device_that_comes_back_acts_on_no_old_command():
    driver = driver_of()
    post(driver, speed=1)
    driver.connect()
    writer = threading.Thread(target=driver.write, args=("lamp", True))
    writer.start()
    wait_until(lambda: post(driver, speed=2) == {"lamp": True})
    writer.join()

    driver.close()

    assert post(driver, speed=3) == {}


def test_a_device_that_stops_posting_is_lost():
    driver = driver_of(offline_s=0.05)
    post(driver, speed=1)
    driver.connect()

    wait_until(driver._silent)
    with pytest.raises(DeviceTimeoutError, match="has not posted for"):
        driver.check_alive()


def test_a_state_that_leaves_a_key_out_leaves_its_value_alone():
    driver, heard = driver_of(time="ts"), Heard()
    post(driver, a=1, b={"c": [5]}, ts=1_732_580_000.5)
    driver.connect()
    driver.subscribe("fast", 0.1, ("a", "b.c.0", "d"), heard)
    post(driver, a=2)

    assert heard.values(0) == [1, 2]
    assert heard.values(1) == [5]
    assert heard.last(2) == (None, Quality.BAD_CONFIGURATION_ERROR, None)


@pytest.mark.parametrize(
    ("state", "address", "expected"),
    [
        ({"a": {"b": [1, 2.5]}}, "a.b.1", (2.5, Quality.GOOD, None)),
        ({"a.b": "x"}, r"a\.b", ("x", Quality.GOOD, None)),
        ({"a": None}, "a", (None, Quality.BAD_SENSOR_FAILURE, None)),
        ({"a": {}}, "a", (None, Quality.BAD_CONFIGURATION_ERROR, None)),
        ({"a": [1]}, "a.7", None),
        ({"a": 5}, "a.b", None),
    ],
)
def test_an_address_leads_through_the_state(state, address, expected):
    assert reading(state, parse(address), None) == expected


@pytest.mark.parametrize(
    ("stamp", "time"), [(1_732_580_000, 1_732_580_000.0), (True, None), ("x", None), (-1, None), (1e300, None)]
)
def test_the_time_of_measurement_is_kept_if_it_is_one(stamp, time):
    found = reading({"a": 1, "ts": stamp}, ("a",), ("ts",))

    assert found == (1, Quality.GOOD, time)


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4))
def test_every_key_can_be_written_escaped(keys):
    assert parse(".".join("".join(f"\\{letter}" for letter in key) for key in keys)) == tuple(keys)


@given(st.binary(max_size=40))
def test_any_body_is_a_state_or_refused(body):
    with contextlib.suppress(InvalidValueError):
        assert isinstance(decode(body), dict)


@pytest.mark.parametrize(
    ("fields", "environment", "words"),
    [
        ({"token_env": ""}, {}, "link door: token_env"),
        ({"offline_s": 0}, {}, "link door: offline_s 0"),
        ({"scans": {"odd": 9999}}, {}, "scan class odd"),
        ({}, {}, "link door: token_env: there is no environment variable DOOR_TOKEN"),
        ({}, {"DOOR_TOKEN": "short"}, "less than 16 characters"),
        ({"time": "a..b"}, {"DOOR_TOKEN": TOKEN}, "link door: time: address 'a..b'"),
    ],
)
def test_a_wrong_declaration_is_named(fields, environment, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        DriverRegistry().build(
            HttpPushLink(**{"name": "door", "token_env": "DOOR_TOKEN", **fields}), DriverContext(environment=environment)
        )
