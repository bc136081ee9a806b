"""Declarations of signal conditioning and of plausibility checks; ``blocks`` and ``acquisition`` carry them out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TypeAlias

from automation.model.errors import ConfigError

SAMPLES_MAX = 1000
_SECONDS_MAX = 86_400.0
_LARGEST = sys.float_info.max


def _positive(kind: str, field: str, value: float, most: float = _LARGEST) -> None:
    if not 0 < value <= most:
        limit = " and finite" if most == _LARGEST else f", at most {most:g}"
        raise ConfigError(f"{kind}: {field} {value!s:.40}: must be above 0{limit}")


def _samples(kind: str, samples: int, least: int) -> None:
    if not isinstance(samples, int) or not least <= samples <= SAMPLES_MAX:
        raise ConfigError(f"{kind}: samples {samples!s:.40}: must be a whole number, {least} to {SAMPLES_MAX}")


@dataclass(frozen=True, kw_only=True)
class FirstOrder:
    """A lag: after time_constant_s the value has followed 63 % of a step."""

    time_constant_s: float

    def __post_init__(self) -> None:
        _positive("first_order", "time_constant_s", self.time_constant_s, _SECONDS_MAX)


@dataclass(frozen=True, kw_only=True)
class MovingAverage:
    """The mean of the last samples."""

    samples: int

    def __post_init__(self) -> None:
        _samples("moving_average", self.samples, 2)


@dataclass(frozen=True, kw_only=True)
class Median:
    """The middle one of the last samples; an odd count is usual."""

    samples: int

    def __post_init__(self) -> None:
        _samples("median", self.samples, 3)


@dataclass(frozen=True, kw_only=True)
class Kalman:
    """A Kalman filter of a value that wanders.

    process_noise: variance that the true value gains per second, unit squared per second. measurement_noise: variance of one
    measurement, unit squared.
    """

    process_noise: float
    measurement_noise: float

    def __post_init__(self) -> None:
        _positive("kalman", "process_noise", self.process_noise)
        _positive("kalman", "measurement_noise", self.measurement_noise)


@dataclass(frozen=True, kw_only=True)
class Outlier:
    """Rejects a sample that lies too far from the median of the last samples, and keeps the last accepted value.

    threshold: in median absolute deviations scaled to a standard deviation (Hampel identifier). least: in the tag's unit, a
    distance that is never an outlier, so that a quiet signal may step.
    """

    samples: int = 11
    threshold: float = 4.0
    least: float = 0.0

    def __post_init__(self) -> None:
        _samples("outlier", self.samples, 5)
        _positive("outlier", "threshold", self.threshold, 100.0)
        if not 0 <= self.least <= _LARGEST:
            raise ConfigError(f"outlier: least {self.least!s:.40}: must be finite and not negative")


Filter: TypeAlias = FirstOrder | MovingAverage | Median | Kalman | Outlier

FILTER_KINDS: dict[str, type[Filter]] = {
    "first_order": FirstOrder,
    "moving_average": MovingAverage,
    "median": Median,
    "kalman": Kalman,
    "outlier": Outlier,
}


@dataclass(frozen=True, kw_only=True)
class Checks:
    """When a value is not plausible, beside its range; None: not checked.

    max_rate: fastest credible change, unit per second. frozen_s: an identical raw value for so long is frozen. stale_s: no update
    for so long is stale. agrees_with: the redundant tag; within: largest difference in the tag's unit that holds for longer than
    for_s. Raises ``ConfigError``.
    """

    max_rate: float | None = None
    frozen_s: float | None = None
    stale_s: float | None = None
    agrees_with: str | None = None
    within: float | None = None
    for_s: float = 0.0

    def __post_init__(self) -> None:
        for field in ("max_rate", "frozen_s", "stale_s", "within"):
            value = getattr(self, field)
            if value is not None:
                _positive("checks", field, value)
        if (self.agrees_with is None) != (self.within is None):
            raise ConfigError("checks: agrees_with and within belong together")
        if not 0 <= self.for_s <= _SECONDS_MAX:
            raise ConfigError(f"checks: for_s {self.for_s!s:.40}: must be 0 to {_SECONDS_MAX:g}")
