"""What alarms that watch other alarms know of them."""

from __future__ import annotations

from typing import Protocol

from automation.model.alarm import Condition
from automation.model.alarm_kinds import Correlated, Group
from automation.observers.alarms.facts import Facts
from automation.system.clock import NEVER


class Members(Protocol):
    """The members of one alarm. due: when time alone changes what ``judge`` says."""

    due: float

    def hear(self, name: str, facts: Facts | None) -> bool:
        """Take a member as it is now, None once it is gone or disabled; True if it was raised since it was heard last."""

    def judge(self, now: float) -> bool:
        """True if the alarm is to be active."""


def members_for(condition: Condition) -> Members | None:
    """What follows the members of the condition, None for one that watches a tag."""
    if isinstance(condition, Group):
        return AnyMember(condition)
    return Coincidence(condition) if isinstance(condition, Correlated) else None


class AnyMember:
    """True while any member is active and heard."""

    def __init__(self, condition: Group) -> None:
        self.due = NEVER
        self._active: dict[str, str | None] = {}

    def hear(self, name: str, facts: Facts | None) -> bool:
        """Count the member while it is active and not kept silent."""
        if facts is None or not facts.active or facts.overlay.silent:
            self._active.pop(name, None)
            return False
        new = self._active.get(name) != facts.occurrence_id
        self._active[name] = facts.occurrence_id
        return new

    def judge(self, now: float) -> bool:
        """True if there is one."""
        return bool(self._active)


class Coincidence:
    """True while enough different members were raised within the window, and the time after the last return is over."""

    def __init__(self, condition: Correlated) -> None:
        self.due = NEVER
        self._condition = condition
        self._raised: dict[str, float] = {}
        self._active = False
        self._rests_until = 0.0

    def hear(self, name: str, facts: Facts | None) -> bool:
        """Remember when the member was raised last, if people heard of it."""
        if facts is None:
            self._raised.pop(name, None)
            return False
        if facts.active_time is None or not facts.active or facts.overlay.silent:
            return False  # one that has returned since was raised all the same
        new = facts.active_time > self._raised.get(name, 0.0)
        if new:
            self._raised[name] = facts.active_time
        return new

    def judge(self, now: float) -> bool:
        """True if so many fall into the window that ends now."""
        window_s = self._condition.window_s
        self._raised = {name: time for name, time in self._raised.items() if time > now - window_s}
        enough = len(self._raised) >= self._condition.count
        if self._active and not enough:
            self._rests_until = now + self._condition.cooldown_s
        self._active = enough and (self._active or now >= self._rests_until)
        ends = min(self._raised.values(), default=NEVER) + window_s if self._raised else NEVER
        self.due = self._rests_until if enough and not self._active else ends
        return self._active
