"""Declarations of alarms: what to watch, and how urgent it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TypeAlias

from automation.model.errors import ConfigError
from automation.model.tag import NAME_PATTERN


class Priority(IntEnum):
    """How soon an operator must respond; 1 is the most urgent (ISA-18.2, five levels with a diagnostic one)."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4
    DIAGNOSTIC = 5


class AckMode(Enum):
    """When an alarm counts as acknowledged: by a person, also by its return, or always."""

    REQUIRED = "required"
    AUTO_ON_RTN = "auto_on_rtn"
    NONE = "none"


class OnBad(Enum):
    """What an alarm does with a sample that cannot be judged: stay as it is, be active, be normal."""

    HOLD = "hold"
    ACTIVE = "active"
    NORMAL = "normal"


def _check_limit(kind: str, limit: float, deadband: float) -> None:
    if not math.isfinite(limit):
        raise ConfigError(f"{kind}: limit {limit}: must be finite")
    if not (math.isfinite(deadband) and deadband >= 0):
        raise ConfigError(f"{kind}: deadband {deadband}: must be finite and not negative")


@dataclass(frozen=True, kw_only=True)
class High:
    """Abnormal above the limit; normal again at limit - deadband or below. unit: of both, the tag's if empty."""

    limit: float
    deadband: float = 0.0
    unit: str = ""

    def __post_init__(self) -> None:
        _check_limit("high", self.limit, self.deadband)


@dataclass(frozen=True, kw_only=True)
class Low:
    """Abnormal below the limit; normal again at limit + deadband or above. unit: of both, the tag's if empty."""

    limit: float
    deadband: float = 0.0
    unit: str = ""

    def __post_init__(self) -> None:
        _check_limit("low", self.limit, self.deadband)


@dataclass(frozen=True, kw_only=True)
class Comms:
    """Abnormal while the watched link is down; the alarm's tag is the link's ``LINK.<name>.UP``."""


@dataclass(frozen=True, kw_only=True)
class Bool:
    """Abnormal while a bool tag has the alarm value."""

    alarm_value: bool = True


@dataclass(frozen=True, kw_only=True)
class Discrete:
    """Abnormal while an enum or a whole number is one of the values; of an enum also by the texts of its states."""

    values: tuple[int | str, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ConfigError("discrete: values: at least one")


@dataclass(frozen=True, kw_only=True)
class BadQuality:
    """Abnormal while the tag is BAD: its device, its sensor, or what it is computed from."""


Condition: TypeAlias = High | Low | Bool | Discrete | BadQuality | Comms
CONDITION_KINDS: Mapping[type[Condition], str] = {
    High: "high",
    Low: "low",
    Bool: "bool",
    Discrete: "discrete",
    BadQuality: "bad_quality",
    Comms: "comms",
}


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One alarm of the plant.

    tag: name of the tag that is watched. on_delay_s, off_delay_s: how long the condition must hold, or be gone. latching: stays
    until a person resets it. restore_ack: what was acknowledged before it was silent is so afterwards. realarm_s: announced again
    if it is still active so long after it was acknowledged, never if 0. consequence, cause, action and response_s, the time that
    the operator has, are what the operator is told. Raises ``ConfigError`` naming alarm and field.
    """

    name: str
    tag: str
    condition: Condition
    priority: Priority = Priority.MEDIUM
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    latching: bool = False
    ack_mode: AckMode = AckMode.REQUIRED
    on_bad: OnBad = OnBad.HOLD
    restore_ack: bool = False
    realarm_s: float = 0.0
    area: str = ""
    description: str = ""
    consequence: str = ""
    cause: str = ""
    action: str = ""
    response_s: float = 0.0

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"alarm {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        for field in ("on_delay_s", "off_delay_s", "realarm_s", "response_s"):
            delay = getattr(self, field)
            if not (math.isfinite(delay) and 0 <= delay <= 86_400):  # noqa: PLR2004
                raise ConfigError(f"alarm {self.name}: {field} {delay}: must be 0 to 86400 s")
