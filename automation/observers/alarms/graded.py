"""Several limits in one alarm, of which one counts at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from automation.model.alarm import LEVEL_NAMES, Levels, disorder
from automation.model.sample import Sample
from automation.observers.alarms.bands import NOTHING, Band, number
from automation.system.clock import NEVER

ANY_LEVEL = ""  # abnormal, nobody knows how far
_SEVERITY = {ANY_LEVEL: 0, "low": 1, "high": 1, "low_low": 2, "high_high": 2}
_WORST_FIRST = ("high_high", "low_low", "high", "low")
_INF = math.inf


class Graded:
    """Beyond which of up to four limits a value is; a limit in force is left at its deadband."""

    look_due = NEVER

    def __init__(self, levels: Levels) -> None:
        self._given = levels.given
        self._gaps = {name: one.gap for name, one in levels.given.items()}
        self.names = tuple(self._given)
        self._unit = levels.unit
        self._by_tag = {level.limit_tag: name for name, level in self._given.items() if level.limit_tag}
        self.inputs: Sequence[str] = tuple(self._by_tag)
        self._unknown = set(self.inputs)
        self.contradiction = ""

    @property
    def condition(self) -> Levels:
        """The condition with the limits in force, the last known ones while their tags are BAD."""
        return Levels(**self._given, unit=self._unit)

    @property
    def known(self) -> bool:
        """True if every limit is known and they do not contradict each other."""
        return not (self._unknown or self.contradiction)

    def tell(self, tag: str, sample: Sample) -> None:
        """Take a limit from now on; while one is unknown, or they contradict each other, nothing is judged."""
        limit, name = number(sample), self._by_tag[tag]
        if limit is None:
            self._unknown.add(tag)
            return
        self._unknown.discard(tag)
        self._given = {**self._given, name: replace(self._given[name], limit=limit)}
        if not self._unknown:
            self.contradiction = disorder({one: (self._limit(one), self._gaps[one]) for one in self.names})

    def _limit(self, name: str) -> float:
        return self._given[name].limit or 0.0

    def judge(self, sample: Sample, active: bool, now: float) -> bool | None:
        """True if the value is beyond any limit, as entered; ``Ladder`` judges an alarm at a level."""
        value = number(sample)
        if value is None or not self.known:
            return None
        return any(self.beyond(name, value, held=False) for name in self._given)

    def beyond(self, name: str, value: float, *, held: bool) -> bool:
        """True if the value is beyond that limit. held: it is in force."""
        limit, gap = self._limit(name), self._gaps[name] if held else 0.0
        return value > limit - gap if _is_high(name) else value < limit + gap

    def implied_by(self, level: str) -> Sequence[str]:
        """The limits that are in force at that level: its own and the milder ones of its side."""
        if level not in self._given:
            return (ANY_LEVEL,)
        return [name for name in self._given if name[:3] == level[:3] and _SEVERITY[name] <= _SEVERITY[level]]

    def band(self, active: bool, abnormal: bool) -> Band:
        """Nothing: it depends on the level; see ``band_at``."""
        return NOTHING

    def band_at(self, level: str) -> Band:
        """The open interval of values that leave an alarm at that level as it is, empty level for a normal one."""
        if not self.known:
            return NOTHING
        held = self.implied_by(level) if level else ()
        low, high = -_INF, _INF
        for name in self._given:
            limit, upper = self._limit(name), _is_high(name)
            if name not in held:  # entered beyond the limit
                if upper:
                    high = min(high, math.nextafter(limit, _INF))
                else:
                    low = max(low, math.nextafter(limit, -_INF))
            elif name == level:  # left at the deadband
                if upper:
                    low = max(low, limit - self._gaps[name])
                else:
                    high = min(high, limit + self._gaps[name])
        return low, high


def worst(levels: Iterable[str]) -> str:
    """The most severe of the levels, empty if there is none with a name."""
    found = set(levels)
    return next((name for name in _WORST_FIRST if name in found), ANY_LEVEL)


def kept_level(level: str, levels: Levels) -> str:
    """The level under other limits: the worst of its side that is there and is not worse, empty if there is none."""
    return level if level in levels.given else worst(name for name in levels.given if level and not worse(name, level))


def worse(level: str, than: str) -> bool:
    """True if the level is more severe, or on the other side."""
    return _SEVERITY[level] > _SEVERITY[than] or level[:3] != than[:3]


def _is_high(name: str) -> bool:
    return name in LEVEL_NAMES[2:]
