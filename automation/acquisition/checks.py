"""Checks of plausibility that need every reading of a tag: how fast it changes, and whether it moves at all; pure."""

from __future__ import annotations

from automation.model.sample import Value


class RateCheck:
    """Whether a value has changed faster than is credible since the last one that was not.

    max_rate: unit per second. period_s: readings closer together than this are judged as if they were so far apart, so that a
    poll out of turn does not turn noise into a rate.
    """

    def __init__(self, max_rate: float, period_s: float) -> None:
        self._max_rate = max_rate
        self._period_s = period_s
        self._accepted: float | None = None
        self._at = 0.0

    def step(self, value: float, at: float) -> bool:
        """True if the value, measured at the instant, has come too fast. The first one never has."""
        if self._accepted is not None and abs(value - self._accepted) > self._max_rate * max(at - self._at, self._period_s):
            return True
        self._accepted, self._at = value, at
        return False

    def reset(self) -> None:
        """Accept the next value, whatever it is."""
        self._accepted = None


class FrozenCheck:
    """Whether the raw value has been identical for frozen_s; time in which nothing was heard does not count."""

    def __init__(self, frozen_s: float) -> None:
        self._frozen_s = frozen_s
        self._raw: Value = None
        self._since = 0.0
        self._heard = 0.0
        self._gap = False

    def step(self, raw: Value, now: float) -> bool:
        """True if the raw value, received at the instant, is frozen."""
        if raw != self._raw:
            self._raw, self._since = raw, now
        elif self._gap:
            self._since += now - self._heard
        self._heard, self._gap = now, False
        return now - self._since >= self._frozen_s

    def reset(self) -> None:
        """Nothing will be heard until the next step."""
        self._gap = True
