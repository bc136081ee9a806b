"""Modbus as a kind of link."""

from __future__ import annotations

from collections.abc import Mapping

from automation.drivers.base import Driver, DriverContext, DriverKind, LinkField
from automation.drivers.modbus.build import build_driver
from automation.model.link import ModbusLink, ModbusTransport, Parity

_NETWORK = {"transport": ("tcp", "rtu_over_tcp", "tls")}
_SERIAL = {"transport": ("rtu", "ascii")}
_TLS = {"transport": ("tls",)}

FIELDS: Mapping[str, LinkField] = {
    "transport": LinkField(description="How frames reach the device", choices=tuple(ModbusTransport)),
    "host": LinkField(description="Name or address of the device, or of its gateway", only_for=_NETWORK),
    "port": LinkField(description="TCP port", only_for=_NETWORK),
    "serial_port": LinkField(description="Serial port, such as /dev/ttyUSB0", only_for=_SERIAL),
    "baud": LinkField(description="Speed of the line", unit="Bd", only_for=_SERIAL),
    "parity": LinkField(description="Parity of a character", choices=tuple(Parity), only_for=_SERIAL),
    "stop_bits": LinkField(description="1 or 2", only_for=_SERIAL),
    "byte_size": LinkField(description="7 or 8 data bits", only_for=_SERIAL),
    "ca_file": LinkField(description="File of the authority of the device's certificate, or of that certificate", only_for=_TLS),
    "client_certificate": LinkField(description="File that we show the device", only_for=_TLS),
    "client_key": LinkField(description="File of the key to it", only_for=_TLS),
    "server_name": LinkField(description="What the certificate names; the host if empty", only_for=_TLS),
    "unit_id": LinkField(description="Unit behind a gateway or on the line"),
    "guarded": LinkField(description="The guard owns the connection; every link with outputs needs that"),
    "timeout_s": LinkField(description="How long a reply is waited for", unit="s"),
    "scans": LinkField(description="Scan classes and their periods", unit="s"),
    "shared": LinkField(description="One connection for all links to this host and port", only_for=_NETWORK, advanced=True),
    "watchdog": LinkField(
        description="Holding register that the guard counts up, such as holding:100",
        only_for={"guarded": (True,)},
        advanced=True,
    ),
    "watchdog_period_s": LinkField(
        description="How often it is counted up", unit="s", only_for={"guarded": (True,)}, advanced=True
    ),
    "max_gap": LinkField(description="Registers that nobody wants and that are read to save a request", advanced=True),
    "max_block": LinkField(description="Registers of one request at most", advanced=True),
    "mask_write": LinkField(description="Write a bit of a register by function 22", advanced=True),
    "read_write": LinkField(description="Write and read back in one request by function 23", advanced=True),
}


def _build(link: ModbusLink, context: DriverContext) -> Driver:
    return build_driver(link, context.gateway)


KIND = DriverKind(
    declaration=ModbusLink,
    build=_build,
    title="Modbus",
    description="TCP, TLS, RTU and ASCII on a serial line, RTU over TCP",
    fields=FIELDS,
)
