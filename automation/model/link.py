"""Declarations of links: where a device is and how it is spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from automation.model.errors import ConfigError
from automation.model.tag import NAME_PATTERN

_UNIT_MAX = 255
_PORT_MAX = 65_535
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


@dataclass(frozen=True, kw_only=True)
class ModbusLink:
    """One Modbus TCP device; see ``LinkDeclaration``.

    guarded: the guard process owns the connection, as it must for every link with outputs. watchdog: register address that the
    guard counts up every watchdog_period_s, so that the device falls to safe when nobody does. max_gap, max_block: registers of
    one request. scans: seconds by scan class. Raises ``ConfigError`` naming link and field.
    """

    name: str
    host: str
    port: int = 502
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
        return f"modbus tcp {self.host}:{self.port} unit {self.unit_id}"

    def __post_init__(self) -> None:
        fits = {
            "port": (self.port, is_port(self.port)),
            "unit_id": (self.unit_id, 0 <= self.unit_id <= _UNIT_MAX),
            "timeout_s": (self.timeout_s, 0 < self.timeout_s <= 60),  # noqa: PLR2004
            "watchdog_period_s": (self.watchdog_period_s, 0 < self.watchdog_period_s <= 60),  # noqa: PLR2004
            "max_gap": (self.max_gap, 0 <= self.max_gap <= 125),  # noqa: PLR2004
            "max_block": (self.max_block, 1 <= self.max_block <= 125),  # noqa: PLR2004
        }
        check_link(self.name, fits, self.scans)
        if self.watchdog is not None and not self.guarded:
            raise ConfigError(f"link {self.name}: watchdog: only the guard writes one; set guarded")
