"""The same command on many alarms: each is done by itself, so that one refusal stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.commands.alarm_switches import AlarmSwitchCommands
from automation.commands.alarms import AlarmCommands
from automation.commands.audit import Audit, Call
from automation.commands.ports import AlarmsPort
from automation.model.errors import AutomationError, InvalidValueError, StorageError
from automation.observers.alarms.view import AlarmView
from automation.security.principal import Permission, Principal

MANY_MAX = 1_000


class Acknowledge(Protocol):
    """The command that acknowledges one alarm."""

    def __call__(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None, /) -> AlarmView:
        """The alarm after it was acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one alarm: the alarm after the command, or the error that it met."""

    name: str
    view: AlarmView | None = None
    error: AutomationError | None = None


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What became of each alarm, in the order that they were named. left: how many more were meant than one command takes."""

    items: Sequence[Outcome]
    left: int = 0

    @property
    def done(self) -> int:
        """How many took the command."""
        return sum(one.error is None for one in self.items)

    @property
    def refused(self) -> int:
        """How many did not."""
        return len(self.items) - self.done


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which alarms: those of the names, those of the area and the areas below it, or all; exactly one of the three.

    Raises ``InvalidValueError`` if none or several are given.
    """

    names: Sequence[str] | None = None
    area: str | None = None
    all: bool = False

    def __post_init__(self) -> None:
        if (self.names is not None) + (self.area is not None) + self.all != 1:
            raise InvalidValueError("exactly one of names, area and all says which alarms are meant")
        if self.area is not None and not self.area.strip("/"):
            raise InvalidValueError("area: the name of an area is expected; all means every alarm")


class AlarmBulkCommands:
    """Acknowledges, shelves, unshelves, enables and disables several alarms at once, of at most ``MANY_MAX`` names.

    Each alarm goes through the command on one alarm, with a row of its own in the journal. What is refused is an outcome; only
    a principal without the permission and a request that names too many raise (``NotAllowedError``, ``InvalidValueError``).
    Once the store fails the rest is not tried, and says so.
    """

    def __init__(
        self, audit: Audit, acknowledge: Acknowledge, one: AlarmCommands, switches: AlarmSwitchCommands, alarms: AlarmsPort
    ) -> None:
        self._audit = audit
        self._acknowledge = acknowledge
        self._one = one
        self._switches = switches
        self._alarms = alarms

    def acknowledge_many(
        self, principal: Principal, which: Selection, comment: str = "", occurrences: Mapping[str, str] | None = None
    ) -> Outcomes:
        """What became of each alarm; an area and ``all`` mean what is shown and unacknowledged now, the most urgent first.

        occurrences: by name, refuse if the alarm has been raised again since that one.
        """
        self._admit(principal, "alarm.acknowledge", which.names or ())
        seen = dict(occurrences or {})
        names, left = which.names, 0
        if names is None:
            waiting = [view for view in self._alarms.list(standing=True) if _is_waiting(view) and _is_within(view, which.area)]
            waiting.sort(key=lambda view: (view.priority, -(view.active_time or 0.0)))
            # What is raised again from here on was seen by nobody.
            seen = {view.name: view.occurrence_id for view in waiting if view.occurrence_id is not None}
            names, left = [view.name for view in waiting[:MANY_MAX]], max(0, len(waiting) - MANY_MAX)
        return _each(names, lambda name: self._acknowledge(principal, name, comment, seen.get(name)), left)

    def shelve_many(
        self, principal: Principal, names: Sequence[str], reason: str, for_s: float | None = None, *, one_shot: bool = False
    ) -> Outcomes:
        """What became of each alarm; see ``AlarmCommands.shelve``."""
        self._admit(principal, "alarm.shelve", names)
        return _each(names, lambda name: self._one.shelve(principal, name, reason, for_s, one_shot=one_shot))

    def unshelve_many(self, principal: Principal, names: Sequence[str], reason: str = "") -> Outcomes:
        """What became of each alarm; see ``AlarmCommands.unshelve``."""
        self._admit(principal, "alarm.unshelve", names)
        return _each(names, lambda name: self._one.unshelve(principal, name, reason))

    def enable_many(self, principal: Principal, names: Sequence[str], reason: str) -> Outcomes:
        """What became of each alarm; see ``AlarmSwitchCommands.enable``."""
        self._admit(principal, "alarm.enable", names, Permission.CONFIGURE, gated=True)
        return _each(names, lambda name: self._switches.enable(principal, name, reason))

    def disable_many(self, principal: Principal, names: Sequence[str], reason: str) -> Outcomes:
        """What became of each alarm; see ``AlarmSwitchCommands.disable``."""
        self._admit(principal, "alarm.disable", names, Permission.CONFIGURE, gated=True)
        return _each(names, lambda name: self._switches.disable(principal, name, reason))

    def _admit(
        self,
        principal: Principal,
        kind: str,
        names: Sequence[str],
        permission: Permission = Permission.ACKNOWLEDGE,
        *,
        gated: bool = False,
    ) -> None:
        """Refuse the whole once, in place of each alarm by itself."""
        call = Call(principal=principal, kind=kind, subject=f"{len(names)} alarms" if names else "alarms")
        with self._audit.frame(call, permission, gated=gated):
            if len(names) > MANY_MAX:
                raise InvalidValueError(f"{len(names)} alarms are named; {MANY_MAX} are the most at once")


def _is_waiting(view: AlarmView) -> bool:
    """True if people see that it is unacknowledged; what is kept silent is acknowledged by its name only."""
    return not view.acked and view.state == view.core_state


def _is_within(view: AlarmView, area: str | None) -> bool:
    return area is None or f"{view.area}/".startswith(f"{area.strip('/')}/")


def _each(names: Iterable[str], act: Callable[[str], AlarmView], left: int = 0) -> Outcomes:
    items: list[Outcome] = []
    broken: StorageError | None = None
    for name in dict.fromkeys(names):
        if broken is not None:
            items.append(Outcome(name=name, error=StorageError(f"not tried, for the store fails: {broken}")))
            continue
        try:
            items.append(Outcome(name=name, view=act(name)))
        except AutomationError as error:
            broken = error if isinstance(error, StorageError) else None
            items.append(Outcome(name=name, error=error))
    return Outcomes(items=items, left=left)
