"""Several limits in one alarm, each with delays of its own; the worst one in force is the level of the alarm."""

from __future__ import annotations

from typing import NamedTuple

from automation.observers.alarms.bands import NOTHING, Band
from automation.observers.alarms.graded import ANY_LEVEL, Graded, worst
from automation.system.clock import NEVER


class _Turn(NamedTuple):
    """A limit on its way into force, or out of it: when, and the source time of the sample that began it."""

    due: float
    crossed: float


class Ladder:
    """Which limits are in force: one enters when it was exceeded for the on-delay, and leaves when it was not for the off-delay.

    level, active: as the alarm stands. A value that cannot be judged but counts as abnormal is a limit without a name, which is
    left when the value is within all others. crossed: source time of the sample that began what entered last.
    """

    __slots__ = ("_graded", "_in_force", "_turns", "crossed", "off_delay_s", "on_delay_s")

    def __init__(self, graded: Graded, on_delay_s: float, off_delay_s: float, level: str, active: bool) -> None:
        self.on_delay_s = on_delay_s
        self.off_delay_s = off_delay_s
        self.crossed = 0.0
        self._graded = graded
        self._in_force = set(graded.implied_by(level)) if active else set()
        self._turns: dict[str, _Turn] = {}

    @property
    def known(self) -> bool:
        """True if the limits are known, some of which tags may tell, and do not contradict each other."""
        return self._graded.known

    @property
    def active(self) -> bool:
        """True if any limit is in force."""
        return bool(self._in_force)

    @property
    def level(self) -> str:
        """The worst limit in force, empty if there is none with a name."""
        return worst(self._in_force)

    @property
    def next_level(self) -> str:
        """The other level that the next turn leads to if nothing changes before, empty if it leads to none."""
        level = worst(self._after(self.due)) if self._in_force and self._turns else ANY_LEVEL
        return ANY_LEVEL if level == self.level else level

    @property
    def abnormal(self) -> bool:
        """True if the newest sample was beyond any limit."""
        return any((name in self._in_force) != (name in self._turns) for name in (*self._in_force, *self._turns))

    @property
    def due(self) -> float:
        """When the next limit enters or leaves, ``NEVER`` if none is about to."""
        return min((turn.due for turn in self._turns.values()), default=NEVER)

    @property
    def steady(self) -> bool:
        """True if the level says all: nothing is on its way, and what is in force follows from it."""
        level = self.level
        return not self._turns and self._in_force == (set(self._graded.implied_by(level)) if level else set())

    @property
    def band(self) -> Band:
        """The open interval of values that change nothing."""
        return self._graded.band_at(self.level) if self.steady else NOTHING

    def hold(self) -> None:
        """Stay as it is, and begin every delay anew."""
        self._turns.clear()

    def take(self, value: float, now: float, source_time: float) -> None:
        """Judge a value."""
        beyond = {name for name in self._graded.names if self._graded.beyond(name, value, held=name in self._in_force)}
        if beyond and (ANY_LEVEL in self._in_force or ANY_LEVEL in self._turns):
            beyond.add(ANY_LEVEL)
        for name in (*self._graded.names, ANY_LEVEL):
            self._judged(name, name in beyond, now, source_time)

    def take_abnormal(self, now: float, source_time: float) -> None:
        """Judge a sample without a value that counts as abnormal: whatever was exceeded goes on to be."""
        for name in self._in_force:
            self._turns.pop(name, None)
        self._judged(ANY_LEVEL, True, now, source_time)

    def take_normal(self, now: float, source_time: float) -> None:
        """Judge a sample without a value that counts as normal."""
        for name in (*self._graded.names, ANY_LEVEL):
            self._judged(name, False, now, source_time)

    def settle(self, time: float) -> None:
        """Let enter and leave what is due by then."""
        entered = [turn.crossed for name, turn in self._turns.items() if turn.due <= time and name not in self._in_force]
        self._in_force = self._after(time)
        self._turns = {name: turn for name, turn in self._turns.items() if turn.due > time}
        if entered:
            self.crossed = min(entered)

    def _after(self, time: float) -> set[str]:
        """What is in force at that time, if nothing changes before."""
        return self._in_force ^ {name for name, turn in self._turns.items() if turn.due <= time}

    def _judged(self, name: str, beyond: bool, now: float, source_time: float) -> None:
        held = name in self._in_force
        if beyond == held:
            self._turns.pop(name, None)
        elif name not in self._turns:
            self._turns[name] = _Turn(now + (self.off_delay_s if held else self.on_delay_s), source_time)
