"""Declarations of links: where a device is and how it is spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

from automation.model.errors import ConfigError
from automation.model.tag import NAME_PATTERN

_UNIT_MAX = 255
_SERIAL_UNIT_MAX = 247
_PORT_MAX = 65_535
_BAUDS = frozenset({300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600})
_BITS_PER_CHARACTER = 11
# A request to read is 8 characters long, its reply 5 more than its data.
_FRAMES_OVERHEAD = 13
# A stop is confirmed within 100 ms, of which the poll under way may take so much.
_GUARDED_POLL_S = 0.035
_SCAN_MIN_S, _SCAN_MAX_S = 0.01, 3600.0
DEFAULT_SCANS: Mapping[str, float] = {"fast": 0.1, "normal": 0.5, "slow": 2.0}


class LinkDeclaration(Protocol):
    """What the declarations of all kinds of links have in common.

    kind: the name under which the driver is registered. scans: seconds by scan class. guarded: the guard process owns the
    connection, as it must for every link with outputs. endpoint: where the device is, for people, without secrets.
    """

    @property
    def name(self) -> str:
        """Its name, which begins the source of its tags."""

    @property
    def kind(self) -> str:
        """Such as ``modbus``."""

    @property
    def scans(self) -> Mapping[str, float]:
        """Its scan classes."""

    @property
    def guarded(self) -> bool:
        """Whether outputs may be on it."""

    @property
    def endpoint(self) -> str:
        """Such as ``modbus tcp 192.168.10.20:502 unit 1``."""


def up_tag(link: str) -> str:
    """The name of the tag that tells whether the device of that link answers."""
    return f"LINK.{link}.UP"


def check_link(name: str, fits: Mapping[str, tuple[object, bool]], scans: Mapping[str, float]) -> None:
    """Do nothing if the parts of a declaration are sound. fits: value and whether it fits, by field.

    Raises ``ConfigError`` naming link and field.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise ConfigError(f"link {name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
    for field_name, (value, ok) in fits.items():
        if not ok:
            raise ConfigError(f"link {name}: {field_name} {value}: out of range")
    for scan, period_s in scans.items():
        if not _SCAN_MIN_S <= period_s <= _SCAN_MAX_S:
            raise ConfigError(f"link {name}: scan class {scan}: {period_s} s is not 0.01 to 3600 s")


def is_port(port: int) -> bool:
    """True for a TCP port that something can listen on."""
    return 0 < port <= _PORT_MAX


class ModbusTransport(StrEnum):
    """How Modbus frames reach a device."""

    TCP = "tcp"
    RTU = "rtu"
    RTU_OVER_TCP = "rtu_over_tcp"
    ASCII = "ascii"
    TLS = "tls"


class Parity(StrEnum):
    """The parity of the characters on a serial line."""

    NONE = "none"
    EVEN = "even"
    ODD = "odd"


@dataclass(frozen=True, kw_only=True)
class ModbusLink:
    """One Modbus device; see ``LinkDeclaration``.

    transport: ``tcp``, ``rtu_over_tcp`` and ``tls`` want host and port, ``rtu`` and ``ascii`` a serial_port, such as
    ``/dev/ttyUSB0``, with baud, parity, stop_bits and byte_size. shared: one connection for all links to this host and port, for
    a gateway that takes no more; a serial line is always shared. mask_write: a bit of a register is written by function 22,
    unless the device refuses that. read_write: registers are written and read back in one request by function 23, likewise.

    Of TLS: ca_file is the authority of the device's certificate, or that certificate itself; client_certificate and client_key
    are the files that we show, both or none; server_name is what the certificate names, the host if empty.

    guarded: the guard process owns the connection, as it must for every link with outputs. watchdog: register address that the
    guard counts up every watchdog_period_s, so that the device falls to safe when nobody does. max_gap, max_block: registers of
    one request. scans: seconds by scan class. Raises ``ConfigError`` naming link and field.
    """

    name: str
    host: str = ""
    port: int = 502
    transport: str = ModbusTransport.TCP
    serial_port: str = ""
    baud: int = 19_200
    parity: str = Parity.EVEN
    stop_bits: int = 1
    byte_size: int = 8
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""
    server_name: str = ""
    shared: bool = False
    mask_write: bool = True
    read_write: bool = False
    unit_id: int = 1
    timeout_s: float = 0.5
    guarded: bool = False
    watchdog: str | None = None
    watchdog_period_s: float = 0.5
    max_gap: int = 8
    max_block: int = 100
    scans: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_SCANS))

    kind: ClassVar[str] = "modbus"

    @property
    def endpoint(self) -> str:
        """Where the device is, for people."""
        return f"modbus {self.transport.replace('_', ' ')} {self.place} unit {self.unit_id}"

    @property
    def place(self) -> str:
        """The serial port with its settings, such as ``/dev/ttyUSB0 19200 8E1``, or host and port."""
        if not self.serial:
            return f"{self.host}:{self.port}"
        return f"{self.serial_port} {self.baud} {self.byte_size}{self.parity[:1].upper()}{self.stop_bits}"

    @property
    def serial(self) -> bool:
        """True for the transports of a serial line."""
        return self.transport in (ModbusTransport.RTU, ModbusTransport.ASCII)

    def __post_init__(self) -> None:
        fits = {
            "transport": (self.transport, self.transport in set(ModbusTransport)),
            "port": (self.port, is_port(self.port)),
            "unit_id": (self.unit_id, 0 <= self.unit_id <= _UNIT_MAX),
            "timeout_s": (self.timeout_s, 0 < self.timeout_s <= 60),  # noqa: PLR2004
            "watchdog_period_s": (self.watchdog_period_s, 0 < self.watchdog_period_s <= 60),  # noqa: PLR2004
            "max_gap": (self.max_gap, 0 <= self.max_gap <= 125),  # noqa: PLR2004
            "max_block": (self.max_block, 1 <= self.max_block <= 125),  # noqa: PLR2004
        }
        check_link(self.name, fits, self.scans)
        if self.serial:
            self._check_serial()
        elif not self.host:
            raise ConfigError(f"link {self.name}: host: transport {self.transport} needs one")
        elif self.serial_port:
            raise ConfigError(f"link {self.name}: serial_port: transport {self.transport} has none")
        self._check_tls()
        if self.watchdog is not None and not self.guarded:
            raise ConfigError(f"link {self.name}: watchdog: only the guard writes one; set guarded")
        if self.guarded and self.serial:
            self._check_guarded_line()

    def _check_serial(self) -> None:
        """Raises ``ConfigError`` for a line that cannot be, or whose frames take longer than the timeout."""
        fits = {
            "baud": (self.baud, self.baud in _BAUDS),
            "parity": (self.parity, self.parity in set(Parity)),
            "stop_bits": (self.stop_bits, self.stop_bits in (1, 2)),
            "byte_size": (self.byte_size, self.byte_size in (7, 8)),
            "unit_id": (self.unit_id, 1 <= self.unit_id <= _SERIAL_UNIT_MAX),
        }
        check_link(self.name, fits, self.scans)
        if not self.serial_port:
            raise ConfigError(f"link {self.name}: serial_port: transport {self.transport} needs one")
        if self.host:
            raise ConfigError(f"link {self.name}: host: transport {self.transport} has none; it wants serial_port")
        if self.transport == ModbusTransport.RTU and self.byte_size != 8:  # noqa: PLR2004 - bytes are sent as they are
            raise ConfigError(f"link {self.name}: byte_size {self.byte_size}: transport rtu needs 8")
        needed_s = self._frames_s()
        if self.timeout_s <= needed_s:
            raise ConfigError(
                f"link {self.name}: timeout_s {self.timeout_s}: at {self.baud} baud a request and its reply of {self.max_block}"
                f" registers alone take {needed_s:.2f} s; allow more, or lower max_block"
            )

    def _check_guarded_line(self) -> None:
        """Raises ``ConfigError`` if a poll that is under way would hold up a safe value for longer than a stop may take."""
        held_s = self._frames_s()
        if held_s > _GUARDED_POLL_S:
            raise ConfigError(
                f"link {self.name}: max_block {self.max_block}: at {self.baud} baud a poll takes {held_s * 1000:.0f} ms, for"
                f" which a safe value waits; a guarded line allows {_GUARDED_POLL_S * 1000:.0f} ms: lower max_block or raise baud"
            )

    def _frames_s(self) -> float:
        """How long the longest request and its reply are on the line."""
        characters = _FRAMES_OVERHEAD + 2 * self.max_block
        if self.transport == ModbusTransport.ASCII:
            characters *= 2
        return characters * _BITS_PER_CHARACTER / self.baud

    def _check_tls(self) -> None:
        if self.transport == ModbusTransport.TLS:
            if not self.ca_file:
                raise ConfigError(f"link {self.name}: ca_file: transport tls needs the certificate to trust")
            if bool(self.client_certificate) != bool(self.client_key):
                raise ConfigError(f"link {self.name}: client_certificate and client_key: both or none")
            return
        for name in ("ca_file", "client_certificate", "client_key", "server_name"):
            if getattr(self, name):
                raise ConfigError(f"link {self.name}: {name}: transport {self.transport} has none; it is of tls")
