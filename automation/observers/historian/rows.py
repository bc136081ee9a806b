"""Rows: samples as they are recorded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.storage.text import clean

TEXT_LIMIT = 4096
EXACT_LIMIT = 2**53


class Row(NamedTuple):
    """One recorded sample. time: microseconds since the epoch, UTC. quality: OPC UA status code."""

    tag: str
    type: DataType
    time: int
    value: Value
    quality: int


def row_of(tag: str, kind: DataType, time: int, value: Value, quality: Quality) -> Row:
    """The row of a sample; what no database holds is made storable: texts are mended, and a number that is none becomes BAD."""
    if isinstance(value, str):
        value = clean(value, TEXT_LIMIT)
    elif value is not None and not _finite(value):
        value, quality = None, max(quality, Quality.BAD)
    return Row(tag, kind, time, value, int(quality))


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no database column holds
        return False


def stored(value: Value) -> tuple[float | None, str | None]:
    """The value as number and text columns; an int that a double cannot hold has its digits as text beside the number."""
    if value is None:
        return None, None
    if isinstance(value, str):
        return None, value
    if isinstance(value, int) and not -EXACT_LIMIT <= value <= EXACT_LIMIT:
        return float(value), str(value)
    return float(value), None


def restored(kind: DataType, number: float | None, text: str | None) -> Value:
    """The value that ``stored`` took apart, as the tag's type shows it; a number from before a change of type stays true."""
    if text is not None:
        return text if number is None else int(text)
    if number is None:
        return None
    if kind is DataType.BOOL and number in (0.0, 1.0):
        return number == 1.0
    if kind in (DataType.INT, DataType.ENUM) and number.is_integer():
        return int(number)
    return number


def recorded(kind: DataType, value: Value) -> Value:
    """The value as it is kept: a number of a float tag as a double, unless that cannot hold it."""
    if kind is DataType.FLOAT and isinstance(value, int) and not isinstance(value, bool) and -EXACT_LIMIT <= value <= EXACT_LIMIT:
        return float(value)
    return value


_TYPES: dict[DataType, type] = {
    DataType.FLOAT: float,
    DataType.INT: int,
    DataType.ENUM: int,
    DataType.BOOL: bool,
    DataType.STRING: str,
}


def shown(kind: DataType, values: Sequence[Value]) -> Sequence[Value]:
    """The values as the tag's type shows them; those from before a change of type stay true."""
    if set(map(type, values)) <= {_TYPES[kind], type(None)}:
        return values
    return [value if isinstance(value, str) else restored(kind, *stored(value)) for value in values]
