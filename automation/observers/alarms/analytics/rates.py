"""Counts over sliding windows: peaks, chatter and floods. A window of n seconds at t holds what came after t - n, up to t."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WINDOW_S = 600.0


class Peak(NamedTuple):
    """The fullest window: how many it holds, and when its first came; None if nothing came at all."""

    alarms: int
    at: float | None


class Flood(NamedTuple):
    """A time in which more alarms come than a person can deal with.

    start: when the threshold was passed. end: when the rate was low again, None if it is not yet. alarms: those that belong to
    it, those that filled the window at its start included. peak: the fullest window. first_alarm: with which it began.
    """

    start: float
    end: float | None
    alarms: int
    peak: int
    first_alarm: str


def peak_of(times: Iterable[float], window_s: float) -> Peak:
    """The fullest window over ascending times; the first of equals."""
    window: deque[float] = deque()
    best = Peak(0, None)
    for time in times:
        window.append(time)
        while time - window[0] >= window_s:
            window.popleft()
        if len(window) > best.alarms:
            best = Peak(len(window), window[0])
    return best


class FloodWatch:
    """Follows the rate of announced alarms and tells floods apart; opens when a window holds more than opens_above.

    It closes at the instant at which the window holds fewer than closes_below. Times are given in ascending order; one that is
    older than the newest counts as that.
    """

    def __init__(self, opens_above: int, closes_below: int) -> None:
        self.floods: list[Flood] = []
        self._opens_above = opens_above
        self._closes_below = closes_below
        self._window: deque[tuple[float, str]] = deque()
        self._open: Flood | None = None

    def add(self, time: float, alarm: str) -> None:
        """Take note of an announced alarm."""
        if self._window:
            time = max(time, self._window[-1][0])
        self.advance(time)
        self._window.append((time, alarm))
        count = len(self._window)
        flood = self._open
        if flood is not None:
            self._open = flood._replace(alarms=flood.alarms + 1, peak=max(flood.peak, count))
        elif count > self._opens_above:
            self._open = Flood(time, None, count, count, self._window[0][1])

    def advance(self, now: float) -> None:
        """Let time pass."""
        while self._window and now - self._window[0][0] >= WINDOW_S:
            gone, _ = self._window.popleft()
            if self._open is not None and len(self._window) < self._closes_below:
                self.floods.append(self._open._replace(end=gone + WINDOW_S))
                self._open = None

    def count(self, now: float) -> int:
        """How many alarms were announced in the last ten minutes."""
        self.advance(now)
        return len(self._window)

    def flooded(self, now: float) -> bool:
        """True while a flood goes on."""
        self.advance(now)
        return self._open is not None

    def all(self, now: float) -> Sequence[Flood]:
        """Every flood until now, the one that goes on last."""
        self.advance(now)
        return [*self.floods, *([] if self._open is None else [self._open])]
