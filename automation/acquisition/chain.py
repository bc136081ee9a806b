"""From raw readings to values where that needs a memory: raw limits, filters, checks; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from automation.acquisition.checks import FrozenCheck, RateCheck
from automation.acquisition.convert import Converter, converter, unfiltered
from automation.blocks.filters import FilterBlock, filter_block
from automation.blocks.outlier import Outlier
from automation.drivers.base import Reading
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag

_GOOD = Quality.GOOD


def needs_chain(tag: Tag) -> bool:
    """True if readings of the tag cannot be converted one by one."""
    return bool(tag.filters) or _limits(tag) is not None or _max_rate(tag) is not None or _frozen_s(tag) is not None


class Memory:
    """What is remembered of a tag's readings: by its filters, and by its checks."""

    def __init__(self, tag: Tag, period_s: float) -> None:
        self.filters: Sequence[FilterBlock] = [filter_block(declared) for declared in tag.filters]
        self.outliers = [block for block in self.filters if isinstance(block, Outlier)]
        max_rate, frozen_s = _max_rate(tag), _frozen_s(tag)
        self.rate = None if max_rate is None else RateCheck(max_rate, period_s)
        self.frozen = None if frozen_s is None else FrozenCheck(frozen_s)

    def reset(self) -> None:
        """A gap: filters and the rate begin anew, and the time until the next reading does not count as frozen."""
        for block in self.filters:
            block.reset()
        if self.rate is not None:
            self.rate.reset()
        if self.frozen is not None:
            self.frozen.reset()


class Chain:
    """Condition the readings of one tag: scale and raw limits, filters in their order, range, rate, frozen.

    The quality of each reading is the worst that any part finds. A BAD reading is a gap, as a lost link is: what follows it is
    neither mixed with what was before nor judged by it. A device that is busy for one reading makes no gap. Filters reckon with
    the time of measurement where the device tells one. period_s: of the tag's scan. former: the chain of the tag before a change;
    its memory is shared if the tag is read and conditioned as before, and the former must then be stepped no more.
    """

    def __init__(self, tag: Tag, period_s: float, former: Chain | None = None) -> None:
        self.tag = tag
        alike = former is not None and _signal(former.tag) == _signal(tag)
        self.memory: Memory = former.memory if former is not None and alike else Memory(tag, period_s)
        self._number = tag.type.is_number
        self._whole = tag.type is DataType.INT
        self._convert: Converter = unfiltered(tag) if self._number else converter(tag)
        self._limits = _limits(tag) or (-math.inf, math.inf)
        self._range = tag.range or (-math.inf, math.inf)

    def step(self, reading: Reading, now: float) -> Reading:
        """The reading in the tag's unit, with its quality; no value where it is BAD. now: the instant at which it arrived."""
        raw, told, source_time = reading
        if raw is None and not told.is_bad:
            return reading
        value, quality = (None, told) if told.is_bad else self._convert(raw)
        if value is not None and self._number:
            value, quality = self._condition(raw, value, now if source_time is None else source_time)
        if value is None:
            self.memory.reset()
            return Reading(None, max(quality, told))
        frozen = self.memory.frozen
        if frozen is not None and frozen.step(raw, now):
            quality = max(quality, Quality.UNCERTAIN_FROZEN)
        return Reading(value, max(quality, told), source_time)

    def reset(self) -> None:
        """Begin anew after a gap."""
        self.memory.reset()

    def _condition(self, raw: Value, value: Value, at: float) -> tuple[Value, Quality]:
        assert isinstance(raw, int | float)  # noqa: S101 - what could be scaled is a number
        assert isinstance(value, int | float)  # noqa: S101
        memory = self.memory
        for block in memory.filters:
            value = block.step(value, at)
        if not math.isfinite(value):
            return None, Quality.BAD_SENSOR_FAILURE
        number = round(value) if self._whole else float(value)
        quality = max(self._beyond_limits(raw), self._beyond_range(number))
        if any(block.rejected for block in memory.outliers):
            quality = max(quality, Quality.UNCERTAIN_SUBSTITUTE_VALUE)
        if memory.rate is not None and memory.rate.step(number, at):
            quality = max(quality, Quality.UNCERTAIN_RATE_EXCEEDED)
        return number, quality

    def _beyond_limits(self, raw: float) -> Quality:
        low, high = self._limits
        if raw < low:
            return Quality.UNCERTAIN_UNDER_RANGE
        return Quality.UNCERTAIN_OVER_RANGE if raw > high else _GOOD

    def _beyond_range(self, number: float) -> Quality:
        low, high = self._range
        return _GOOD if low <= number <= high else Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED


def _limits(tag: Tag) -> tuple[float, float] | None:
    return None if tag.scale is None else tag.scale.limits


def _max_rate(tag: Tag) -> float | None:
    return None if tag.checks is None else tag.checks.max_rate


def _frozen_s(tag: Tag) -> float | None:
    return None if tag.checks is None else tag.checks.frozen_s


def _signal(tag: Tag) -> object:
    """What makes the numbers of two declarations comparable."""
    filters = tuple(tag.filters)
    return tag.source, tag.scan, tag.type, tag.unit, tag.scale, filters, _max_rate(tag), _frozen_s(tag)
