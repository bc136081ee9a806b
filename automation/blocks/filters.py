"""Filters from their declarations."""

from __future__ import annotations

from typing import Protocol

from automation.blocks.first_order import FirstOrderLag
from automation.blocks.kalman import Kalman
from automation.blocks.median import Median
from automation.blocks.moving_average import MovingAverage
from automation.blocks.outlier import Outlier
from automation.model import conditioning


class FilterBlock(Protocol):
    """A filter that remembers the samples before."""

    def step(self, value: float, now: float) -> float:
        """The filtered value after a finite value at the instant now, POSIX seconds."""

    def reset(self) -> None:
        """Begin anew with the next value, which then passes as it is."""


def filter_block(declared: conditioning.Filter) -> FilterBlock:
    """A new block that does what is declared."""
    match declared:
        case conditioning.FirstOrder():
            return FirstOrderLag(declared.time_constant_s)
        case conditioning.MovingAverage():
            return MovingAverage(declared.samples)
        case conditioning.Median():
            return Median(declared.samples)
        case conditioning.Kalman():
            return Kalman(declared.process_noise, declared.measurement_noise)
        case conditioning.Outlier():
            return Outlier(declared.samples, declared.threshold, declared.least)
