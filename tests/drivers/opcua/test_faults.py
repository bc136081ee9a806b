"""A server that goes, comes back, refuses or says nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from automation.drivers.opcua.build import build_driver, open_browser
from automation.drivers.opcua.discovery import find_endpoints
from automation.model.errors import DeviceTimeoutError, DriverError, LinkDownError
from automation.model.opcua_link import OpcUaLink
from automation.system.clock import Stopwatch
from automation.testing.waiting import wait_until
from tests.drivers.opcua.plant import MANY, NODES, Heard

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextlib.contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a server that says one thing to everybody and then closes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(1000)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def link_to(port: int, timeout_s: float = 0.5) -> OpcUaLink:
    return OpcUaLink(name="plc", url=f"opc.tcp://127.0.0.1:{port}/plc", policy="None", timeout_s=timeout_s)


def test_a_server_that_says_nothing_is_given_up_within_the_timeout():
    with silent() as port:
        driver = build_driver(link_to(port))
        stopwatch = Stopwatch()
        with pytest.raises(LinkDownError, match="no answer within"):
            driver.connect()
        assert stopwatch.elapsed_s() < 3.0
        with pytest.raises(DeviceTimeoutError):
            find_endpoints(f"opc.tcp://127.0.0.1:{port}", 0.3)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"ERRF\x08\x00\x00\x00", b"\x00" * 400])
def test_a_server_of_another_kind_is_a_link_down(answer):
    with answering(answer) as port:
        driver = build_driver(link_to(port, 2.0))
        with pytest.raises(LinkDownError):
            driver.connect()


def test_a_host_that_does_not_exist_is_a_link_down():
    driver = build_driver(OpcUaLink(name="plc", url="opc.tcp://no-such-host.invalid:4840", policy="None", timeout_s=2.0))

    with pytest.raises(LinkDownError):
        driver.connect()


def test_a_browser_cannot_be_had_where_there_is_no_server(free_port):
    with pytest.raises(LinkDownError):
        open_browser(link_to(free_port))


def test_a_server_stopped_while_it_reads_is_an_error_and_no_hang(device, link):
    driver = build_driver(replace(link, timeout_s=1.0))
    driver.connect()
    device.freeze(0.5)
    stopper = threading.Thread(target=device.stop)
    stopper.start()

    with pytest.raises(DriverError):
        _read_for_ever(driver)

    stopper.join()
    driver.close()


def test_a_write_that_is_not_answered_may_have_taken_effect(device, link):
    driver = build_driver(replace(link, timeout_s=0.4))
    driver.connect()
    driver.write(f"{NODES}SP", 1.0)
    device.freeze(1.0)

    with pytest.raises(DeviceTimeoutError):
        driver.write(f"{NODES}SP", 7.0)

    driver.close()


def _read_for_ever(driver) -> None:
    while True:
        driver.read((f"{NODES}LT",))


def _restart(device, driver, times: int) -> None:
    """Take the server away while it reports, and see that every node is new each time it is back."""
    addresses = [f"{NODES}{name}" for name in MANY[:40]]
    for number in range(1, times + 1):
        heard = Heard()
        driver.connect()
        assert driver.subscribe("fast", 0.05, addresses, heard)
        heard.until(lambda heard: len({place for place, _ in heard.readings}) == len(addresses))
        device.set_many(MANY[:40], float(number))
        heard.until(lambda heard, n=number: sum(reading.value == n for _, reading in heard.readings) == len(addresses))
        threads = threading.active_count()

        device.stop()
        wait_until(lambda: not _alive(driver))
        with pytest.raises(LinkDownError):
            driver.connect()
        assert threading.active_count() < threads

        device.start()
    driver.connect()
    assert [reading.value for reading in driver.read(tuple(addresses))] == [float(times)] * len(addresses)


def _alive(driver) -> bool:
    try:
        driver.check_alive()
    except DriverError:
        return False
    return True


def test_a_server_that_is_killed_and_restarted_leaves_no_node_and_no_thread(device, driver):
    _restart(device, driver, 5)


@pytest.mark.soak
def test_a_server_that_is_killed_and_restarted_fifty_times_leaves_no_node_and_no_thread(device, driver):
    _restart(device, driver, 50)
