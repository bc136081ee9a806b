"""Declarations of links: where a device is and how it is spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from automation.model.errors import ConfigError
from automation.model.tag import NAME_PATTERN

_UNIT_MAX = 255
_PORT_MAX = 65_535
DEFAULT_SCANS: Mapping[str, float] = {"fast": 0.1, "normal": 0.5, "slow": 2.0}


@dataclass(frozen=True, kw_only=True)
class ModbusLink:
    """One Modbus TCP device.

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

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"link {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        checks = {
            "port": 0 < self.port <= _PORT_MAX,
            "unit_id": 0 <= self.unit_id <= _UNIT_MAX,
            "timeout_s": 0 < self.timeout_s <= 60,  # noqa: PLR2004
            "watchdog_period_s": 0 < self.watchdog_period_s <= 60,  # noqa: PLR2004
            "max_gap": 0 <= self.max_gap <= 125,  # noqa: PLR2004
            "max_block": 1 <= self.max_block <= 125,  # noqa: PLR2004
        }
        for name, fits in checks.items():
            if not fits:
                raise ConfigError(f"link {self.name}: {name} {getattr(self, name)}: out of range")
        for scan, period_s in self.scans.items():
            if not 0.01 <= period_s <= 3600:  # noqa: PLR2004
                raise ConfigError(f"link {self.name}: scan class {scan}: {period_s} s is not 0.01 to 3600 s")
        if self.watchdog is not None and not self.guarded:
            raise ConfigError(f"link {self.name}: watchdog: only the guard writes one; set guarded")
