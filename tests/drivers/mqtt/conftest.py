"""A real broker, devices that publish on it, a way to it that can be cut, and brokers that misbehave."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import uuid
from collections.abc import Callable, Iterator

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from automation.drivers.base import DriverContext
from automation.drivers.mqtt.driver import MqttDriver
from automation.drivers.mqtt.kind import KIND
from automation.model.mqtt_link import MqttLink
from automation.testing.databases import DEMAND

BROKER = ("127.0.0.1", 1883)


def driver_of(link: MqttLink, **environment: str) -> MqttDriver:
    driver = KIND.build(link, DriverContext(environment=environment))
    assert isinstance(driver, MqttDriver)
    return driver


@pytest.fixture
def broker() -> None:
    """Skips the test, or fails it where services are demanded, if no broker answers."""
    try:
        socket.create_connection(BROKER, 2.0).close()
    except OSError as error:
        words = f"no MQTT broker on 127.0.0.1:1883: {error}"
        if os.environ.get(DEMAND) == "1":
            pytest.fail(words)
        pytest.skip(words)


class Plant:
    """Devices under a prefix of their own: they publish retained, take what is written, and leave nothing on the broker."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.written: list[tuple[str, bytes]] = []
        self.echo = False
        self._published: set[str] = set()
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._take
        self._client.connect(*BROKER)
        self._client.loop_start()
        self._client.subscribe(f"{prefix}/#", 1)
        assert self._ready.wait(5)

    def topic(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def publish(self, name: str, payload: str | bytes, *, retain: bool = True) -> None:
        self._published.add(name)
        self._client.publish(self.topic(name), payload, qos=1, retain=retain).wait_for_publish(5)

    def close(self) -> None:
        self.echo = False
        for name in sorted(self._published):
            self.publish(name, b"")
        self._client.disconnect()
        self._client.loop_stop()
        del self._client  # the library closes its last sockets when it is forgotten

    def _take(self, client: Client, _: object, message: MQTTMessage) -> None:
        name = message.topic.removeprefix(f"{self.prefix}/")
        self.written.append((name, message.payload))
        if self.echo and name.endswith("/set"):
            self._published.add(name.removesuffix("/set"))
            client.publish(message.topic.removesuffix("/set"), message.payload, qos=1, retain=True)


@pytest.fixture
def plant(broker) -> Iterator[Plant]:
    plant = Plant(f"automation-test/{uuid.uuid4().hex}")
    yield plant
    plant.close()


class Wire:
    """A way to the broker that can be cut and mended, and that can swallow everything."""

    def __init__(self) -> None:
        self.swallow = False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._port = 0
        self._thread: threading.Thread | None = None
        self.mend()

    @property
    def port(self) -> int:
        return self._port

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._listener, self._ended))
        self._thread.start()

    def cut(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def _run(self, listener: socket.socket, ended: threading.Event) -> None:
        peers: dict[socket.socket, socket.socket] = {}
        with selectors.DefaultSelector() as selector, listener:
            selector.register(listener, selectors.EVENT_READ)
            while not ended.is_set():
                for key, _ in selector.select(0.02):
                    if key.fileobj is listener:
                        near, far = listener.accept()[0], socket.create_connection(BROKER)
                        peers |= {near: far, far: near}
                        selector.register(near, selectors.EVENT_READ)
                        selector.register(far, selectors.EVENT_READ)
                    else:
                        self._pass_on(key.fileobj, peers, selector)
        for end in peers:
            end.close()

    def _pass_on(self, end: socket.socket, peers: dict[socket.socket, socket.socket], selector) -> None:
        if end not in peers:
            return
        with contextlib.suppress(OSError):
            data = end.recv(65536)
            if data and not self.swallow:
                peers[end].sendall(data)
            if data:
                return
        for each in (end, peers.pop(end)):
            selector.unregister(each)
            each.close()
            peers.pop(each, None)


@pytest.fixture
def wire(broker) -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.cut()


CONNACK = bytes([0x20, 2, 0, 0])


class BadBroker:
    """A broker that says what its script says: called with each connection, which is closed when the script ends."""

    def __init__(self, script: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._script = script
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                with connection, contextlib.suppress(OSError):
                    self._script(connection)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()


@pytest.fixture
def bad_broker() -> Iterator[Callable[[Callable[[socket.socket], None]], BadBroker]]:
    brokers: list[BadBroker] = []

    def start(script: Callable[[socket.socket], None]) -> BadBroker:
        brokers.append(BadBroker(script))
        return brokers[-1]

    yield start
    for each in brokers:
        each.close()
