"""A device for the OPC UA driver: one server for all tests, as loading the standard's nodes takes seconds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.drivers.opcua.build import build_driver
from automation.drivers.opcua.driver import OpcUaDriver
from automation.drivers.opcua.simulator import URI, SimulatedNode, Simulator
from automation.model.opcua_link import OpcUaLink
from automation.security.key_pair import own_key_pair
from automation.system.clock import RealClock
from tests.drivers.opcua.plant import MANY


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders ``server``, ``client`` and ``stranger``, each with a key pair."""
    folder = tmp_path_factory.mktemp("pki")
    for name in ("server", "client", "stranger"):
        uri = URI if name == "server" else f"urn:test:{name}"
        own_key_pair(folder / name, uri, "127.0.0.1", RealClock().now())
    return folder


@pytest.fixture(scope="session")
def server(pki: Path) -> Iterator[Simulator]:
    """A server that listens only while a test needs it, so that no test leaves a socket behind."""
    nodes = [
        SimulatedNode(name="LT", value=1.5, range=(0.0, 8.0), unit="m"),
        SimulatedNode(name="RUN", value=True),
        SimulatedNode(name="COUNT", value=7, type="UInt16"),
        SimulatedNode(name="NOTE", value="hello", folder="Texts"),
        SimulatedNode(name="SP", value=2.0, type="Float"),
        SimulatedNode(name="FIXED", value=3.0, writable=False),
        SimulatedNode(name="FRESH", type="Int16"),
        SimulatedNode(name="NEVER", type="Int16"),
        SimulatedNode(name="ARRAY", value=[1.0, 2.0]),
        *(SimulatedNode(name=name, value=0.0, folder=f"Many{number // 50}") for number, name in enumerate(MANY)),
    ]
    own = pki / "server" / "own"
    simulator = Simulator(_free_port(), nodes, (own / "certificate.der", own / "key.pem"))
    simulator.start()
    simulator.stop()
    yield simulator
    simulator.close()


@pytest.fixture(scope="session")
def second_server() -> Iterator[Simulator]:
    simulator = Simulator(_free_port(), [SimulatedNode(name="LT", value=6.25)])
    simulator.start()
    simulator.stop()
    yield simulator
    simulator.close()


@pytest.fixture
def device(server: Simulator) -> Iterator[Simulator]:
    """The server, listening, as it is at first, whatever the test before did to it."""
    server.start()
    for name, value in (("LT", 1.5), ("RUN", True), ("COUNT", 7), ("NOTE", "hello"), ("SP", 2.0)):
        server.set(name, value, at=1_800_000_000.0)
    server.set_limits()
    server.refuse_certificates, server.users = False, None
    yield server
    server.stop()


@pytest.fixture
def other_device(second_server: Simulator) -> Iterator[Simulator]:
    """Another server with a node of the same id."""
    second_server.start()
    yield second_server
    second_server.stop()


@pytest.fixture
def link(device: Simulator) -> OpcUaLink:
    """A link that notices within a second and a half that the server is silent."""
    return OpcUaLink(name="plc", url=device.url, policy="None", timeout_s=5.0, keep_alive_s=0.5)


@pytest.fixture
def driver(link: OpcUaLink) -> Iterator[OpcUaDriver]:
    driver = build_driver(link)
    yield driver
    driver.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
