"""A try at a device tells step by step what is wrong."""

from __future__ import annotations

import socket

import pytest

from automation.acquisition.trial import hint_of, try_link
from automation.drivers.modbus.build import build_driver
from automation.model.errors import ConfigError
from automation.model.link import ModbusLink
from automation.testing.device import LoopbackDevice
from automation.testing.drivers import FakeDriver


def link(port: int = 502, host: str = "127.0.0.1") -> ModbusLink:
    return ModbusLink(name="plc", host=host, port=port, timeout_s=0.3)


def test_a_device_that_answers_is_in_order() -> None:
    with LoopbackDevice().running() as device:
        trial = try_link(link(device.port), lambda: build_driver(link(device.port)), "holding:0")

    assert trial.ok
    assert [step.step for step in trial.steps] == ["declaration", "port", "connect", "read"]
    assert trial.reading is not None
    assert trial.reading.value == 0


def test_a_port_where_nothing_listens_says_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        trial = try_link(link(port), lambda: build_driver(link(port)))

    assert not trial.ok
    assert trial.steps[-1].step == "port"
    assert trial.steps[-1].message.startswith("Connection refused: ")
    assert "nothing listens on this port" in trial.steps[-1].message


def test_a_device_that_takes_the_connection_and_never_answers_says_so() -> None:
    with LoopbackDevice().running() as device:
        device.silent = True
        trial = try_link(link(device.port), lambda: build_driver(link(device.port)), "holding:0")

    assert not trial.ok
    assert trial.steps[-1].step == "read"


def test_a_name_that_nobody_knows_says_so() -> None:
    given = link(host="no-such-host.invalid")

    trial = try_link(given, lambda: build_driver(given))

    assert [step.ok for step in trial.steps] == [True, False]
    assert trial.steps[-1].step == "name"


def test_a_wrong_address_is_told_before_anything_is_opened() -> None:
    trial = try_link(link(), lambda: build_driver(link()), "holdng:0")

    assert [step.step for step in trial.steps] == ["declaration"]
    assert not trial.ok


def test_a_declaration_that_cannot_be_built_is_told() -> None:
    def refuse() -> FakeDriver:
        raise ConfigError("link broker: password_env: there is no environment variable SECRET")

    trial = try_link(link(), refuse)

    assert "no environment variable SECRET" in trial.steps[-1].message


def test_the_driver_is_closed_at_the_end() -> None:
    driver = FakeDriver({"1": 5})
    serial = ModbusLink(name="line", transport="rtu", serial_port="/dev/none", max_block=10)

    assert try_link(serial, lambda: driver, "1").ok
    assert driver.connects == 1
    assert not driver.connected


@pytest.mark.parametrize(
    ("words", "part"),
    [("[Errno 111] Connection refused", "nothing listens"), ("timed out", "cable"), ("no answer of unit 3 in 0.5 s", "unit")],
)
def test_words_of_the_system_become_words_for_people(words: str, part: str) -> None:
    assert part in hint_of(words)
    assert hint_of("something else") == ""
