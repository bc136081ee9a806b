"""Rows: samples as they are recorded, each at an instant of its own."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.storage.micros import to_micros
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


class RowMaker:
    """Make rows of samples, so that no two rows of a tag share an instant and none hides another.

    Remembers the last sample of each tag. May be used by several threads.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, int, Sample]] = {}  # time as told, time as recorded
        self._lock = threading.Lock()

    def knows(self, name: str) -> bool:
        """True if the tag has had a row."""
        return name in self._last

    def rows(self, samples: Iterable[tuple[Tag, Sample]]) -> list[Row]:
        """A row for each sample of a tag with history; a sample that was the tag's last one already is left out."""
        rows: list[Row] = []
        with self._lock:
            last = self._last
            for tag, sample in samples:
                if not tag.history:
                    continue
                told = time = _micros(sample)
                before = last.get(tag.name)
                if before is not None and told in before[:2]:
                    if sample == before[2]:
                        continue
                    time = max(to_micros(sample.server_time), before[1] + 1)
                last[tag.name] = (told, time, sample)
                rows.append(_row(tag, time, sample))
        return rows


def _micros(sample: Sample) -> int:
    # A loss has no source time: the table keeps that of the last good value, so it is dated when the runtime noticed.
    time = sample.server_time if sample.quality.is_bad else sample.source_time
    return to_micros(time if math.isfinite(time) else sample.server_time)


def _row(tag: Tag, time: int, sample: Sample) -> Row:
    value, quality = sample.value, sample.quality
    if isinstance(value, str):
        value = clean(value, TEXT_LIMIT)
    elif value is not None and not _finite(value):
        value, quality = None, max(quality, Quality.BAD)
    return Row(tag.name, tag.type, time, value, int(quality))


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


def columns(rows: Sequence[Row], ids: dict[str, int]) -> list[tuple[int, int, float | None, str | None, int]]:
    """The rows as tag id, time, number, text and quality."""
    return [(ids[row.tag], row.time, *stored(row.value), row.quality) for row in rows]
