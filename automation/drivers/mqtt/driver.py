"""The MQTT driver: topics to subscriptions, messages to reports, values to messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from automation.drivers.base import Reading, Sink
from automation.drivers.mqtt.address import Address, parse
from automation.drivers.mqtt.codec import Payload, encode
from automation.model.errors import ConfigError, DeviceRefusedError, InvalidValueError, LinkDownError
from automation.model.mqtt_link import MqttLink, topic_mistake
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.system.clock import Stopwatch

_UNKNOWN = Reading(None, Quality.BAD_WAITING_FOR_INITIAL_DATA)
_REFUSED = Reading(None, Quality.BAD_CONFIGURATION_ERROR)
_SILENT = Reading(None, Quality.BAD_NO_COMMUNICATION)
# A broker sends retained messages right after it has answered the request; a read waits so long for them.
_SETTLE_S = 0.3


class Broker(Protocol):
    """One connection; ``connection.Connection`` is one."""

    def open(self) -> None:
        """Connect. Raises ``LinkDownError``."""

    def close(self) -> None:
        """End; no message is heard afterwards."""

    def check(self) -> None:
        """Do nothing while the connection stands. Raises ``LinkDownError`` or ``DeviceTimeoutError``."""

    def subscribe(self, topics: Sequence[str]) -> set[str]:
        """Have messages of the topics; returns the topics that the broker refuses."""

    def unsubscribe(self, topics: Sequence[str]) -> None:
        """Have no more messages of the topics."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Return when the broker has the message."""


Connect: TypeAlias = Callable[[Callable[[str, bytes], None]], Broker]


class MqttDriver:
    """One broker; see ``drivers.base.SubscribingDriver``. connect: makes a connection that reports messages to the call."""

    def __init__(self, link: MqttLink, connect: Connect) -> None:
        self._link = link
        self._connect = connect
        self._parsed: dict[str, Address] = {}
        self._broker: Broker | None = None
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._topics: dict[str, Payload | None] = {}
        self._refused: set[str] = set()
        self._scans: dict[str, _Listener] = {}

    def check(self, address: str) -> None:
        """Do nothing if the address can be read. Raises ``ConfigError`` naming what is wrong with it."""
        self._parse(address)

    def check_write(self, address: str) -> None:
        """Do nothing if the address can be written. Raises ``ConfigError`` naming what is wrong with it."""
        target = self._parse(address)
        target.check_write()
        wrong = topic_mistake(self._set_topic(target))
        if wrong is not None:
            raise ConfigError(f"address {address!r}: written on {self._set_topic(target)!r}: {wrong}")

    def prepare(self, addresses: Sequence[str]) -> None:
        """Understand the addresses."""
        for address in addresses:
            self._parse(address)

    def connect(self) -> None:
        """Connect, without subscriptions. Raises ``LinkDownError``."""
        self.close()
        broker = self._connect(self._hear)
        try:
            broker.open()
        except LinkDownError:
            broker.close()
            raise
        self._broker = broker

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        broker, self._broker = self._broker, None
        if broker is not None:
            broker.close()
        with self._lock:
            self._topics.clear()
            self._refused.clear()
            self._scans.clear()

    def check_alive(self) -> None:
        """Do nothing while the connection stands; topics that have been silent for too long are reported BAD."""
        self._connected().check()
        with self._lock:
            for listener in self._scans.values():
                listener.report_silence()

    def subscribe(self, scan: str, period_s: float, addresses: Sequence[str], sink: Sink) -> bool:
        """True: every address is reported when its topic is published, beginning with what the broker has retained."""
        broker = self._connected()
        with self._lock:
            parsed = [self._parse(address) for address in addresses]
            listener = _Listener(parsed, sink, self._link.offline_s.get(scan), self._scans.get(scan))
            self._scans[scan] = listener
            for topic, payload in self._topics.items():
                if payload is not None:
                    listener.begin(topic, payload)
        self._listen(broker, listener.topics)
        with self._lock:
            listener.refuse(self._refused)
        self._give_up(broker)
        return True

    def unsubscribe(self, scan: str) -> None:
        """Report nothing more for the scan."""
        broker = self._connected()
        with self._lock:
            self._scans.pop(scan, None)
        self._give_up(broker)

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """What was published last on the topic of each address, as far as the broker has told; BAD where it has not."""
        broker = self._connected()
        broker.check()
        wanted = [self._parse(address) for address in addresses]
        topics = dict.fromkeys(address.topic for address in wanted)
        self._listen(broker, tuple(topics))
        with self._arrived:
            missing = topics.keys() - self._refused
            self._arrived.wait_for(lambda: all(self._topics.get(topic) is not None for topic in missing), _SETTLE_S)
            return [self._reading(address) for address in wanted]

    def write(self, address: str, value: Value) -> None:
        """Publish the value on the topic where the device takes it, and return when the broker has it. Never repeated."""
        broker, target = self._connected(), self._parse(address)
        try:
            self.check_write(address)
        except ConfigError as error:
            raise DeviceRefusedError(str(error)) from error
        if value is None:
            raise InvalidValueError(f"{address}: there is no value")
        broker.publish(self._set_topic(target), encode(target, value))

    def _connected(self) -> Broker:
        if self._broker is None:
            raise LinkDownError("not connected")
        return self._broker

    def _listen(self, broker: Broker, topics: Sequence[str]) -> None:
        """Have messages of the topics that are new."""
        with self._lock:
            new = [topic for topic in topics if topic not in self._topics]
            self._topics.update(dict.fromkeys(new))
        refused = broker.subscribe(new) if new else set()
        with self._lock:
            self._refused |= refused

    def _give_up(self, broker: Broker) -> None:
        """Have no more messages of topics that no scan has."""
        with self._lock:
            used = {topic for listener in self._scans.values() for topic in listener.topics}
            unused = [topic for topic in self._topics if topic not in used]
            for topic in unused:
                del self._topics[topic]
                self._refused.discard(topic)
        if unused:
            broker.unsubscribe(unused)

    def _hear(self, topic: str, data: bytes) -> None:
        payload = Payload(data)
        with self._arrived:
            if topic not in self._topics:
                return
            self._topics[topic] = payload
            for listener in self._scans.values():
                listener.hear(topic, payload)
            self._arrived.notify_all()

    def _reading(self, address: Address) -> Reading:
        payload = self._topics.get(address.topic)
        if payload is None:
            return _REFUSED if address.topic in self._refused else _UNKNOWN
        return payload.reading(address) or _REFUSED

    def _set_topic(self, address: Address) -> str:
        return address.topic + self._link.set_suffix if address.set_topic is None else address.set_topic

    def _parse(self, text: str) -> Address:
        address = self._parsed.get(text)
        if address is None:
            address = self._parsed[text] = parse(text)
        return address


@dataclass
class _Topic:
    """The places of a scan that one topic feeds.

    told: addresses that have had a value. former: addresses that the scan had before its last change. quiet: how long nobody has
    published; silent: that was reported.
    """

    places: list[tuple[int, Address]] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    former: frozenset[str] = frozenset()
    quiet: Stopwatch = field(default_factory=Stopwatch)
    silent: bool = False

    def follow(self, former: _Topic) -> None:
        self.told, self.quiet, self.silent = former.told, former.quiet, former.silent
        self.former = frozenset(address.text for _, address in former.places)

    def readings(self, payload: Payload) -> Iterator[tuple[int, Reading]]:
        for index, address in self.places:
            reading = payload.reading(address)
            if reading is None and address.text in self.told:
                continue  # devices publish only what has changed
            if reading is not None and not reading.quality.is_bad:
                self.told.add(address.text)
            yield index, reading or _REFUSED


class _Listener:
    """One scan that hears of its topics, in place of a former one; its driver's lock is held by whoever calls."""

    def __init__(self, addresses: Sequence[Address], sink: Sink, offline_s: float | None, former: _Listener | None) -> None:
        self._sink = sink
        self._offline_s = offline_s
        self._topics: dict[str, _Topic] = {}
        for index, address in enumerate(addresses):
            self._topics.setdefault(address.topic, _Topic()).places.append((index, address))
        for name, topic in self._topics.items():
            if former is not None and name in former._topics:  # noqa: SLF001 - its own kind
                topic.follow(former._topics[name])  # noqa: SLF001

    @property
    def topics(self) -> Sequence[str]:
        return tuple(self._topics)

    def hear(self, topic: str, payload: Payload) -> None:
        heard = self._topics.get(topic)
        if heard is not None:
            heard.quiet, heard.silent = Stopwatch(), False
            self._tell(list(heard.readings(payload)))

    def begin(self, topic: str, payload: Payload) -> None:
        """Tell what was heard before, of addresses that are new: the broker does not send it again."""
        heard = self._topics.get(topic)
        if heard is not None:
            new = {index for index, address in heard.places if address.text not in heard.former}
            self._tell([(index, reading) for index, reading in heard.readings(payload) if index in new])

    def refuse(self, topics: set[str]) -> None:
        self._tell([(index, _REFUSED) for topic in topics & self._topics.keys() for index, _ in self._topics[topic].places])

    def report_silence(self) -> None:
        if self._offline_s is None:
            return
        for topic in self._topics.values():
            if not topic.silent and topic.quiet.elapsed_s() > self._offline_s:
                topic.silent = True
                self._tell([(index, _SILENT) for index, _ in topic.places])

    def _tell(self, readings: Sequence[tuple[int, Reading]]) -> None:
        if readings:
            self._sink(readings)


def password_of(link: MqttLink, environment: Mapping[str, str]) -> str | None:
    """The password of the link's user, None if it needs none. Raises ``ConfigError`` naming the variable that is not there."""
    if not link.password_env:
        return None
    try:
        return environment[link.password_env]
    except KeyError:
        raise ConfigError(f"link {link.name}: password_env: there is no environment variable {link.password_env}") from None
