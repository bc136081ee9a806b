"""Declarations of alarms: what to watch, and how urgent it is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import pairwise
from typing import TypeAlias

from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group, check_limit
from automation.model.deadband import Deadband
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


Size: TypeAlias = float | str | Deadband  # in the unit of a limit, or percent of the span of the tag, such as "2 %"


def _check_limit(kind: str, limit: float | None, limit_tag: str, deadband: Size) -> float | str:
    """The deadband as a number, or as the text of a percentage. Raises ``ConfigError``."""
    if not isinstance(deadband, str | Deadband):
        check_limit(kind, limit, limit_tag, deadband)
        return deadband
    check_limit(kind, limit, limit_tag, 0.0)
    try:
        band = Deadband.of(deadband)
    except ConfigError as error:
        raise ConfigError(f"{kind}: {error}") from error
    return band.plain() if band.size else 0.0


def gap_of(deadband: Size) -> float:
    """The deadband as a number. Raises ``ConfigError`` for percent of a span that nobody has looked up."""
    return deadband if isinstance(deadband, float | int) else Deadband.of(deadband).absolute(None)


class _Limited:
    """What has a limit with a deadband."""

    deadband: Size

    @property
    def gap(self) -> float:
        """The deadband as a number; see ``gap_of``."""
        return gap_of(self.deadband)


@dataclass(frozen=True, kw_only=True)
class High(_Limited):
    """Abnormal above the limit; normal again at limit - deadband or below. unit: of both, the tag's if empty.

    limit_tag: the tag that has the limit; the limit beside it is the one that it had last.
    """

    limit: float | None = None
    deadband: Size = 0.0
    unit: str = ""
    limit_tag: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "deadband", _check_limit("high", self.limit, self.limit_tag, self.deadband))


@dataclass(frozen=True, kw_only=True)
class Low(_Limited):
    """Abnormal below the limit; normal again at limit + deadband or above. unit: of both, the tag's if empty.

    limit_tag: the tag that has the limit; the limit beside it is the one that it had last.
    """

    limit: float | None = None
    deadband: Size = 0.0
    unit: str = ""
    limit_tag: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "deadband", _check_limit("low", self.limit, self.limit_tag, self.deadband))


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
class Level(_Limited):
    """One limit of several. priority: of the alarm while it is at this level, the alarm's own if None.

    limit_tag: the tag that has the limit; the limit beside it is the one that it had last.
    """

    limit: float | None = None
    deadband: Size = 0.0
    priority: Priority | None = None
    limit_tag: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "deadband", _check_limit("levels", self.limit, self.limit_tag, self.deadband))


LEVEL_NAMES = ("low_low", "low", "high", "high_high")


def disorder(limits: Mapping[str, tuple[float, float]]) -> str:
    """What contradicts itself among limits and deadbands by the names of their levels, from the lowest; empty if nothing does."""
    for below, above in pairwise(limits):
        if not limits[below][0] < limits[above][0]:
            return f"{above} {limits[above][0]:g}: must be above {below} {limits[below][0]:g}"
    for outer, inner, side in (("high_high", "high", -1), ("low_low", "low", 1)):
        if outer in limits and inner in limits:
            limit, deadband = limits[outer]
            if (limit + side * deadband - limits[inner][0]) * side >= 0:
                return f"{outer}: deadband {deadband:g}: must end before {inner}"
    if "low" in limits and "high" in limits:
        (bottom, above_it), (top, below_it) = limits["low"], limits["high"]
        if bottom + above_it >= top:
            return f"low: deadband {above_it:g}: must end before high"
        if top - below_it <= bottom:
            return f"high: deadband {below_it:g}: must end before low"
    return ""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Abnormal beyond any of up to four limits, at one level at a time (exclusive); unit: of all of them, the tag's if empty."""

    low_low: Level | None = None
    low: Level | None = None
    high: Level | None = None
    high_high: Level | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.given:
            raise ConfigError("levels: at least one of low_low, low, high and high_high")
        if not any(level.limit_tag for level in self.given.values()):
            # Percent are looked at when the tag is known.
            wrong = disorder(
                {
                    name: (level.limit or 0.0, 0.0 if isinstance(level.deadband, str) else level.gap)
                    for name, level in self.given.items()
                }
            )
            if wrong:
                raise ConfigError(f"levels: {wrong}")

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


Condition: TypeAlias = (
    High
    | Low
    | Levels
    | Deviation
    | RateOfChange
    | Bool
    | Discrete
    | Discrepancy
    | BadQuality
    | Stale
    | Plausibility
    | Comms
    | Group
    | Correlated
)
CONDITION_KINDS: Mapping[type[Condition], str] = {
    High: "high",
    Low: "low",
    Levels: "levels",
    Deviation: "deviation",
    RateOfChange: "rate_of_change",
    Bool: "bool",
    Discrete: "discrete",
    Discrepancy: "discrepancy",
    BadQuality: "bad_quality",
    Stale: "stale",
    Plausibility: "plausibility",
    Comms: "comms",
    Group: "group",
    Correlated: "correlated",
}


def inputs_of(condition: Condition) -> Mapping[str, str]:
    """The tags beside the alarm's own that the condition looks at, by where they are named, such as ``high.limit_tag``."""
    match condition:
        case High() | Low():
            return {"limit_tag": condition.limit_tag} if condition.limit_tag else {}
        case Levels():
            return {f"{name}.limit_tag": level.limit_tag for name, level in condition.given.items() if level.limit_tag}
        case Deviation():
            return {"setpoint_tag": condition.setpoint_tag} if condition.setpoint_tag else {}
        case Discrepancy():
            return {"other": condition.other}
        case _:
            return {}


def members_of(condition: Condition) -> tuple[str, ...]:
    """The alarms that the condition looks at, none if it looks at a tag."""
    return condition.members if isinstance(condition, Group | Correlated) else ()


DISPLAY_MAX = 200
_DISPLAY = re.compile(r"(/|/?[A-Za-z0-9_][A-Za-z0-9_. \-]*(/[A-Za-z0-9_.\-]+)*/?)(\?[A-Za-z0-9_.,=&%\-]*)?")


def check_display(where: str, display: str) -> None:
    """Do nothing for a path of the HMI such as ``/overview``, a name of a display, or nothing.

    Raises ``ConfigError``, above all for an address with a scheme or a host, which would lead people out of the HMI.
    """
    if display and (len(display) > DISPLAY_MAX or ".." in display or not _DISPLAY.fullmatch(display)):
        raise ConfigError(f"{where}: display {display!r:.60}: expected a path of the HMI such as '/overview', or a name")


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One alarm of the plant.

    tag: name of the tag that is watched, empty for one that watches other alarms. on_delay_s, off_delay_s: how long the condition
    must hold, or be gone. latching: stays until a person resets it. restore_ack: what was acknowledged before it was silent is so
    afterwards. realarm_s: announced again if it is still active so long after it was acknowledged, never if 0.
    reack_on_escalation: a worse level must be acknowledged anew. supersedes: the alarms that are silent while this one is active.
    first_out: the group of which the first one is marked. enabled: without it nothing is judged. enabled_when: an expression over
    tags; the alarm is silent while it is false. alarm_class: one of the site's classes, by which alarms are managed and people
    are told. consequence, cause, action, response_s, the time that the operator has, and display, where to look: what operators
    read, inherited from the area where the alarm says nothing.

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
    display: str = ""
    reack_on_escalation: bool = True
    supersedes: tuple[str, ...] = ()
    first_out: str = ""
    enabled: bool = True
    enabled_when: str = ""

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"alarm {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        if bool(self.tag) == bool(members_of(self.condition)):
            kind = CONDITION_KINDS[type(self.condition)]
            words = "it watches its members, so it has none" if self.tag else "is needed"
            raise ConfigError(f"alarm {self.name}: tag: {words} ({kind})")
        if self.first_out and not NAME_PATTERN.fullmatch(self.first_out):
            raise ConfigError(f"alarm {self.name}: first_out {self.first_out!r:.140}: expected the name of a group")
        for field in ("on_delay_s", "off_delay_s", "realarm_s", "response_s"):
            delay = getattr(self, field)
            if not (math.isfinite(delay) and 0 <= delay <= 86_400):  # noqa: PLR2004
                raise ConfigError(f"alarm {self.name}: {field} {delay}: must be 0 to 86400 s")
        check_display(f"alarm {self.name}", self.display)
