"""Links of other kinds in a running site: an OPC UA server and an MQTT broker beside each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from automation import App, MqttLink, OpcUaLink, Runtime, Tag
from automation.drivers.opcua.simulator import URI, SimulatedNode, Simulator
from automation.model.configuration import ObjectKind
from automation.model.quality import Quality
from automation.security.key_pair import own_key_pair
from automation.security.principal import Principal, Role
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


def test_links_are_made_while_running_from_what_a_server_tells(
    server: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.runtime.runtime.load_apps", lambda _settings: [])
    runtime = Runtime(site(tmp_path), environment={"AUTOMATION_ADMIN_PASSWORD": "a-long-password-for-tests"})
    try:
        assert runtime.start()
        parts = runtime._parts
        assert parts is not None
        commands, ana = parts.commands, Principal(name="ana", role=Role.ENGINEER, origin="test")

        found = commands.links.discover(ana, "opcua", server.url)
        (way,) = [each for each in found.endpoints if each.policy == "Basic256Sha256" and each.mode == "SignAndEncrypt"]
        file, _ = commands.links.pin(ana, way.certificate)
        body = {"name": "srv", "kind": "opcua", "url": server.url, "server_certificate": file, "timeout_s": 2.0}
        assert [step.ok for step in commands.links.test(ana, body).steps] == [True, True, True]
        commands.configuration.create(ana, ObjectKind.LINK, body)
        (level,) = [one for one in commands.links.variables(ana, "srv", "", 100).found if one.name == "LT"]
        tag = {"name": "LT1", "source": f"srv/{level.address}", "scan": "fast"}
        commands.configuration.create_many(ana, ObjectKind.TAG, [tag])
        wait_for(lambda: parts.cvt.read("LT1")[:2] == (1.5, Quality.GOOD), 20, "the level is heard")
        wait_for(lambda: parts.acquisition.link("srv").up, 10, "the link is up")
        assert commands.links.read(ana, "srv", [level.address])[0].reading.value == 1.5

        commands.configuration.rename(ana, ObjectKind.LINK, "srv", "tank")
        wait_for(lambda: parts.acquisition.link("tank").up and parts.cvt.read("LT1").quality.is_good, 20, "it is back")
        server.set("LT", 2.5)
        wait_for(lambda: parts.cvt.read("LT1").value == 2.5, 10, "the change is heard under the new name")

        commands.configuration.patch(ana, ObjectKind.LINK, "tank", {"url": "opc.tcp://127.0.0.1:1"})
        wait_for(lambda: parts.cvt.read("LT1").quality.is_bad, 10, "nobody is there")
        assert not commands.links.test(ana, {**body, "url": "opc.tcp://127.0.0.1:1"}).ok
        commands.configuration.patch(ana, ObjectKind.LINK, "tank", {"url": server.url})
        wait_for(lambda: parts.cvt.read("LT1").quality.is_good, 20, "it is back where it was")

        commands.configuration.delete(ana, ObjectKind.TAG, "LT1")
        commands.configuration.delete(ana, ObjectKind.LINK, "tank")
        assert parts.acquisition.links() == ()
        names = {thread.name for thread in threading.enumerate()}
        assert not {name for name in names if name.startswith("link ") or name in ("opcua srv", "opcua tank")}
    finally:
        runtime.stop()
