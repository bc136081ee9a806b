"""What numbers come to, gathered a slice at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence


class Numbers:
    """Count, sum, least, greatest and spread of numbers."""

    __slots__ = ("count", "high", "low", "spread", "total")

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.low = math.inf
        self.high = -math.inf
        self.spread = 0.0  # sum of the squared distances from the mean

    def add(self, values: Sequence[float], *, spread: bool) -> None:
        """Add the numbers, of which there is one at least; spread: that is asked for."""
        count, total = len(values), float(sum(values))
        own = 0.0
        if spread:
            own = spread_of(values, total / count)
        self.merge(count, total, float(min(values)), float(max(values)), own)

    def merge(self, count: int, total: float, low: float, high: float, spread: float = 0.0) -> None:
        """Add what other numbers, one at least, come to (Chan, Golub, LeVeque 1983)."""
        if self.count:
            apart = total / count - self.total / self.count
            spread += apart * apart * self.count * count / (self.count + count)
        self.spread += spread
        self.count += count
        self.total += total
        self.low = min(self.low, low)
        self.high = max(self.high, high)

    @property
    def mean(self) -> float:
        """The sum by the count."""
        return self.total / self.count

    @property
    def deviation(self) -> float | None:
        """The standard deviation of a sample, None of less than two."""
        return math.sqrt(self.spread / (self.count - 1)) if self.count > 1 else None


def spread_of(values: Sequence[float], mean: float) -> float:
    """The sum of the squared distances of the numbers from their mean."""
    distance = math.dist(values, (mean,) * len(values))
    return distance * distance


class Weighted:
    """Numbers times the microseconds for which they held."""

    __slots__ = ("total", "weight")

    def __init__(self) -> None:
        self.total = 0.0
        self.weight = 0

    def add(self, total: float, weight: int) -> None:
        """Add a sum of products and the sum of their weights."""
        self.total += total
        self.weight += weight

    @property
    def mean(self) -> float | None:
        """The mean over time, None over none."""
        return self.total / self.weight if self.weight else None


def finite(number: float | None) -> float | None:
    """The number, None if it is none that can be told."""
    return None if number is None or not math.isfinite(number) else number
