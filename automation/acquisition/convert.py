"""Raw readings to values in the tag's unit, with their quality; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from automation.cvt.table import Batch
from automation.drivers.base import Reading
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag

Converter: TypeAlias = Callable[[Value], tuple[Value, Quality]]
_INT64 = 2**63
_WRONG_TYPE = (None, Quality.BAD_CONFIGURATION_ERROR)
_NOT_FINITE = (None, Quality.BAD_SENSOR_FAILURE)


def converter(tag: Tag) -> Converter:
    """The call that makes a raw value the tag's value: scaled, of its type, and UNCERTAIN where out of the tag's range.

    A raw value that the type cannot hold gives BAD_CONFIGURATION_ERROR, a number that is not finite BAD_SENSOR_FAILURE.
    """
    if tag.type is DataType.BOOL:
        return _bool
    if tag.type is DataType.STRING:
        return _string
    if tag.type is DataType.ENUM:
        return _state(tag)
    return _numbers(tag, whole=tag.type is DataType.INT, span=tag.range)


def convert(readings: Sequence[Reading], converters: Sequence[Converter], old: Batch, now: float) -> Batch:
    """The batch that follows old: what is BAD, or was not told, keeps its last value and source time.

    now: the instant at which the readings arrived; their source time unless the device tells one.
    """
    values: list[Value] = []
    qualities: list[Quality] = []
    plain = True
    for i, (reading, convert_one) in enumerate(zip(readings, converters, strict=True)):
        value, quality, source_time = reading
        if quality is Quality.GOOD:
            value, quality = convert_one(value)
        elif value is not None:
            value, own = convert_one(value)
            quality = max(quality, own)
        if value is None:
            value, quality = _kept(old.values[i], quality)
            plain = False
        elif source_time is not None:
            plain = False
        values.append(value)
        qualities.append(quality)
    if plain:
        good = not any(qualities)
        return Batch(values, Quality.GOOD if good else qualities, now, now)
    return Batch(values, qualities, _source_times(readings, qualities, old, now), now)


def sample(reading: Reading, convert_one: Converter, last: Sample, now: float) -> Sample:
    """The sample that follows last, of one reading that arrived now; as in ``convert``."""
    value, quality, source_time = reading
    if quality is Quality.GOOD:
        value, quality = convert_one(value)
    elif value is not None:
        value, own = convert_one(value)
        quality = max(quality, own)
    if value is None:
        value, quality = _kept(last.value, quality)
        return Sample(value, quality, last.source_time, now)
    if quality.is_bad:
        source_time = last.source_time
    return Sample(value, quality, now if source_time is None else source_time, now)


def _kept(last: Value, quality: Quality) -> tuple[Value, Quality]:
    if last is None and not quality.is_bad:
        return None, Quality.BAD_WAITING_FOR_INITIAL_DATA
    return last, quality


def _source_times(readings: Sequence[Reading], qualities: Sequence[Quality], old: Batch, now: float) -> list[float]:
    times = []
    for i, (reading, quality) in enumerate(zip(readings, qualities, strict=True)):
        if reading.value is None or quality.is_bad:
            times.append(old.source_time_at(i))
        else:
            times.append(now if reading.source_time is None else reading.source_time)
    return times


def _bool(raw: Value) -> tuple[Value, Quality]:
    if raw is None or isinstance(raw, str):
        return _WRONG_TYPE
    return raw != 0, Quality.GOOD


def _string(raw: Value) -> tuple[Value, Quality]:
    if raw is None:
        return _WRONG_TYPE
    return str(raw), Quality.GOOD


def _state(tag: Tag) -> Converter:
    states = tag.states

    def convert_state(raw: Value) -> tuple[Value, Quality]:
        if raw is None or isinstance(raw, str):
            return _WRONG_TYPE
        if isinstance(raw, float):
            if not math.isfinite(raw):
                return _NOT_FINITE
            if raw != int(raw):
                return _WRONG_TYPE
        number = int(raw)
        if number in states:
            return number, Quality.GOOD
        return (number, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED) if -_INT64 <= number < _INT64 else _WRONG_TYPE

    return convert_state


def unfiltered(tag: Tag) -> Converter:
    """The call that makes a raw value a number in the tag's unit for the tag's filters, whatever its range; not yet rounded."""
    return _numbers(tag, whole=tag.type is DataType.INT and not tag.filters, span=None)


def _bounds(tag: Tag) -> tuple[float, float]:
    """The lowest and the highest number that the tag's type can hold."""
    if tag.type is DataType.FLOAT:
        return -math.inf, math.inf
    return (-_INT64, _INT64 - 1) if tag.width is None else tag.width.bounds


def _numbers(tag: Tag, *, whole: bool, span: tuple[float, float] | None) -> Converter:
    to_eng = None if tag.scale is None else tag.scale.to_eng
    least, most = _bounds(tag)
    low, high = span or (-math.inf, math.inf)

    def convert_number(raw: Value) -> tuple[Value, Quality]:
        if raw is None or isinstance(raw, str):
            return _WRONG_TYPE
        number: float = raw
        try:
            if to_eng is not None and math.isfinite(raw):
                number = to_eng(raw)
            if not math.isfinite(number):
                return _NOT_FINITE
        except OverflowError:  # a whole number that is larger than any float
            return _WRONG_TYPE
        number = round(number) if whole else float(number)
        if not least <= number <= most:
            return _WRONG_TYPE
        if low <= number <= high:
            return number, Quality.GOOD
        return number, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED

    return convert_number
