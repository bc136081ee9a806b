"""What one question reads of the history in a database: all of it over one connection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.floors import RAW, holding_before, read_floors
from automation.observers.historian.memory import merged, within
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rows import shown
from automation.observers.historian.tables import (
    Known,
    last_block,
    last_old_row,
    last_times,
    old_rows,
    read_blocks,
    read_rolled,
    read_scattered,
    read_scattered_rolled,
    read_until,
)

_LATEST = 100_000_000_000 * 1_000_000  # later than any time that the history knows
_ALL = 2**62
_NONE = Columns((), (), ())


class Asked(NamedTuple):
    """A tag of the question. known: None of one that was never recorded. fresh: what waited of it in memory."""

    known: Known | None
    fresh: Sequence[Columns]


class SqlReading:
    """A ``SampleSource`` of one question.

    tags: of the question, with what waited of each in memory before the connection saw anything: packing may move it meanwhile.
    has_old: there are rows of an earlier version.
    """

    def __init__(self, connection: Connection, tags: Mapping[str, Asked], *, has_old: bool) -> None:
        self._connection = connection
        self._tags = tags
        self._has_old = has_old

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded."""
        known = self._tags[tag].known
        return None if known is None else known.type

    def until(self) -> int:
        """How far the record reaches, microseconds."""
        return read_until(self._connection)

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time, microseconds."""
        known, fresh = self._tags[tag]
        if known is None:
            return None
        parts: list[Columns] = []
        if self._has_old:
            parts.append(last_old_row(self._connection, known.id, known.type, time))
        parts.append(last_before(last_block(self._connection, known.id, time), time))
        parts += [last_before(one, time) for one in fresh]
        last = merged(parts)
        if not last:
            gone = RAW in read_floors(self._connection, known.id)
            return holding_before(self._connection, known.id, time) if gone else None
        return shown_as(known, last).point(len(last) - 1)

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, None if all are."""
        known = self._tags[tag].known
        return None if known is None else read_floors(self._connection, known.id).get(RAW)

    def after(self, tag: str, time: int) -> Point | None:
        """The first sample at the time or after it."""
        found = self.columns(tag, time, _LATEST, 1)
        return found.point(0) if found else None

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, microseconds."""
        known, fresh = self._tags[tag]
        if known is None:
            return _NONE
        parts: list[Columns] = []
        if self._has_old:
            parts.append(old_rows(self._connection, known.id, known.type, low, high, limit))
        packed: list[Columns] = []
        count = 0
        for block in read_blocks(self._connection, known.id, low, high):
            packed.append(within(block, low, high, limit))
            count += len(packed[-1])
            if count >= limit:
                break
        parts.append(concatenated(packed))
        parts += [within(one, low, high, limit) for one in fresh]
        return shown_as(known, within(merged(parts), low, high, limit))

    def scattered(self, tag: str, ranges: Sequence[tuple[int, int]]) -> Columns:
        """The samples of short ranges, each from low up to high, which ascend and do not overlap."""
        known, fresh = self._tags[tag]
        if known is None:
            return _NONE
        if self._has_old:
            return concatenated([self.columns(tag, low, high, _ALL) for low, high in ranges])
        blocks = [block for block in read_scattered(self._connection, known.id, ranges) if block]
        found: list[Columns] = []
        first, oldest = 0, min((one.time[0] for one in fresh), default=2**63)
        for low, high in ranges:
            while first < len(blocks) and blocks[first].time[-1] < low:
                first += 1
            mine = concatenated(list(_overlapping(blocks, first, low, high)))
            found.append(merged([mine, *(within(one, low, high, _ALL) for one in fresh)]) if oldest < high else mine)
        return shown_as(known, concatenated(found))

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, microseconds, None if nothing of it is."""
        known, fresh = self._tags[tag]
        if known is None or self._has_old:
            return None
        end = last_times(self._connection, [known.id]).get(known.id)
        if end is None:
            return None
        late = [one.time[0] for one in fresh]  # what is not packed yet is in no rollup
        begin = read_floors(self._connection, known.id).get(tier, -(2**61) // tier * tier)
        return begin, min(end, *late) // tier * tier if late else end // tier * tier

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, microseconds, and some around."""
        known = self._tags[tag].known
        return [] if known is None else read_rolled(self._connection, known.id, tier, low, high)

    def scattered_rollups(self, tag: str, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
        """The rollups of the tier that begin in short ranges, each from low up to high, which ascend; and some around."""
        known = self._tags[tag].known
        return [] if known is None else read_scattered_rolled(self._connection, known.id, tier, ranges)


def concatenated(parts: Sequence[Columns]) -> Columns:
    """Parts that follow each other, as one."""
    found = [part for part in parts if part]
    if len(found) < 2:  # noqa: PLR2004
        return found[0] if found else _NONE
    time: list[int] = []
    value: list[Value] = []
    quality: list[int] = []
    for part in found:
        time += part.time
        value += part.value
        quality += part.quality
    return Columns(time, value, quality)


def _overlapping(blocks: Sequence[Columns], first: int, low: int, high: int) -> Iterator[Columns]:
    """The samples from low up to high of the blocks from the first on."""
    for block in blocks[first:]:
        if block.time[0] >= high:
            return
        yield within(block, low, high, _ALL)


def last_before(columns: Columns, time: int) -> Columns:
    """The last sample before the time, none if there is none."""
    place = bisect_left(columns.time, time)
    return columns.part(place - 1, place) if place else _NONE


def shown_as(known: Known, columns: Columns) -> Columns:
    """The samples as the tag's type shows them."""
    values = shown(known.type, columns.value)
    return columns if values is columns.value else Columns(columns.time, values, columns.quality)
