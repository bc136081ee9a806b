"""Declarations of alarms: what to watch, and how urgent it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import pairwise
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


@dataclass(frozen=True, kw_only=True)
class Level:
    """One limit of several. priority: of the alarm while it is at this level, the alarm's own if None."""

    limit: float
    deadband: float = 0.0
    priority: Priority | None = None

    def __post_init__(self) -> None:
        _check_limit("levels", self.limit, self.deadband)


LEVEL_NAMES = ("low_low", "low", "high", "high_high")


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Abnormal beyond any of up to four limits, at one level at a time (exclusive); unit: of all of them, the tag's if empty."""

    low_low: Level | None = None
    low: Level | None = None
    high: Level | None = None
    high_high: Level | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        given = self.given
        if not given:
            raise ConfigError("levels: at least one of low_low, low, high and high_high")
        names = tuple(given)
        for below, above in pairwise(names):
            if not given[below].limit < given[above].limit:
                raise ConfigError(f"levels: {above} {given[above].limit:g}: must be above {below} {given[below].limit:g}")
        for outer, inner, side in (("high_high", "high", -1), ("low_low", "low", 1)):
            if outer in given and inner in given:
                leave = given[outer].limit + side * given[outer].deadband
                if (leave - given[inner].limit) * side >= 0:
                    raise ConfigError(f"levels: {outer}: deadband {given[outer].deadband:g}: must end before {inner}")
        if "low" in given and "high" in given and given["low"].limit + given["low"].deadband >= given["high"].limit:
            raise ConfigError(f"levels: low: deadband {given['low'].deadband:g}: must end before high")
        if "low" in given and "high" in given and given["high"].limit - given["high"].deadband <= given["low"].limit:
            raise ConfigError(f"levels: high: deadband {given['high'].deadband:g}: must end before low")

    @property
    def given(self) -> Mapping[str, Level]:
        """The levels that there are, by name, from the lowest to the highest."""
        found = {name: getattr(self, name) for name in LEVEL_NAMES}
        return {name: level for name, level in found.items() if level is not None}


@dataclass(frozen=True, kw_only=True)
class RateOfChange:
    """Abnormal while the value rises or falls faster than told, in the tag's unit per second.

    window_s: over how long the slope is taken, as the median of the slopes between its samples, so that one spike does not count.
    min_samples: fewer in the window tell nothing.
    """

    rising: float | None = None
    falling: float | None = None
    window_s: float = 10.0
    min_samples: int = 3

    def __post_init__(self) -> None:
        if self.rising is None and self.falling is None:
            raise ConfigError("rate_of_change: rising or falling is needed")
        for name in ("rising", "falling"):
            limit = getattr(self, name)
            if limit is not None and not (math.isfinite(limit) and limit > 0):
                raise ConfigError(f"rate_of_change: {name} {limit}: must be above 0")
        if not 0 < self.window_s <= 86_400:  # noqa: PLR2004
            raise ConfigError(f"rate_of_change: window_s {self.window_s}: must be above 0 and at most 86400 s")
        if not 2 <= self.min_samples <= 32:  # noqa: PLR2004
            raise ConfigError(f"rate_of_change: min_samples {self.min_samples}: must be 2 to 32")


@dataclass(frozen=True, kw_only=True)
class Stale:
    """Abnormal while nobody has updated the tag for so long, with the same value or another."""

    timeout_s: float

    def __post_init__(self) -> None:
        if not 0 < self.timeout_s <= 86_400:  # noqa: PLR2004
            raise ConfigError(f"stale: timeout_s {self.timeout_s}: must be above 0 and at most 86400 s")


PLAUSIBILITY_FAULTS = ("rate", "frozen", "stale", "under_range", "over_range", "disagreement")


@dataclass(frozen=True, kw_only=True)
class Plausibility:
    """Abnormal while a check of the tag finds its value implausible. faults: of those checks only, of all if empty."""

    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for fault in self.faults:
            if fault not in PLAUSIBILITY_FAULTS:
                raise ConfigError(f"plausibility: faults {fault}: known are {', '.join(PLAUSIBILITY_FAULTS)}")


Condition: TypeAlias = High | Low | Levels | RateOfChange | Bool | Discrete | BadQuality | Stale | Plausibility | Comms
CONDITION_KINDS: Mapping[type[Condition], str] = {
    High: "high",
    Low: "low",
    Levels: "levels",
    RateOfChange: "rate_of_change",
    Bool: "bool",
    Discrete: "discrete",
    BadQuality: "bad_quality",
    Stale: "stale",
    Plausibility: "plausibility",
    Comms: "comms",
}


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One alarm of the plant.

    tag: name of the tag that is watched. on_delay_s, off_delay_s: how long the condition must hold, or be gone. latching: stays
    until a person resets it. restore_ack: what was acknowledged before it was silent is so afterwards. realarm_s: announced again
    if it is still active so long after it was acknowledged, never if 0. reack_on_escalation: a worse level must be acknowledged
    anew. supersedes: the alarms that are silent while this one is active. enabled: without it nothing is judged. alarm_class: a
    label by which people are told. consequence, cause, action and response_s, the time that the operator has: what they read.

    Raises ``ConfigError`` naming alarm and field.
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
    alarm_class: str = ""
    description: str = ""
    consequence: str = ""
    cause: str = ""
    action: str = ""
    response_s: float = 0.0
    reack_on_escalation: bool = True
    supersedes: tuple[str, ...] = ()
    enabled: bool = True

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"alarm {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        for field in ("on_delay_s", "off_delay_s", "realarm_s", "response_s"):
            delay = getattr(self, field)
            if not (math.isfinite(delay) and 0 <= delay <= 86_400):  # noqa: PLR2004
                raise ConfigError(f"alarm {self.name}: {field} {delay}: must be 0 to 86400 s")
