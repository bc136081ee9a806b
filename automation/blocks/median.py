"""Moving median of the last samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from automation.model import conditioning


def middle(ordered: Sequence[float]) -> float:
    """The median of numbers in ascending order, at least one; of an even count the mean of the two in the middle."""
    half, odd = divmod(len(ordered), 2)
    if odd:
        return ordered[half]
    low, high = ordered[half - 1], ordered[half]
    return min(max(low / 2 + high / 2, low), high)  # halved first, so that no sum overflows, and the least numbers vanish


class Median:
    """The middle one of the last samples: a single spike leaves no trace, an edge stays an edge.

    Of those that are there until there are enough. Raises ``ConfigError`` on too few or many samples. Source: Tukey, Exploratory
    Data Analysis, 1977, chapter 7 (running medians).
    """

    def __init__(self, samples: int) -> None:
        self._values: deque[float] = deque(maxlen=conditioning.Median(samples=samples).samples)

    def step(self, value: float, now: float) -> float:
        """The median with the value among the last samples."""
        self._values.append(value)
        return middle(sorted(self._values))

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._values.clear()
