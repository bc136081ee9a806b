"""Conditions: is a sample abnormal, and which values leave an alarm as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from automation.model.alarm import (
    BadQuality,
    Bool,
    Comms,
    Condition,
    Discrete,
    High,
    Levels,
    Low,
    Plausibility,
    RateOfChange,
    Stale,
)
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.bands import NOTHING, Band, OneTag
from automation.observers.alarms.graded import Graded
from automation.observers.alarms.paired import DeviationCheck, DiscrepancyCheck, LimitCheck
from automation.observers.alarms.timed import RateCheck, StaleCheck
from automation.system.clock import NEVER

_INF = math.inf


class Check(Protocol):
    """One condition, ready to judge samples.

    active: whether the alarm is active now. An active alarm is judged against the point where it leaves, an inactive one against
    the point where it is entered (ISA-18.2 alarm deadband). look_due: when it must see the newest sample again though nobody sent
    another, ``NEVER`` if it need not; ``judge`` moves it. inputs: the tags beside the alarm's own that it must be told of.
    """

    look_due: float
    inputs: Sequence[str]

    def tell(self, tag: str, sample: Sample) -> None:
        """Take the newest sample of an input."""

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if abnormal, False if normal, None if the sample tells neither: BAD, not finite, not of the type."""

    def band(self, active: bool, abnormal: bool) -> Band:
        """The open interval of values that are judged as told."""


class _Told(OneTag):
    """Abnormal while whoever follows the members says so."""

    __slots__ = ()
    look_due = NEVER

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        return sample.value is True

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING


def compile_condition(condition: Condition) -> Check:
    """The check of a declared condition."""
    return _CHECKS[type(condition)](condition)


class _OneOf(OneTag):
    """Abnormal while a whole number is one of the values."""

    __slots__ = ("_values",)
    look_due = NEVER

    def __init__(self, values: frozenset[int]) -> None:
        self._values = values

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        value = sample.value
        if sample.quality.is_bad or isinstance(value, bool) or not isinstance(value, int):
            return None
        return value in self._values

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING


class _Bad(OneTag):
    """Abnormal while the quality is BAD, or there is no value, or a number that is none."""

    __slots__ = ()
    look_due = NEVER

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        value = sample.value
        return sample.quality.is_bad or value is None or (isinstance(value, float) and not math.isfinite(value))

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING if abnormal else (-_INF, _INF)


_FAULTS = {
    "rate": Quality.UNCERTAIN_RATE_EXCEEDED,
    "frozen": Quality.UNCERTAIN_FROZEN,
    "stale": Quality.UNCERTAIN_LAST_USABLE_VALUE,
    "under_range": Quality.UNCERTAIN_UNDER_RANGE,
    "over_range": Quality.UNCERTAIN_OVER_RANGE,
    "disagreement": Quality.UNCERTAIN_DISAGREEMENT,
}


class _Implausible(OneTag):
    """Abnormal while the quality tells of one of the faults."""

    __slots__ = ("_qualities",)
    look_due = NEVER

    def __init__(self, faults: tuple[str, ...]) -> None:
        self._qualities = frozenset(_FAULTS[fault] for fault in faults or _FAULTS)

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        return None if sample.quality.is_bad else sample.quality in self._qualities

    def band(self, active: bool, abnormal: bool) -> Band:
        return NOTHING


class _Equal(OneTag):
    """Abnormal while a bool has the value."""

    __slots__ = ("_abnormal",)
    look_due = NEVER

    def __init__(self, abnormal: bool) -> None:
        self._abnormal = abnormal

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        if sample.quality.is_bad or not isinstance(sample.value, bool):
            return None
        return sample.value is self._abnormal

    def band(self, active: bool, abnormal: bool) -> Band:
        return (0.5, 1.5) if abnormal is self._abnormal else (-0.5, 0.5)


_CHECKS: Mapping[type[Condition], Callable[[Any], Check]] = {
    High: LimitCheck,
    Low: LimitCheck,
    Levels: Graded,
    Deviation: DeviationCheck,
    Discrepancy: DiscrepancyCheck,
    Group: lambda _one: _Told(),
    Correlated: lambda _one: _Told(),
    RateOfChange: RateCheck,
    Bool: lambda one: _Equal(one.alarm_value),
    Discrete: lambda one: _OneOf(frozenset(value for value in one.values if isinstance(value, int))),
    BadQuality: lambda _one: _Bad(),
    Stale: StaleCheck,
    Plausibility: lambda one: _Implausible(one.faults),
    Comms: lambda _one: _Equal(False),
}
