"""What the stateful functions remember between evaluations, one memory per place in the text."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from automation.model.quality import Quality
from automation.model.sample import Value

Kept: TypeAlias = float | bool | None

POINTS_MAX = 1_000


class Memory(Protocol):
    """What one call of a stateful function remembers."""

    def kept(self) -> Kept:
        """What must survive a restart, None for nothing."""

    def restore(self, kept: Kept) -> None:
        """Go on from what was kept; of the wrong kind it is ignored."""


class Total:
    """The integral over time of a value that holds until the next is taken; time without a usable value adds nothing."""

    def __init__(self, seconds: float) -> None:
        self.total = 0.0
        self._seconds = seconds
        self._last: tuple[float, float] | None = None

    def take(self, value: float | None, now: float) -> float:
        """The total after the value, None for a BAD one, has been taken."""
        if self._last is not None:
            then, held = self._last
            self.total += held * max(0.0, now - then) / self._seconds
        self._last = None if value is None else (now, value)
        return self.total

    def kept(self) -> Kept:
        """The total."""
        return self.total if math.isfinite(self.total) else 0.0

    def restore(self, kept: Kept) -> None:
        """Go on from the total; the time in between adds nothing."""
        if isinstance(kept, int | float) and not isinstance(kept, bool) and math.isfinite(kept):
            self.total = float(kept)


class Latch:
    """Two thresholds: true from ``on`` until ``off``, also where on is the lower one."""

    def __init__(self) -> None:
        self._on = False

    def take(self, value: float, on: float, off: float) -> bool:
        """True while the value has come to on more recently than to off."""
        rising = on >= off
        if value >= on if rising else value <= on:
            self._on = True
        elif value <= off if rising else value >= off:
            self._on = False
        return self._on

    def kept(self) -> Kept:
        """Whether it is on."""
        return self._on

    def restore(self, kept: Kept) -> None:
        """Go on from the side that was kept."""
        if isinstance(kept, bool):
            self._on = kept


Point: TypeAlias = tuple[float, Value, Quality, float]


class Window:
    """The last seconds of a value, each point holding until the next; at most a thousand points are remembered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._points: deque[Point] = deque()

    def take(self, value: Value, quality: Quality, time: float, now: float) -> None:
        """Remember the value; what is older than the window, but for the point that holds at its beginning, is forgotten."""
        points = self._points
        if len(points) > 1 and now - points[-2][0] < self._seconds / POINTS_MAX:
            points.pop()
        points.append((now, value, quality, time))
        while len(points) > 1 and points[1][0] <= now - self._seconds:
            points.popleft()

    def oldest(self) -> Point:
        """The point that held at the window's beginning, or the first one while the window is not yet full."""
        return self._points[0]

    def full(self, now: float) -> bool:
        """True once the window has been filled."""
        return now - self._points[0][0] >= self._seconds

    def clear(self) -> None:
        """Forget all."""
        self._points.clear()

    def kept(self) -> Kept:
        """Nothing: after a restart the past is too old."""
        return None

    def restore(self, kept: Kept) -> None:
        """Begin with an empty window."""


class Memories:
    """The memories of one expression. names: the text of each stateful call, by which its memory is found after a restart."""

    def __init__(self, names: Sequence[str], memories: Sequence[Memory]) -> None:
        self._names = names
        self.all = memories

    def kept(self) -> Mapping[str, float | bool]:
        """What must survive a restart, by the text of the call."""
        found = ((name, memory.kept()) for name, memory in zip(self._names, self.all, strict=True))
        return {name: kept for name, kept in found if kept is not None}

    def restore(self, kept: Mapping[str, float | bool]) -> None:
        """Go on from what was kept; calls that are new begin anew."""
        for name, memory in zip(self._names, self.all, strict=True):
            if name in kept:
                memory.restore(kept[name])
