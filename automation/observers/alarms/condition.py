"""Conditions: is a sample abnormal, and which values leave an alarm as it is."""

from __future__ import annotations

import math
from typing import Protocol, TypeAlias

from automation.model.alarm import BadQuality, Bool, Comms, Condition, Discrete, High, Low
from automation.model.sample import Sample, Value

Band: TypeAlias = tuple[float, float]

_INF = math.inf


class Check(Protocol):
    """One condition, ready to judge samples; it remembers nothing.

    active: whether the alarm is active now. An active alarm is judged against the point where it leaves, an inactive one against
    the point where it is entered (ISA-18.2 alarm deadband).
    """

    def judge(self, sample: Sample, active: bool) -> bool | None:
        """True if abnormal, False if normal, None if the sample tells neither: BAD, not finite, not of the type."""

    def band(self, active: bool, abnormal: bool) -> Band:
        """The open interval of values that are judged as told."""


def compile_condition(condition: Condition) -> Check:
    """The check of a declared condition."""
    match condition:
        case High():
            return _Above(condition.limit, condition.limit - condition.deadband)
        case Low():
            return _Below(condition.limit, condition.limit + condition.deadband)
        case Bool():
            return _Equal(condition.alarm_value)
        case Comms():
            return _Equal(False)
        case Discrete():
            return _OneOf(frozenset(value for value in condition.values if isinstance(value, int)))
        case BadQuality():
            return _Bad()


def _number(sample: Sample) -> float | None:
    value: Value = sample.value
    if sample.quality.is_bad or isinstance(value, bool | str) or value is None:
        return None
    return value if -_INF < value < _INF else None


class _Above:
    """Entered above enter, left at leave or below; leave <= enter."""

    __slots__ = ("_enter", "_leave")

    def __init__(self, enter: float, leave: float) -> None:
        self._enter = enter
        self._leave = leave

    def judge(self, sample: Sample, active: bool) -> bool | None:
        value = _number(sample)
        return None if value is None else value > (self._leave if active else self._enter)

    def band(self, active: bool, abnormal: bool) -> Band:
        point = self._leave if active else self._enter
        return (point, _INF) if abnormal else (-_INF, math.nextafter(point, _INF))


class _Below:
    """Entered below enter, left at leave or above; leave >= enter."""

    __slots__ = ("_enter", "_leave")

    def __init__(self, enter: float, leave: float) -> None:
        self._enter = enter
        self._leave = leave

    def judge(self, sample: Sample, active: bool) -> bool | None:
        value = _number(sample)
        return None if value is None else value < (self._leave if active else self._enter)

    def band(self, active: bool, abnormal: bool) -> Band:
        point = self._leave if active else self._enter
        return (-_INF, point) if abnormal else (math.nextafter(point, -_INF), _INF)


NOTHING: Band = (_INF, -_INF)  # every value is looked at


class _OneOf:
    """Abnormal while a whole number is one of the values."""

    __slots__ = ("_values",)

    def __init__(self, values: frozenset[int]) -> None:
        self._values = values

    def judge(self, sample: Sample, active: bool) -> bool | None:
        value = sample.value
        if sample.quality.is_bad or isinstance(value, bool) or not isinstance(value, int):
            return None
        return value in self._values

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING


class _Bad:
    """Abnormal while the quality is BAD, whatever the value."""

    __slots__ = ()

    def judge(self, sample: Sample, active: bool) -> bool | None:
        return sample.quality.is_bad

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING if abnormal else (-_INF, _INF)


class _Equal:
    """Abnormal while a bool has the value."""

    __slots__ = ("_abnormal",)

    def __init__(self, abnormal: bool) -> None:
        self._abnormal = abnormal

    def judge(self, sample: Sample, active: bool) -> bool | None:
        if sample.quality.is_bad or not isinstance(sample.value, bool):
            return None
        return sample.value is self._abnormal

    def band(self, active: bool, abnormal: bool) -> Band:
        return (0.5, 1.5) if abnormal is self._abnormal else (-0.5, 0.5)
