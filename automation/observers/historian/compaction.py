"""Compaction: what waits in the order of its arrival becomes blocks and rollups of one tag each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from automation.observers.historian.floors import raw_floors
from automation.observers.historian.late import put_late, roll_again
from automation.observers.historian.memory import merged, within
from automation.observers.historian.queries.columns import TIERS, Columns, Rollup
from automation.observers.historian.rolling import OpenSpans, joined
from automation.observers.historian.tables import (
    block_rows,
    blocks_table,
    last_block,
    last_times,
    read_blocks,
    read_rollups,
    remove_blocks,
    rollups_row,
    rollups_table,
    shelf,
    take_rollups,
)

_SMALL, _FULL = 64, 512
_ALL = 1_000_000


class Packer:
    """Packs samples of tags; remembers where each tag's blocks end and which spans of it are open."""

    def __init__(self) -> None:
        self._ends: dict[int, int] = {}
        self._floors: Mapping[int, int] = {}
        self._open: dict[int, OpenSpans] = {}

    def forget(self, tag_id: int) -> None:
        """Find out anew about the tag."""
        self._ends.pop(tag_id, None)
        self._open.pop(tag_id, None)

    def forget_all(self) -> None:
        """Find out anew about every tag: what was written may have been undone."""
        self._ends.clear()
        self._open.clear()

    def pack(self, connection: Connection, waiting: Mapping[int, Columns]) -> None:
        """Write the samples of the tags, each in order of time, but for those before a floor, which would not be kept.

        After a failure call ``forget_all``.
        """
        unknown = [tag_id for tag_id in waiting if tag_id not in self._ends]
        ends = last_times(connection, unknown)
        self._floors = {**self._floors, **raw_floors(connection, unknown)} if unknown else self._floors
        self._ends.update((tag_id, ends.get(tag_id, -(2**63))) for tag_id in unknown)
        blocks: list[dict[str, Any]] = []
        rollups: list[dict[str, Any]] = []
        for tag_id, columns in self._kept(waiting):
            late = columns.time[0] <= self._ends[tag_id]
            (self._take_late if late else self._take)(connection, tag_id, columns, blocks, rollups)
        if blocks:
            connection.execute(blocks_table.insert(), blocks)
        if rollups:
            connection.execute(rollups_table.insert(), rollups)

    def _kept(self, waiting: Mapping[int, Columns]) -> Iterator[tuple[int, Columns]]:
        for tag_id, columns in waiting.items():
            floor = self._floors.get(tag_id)
            if floor is None or columns.time[0] >= floor:
                yield tag_id, columns
            elif columns.time[-1] >= floor:
                yield tag_id, columns.part(bisect_left(columns.time, floor), len(columns))

    def _take(
        self, connection: Connection, tag_id: int, columns: Columns, blocks: list[dict[str, Any]], rollups: list[dict[str, Any]]
    ) -> None:
        """Write what is newer than all that is packed."""
        spans = self._spans(connection, tag_id)
        for place, rows in enumerate(spans.take(columns)):
            if rows:
                rollups += _shelved(connection, tag_id, TIERS[place], rows, spans.shelves[place])
                spans.shelves[place] = shelf(TIERS[place], rows[-1].start)
        self._ends[tag_id] = columns.time[-1]
        if len(columns) < _SMALL:
            last = last_block(connection, tag_id, columns.time[0])
            if last and len(last) < _FULL:  # so that a slow tag has blocks of some size as well
                remove_blocks(connection, tag_id, last.time[0], last.time[0])
                columns = last.joined(columns)
        blocks += block_rows(tag_id, columns)

    def _take_late(
        self, connection: Connection, tag_id: int, columns: Columns, _blocks: list[dict[str, Any]], _rollups: list[dict[str, Any]]
    ) -> None:
        """Have late samples in their places: the blocks around them are written anew, and the rollups of their spans."""
        put_late(connection, tag_id, columns)
        before, self._ends[tag_id] = self._ends[tag_id], max(self._ends[tag_id], columns.time[-1])
        self._open.pop(tag_id, None)
        roll_again(connection, tag_id, [*columns.time, before], self._ends[tag_id])  # what was open then may have ended

    def _spans(self, connection: Connection, tag_id: int) -> OpenSpans:
        """The open spans of the tag, after a start those that its blocks and rollups tell."""
        found = self._open.get(tag_id)
        if found is None:
            found = self._open[tag_id] = OpenSpans()
            end = self._ends[tag_id]
            if end > -(2**63):
                self._reopen(connection, tag_id, found, end)
        return found

    def _reopen(self, connection: Connection, tag_id: int, found: OpenSpans, end: int) -> None:
        start = end // TIERS[0] * TIERS[0]
        found.samples = within(merged(read_blocks(connection, tag_id, start, end + 1)), start, end + 1, _ALL)
        for place, tier in enumerate(TIERS[1:]):
            start = end // tier * tier
            rows = read_rollups(connection, tag_id, TIERS[place], start, start + tier)
            found.longer[place] = joined(start, rows) if rows else None
        found.shelves = [shelf(tier, end // tier * tier - tier) for tier in TIERS]


def _shelved(
    connection: Connection, tag_id: int, tier: int, rows: Sequence[Rollup], last: int | None
) -> Iterator[dict[str, Any]]:
    """The rows in which the rollups are kept; a shelf that is full becomes one row. last: where the last ones were put."""
    groups = [(start, list(group)) for start, group in groupby(rows, key=lambda row: shelf(tier, row.start))]
    first = groups[0][0]
    if last is not None and last != first:
        whole = take_rollups(connection, tag_id, tier, last)
        if whole:
            yield rollups_row(tag_id, tier, whole)
    for start, group in groups:
        there = take_rollups(connection, tag_id, tier, start) if start == last and len(groups) > 1 else ()
        yield rollups_row(tag_id, tier, [*there, *group])
