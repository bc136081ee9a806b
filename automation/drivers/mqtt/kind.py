"""MQTT as a kind of link."""

from __future__ import annotations

from collections.abc import Callable

from automation.drivers.base import Driver, DriverContext, DriverKind
from automation.drivers.mqtt.connection import Connection, check_files
from automation.drivers.mqtt.driver import MqttDriver, password_of
from automation.model.mqtt_link import MqttLink


def _build(link: MqttLink, context: DriverContext) -> Driver:
    password = password_of(link, context.environment)
    check_files(link)

    def connect(on_message: Callable[[str, bytes], None]) -> Connection:
        return Connection(link, password, on_message)

    return MqttDriver(link, connect)


KIND = DriverKind(declaration=MqttLink, build=_build)
