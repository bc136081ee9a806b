"""Late samples: the blocks into which they belong are written anew, and so are the rollups of their spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection

from automation.observers.historian.memory import merged, within
from automation.observers.historian.queries.columns import TIERS, Columns, Rollup
from automation.observers.historian.rolling import joined, rollups_of
from automation.observers.historian.tables import (
    BLOCK,
    block_rows,
    blocks_table,
    last_block,
    next_block_time,
    read_blocks,
    read_rollups,
    remove_blocks,
    replace_rollups,
)

_RUN = 500  # spans that are read at once
_GAP = 4  # spans of which none is wanted, and which are read all the same
_ALL = 2**31


def put_late(connection: Connection, tag_id: int, columns: Columns) -> None:
    """Have the samples, in order of time, among those that are packed; of one instant the sample that is there stays."""
    at = 0
    while at < len(columns):
        time = columns.time[at]
        following = next_block_time(connection, tag_id, time)
        end = len(columns) if following is None else bisect_left(columns.time, following, at)
        part = columns.part(at, end)
        block = last_block(connection, tag_id, time + 1)
        if block and (block.time[-1] >= time or len(block) + len(part) <= BLOCK):
            remove_blocks(connection, tag_id, block.time[0], block.time[0])
            part = merged([block, part])
        connection.execute(blocks_table.insert(), list(block_rows(tag_id, part)))
        at = end


def roll_again(connection: Connection, tag_id: int, times: Iterable[int], end: int) -> None:
    """Make the rollups of the spans of these times anew, as far as the spans have ended. end: the newest sample of the tag."""
    for place, tier in enumerate(TIERS):
        times = sorted({time // tier * tier for time in times})
        ended = times[: bisect_left(times, end // tier * tier)]
        for run in _runs(ended, tier):
            wanted = set(run)
            made = _rolled(connection, tag_id, place, run[0], run[-1] + tier)
            replace_rollups(connection, tag_id, tier, run, [row for row in made if row.start in wanted])


def _runs(starts: Sequence[int], tier: int) -> Iterator[Sequence[int]]:
    """The starts in runs that lie close together."""
    first = 0
    for i in range(1, len(starts) + 1):
        if i == len(starts) or starts[i] - starts[i - 1] > _GAP * tier or i - first >= _RUN:
            yield starts[first:i]
            first = i


def _rolled(connection: Connection, tag_id: int, place: int, low: int, high: int) -> Sequence[Rollup]:
    tier = TIERS[place]
    if not place:
        found = within(merged(read_blocks(connection, tag_id, low, high)), low, high, _ALL)
        return rollups_of(found, tier) if found else ()
    finer = read_rollups(connection, tag_id, TIERS[place - 1], low, high)
    return [joined(start, list(rows)) for start, rows in groupby(finer, key=lambda row: row.start // tier * tier)]
