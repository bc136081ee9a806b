"""Backfill: samples from elsewhere that belong into the record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from automation.cvt.table import Cvt
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.queries.source import SampleSource
from automation.observers.historian.rows import TEXT_LIMIT, Row
from automation.observers.historian.series import check_range
from automation.observers.historian.store import HistoryStore
from automation.storage.micros import to_micros
from automation.storage.text import clean

ROWS_MAX = 1_000_000
REFUSALS_MAX = 100
_CHUNK = 2_000
_AHEAD_S = 60.0  # clocks differ a little
_CODE_MAX = 2**32 - 1


class Given(NamedTuple):
    """A sample as it was given. row: its number in what was given. value, quality: as they stood there; None is an empty cell."""

    row: int
    tag: str
    time: float
    value: Value
    quality: int | str | None


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, and why."""

    row: int
    tag: str
    reason: str


@dataclass(kw_only=True)
class BackfillReport:
    """What became of the rows. refusals: the first of those refused."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    closed: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def refuse(self, row: int, tag: str, reason: str) -> None:
        """Count a row that is not taken."""
        self.refused += 1
        if len(self.refusals) < REFUSALS_MAX:
            self.refusals.append(Refusal(row, tag, reason))


class Backfill:
    """Takes samples into the record; to give the same ones again changes nothing. From any thread."""

    def __init__(self, cvt: Cvt, store: HistoryStore, reads: SampleSource) -> None:
        self._cvt = cvt
        self._store = store
        self._reads = reads

    def take(self, given: Iterable[Given], now: float, end: float | None = None) -> BackfillReport:
        """What became of the rows, each by itself: accepted, there already, or refused with the reason.

        end: where what is given ends, POSIX seconds: a tag of which no sample follows before it is BAD from there on; without
        it the last value of each holds until its next sample. Raises ``InvalidValueError`` for more than ``ROWS_MAX`` rows and an
        end that is no time before now, ``StorageError``; what was stored until then stays.
        """
        if end is not None:
            check_range(end, end + 1.0)
            if end > now + _AHEAD_S:
                raise InvalidValueError(f"history import: end {end}: lies in the future")
        report = BackfillReport()
        waiting: dict[str, list[Row]] = {}
        last: dict[str, Row] = {}
        for row in self._checked(given, now, report):
            mine = waiting.setdefault(row.tag, [])
            mine.append(row)
            if row.tag not in last or last[row.tag].time < row.time:
                last[row.tag] = row
            if len(mine) >= _CHUNK:
                self._store_new(waiting.pop(row.tag), report)
        for mine in waiting.values():
            self._store_new(mine, report)
        report.tags.update(last)
        if end is not None:
            for row in last.values():
                self._close(row, to_micros(end), report)
        return report

    def _checked(self, given: Iterable[Given], now: float, report: BackfillReport) -> Iterator[Row]:
        tags: dict[str, Tag | str] = {}
        for count, one in enumerate(given):
            if count >= ROWS_MAX:
                raise InvalidValueError(f"history import: more than {ROWS_MAX} rows; import them in parts")
            tag = tags.get(one.tag)
            if tag is None:
                tag = tags[one.tag] = self._tag(one.tag)
            made = tag if isinstance(tag, str) else _row(one, tag.type, now)
            if isinstance(made, str):
                report.refuse(one.row, one.tag, made)
            else:
                yield made

    def _tag(self, name: str) -> Tag | str:
        """The tag, or why nothing is recorded of it."""
        if name in self._cvt:
            tag = self._cvt.tag(name)
            return tag if tag.history else f"tag {name} has no history"
        kind = self._reads.type_of(name)
        return f"unknown tag {name:.128}" if kind is None else Tag(name=name, type=kind, system=True)

    def _store_new(self, rows: list[Row], report: BackfillReport) -> None:
        """Store those of the rows, which are of one tag, at whose time there is no sample."""
        rows.sort(key=_time)
        taken = self._times(rows[0].tag, rows[0].time, rows[-1].time + 1)
        new: list[Row] = []
        for row in rows:
            if row.time in taken:
                report.duplicate += 1
            else:
                taken.add(row.time)
                new.append(row)
        if new:
            self._store.append(new, 0)
            report.accepted += len(new)

    def _times(self, tag: str, low: int, high: int) -> set[int]:
        found: set[int] = set()
        while low < high:
            page = self._reads.columns(tag, low, high, _CHUNK)
            found.update(page.time)
            if len(page) < _CHUNK:
                break
            low = page.time[-1] + 1
        return found

    def _close(self, last: Row, end: int, report: BackfillReport) -> None:
        after = self._reads.after(last.tag, last.time + 1)
        if end > last.time and last.quality < Quality.BAD and (after is None or after.time > end):
            self._store.append([last._replace(time=end, value=None, quality=int(Quality.BAD_NO_COMMUNICATION))], 0)
            report.closed += 1


def _time(row: Row) -> int:
    return row.time


def _row(given: Given, kind: DataType, now: float) -> Row | str:
    """The row, or why it is none."""
    quality = quality_of(given.quality)
    value = None if given.value is None else fitting(given.value, kind)
    wrong = ""
    if not math.isfinite(given.time) or abs(given.time) > 1e11:  # noqa: PLR2004 - the year 5138
        wrong = "time: expected POSIX seconds"
    elif given.time > now + _AHEAD_S:
        wrong = "time: lies in the future"
    elif quality is None:
        wrong = f"quality {given.quality!r:.40}: expected GOOD, UNCERTAIN, BAD or a status code"
    elif value is None and given.value is not None:
        wrong = f"value {given.value!r:.40}: not a {kind.value}"
    elif value is None and quality < Quality.BAD:
        wrong = "value: is missing; only a BAD sample has none"
    return wrong or Row(given.tag, kind, to_micros(given.time), value, quality or 0)


def quality_of(given: int | str | None) -> int | None:
    """The status code, GOOD where nothing was given; None if it is neither code nor name."""
    if given is None or given == "":
        return int(Quality.GOOD)
    if isinstance(given, int) and not isinstance(given, bool):
        return given if 0 <= given <= _CODE_MAX else None
    text = str(given).strip().upper()
    if text.isascii() and text.isdigit():
        return int(text) if int(text) <= _CODE_MAX else None
    return int(Quality[text]) if text in Quality.__members__ else None


def fitting(value: Value, kind: DataType) -> Value:
    """The value as the type has it, read from a text if it is one; None if it does not fit."""
    if kind is DataType.STRING:
        return clean(value, TEXT_LIMIT) if isinstance(value, str) and len(value) <= TEXT_LIMIT else None
    if kind is DataType.BOOL:
        return _BOOLS.get(str(value).strip().lower())
    try:
        if kind is DataType.FLOAT:
            number = None if isinstance(value, bool) else float(value or 0.0)
            return number if number is not None and math.isfinite(number) else None
        return _whole(value)
    except (ValueError, OverflowError):
        return None


def _whole(value: Value) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if len(str(value)) <= 30 else None  # noqa: PLR2004 - far more than any column holds


_BOOLS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
