"""MQTT as a kind of link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from automation.drivers.base import Driver, DriverContext, DriverKind, LinkField
from automation.drivers.mqtt.connection import Connection, check_files
from automation.drivers.mqtt.driver import MqttDriver, password_of
from automation.model.mqtt_link import MqttLink

_TLS = {"tls": (True,)}

FIELDS: Mapping[str, LinkField] = {
    "host": LinkField(description="Name or address of the broker"),
    "port": LinkField(description="TCP port; 1883, or 8883 with TLS, if empty"),
    "tls": LinkField(description="The connection is encrypted"),
    "ca": LinkField(description="File of the authority of the broker's certificate; the system's if empty", only_for=_TLS),
    "certificate": LinkField(description="File that we show the broker", only_for=_TLS),
    "key": LinkField(description="File of the key to it", only_for=_TLS),
    "user": LinkField(description="Name that we log in with; nobody if empty"),
    "password_env": LinkField(description="Environment variable that holds the password"),
    "timeout_s": LinkField(description="How long an answer is waited for", unit="s"),
    "scans": LinkField(description="Scan classes and how often their values are taken", unit="s"),
    "offline_s": LinkField(description="By scan class: values that nobody published for so long are BAD", unit="s"),
    "client_id": LinkField(description="A new one for each connection if empty", advanced=True),
    "keepalive_s": LinkField(description="A broker that falls silent is lost within twice this", unit="s", advanced=True),
    "set_suffix": LinkField(description="What follows a value's topic where it is written", advanced=True),
    "status_topic": LinkField(description="Where we publish online, and offline as our last will", advanced=True),
}


def _build(link: MqttLink, context: DriverContext) -> Driver:
    password = password_of(link, context.environment)
    check_files(link)

    def connect(on_message: Callable[[str, bytes], None]) -> Connection:
        return Connection(link, password, on_message)

    return MqttDriver(link, connect)


KIND = DriverKind(
    declaration=MqttLink,
    build=_build,
    title="MQTT",
    description="Plain topics of a broker, with JSON or plain values",
    fields=FIELDS,
)
