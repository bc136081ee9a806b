"""Drivers from settings."""

from __future__ import annotations

from automation.drivers.modbus.driver import ModbusDriver
from automation.drivers.modbus.guarded import Gateway, GuardedTransport
from automation.drivers.modbus.tcp import TcpTransport
from automation.drivers.modbus.transport import Transport
from automation.model.errors import ConfigError
from automation.model.link import ModbusLink


def build_driver(link: ModbusLink, gateway: Gateway | None = None) -> ModbusDriver:
    """The driver of the link: through the guard's gateway if it is guarded, else over a connection of its own.

    Raises ``ConfigError`` for a guarded link without a gateway.
    """
    transport: Transport
    if not link.guarded:
        transport = TcpTransport(link.host, link.port, link.timeout_s)
    elif gateway is None:
        raise ConfigError(f"link {link.name}: guarded, but there is no guard")
    else:
        transport = GuardedTransport(link.name, gateway)
    return ModbusDriver(link, transport)
