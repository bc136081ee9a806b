"""One connection to a broker by paho: the only module that knows the library."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from automation.model.errors import ConfigError, DeviceTimeoutError, DriverError, LinkDownError
from automation.model.mqtt_link import MqttLink
from automation.system.clock import RealClock
from automation.system.worker import Worker

_QOS = 1
_TOPICS_PER_REQUEST = 200
_LOOK_MS = 1000
# The library looks every second, asks after one keep-alive of silence and gives up after a second one; with a second for whoever
# asks us, that shall be within two of ours.
_EARLIER_S = 1.5


class Connection:
    """A connection that is made once and never repaired: whoever owns it makes a new one.

    on_message hears of every message, topic and payload, in the connection's own thread, and never raises. password: of the user,
    if there is one. Every call but ``close`` raises ``LinkDownError`` once the connection is lost.
    """

    def __init__(self, link: MqttLink, password: str | None, on_message: Callable[[str, bytes], None]) -> None:
        self._link = link
        self._on_message = on_message
        self._news = threading.Condition()
        self._answers: dict[int, Sequence[ReasonCode]] = {}
        self._late: set[int] = set()
        self._accepted = False
        self._lost: DriverError | None = None
        self._client = self._new_client(password)
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_out.setblocking(False)
        self._worker = Worker(f"mqtt {link.name}", self._pump, None, RealClock(), on_failure=self._broken)

    def open(self) -> None:
        """Connect and be accepted. Raises ``LinkDownError`` with what the broker, or the network, says."""
        host, port = self._link.address
        try:
            self._client.connect(host, port, max(1, int(self._link.keepalive_s - _EARLIER_S)))
        except (OSError, ValueError) as error:
            raise LinkDownError(f"broker {host}:{port}: {error}") from error
        self._worker.start()
        self._worker.wake()
        self._wait(lambda: self._accepted, LinkDownError(f"broker {host}:{port}: takes connections but does not answer"))
        if self._link.status_topic:
            self._client.publish(self._link.status_topic, b"online", qos=_QOS, retain=True)
            self._wake()

    def close(self) -> None:
        """Say goodbye and end; harmless when closed. No message is heard afterwards."""
        self._worker.finish()
        self._wake()
        self._worker.stop()
        if self._lost is None and self._accepted:
            if self._link.status_topic:
                self._client.publish(self._link.status_topic, b"offline", retain=True)
            self._client.disconnect()
            self._flush()
        self._end(LinkDownError("not connected"))
        for left in (self._client.socket(), self._wake_in, self._wake_out):
            if left is not None:
                left.close()

    def check(self) -> None:
        """Do nothing while the connection stands."""
        if self._lost is not None:
            raise self._lost

    def subscribe(self, topics: Iterable[str]) -> set[str]:
        """Have messages of the topics from now on, retained ones first; returns the topics that the broker refuses."""
        refused: set[str] = set()
        for some in _chunks(topics):
            codes = self._asked(partial(self._client.subscribe, [(topic, _QOS) for topic in some]))
            refused.update(topic for topic, code in zip(some, codes, strict=False) if code.is_failure)
        return refused

    def unsubscribe(self, topics: Iterable[str]) -> None:
        """Have no more messages of the topics."""
        for some in _chunks(topics):
            self._asked(partial(self._client.unsubscribe, list(some)))

    def publish(self, topic: str, payload: bytes) -> None:
        """Return when the broker has the message; never sent twice. Raises ``DeviceTimeoutError`` if it does not say so."""

        def ask() -> tuple[MQTTErrorCode, int]:
            info = self._client.publish(topic, payload, qos=_QOS)
            return info.rc, info.mid

        codes = self._asked(ask)
        if any(code.is_failure for code in codes):
            raise LinkDownError(f"topic {topic}: the broker refuses: {codes[0]}")

    def _asked(self, ask: Callable[[], tuple[MQTTErrorCode, int | None]]) -> Sequence[ReasonCode]:
        """What the broker answers to the request."""
        self.check()
        code, number = ask()
        self._wake()
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or number is None:
            raise LinkDownError(f"broker {self._link.host}: not sent: {code.name}")
        try:
            words = f"broker {self._link.host}: no answer within {self._link.timeout_s:g} s"
            self._wait(lambda: number in self._answers, DeviceTimeoutError(words))
            return self._answers[number]
        finally:
            with self._news:
                self._late.add(number)
                if self._answers.pop(number, None) is not None:
                    self._late.discard(number)

    def _wait(self, answered: Callable[[], bool], late: DriverError) -> None:
        with self._news:
            self._news.wait_for(lambda: answered() or self._lost is not None, self._link.timeout_s)
            if not answered():
                raise self._lost or late

    def _pump(self, now: float) -> float | None:
        """Read and write what is due, for the worker; called again at once until the connection ends."""
        client = self._client
        connected = client.socket()
        if connected is None or self._lost is not None:
            return None
        number, waiting = connected.fileno(), isinstance(connected, ssl.SSLSocket) and connected.pending() > 0
        poll = select.poll()
        poll.register(self._wake_in, select.POLLIN)
        poll.register(number, select.POLLIN | (select.POLLOUT if client.want_write() else 0))
        ready = dict(poll.poll(0 if waiting else _LOOK_MS))
        if self._wake_in.fileno() in ready:
            self._wake_in.recv(4096)
        events = ready.get(number, 0)
        if waiting or events & ~select.POLLOUT:
            client.loop_read()
        if events & select.POLLOUT:
            client.loop_write()
        client.loop_misc()
        return now

    def _flush(self) -> None:
        """Send what is left to say, as far as that is possible at once."""
        for _ in range(4):
            if self._client.want_write():
                self._client.loop_write()

    def _wake(self, *_: object) -> None:
        try:
            self._wake_out.send(b"\0")
        except OSError:  # full: it wakes anyway; closed: nobody is left to wake
            return

    def _broken(self, error: Exception) -> None:
        """The library has stumbled over what the broker sent."""
        self._end(LinkDownError(f"broker {self._link.host}: sends what cannot be understood: {error}"))

    def _end(self, error: DriverError) -> None:
        with self._news:
            self._lost = self._lost or error
            self._news.notify_all()

    def _new_client(self, password: str | None) -> Client:
        link = self._link
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=link.client_id,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = link.timeout_s
        if link.user:
            client.username_pw_set(link.user, password)
        if link.tls:
            client.tls_set_context(_tls(link))
        if link.status_topic:
            client.will_set(link.status_topic, b"offline", qos=_QOS, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._answered
        client.on_unsubscribe = self._answered
        client.on_publish = self._published
        client.on_message = self._message
        # With this the library never writes in the thread that asks, but has the pump do it.
        client.on_socket_register_write = self._wake
        return client

    def _connected(self, _c: Client, _u: Any, _f: ConnectFlags, code: ReasonCode, _p: Properties | None) -> None:
        if code.is_failure:
            self._end(LinkDownError(f"broker {self._link.host}: refuses the connection: {code}"))
            return
        with self._news:
            self._accepted = True
            self._news.notify_all()

    def _disconnected(self, _c: Client, _u: Any, _f: DisconnectFlags, code: ReasonCode, _p: Properties | None) -> None:
        words = f"broker {self._link.host}: {code}"
        silent = str(code) == "Keep alive timeout"
        self._end(DeviceTimeoutError(words) if silent else LinkDownError(words))

    def _answered(self, _c: Client, _u: Any, number: int, codes: Sequence[ReasonCode], _p: Properties | None) -> None:
        with self._news:
            if number in self._late:  # nobody waits for it any more
                self._late.discard(number)
                return
            self._answers[number] = codes
            self._news.notify_all()

    def _published(self, client: Client, user: Any, number: int, code: ReasonCode, properties: Properties) -> None:
        self._answered(client, user, number, [code], properties)

    def _message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        self._on_message(message.topic, bytes(message.payload))


def check_files(link: MqttLink) -> None:
    """Do nothing if the link's certificates can be used. Raises ``ConfigError`` naming the file."""
    if link.tls:
        _tls(link)


def _tls(link: MqttLink) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=link.ca or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"link {link.name}: ca {link.ca}: cannot be used: {error}") from error
    if link.certificate:
        try:
            context.load_cert_chain(link.certificate, link.key)
        except (OSError, ssl.SSLError) as error:
            words = f"certificate {link.certificate} with key {link.key}: cannot be used: {error}"
            raise ConfigError(f"link {link.name}: {words}") from error
    return context


def _chunks(topics: Iterable[str]) -> Iterable[Sequence[str]]:
    left = iter(topics)
    while some := list(islice(left, _TOPICS_PER_REQUEST)):
        yield some
