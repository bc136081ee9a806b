"""Several limits in one alarm, of which one counts at a time."""

from __future__ import annotations

import math

from automation.model.alarm import Levels
from automation.model.sample import Sample
from automation.observers.alarms.bands import NOTHING, Band, number
from automation.system.clock import NEVER

_SEVERITY = {"": 0, "low": 1, "high": 1, "low_low": 2, "high_high": 2}
_INF = math.inf


class Graded:
    """Beyond which of up to four limits a value is; the level in force is left at its deadband."""

    look_due = NEVER

    def __init__(self, levels: Levels) -> None:
        self._given = levels.given

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if the value is beyond any limit, as entered; see ``grade``."""
        level = self.grade(sample, "")
        return None if level is None else bool(level)

    def grade(self, sample: Sample, level: str) -> str | None:
        """The level of the sample for an alarm at a level, empty if normal, None if the sample tells nothing."""
        value = number(sample)
        if value is None:
            return None
        for name in ("high_high", "low_low", "high", "low"):  # the most severe first
            if name in self._given and self._beyond(name, value, level):
                return name
        return ""

    def _beyond(self, name: str, value: float, level: str) -> bool:
        one = self._given[name]
        side = "high" if name.startswith("high") else "low"
        held = level.startswith(side) and _SEVERITY[level] >= _SEVERITY[name]
        deadband = one.deadband if held else 0.0
        return value > one.limit - deadband if side == "high" else value < one.limit + deadband

    def band(self, active: bool, abnormal: bool) -> Band:
        """Nothing: it depends on the level; see ``band_at``."""
        return NOTHING

    def band_at(self, level: str) -> Band:
        """The open interval of values that leave an alarm at that level as it is."""
        low, high = -_INF, _INF
        for name, one in self._given.items():
            upper = name.startswith("high")
            held = level.startswith("high" if upper else "low") and _SEVERITY[level] >= _SEVERITY[name]
            if not held:  # entered beyond the limit
                if upper:
                    high = min(high, math.nextafter(one.limit, _INF))
                else:
                    low = max(low, math.nextafter(one.limit, -_INF))
            elif name == level:  # left at the deadband
                if upper:
                    low = max(low, one.limit - one.deadband)
                else:
                    high = min(high, one.limit + one.deadband)
        return low, high


def worse(level: str, than: str) -> bool:
    """True if the level is more severe, or on the other side."""
    return _SEVERITY[level] > _SEVERITY[than] or level[:3] != than[:3]
