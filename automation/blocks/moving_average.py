"""Moving average of the last samples."""

from __future__ import annotations

import math
from collections import deque

from automation.model import conditioning

# A power of two above the most samples: divided by it, not even the largest numbers overflow when summed.
_LARGE = 1024.0


class MovingAverage:
    """The mean of the last samples, of those that are there until there are enough. Raises ``ConfigError`` on too few or many.

    Summed anew each time, so that no rounding adds up over the years. Source: Smith, The Scientist and Engineer's Guide to
    Digital Signal Processing, chapter 15.
    """

    def __init__(self, samples: int) -> None:
        self._values: deque[float] = deque(maxlen=conditioning.MovingAverage(samples=samples).samples)

    def step(self, value: float, now: float) -> float:
        """The mean with the value among the last samples."""
        values = self._values
        values.append(value)
        try:
            mean = math.fsum(values) / len(values)
        except OverflowError:
            mean = math.fsum(each / _LARGE for each in values) / len(values) * _LARGE
        return min(max(mean, min(values)), max(values))  # a rounding moves no steady value

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._values.clear()
