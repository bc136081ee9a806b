"""Outlier rejection by the Hampel identifier."""

from __future__ import annotations

from collections import deque

from automation.blocks.median import middle
from automation.model import conditioning

# The median absolute deviation of a normal distribution is this part of its standard deviation, turned over.
_DEVIATION = 1.4826
# Fewer samples tell nothing about the usual spread.
_JUDGED_FROM = 5


class Outlier:
    """Pass a sample, or the last accepted one in place of a sample that lies too far from the median of the last samples.

    samples: in the window, the judged one and the rejected ones included, so that a true step is followed as soon as more than
    half of the window has seen it. threshold: in median absolute deviations scaled to a standard deviation. least: a distance
    that is never an outlier. rejected: whether the last sample was. The first four samples are taken as they are. Raises
    ``ConfigError`` on numbers that make no sense. Source: Pearson, Outliers in Process Modeling and Identification, IEEE
    Transactions on Control Systems Technology 10 (2002) 55-63.
    """

    def __init__(self, samples: int = 11, threshold: float = 4.0, least: float = 0.0) -> None:
        given = conditioning.Outlier(samples=samples, threshold=threshold, least=least)
        self._threshold, self._least = given.threshold, given.least
        self._values: deque[float] = deque(maxlen=given.samples)
        self._accepted = 0.0
        self.rejected = False

    def step(self, value: float, now: float) -> float:
        """The value, or the last accepted one if it is an outlier."""
        self._values.append(value)
        self.rejected = len(self._values) >= _JUDGED_FROM and self._is_outlier(value)
        if not self.rejected:
            self._accepted = value
        return self._accepted

    def _is_outlier(self, value: float) -> bool:
        median = middle(sorted(self._values))
        distance = abs(value - median)
        if distance <= self._least:
            return False
        deviation = middle(sorted(abs(each - median) for each in self._values))
        return distance > self._threshold * _DEVIATION * deviation

    def reset(self) -> None:
        """Begin anew with the next value."""
        self._values.clear()
        self.rejected = False
