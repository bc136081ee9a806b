"""Drivers from settings."""

from __future__ import annotations

from automation.drivers.modbus.bus import SharedTransport
from automation.drivers.modbus.driver import ModbusDriver
from automation.drivers.modbus.guarded import Gateway, GuardedTransport
from automation.drivers.modbus.transport import Transport
from automation.drivers.modbus.wire import Connection, WireTransport
from automation.guard.line import Lines
from automation.guard.stream import opener
from automation.model.errors import ConfigError
from automation.model.link import ModbusLink

# A serial port can be opened once in a process, whoever builds the drivers of its units.
_LINES = Lines()


def build_driver(link: ModbusLink, gateway: Gateway | None = None) -> ModbusDriver:
    """The driver of the link: through the guard's gateway if it is guarded, else over a connection of its own or a shared one.

    Raises ``ConfigError`` for a guarded link without a gateway, or files of certificates that cannot be used.
    """
    transport: Transport
    if not link.guarded:
        transport = _transport(link)
    elif gateway is None:
        raise ConfigError(f"link {link.name}: guarded, but there is no guard")
    else:
        transport = GuardedTransport(link.name, gateway)
    return ModbusDriver(link, transport)


def _transport(link: ModbusLink) -> Transport:
    connection = Connection(link.place, link.transport, opener(link))
    if not (link.serial or link.shared):
        return WireTransport(connection, link.timeout_s)
    line = _LINES.get(_place(link), connection)
    shared = line.connection
    assert isinstance(shared, Connection)  # noqa: S101 - no other kind is put into these lines
    return SharedTransport(line, WireTransport(shared, link.timeout_s))


def _place(link: ModbusLink) -> object:
    """What links have in common that share a connection."""
    return link.transport, link.place, link.ca_file, link.client_certificate, link.client_key, link.server_name
