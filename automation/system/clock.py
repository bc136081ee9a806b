"""Clocks: one never goes backwards, one moves only when told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

NEVER = float("inf")


class Clock(Protocol):
    """The one timeline of a runtime: POSIX seconds, UTC, never backwards."""

    def now(self) -> float:
        """The present instant in POSIX seconds, UTC."""


class RealClock:
    """The machine's time, anchored to UTC once and carried on by the monotonic clock.

    speed: plant seconds per real second. May be read from any thread.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"speed {speed}: must be positive")
        self.speed = speed
        self._utc = time.time()
        self._anchor = time.monotonic()

    def now(self) -> float:
        """The present instant in POSIX seconds, UTC."""
        return self._utc + (time.monotonic() - self._anchor) * self.speed

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """True as soon as the event is set, False after timeout_s of this clock's time."""
        return event.wait(None if timeout_s == NEVER else max(0.0, timeout_s / self.speed))


class Agenda(Protocol):
    """Something with work due at known instants; workers are."""

    due: float

    def run(self, now: float) -> None:
        """Do the work that is due and set the next ``due``."""


class VirtualClock:
    """A clock that moves only by ``advance``, running what falls due on the way, in order, in the caller's thread."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._agendas: list[Agenda] = []

    def now(self) -> float:
        """The present instant in POSIX seconds, UTC."""
        return self._now

    def attach(self, agenda: Agenda) -> Callable[[], None]:
        """Run the agenda whenever it falls due; returns the call that ends it."""
        self._agendas.append(agenda)
        return lambda: self._agendas.remove(agenda) if agenda in self._agendas else None

    def advance(self, seconds: float = 0.0) -> None:
        """Move on by seconds (>= 0), running what falls due at its own instant, the present one included."""
        if seconds < 0:
            raise ValueError(f"advance {seconds}: time does not go backwards")
        target = self._now + seconds
        while self._agendas:
            first = min(self._agendas, key=lambda agenda: agenda.due)
            if first.due > target:
                break
            self._now = max(self._now, first.due)
            first.run(self._now)
        self._now = target


class Stopwatch:
    """Real elapsed time of a short piece of work, for metrics and bounded waits; unaffected by a clock's speed."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def elapsed_s(self) -> float:
        """Real seconds since the stopwatch was made."""
        return time.perf_counter() - self._start
