"""First-order lag (PT1), exact for samples at any distance."""

from __future__ import annotations

import math

from automation.model.conditioning import FirstOrder


class FirstOrderLag:
    """Follow the input with a time constant in seconds; the first value is taken as it is.

    Exact for an input that has stood at its present value since the step before, however far apart the steps are. Raises
    ``ConfigError`` on a time constant that makes no sense. Source: Astrom and Wittenmark, Computer-Controlled Systems, 3rd
    edition, section 2.3 (zero-order-hold sampling).
    """

    def __init__(self, time_constant_s: float) -> None:
        self.time_constant_s = FirstOrder(time_constant_s=time_constant_s).time_constant_s
        self._value: float | None = None
        self._now = 0.0

    def step(self, value: float, now: float) -> float:
        """The lagging value at the instant now, POSIX seconds; an instant that is not later than the last changes nothing."""
        if self._value is None:
            self._value = value
        else:
            elapsed = max(0.0, now - self._now)
            self._value -= math.expm1(-elapsed / self.time_constant_s) * (value - self._value)
        self._now = now
        return self._value

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._value = None
