"""Scaling: from what a device counts to the engineering unit, and back."""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from automation.model.errors import ConfigError, InvalidValueError

_POINTS_MAX = 64
_LARGEST = sys.float_info.max


class Curve(Enum):
    """How a scale runs between its points. SQUARE_ROOT: a flow measured as a differential pressure."""

    LINEAR = "linear"
    SQUARE_ROOT = "square_root"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A curve from raw counts to the engineering unit.

    raw, eng: the points that correspond, as many of one as of the other; raw ascending or descending. Two points make a line or,
    with curve ``SQUARE_ROOT``, a root; more make a line with bends. limits: the lowest and highest raw value of a healthy device;
    beyond them the value is UNCERTAIN. clamp: a value beyond the limits, or beyond the first and last point where there are none,
    stays at the nearest. Raises ``ConfigError``.
    """

    raw: Sequence[float]
    eng: Sequence[float]
    curve: Curve = Curve.LINEAR
    limits: tuple[float, float] | None = None
    clamp: bool = False

    def __post_init__(self) -> None:
        raw, eng = tuple(self.raw), tuple(self.eng)
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "eng", eng)
        limits = self.limits or ()
        if not all(abs(number) <= _LARGEST for number in (*raw, *eng, *limits)):
            raise ConfigError("scale: every point and limit must be finite")
        if not all(max(points) / 2 - min(points) / 2 <= _LARGEST / 2 for points in (raw, eng) if points):
            raise ConfigError(f"scale {raw} -> {eng}: the points are too far apart")
        if len(raw) != len(eng) or not 2 <= len(raw) <= _POINTS_MAX:  # noqa: PLR2004
            raise ConfigError(f"scale {raw} -> {eng}: as many raw as engineering points are needed, 2 to {_POINTS_MAX}")
        if raw[0] == raw[-1] or (len(raw) == 2 and eng[0] == eng[1]):  # noqa: PLR2004
            raise ConfigError(f"scale {raw} -> {eng}: low and high must differ")
        if not _monotonic(raw):
            raise ConfigError(f"scale {raw} -> {eng}: raw points must ascend or descend")
        if self.curve is Curve.SQUARE_ROOT and len(raw) != 2:  # noqa: PLR2004
            raise ConfigError(f"scale {raw} -> {eng}: a square root has two points")
        if self.limits is not None and not self.limits[0] < self.limits[1]:
            raise ConfigError(f"scale: limits {self.limits}: low must be below high")

    @property
    def reversible(self) -> bool:
        """True if every engineering value belongs to one raw value, as it must for a tag that is written."""
        return _monotonic(self.eng)

    def to_eng(self, raw: float) -> float:
        """The engineering value of raw counts; beyond the points the first and last line go on, unless clamped."""
        if self.clamp:
            low, high = self.limits or (min(self.raw[0], self.raw[-1]), max(self.raw[0], self.raw[-1]))
            raw = min(max(raw, low), high)
        if len(self.raw) == 2:  # noqa: PLR2004 - the usual case, kept short
            (raw_low, raw_high), (eng_low, eng_high) = self.raw, self.eng
            if raw == raw_high:  # exact, so that full scale is not out of range by a rounding
                return eng_high
            if self.curve is Curve.SQUARE_ROOT:
                part = (raw - raw_low) / (raw_high - raw_low)
                return eng_low + (0.0 if part <= 0 else math.sqrt(part)) * (eng_high - eng_low)
            return eng_low + (raw - raw_low) * (eng_high - eng_low) / (raw_high - raw_low)
        return _bent(self.raw, self.eng, raw)

    def to_raw(self, eng: float) -> float:
        """The raw counts of an engineering value, not rounded. Raises ``InvalidValueError`` where several would do."""
        if not self.reversible:
            raise InvalidValueError(f"scale {self.raw} -> {self.eng}: {eng:g} belongs to more than one raw value")
        if len(self.raw) == 2:  # noqa: PLR2004
            (raw_low, raw_high), (eng_low, eng_high) = self.raw, self.eng
            if eng == eng_high:
                return raw_high
            if self.curve is Curve.SQUARE_ROOT:
                part = max(0.0, (eng - eng_low) / (eng_high - eng_low))
                return raw_low + part * part * (raw_high - raw_low)
            return raw_low + (eng - eng_low) * (raw_high - raw_low) / (eng_high - eng_low)
        return _bent(self.eng, self.raw, eng)

    def step(self) -> float:
        """The largest change of the engineering value by one raw count."""
        if self.curve is Curve.SQUARE_ROOT:
            return abs(self.eng[1] - self.eng[0]) / math.sqrt(abs(self.raw[1] - self.raw[0]))
        steps = [abs((e2 - e1) / (r2 - r1)) for (r1, r2), (e1, e2) in zip(pairwise(self.raw), pairwise(self.eng), strict=True)]
        return max(steps)


def _monotonic(points: Sequence[float]) -> bool:
    pairs = list(pairwise(points))
    return all(a < b for a, b in pairs) or all(a > b for a, b in pairs)


def _bent(inputs: Sequence[float], outputs: Sequence[float], value: float) -> float:
    """The output on the line between the two nearest inputs."""
    if inputs[0] > inputs[-1]:
        inputs, outputs = inputs[::-1], outputs[::-1]
    i = min(max(bisect_right(inputs, value), 1), len(inputs) - 1)
    low, high = inputs[i - 1], inputs[i]
    if value == high:
        return outputs[i]
    return outputs[i - 1] + (value - low) * (outputs[i] - outputs[i - 1]) / (high - low)
