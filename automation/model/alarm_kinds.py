"""Conditions of alarms that look at more than one tag, or at other alarms."""

from __future__ import annotations

import math
from dataclasses import dataclass

from automation.model.errors import ConfigError
from automation.model.tag import NAME_PATTERN

MEMBERS_MAX = 500
_DAY_S = 86_400.0
_LEAST = 2  # of what is to come together


def check_limit(kind: str, limit: float | None, limit_tag: str, deadband: float) -> None:
    """Do nothing for a limit that is told, or taken from a tag, with its deadband. Raises ``ConfigError`` naming the kind."""
    if limit is None and not limit_tag:
        raise ConfigError(f"{kind}: limit or limit_tag is needed")
    if limit is not None and not math.isfinite(limit):
        raise ConfigError(f"{kind}: limit {limit}: must be finite")
    check_tag(kind, "limit_tag", limit_tag)
    if not (math.isfinite(deadband) and deadband >= 0):
        raise ConfigError(f"{kind}: deadband {deadband}: must be finite and not negative")


def check_tag(kind: str, field: str, name: str, *, needed: bool = False) -> None:
    """Do nothing for the name of a tag, or for none unless it is needed. Raises ``ConfigError`` naming kind and field."""
    if (name or needed) and not NAME_PATTERN.fullmatch(name):
        raise ConfigError(f"{kind}: {field} {name!r:.140}: expected the name of a tag")


@dataclass(frozen=True, kw_only=True)
class Side:
    """How far a value may be from its setpoint on one side, above 0, and how much nearer it must be to return."""

    limit: float
    deadband: float = 0.0

    def __post_init__(self) -> None:
        check_limit("deviation", self.limit, "", self.deadband)
        if self.limit <= 0:
            raise ConfigError(f"deviation: limit {self.limit:g}: must be above 0")
        if self.deadband >= self.limit:
            raise ConfigError(f"deviation: deadband {self.deadband:g}: must be below the limit {self.limit:g}")


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """Abnormal while the value is too far above or below a setpoint, which is a number or another tag.

    unit: of setpoint, limits and deadbands, the tag's if empty. setpoint: beside a setpoint_tag the value that it had last.
    """

    high: Side | None = None
    low: Side | None = None
    setpoint: float | None = None
    setpoint_tag: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if self.high is None and self.low is None:
            raise ConfigError("deviation: high or low is needed")
        if self.setpoint is None and not self.setpoint_tag:
            raise ConfigError("deviation: setpoint or setpoint_tag is needed")
        if self.setpoint is not None and not math.isfinite(self.setpoint):
            raise ConfigError(f"deviation: setpoint {self.setpoint}: must be finite")
        check_tag("deviation", "setpoint_tag", self.setpoint_tag)


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """Abnormal while two tags disagree. other: the second one. tolerance: of numbers, in the tag's unit."""

    other: str
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        check_tag("discrepancy", "other", self.other, needed=True)
        if not (math.isfinite(self.tolerance) and self.tolerance >= 0):
            raise ConfigError(f"discrepancy: tolerance {self.tolerance}: must be finite and not negative")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Abnormal while any member alarm is active and heard. reflash: another member that joins makes it unacknowledged again."""

    members: tuple[str, ...]
    reflash: bool = True

    def __post_init__(self) -> None:
        _check_members("group", self.members, 1)


@dataclass(frozen=True, kw_only=True)
class Correlated:
    """Abnormal while that many different members were raised within the window.

    cooldown_s: not raised again so long after it has returned.
    """

    members: tuple[str, ...]
    count: int
    window_s: float
    cooldown_s: float = 0.0

    def __post_init__(self) -> None:
        _check_members("correlated", self.members, _LEAST)
        if not _LEAST <= self.count <= len(self.members):
            raise ConfigError(f"correlated: count {self.count}: must be 2 to {len(self.members)}, the number of members")
        if not 0 < self.window_s <= _DAY_S:
            raise ConfigError(f"correlated: window_s {self.window_s}: must be above 0 and at most 86400 s")
        if not 0 <= self.cooldown_s <= _DAY_S:
            raise ConfigError(f"correlated: cooldown_s {self.cooldown_s}: must be 0 to 86400 s")


def _check_members(kind: str, members: tuple[str, ...], least: int) -> None:
    if not least <= len(members) <= MEMBERS_MAX:
        raise ConfigError(f"{kind}: members: {least} to {MEMBERS_MAX} alarms")
    for i, name in enumerate(members):
        if not NAME_PATTERN.fullmatch(name):
            raise ConfigError(f"{kind}: members {name!r:.140}: expected the name of an alarm")
        if name in members[:i]:
            raise ConfigError(f"{kind}: members {name}: named twice")
