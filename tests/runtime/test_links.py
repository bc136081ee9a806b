"""Links of other kinds in a running site: an OPC UA server and an MQTT broker beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from automation import App, MqttLink, OpcUaLink, Runtime, Tag
from automation.drivers.opcua.simulator import URI, SimulatedNode, Simulator
from automation.security.key_pair import own_key_pair
from automation.settings import OpcUa, Settings, Web
from automation.settings import Site as SiteSettings
from automation.system.clock import RealClock
from tests.drivers.mqtt.conftest import BROKER, broker  # noqa: F401 - a fixture
from tests.runtime.site import free_port, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(90)]

LEVEL = Tag(name="UA.LT", source="tank/nsu=urn:automation-runtime:simulator:nodes;s=LT", scan="fast", unit="m", range=(0.0, 8.0))
SETPOINT = Tag(name="UA.SP", source="tank/nsu=urn:automation-runtime:simulator:nodes;s=SP", scan="fast", unit="m", writable=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    pair = own_key_pair(tmp_path / "server", URI, "127.0.0.1", RealClock().now())
    nodes = [SimulatedNode(name="LT", value=1.5), SimulatedNode(name="SP", value=2.0)]
    simulator = Simulator(free_port(), nodes, (pair.certificate, pair.key))
    simulator.start()
    yield simulator
    simulator.close()


def site(folder: Path) -> Settings:
    return Settings(site=SiteSettings(id="test", data=str(folder / "data")), web=Web(port=0), opcua=OpcUa(enabled=False))


def test_an_opcua_server_is_read_encrypted_written_lost_and_found(
    server: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = str(tmp_path / "server" / "own" / "certificate.der")
    link = OpcUaLink(name="tank", url=server.url, server_certificate=pinned, keep_alive_s=0.5, timeout_s=2.0)
    app = App(name="tank", title="Tank", links=(link,), tags=(LEVEL, SETPOINT))
    monkeypatch.setattr("automation.runtime.runtime.load_apps", lambda _settings: [app])
    runtime = Runtime(site(tmp_path), environment={"AUTOMATION_ADMIN_PASSWORD": "a-long-password-for-tests"})
    try:
        assert runtime.start()
        parts = runtime._parts
        assert parts is not None
        wait_for(lambda: parts.cvt.read("UA.LT").quality.is_good, 20, "the level is heard")
        server.set("LT", 2.5)
        wait_for(lambda: parts.cvt.read("UA.LT").value == 2.5, 10, "the change is heard")
        assert parts.outputs.put_and_confirm("UA.SP", 3.0, "test").value == 3.0

        server.stop()
        wait_for(lambda: parts.cvt.read("UA.LT").quality.is_bad, 20, "the loss is seen")
        assert parts.cvt.read("UA.LT").value == 2.5
        server.start()
        wait_for(lambda: parts.cvt.read("UA.LT").quality.is_good, 20, "it is back by itself")
    finally:
        runtime.stop()


@pytest.mark.usefixtures("broker")
def test_values_of_a_broker_arrive_with_their_quality(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, port = BROKER
    topic = f"automation-test/{tmp_path.name}"
    link = MqttLink(name="broker", host="127.0.0.1", port=port)
    tag = Tag(name="MQ.T", source=f"broker/{topic}#temperature", scan="fast", unit="degC")
    app = App(name="cellar", title="Cellar", links=(link,), tags=(tag,))
    monkeypatch.setattr("automation.runtime.runtime.load_apps", lambda _settings: [app])
    runtime = Runtime(site(tmp_path), environment={"AUTOMATION_ADMIN_PASSWORD": "a-long-password-for-tests"})
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    try:
        assert runtime.start()
        parts = runtime._parts
        assert parts is not None
        wait_for(lambda: parts.cvt.read("LINK.broker.UP").value is True, 20, "the broker answers")
        client.connect("127.0.0.1", port)
        client.loop_start()

        def heard() -> bool:
            client.publish(topic, '{"temperature": 12.5}')
            return parts.cvt.read("MQ.T").value == 12.5 and parts.cvt.read("MQ.T").quality.is_good

        wait_for(heard, 10, "the temperature is heard")
    finally:
        client.disconnect()
        client.loop_stop()
        runtime.stop()
