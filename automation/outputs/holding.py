"""Outputs that somebody switched on: who, for how long, and why they are at rest again; pure."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from automation.expressions.judged import Judged
from automation.guard.status import GuardOutputStatus
from automation.model.sample import Value

_SLACK_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Held:
    """One output away from its safe value. number: of the put; deadline, until: what ends it, None where nothing does."""

    name: str
    value: Value
    owner: str
    at: float
    number: int
    deadline: float | None = None
    until: Judged | None = None


class Holding:
    """All of them; from any thread."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._ending: dict[str, str] = {}
        self._numbers = 0
        self._lock = threading.Lock()

    def mark(self) -> int:
        """A number by which ``rested`` knows the puts that came before what the guard was asked."""
        return self._numbers

    def put(self, name: str, value: Value, owner: str, now: float, for_s: float | None, until: Judged | None) -> None:
        """The device took the value, which is not the safe one."""
        with self._lock:
            self._numbers += 1
            deadline = None if for_s is None else now + for_s
            self._held[name] = Held(
                name=name, value=value, owner=owner, at=now, number=self._numbers, deadline=deadline, until=until
            )
            self._ending.pop(name, None)

    def end(self, name: str) -> bool:
        """True if it was held; the device took the safe value."""
        with self._lock:
            self._ending.pop(name, None)
            return self._held.pop(name, None) is not None

    def announce(self, name: str, why: str) -> None:
        """Remember why it is about to be made safe, in case somebody sees it at rest before who does it tells."""
        with self._lock:
            self._ending[name] = why

    def of(self, name: str) -> Held | None:
        """What holds the output."""
        return self._held.get(name)

    def all(self) -> Sequence[Held]:
        """Everything that is held."""
        return tuple(self._held.values())

    def rested(
        self, told: Sequence[GuardOutputStatus], now: float, mark: int, latched: Sequence[str]
    ) -> Sequence[tuple[str, str]]:
        """Outputs that were made safe by who owns them, with why. mark: taken before it was asked. latched: held by a stop."""
        at_rest = {output.name for output in told if not output.active and not output.safe_pending}
        found = []
        with self._lock:
            for held in list(self._held.values()):
                if held.name in at_rest and held.number <= mark:
                    del self._held[held.name]
                    found.append((held.name, self._ending.pop(held.name, "") or _why(held, now, latched)))
        return found


def _why(held: Held, now: float, latched: Sequence[str]) -> str:
    if held.name in latched:
        return "estop"
    if held.deadline is not None and now < held.deadline - _SLACK_S:
        return "guard"
    return "time"
