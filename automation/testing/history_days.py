"""Days of history for tests of what becomes old."""

from __future__ import annotations

from collections.abc import Sequence

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.rows import Row

_SECOND = 1_000_000
DAY = 86_400 * _SECOND
DAY_0 = 20_000 * DAY
_STEP = 600 * _SECOND


def days_of(tag: str, days: int, first: int = 0) -> Sequence[Row]:
    """A sample every ten minutes from the day on, counted from ``DAY_0``: a saw of 36 values, and a BAD sample after each 35."""
    begin, end = DAY_0 + first * DAY, DAY_0 + (first + days) * DAY
    return [
        Row(tag, DataType.FLOAT, time, float(i % 36), int(Quality.BAD if i % 36 == 35 else Quality.GOOD))  # noqa: PLR2004
        for i, time in enumerate(range(begin, end, _STEP))
    ]
