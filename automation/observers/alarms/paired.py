"""Conditions that look at a second tag: a limit, a setpoint, or a reading that should be the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from automation.model.alarm import High, Low
from automation.model.alarm_kinds import Deviation, Discrepancy
from automation.model.sample import Sample, Value
from automation.observers.alarms.bands import NOTHING, Band, number
from automation.system.clock import NEVER

_INF = math.inf


class LimitCheck:
    """Entered beyond a limit, left at its deadband; the limit is told, or is what a tag says."""

    look_due = NEVER

    def __init__(self, condition: High | Low) -> None:
        self._condition = condition
        self._high = isinstance(condition, High)
        self._limit = None if condition.limit_tag else condition.limit
        self.inputs: Sequence[str] = (condition.limit_tag,) if condition.limit_tag else ()

    @property
    def condition(self) -> High | Low:
        """The condition with the limit in force, the last known one while its tag is BAD."""
        return self._condition

    def tell(self, _tag: str, sample: Sample) -> None:
        """Take the limit from now on; while it is BAD or no number nothing is judged."""
        self._limit = number(sample)
        if self._limit is not None:
            self._condition = replace(self._condition, limit=self._limit)

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True beyond the limit, while active beyond its deadband."""
        value, point = number(sample), self._point(active)
        if value is None or point is None:
            return None
        return value > point if self._high else value < point

    def band(self, active: bool, abnormal: bool) -> Band:
        """The side of the point that decides now."""
        point = self._point(active)
        if point is None:
            return NOTHING
        if self._high:
            return (point, _INF) if abnormal else (-_INF, math.nextafter(point, _INF))
        return (-_INF, point) if abnormal else (math.nextafter(point, -_INF), _INF)

    def _point(self, active: bool) -> float | None:
        if self._limit is None or not active:
            return self._limit
        gap = self._condition.gap
        return self._limit - gap if self._high else self._limit + gap


class DeviationCheck:
    """Abnormal too far from the setpoint, on either side for as long as it takes to come back within that side's deadband."""

    look_due = NEVER

    def __init__(self, condition: Deviation) -> None:
        self._condition = condition
        self._setpoint = None if condition.setpoint_tag else condition.setpoint
        self.inputs: Sequence[str] = (condition.setpoint_tag,) if condition.setpoint_tag else ()

    @property
    def condition(self) -> Deviation:
        """The condition with the setpoint in force, the last known one while its tag is BAD."""
        return self._condition

    def tell(self, _tag: str, sample: Sample) -> None:
        """Take the setpoint from now on; while it is BAD or no number nothing is judged."""
        self._setpoint = number(sample)
        if self._setpoint is not None:
            self._condition = replace(self._condition, setpoint=self._setpoint)

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if it is too far off."""
        value = number(sample)
        if value is None or self._setpoint is None:
            return None
        low, high = self._bounds(self._setpoint, active)
        return not low <= value <= high if not active else not low < value < high

    def band(self, active: bool, abnormal: bool) -> Band:
        """Around the setpoint while it is normal; while it is not, either side would do, so every sample is looked at."""
        if self._setpoint is None or active or abnormal:
            return NOTHING
        low, high = self._bounds(self._setpoint, active=False)
        return math.nextafter(low, -_INF), math.nextafter(high, _INF)

    def _bounds(self, setpoint: float, active: bool) -> tuple[float, float]:
        """Between which values it is normal; the bounds belong to it while it is inactive and do not while it is active."""
        high, low = self._condition.high, self._condition.low
        above = _INF if high is None else setpoint + high.limit - (high.deadband if active else 0.0)
        below = -_INF if low is None else setpoint - low.limit + (low.deadband if active else 0.0)
        return below, above


class DiscrepancyCheck:
    """Abnormal while both tags are known and say something else."""

    look_due = NEVER

    def __init__(self, condition: Discrepancy) -> None:
        self.condition = condition
        self._other: Sample | None = None
        self.inputs: Sequence[str] = (condition.other,)

    def tell(self, _tag: str, sample: Sample) -> None:
        """Compare with that sample from now on."""
        self._other = sample

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if the two differ, numbers by more than the tolerance."""
        if self._other is None:
            return None
        one, two = comparable(sample), comparable(self._other)
        if one is None or two is None:
            return None
        if isinstance(one, str) or isinstance(two, str):
            return one != two
        return abs(one - two) > self.condition.tolerance

    def band(self, active: bool, abnormal: bool) -> Band:
        """Nothing: every sample is compared."""
        return NOTHING


def comparable(sample: Sample) -> Value:
    """The value that two tags are compared by, None if there is none."""
    value = sample.value
    if sample.quality.is_bad or value is None or isinstance(value, str):
        return None if sample.quality.is_bad else value
    return value if -_INF < value < _INF else None
