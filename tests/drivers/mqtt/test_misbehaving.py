"""Brokers that take connections and say nothing, close in mid-frame, or send what is no MQTT."""

from __future__ import annotations

import contextlib
import socket

import pytest

from automation.drivers.mqtt.driver import MqttDriver
from automation.model.errors import DeviceTimeoutError, DriverError, LinkDownError
from automation.model.mqtt_link import MqttLink
from automation.testing.contracts.driver import Heard
from automation.testing.waiting import wait_until
from tests.drivers.mqtt.conftest import CONNACK, driver_of

SUBACK = bytes([0x90, 3, 0, 1, 1])


def driver_at(port: int, **fields) -> MqttDriver:
    return driver_of(MqttLink(**{"name": "mqtt", "host": "127.0.0.1", "port": port, "timeout_s": 0.3, **fields}))


def listen(connection: socket.socket) -> None:
    """Say nothing until the other side goes."""
    while connection.recv(4096):
        pass


def lost(driver: MqttDriver) -> DriverError | None:
    try:
        driver.check_alive()
    except DriverError as error:
        return error
    return None


def test_no_broker_at_all_is_a_link_down(free_port):
    driver = driver_at(free_port)

    with pytest.raises(LinkDownError, match=str(free_port)):
        driver.connect()


@pytest.mark.process
def test_a_broker_that_takes_connections_and_says_nothing_is_a_link_down(bad_broker):
    driver = driver_at(bad_broker(listen).port)

    for _ in range(3):
        with pytest.raises(LinkDownError, match="does not answer"):
            driver.connect()
    with pytest.raises(LinkDownError):
        driver.check_alive()


def test_a_refused_login_says_so(bad_broker):
    def refuse(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(bytes([0x20, 2, 0, 5]))
        listen(connection)

    driver = driver_at(bad_broker(refuse).port)

    with pytest.raises(LinkDownError, match="Not authorized"):
        driver.connect()


@pytest.mark.process
def test_a_broker_that_does_not_answer_a_request_is_a_timeout(bad_broker):
    def greet(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(CONNACK)
        listen(connection)

    driver = driver_at(bad_broker(greet).port)
    driver.connect()

    with pytest.raises(DeviceTimeoutError, match="no answer within"):
        driver.write("t", 1)
    with pytest.raises(DeviceTimeoutError, match="no answer within"):
        driver.subscribe("fast", 0.1, ("t",), Heard())
    driver.close()


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes([0x30, 100, 0, 1]) + b"t12", id="half a message"),
        pytest.param(bytes([0x90, 0]), id="an answer without a number"),
        pytest.param(bytes([0x30, 1, 0]), id="a message without a topic"),
        pytest.param(bytes([0x30, 4, 0, 200]) + b"ab", id="a topic longer than its message"),
        pytest.param(bytes([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), id="an endless length"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="another protocol"),
        pytest.param(bytes([0xF0, 0]), id="a reserved packet"),
        pytest.param(bytes([0x20, 2, 0, 99]), id="an unknown answer"),
    ],
)
def test_a_broker_that_ends_in_mid_frame_or_talks_nonsense_is_lost_and_not_believed(bad_broker, last):
    def misbehave(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(CONNACK)
        connection.recv(4096)
        connection.sendall(SUBACK + last)

    driver, heard = driver_at(bad_broker(misbehave).port), Heard()
    driver.connect()
    with contextlib.suppress(DriverError):
        driver.subscribe("fast", 0.1, ("t",), heard)

    wait_until(lambda: lost(driver) is not None)
    assert len(heard) == 0
    driver.close()


@pytest.mark.process
def test_a_broker_that_falls_silent_is_lost_within_two_keepalives(bad_broker):
    def fall_silent(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(CONNACK)
        listen(connection)

    driver = driver_at(bad_broker(fall_silent).port, keepalive_s=3)
    driver.connect()

    wait_until(lambda: lost(driver) is not None, 6.0)
    assert isinstance(lost(driver), DeviceTimeoutError)
    driver.close()


def test_closing_is_quick_whatever_the_broker_does(bad_broker):
    def fall_silent(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(CONNACK)
        listen(connection)

    driver = driver_at(bad_broker(fall_silent).port, status_topic="status")
    driver.connect()

    driver.close()
    driver.close()
    with pytest.raises(LinkDownError):
        driver.check_alive()
