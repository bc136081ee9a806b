"""Plausibility: values that are stale, frozen, too fast or at odds with a redundant one are UNCERTAIN."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from automation.cvt.overlay import Overlay
from automation.cvt.table import Cvt, Group
from automation.cvt.tag_key import tag_key
from automation.model.conditioning import Checks
from automation.model.errors import ConfigError, InvalidValueError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import Kind, Tag
from automation.units.convert import convert

PERIOD_S = 0.5
_VALUE_JUDGED = (Kind.SOFT, Kind.DERIVED)


@dataclass(frozen=True)
class _Place:
    """Where a tag is in the table at present."""

    group: Group
    index: int

    @property
    def tag(self) -> Tag:
        return self.group.tags[self.index]

    @property
    def overlay(self) -> Overlay:
        return self.group.overlay(self.index)


@dataclass
class _Watch:
    """One tag with checks, and what is remembered of it.

    partner: the redundant tag, None if it is not there. heard: server time of the newest update. since: since when the value is
    what it is. rated: value and source time from which the next rate is counted. apart: since when the two disagree.
    """

    checks: Checks
    place: _Place
    partner: _Place | None
    since: float
    heard: float = -math.inf
    value: Value = None
    rated: tuple[float, float] | None = None
    too_fast: bool = False
    apart: float = math.inf

    def judge(self, now: float) -> Quality:
        """The worst quality that the checks allow now."""
        group, index = self.place.group, self.place.index
        own, heard = group.own, group.heard(index)
        value, quality = own.values[index], own.quality_at(index)
        if heard != self.heard or value != self.value:
            self._hear(value, quality, own.source_time_at(index), heard)
        found = [self._stale(now), self._disagreement(value, quality, now), self._frozen(quality, now)]
        if self.too_fast:
            found.append(Quality.UNCERTAIN_RATE_EXCEEDED)
        return max(found)

    def _hear(self, value: Value, quality: Quality, source_time: float, heard: float) -> None:
        kind = self.place.tag.kind
        put = kind is Kind.SOFT and self.heard != -math.inf
        if put:  # whoever puts a value vouches for it
            self.apart = math.inf
        if put or value != self.value:
            self.since = max(self.since, heard)
        self.heard, self.value = heard, value
        if kind is Kind.DERIVED and self.checks.max_rate is not None:
            self._rate(_number(value) if not quality.is_bad else None, source_time, self.checks.max_rate)

    def _rate(self, number: float | None, source_time: float, most: float) -> None:
        if number is None or self.rated is None or source_time < self.rated[1]:
            self.too_fast = False
            self.rated = None if number is None else (number, source_time)
        elif source_time > self.rated[1]:
            self.too_fast = abs(number - self.rated[0]) / (source_time - self.rated[1]) > most
            self.rated = number, source_time

    def _stale(self, now: float) -> Quality:
        stale = self.checks.stale_s is not None and now - self.heard >= self.checks.stale_s
        return Quality.UNCERTAIN_LAST_USABLE_VALUE if stale else Quality.GOOD

    def _frozen(self, quality: Quality, now: float) -> Quality:
        if self.checks.frozen_s is None or self.place.tag.kind not in _VALUE_JUDGED:
            return Quality.GOOD
        if quality.is_bad:
            self.since = now
        return Quality.UNCERTAIN_FROZEN if now - self.since >= self.checks.frozen_s else Quality.GOOD

    def _disagreement(self, value: Value, quality: Quality, now: float) -> Quality:
        if self.checks.within is None:
            return Quality.GOOD
        number = _number(value) if quality.is_good else None
        other = None if self.partner is None else _proof(self.partner, self.place.tag.unit)
        if number is None or other is None or abs(number - other) <= self.checks.within:
            self.apart = math.inf
        else:
            self.apart = min(self.apart, now)
        return Quality.UNCERTAIN_DISAGREEMENT if now - self.apart >= self.checks.for_s else Quality.GOOD


class Plausibility:
    """Judges the tags that declare checks, and lays a verdict over a tag when it changes; one worker calls ``step``.

    Stale is a tag that no update has reached for so long. A soft tag and a derived one are frozen by their values, a field tag by
    its raw ones where it is acquired; the same holds for the rate of a derived tag. A redundant tag proves something only while
    it is GOOD and nobody has overridden it. A put clears the verdict of a soft tag.
    """

    def __init__(self, cvt: Cvt) -> None:
        self._cvt = cvt
        self._generation = -1
        self._watches: Mapping[str, _Watch] = {}

    def __len__(self) -> int:
        return len(self._watches)

    def step(self, now: float) -> None:
        """Judge every tag with checks."""
        verdicts: dict[str, Quality] = {}
        if self._cvt.generation != self._generation:
            self._generation = self._cvt.generation
            verdicts |= dict.fromkeys(self._follow(now), Quality.GOOD)
        for watch in self._watches.values():
            verdict = watch.judge(now)
            if verdict is not watch.place.overlay.judged:
                verdicts[watch.place.tag.name] = verdict
        if verdicts:
            self._cvt.lay_all({name: partial(_judged, verdict) for name, verdict in verdicts.items()}, now)

    def _follow(self, now: float) -> Sequence[str]:
        """Watch the tags of the table as it is now; returns the names of those that are judged and have no checks any more."""
        watches: dict[str, _Watch] = {}
        acquitted: list[str] = []
        for group in self._cvt.groups():
            for index, tag in enumerate(group.tags):
                if tag.checks is not None and _watched(tag, tag.checks):
                    watches[tag_key(tag)] = self._watch(tag, tag.checks, _Place(group, index), now)
                elif group.overlays and group.overlay(index).judged is not Quality.GOOD:
                    acquitted.append(tag.name)
        self._watches = watches
        return acquitted

    def _watch(self, tag: Tag, checks: Checks, place: _Place, now: float) -> _Watch:
        partner = None if checks.agrees_with is None else self._place(checks.agrees_with)
        old = self._watches.get(tag_key(tag))
        if old is None or old.checks != checks or (old.place.tag.type, old.place.tag.unit) != (tag.type, tag.unit):
            return _Watch(checks, place, partner, now)
        old.place, old.partner = place, partner
        return old

    def _place(self, name: str) -> _Place | None:
        try:
            return _Place(*self._cvt.slot(name))
        except UnknownTagError:
            return None


def _watched(tag: Tag, checks: Checks) -> bool:
    """True if one of the checks is made here."""
    frozen = checks.frozen_s is not None and tag.kind in _VALUE_JUDGED
    rate = checks.max_rate is not None and tag.kind is Kind.DERIVED
    return checks.stale_s is not None or checks.within is not None or frozen or rate


def _judged(verdict: Quality, overlay: Overlay) -> Overlay:
    return replace(overlay, judged=verdict)


def _number(value: Value) -> float | None:
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _proof(place: _Place, unit: str) -> float | None:
    """The redundant tag's own value in the unit, None if it proves nothing."""
    own, overlay = place.group.own, place.overlay
    number = _number(own.values[place.index]) if own.quality_at(place.index).is_good else None
    if number is None or overlay.overridden or overlay.judged not in (Quality.GOOD, Quality.UNCERTAIN_DISAGREEMENT):
        return None
    if place.tag.unit == unit or not place.tag.unit or not unit:
        return number
    try:
        return convert(number, place.tag.unit, unit)
    except (ConfigError, InvalidValueError):  # refused when it was configured
        return None
