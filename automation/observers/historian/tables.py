"""The tables of the history, and what is asked of each of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.tag import DataType
from automation.observers.historian.packing import pack, unpack
from automation.observers.historian.queries.columns import Columns, Rollup
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rolled_packing import pack_rollups, unpack_rollups
from automation.observers.historian.rows import restored

BLOCK = 200  # samples of one block at most: of floats without a pattern about half a page of SQLite
SHELF = 120  # spans of a tier whose rollups come into one row
_CHUNK = 500
_PAGE_LEAST, _PAGE_MOST = 8, 64  # blocks that are read at once
_RANGES = 64
_UNTIL = "recorded_until"
_NONE = Columns((), (), ())

metadata = sa.MetaData()
tags_table = sa.Table(
    "history_tags",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("type", sa.String(8), nullable=False),
)
tail_table = sa.Table(
    "history_tail",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
blocks_table = sa.Table(
    "history_blocks",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("tag_id", sa.Integer, nullable=False),
    sa.Column("first_ts", sa.BigInteger, nullable=False),
    sa.Column("last_ts", sa.BigInteger, nullable=False),
    sa.Column("samples", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
rollups_table = sa.Table(
    "history_rolled",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("tag_id", sa.Integer, nullable=False),
    sa.Column("tier", sa.Integer, nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
# How samples were kept by earlier versions; they are packed by and by.
samples_table = sa.Table(
    "history_samples",
    metadata,
    sa.Column("tag_id", sa.Integer, primary_key=True),
    sa.Column("ts", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double),
    sa.Column("text", sa.Text),
    sa.Column("quality", sa.BigInteger, nullable=False),
)
marks_table = sa.Table(
    "history_marks",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("ts", sa.BigInteger, nullable=False),
)
_b, _r, _s = blocks_table.c, rollups_table.c, samples_table.c


# Made once: to make such a statement takes longer than to execute it.
_TAG: sa.BindParameter[int] = sa.bindparam("tag_id")
_LOW: sa.BindParameter[int] = sa.bindparam("low")
_HIGH: sa.BindParameter[int] = sa.bindparam("high")
_LAST_TIME = sa.select(_b.last_ts).where(_b.tag_id == _TAG).order_by(_b.first_ts.desc()).limit(1)
_LAST_BLOCK = sa.select(_b.data).where(_b.tag_id == _TAG, _b.first_ts < _HIGH).order_by(_b.first_ts.desc()).limit(1)
_FIRST_BLOCK = sa.select(sa.func.max(_b.first_ts)).where(_b.tag_id == _TAG, _b.first_ts <= _LOW)
_BLOCKS = sa.select(_b.first_ts, _b.data).where(_b.tag_id == _TAG, _b.first_ts >= _LOW, _b.first_ts < _HIGH)
_PAGE_OF_BLOCKS = _BLOCKS.order_by(_b.first_ts).limit(sa.bindparam("page"))
_OF_TIER = sa.and_(_r.tag_id == _TAG, _r.tier == sa.bindparam("tier"), _r.start >= _LOW, _r.start < _HIGH)
_ROLLED = sa.select(_r.start, _r.data).where(_OF_TIER).order_by(_r.start)


class Known(NamedTuple):
    """A tag of the history."""

    id: int
    type: DataType


# tags and marks


def find_tags(connection: Connection, names: Sequence[str]) -> Mapping[str, Known]:
    """The tags of these names that were ever recorded."""
    found: dict[str, Known] = {}
    for i in range(0, len(names), _CHUNK):
        select = tags_table.select().where(tags_table.c.name.in_(names[i : i + _CHUNK]))
        for record in connection.execute(select):
            found[record.name] = Known(record.id, DataType(record.type))
    return found


def read_until(connection: Connection) -> int:
    """How far the record reaches, microseconds."""
    ts: int | None = connection.execute(sa.select(marks_table.c.ts).where(marks_table.c.name == _UNTIL)).scalar()
    return ts or 0


def write_until(connection: Connection, until: int) -> None:
    """The record reaches so far, unless it reaches farther already."""
    connection.execute(marks_table.update().where(marks_table.c.name == _UNTIL, marks_table.c.ts < until).values(ts=until))


# blocks


def read_blocks(connection: Connection, tag_id: int, low: int, high: int) -> Iterator[Columns]:
    """The blocks that may have samples from low up to high, in order of time, a few at a time."""
    first = connection.execute(_FIRST_BLOCK, {"tag_id": tag_id, "low": low}).scalar()
    place, page = low if first is None else first, _PAGE_LEAST
    while True:
        asked = {"tag_id": tag_id, "low": place, "high": high, "page": page}
        records = list(connection.execute(_PAGE_OF_BLOCKS, asked))
        for record in records:
            yield unpack(record.data)
        if len(records) < page:
            return
        place, page = records[-1].first_ts + 1, min(2 * page, _PAGE_MOST)


def read_scattered(connection: Connection, tag_id: int, ranges: Sequence[tuple[int, int]]) -> Iterator[Columns]:
    """The blocks that may have samples of the ranges, which ascend, in order of time; many ranges with one question."""
    for i in range(0, len(ranges), _RANGES):
        part = ranges[i : i + _RANGES]
        values = {
            f"{name}{place}": time for place, one in enumerate(part) for name, time in zip(("low", "high"), one, strict=True)
        }
        records = connection.execute(_scattered(len(part)), {**values, "tag_id": tag_id})
        blocks = {record.first_ts: record for record in records}  # of one block there may be several ranges
        lows, highs = [low for low, _ in part], [high for _, high in part]
        for record in blocks.values():
            first, last = bisect_right(highs, record.first_ts), bisect_right(lows, record.last_ts)
            if first < last:
                yield unpack(record.data, lows[first], highs[last - 1])


@cache
def _scattered(count: int) -> sa.TextClause:
    begin = "SELECT max(first_ts) FROM history_blocks WHERE tag_id = :tag_id AND first_ts <= wanted.low"
    return sa.text(  # all that is put in are names of parameters
        f"SELECT block.first_ts, block.last_ts, block.data FROM ({_wanted(count)}) wanted "  # noqa: S608
        f"JOIN history_blocks block ON block.tag_id = :tag_id AND block.first_ts >= COALESCE(({begin}), wanted.low) "
        "AND block.first_ts < wanted.high ORDER BY block.first_ts"
    )


def _wanted(count: int) -> str:
    return " UNION ALL ".join(f"SELECT :low{i} AS low, :high{i} AS high" for i in range(count))


def last_block(connection: Connection, tag_id: int, before: int) -> Columns:
    """The newest block that begins before the time, none if there is none."""
    data = connection.execute(_LAST_BLOCK, {"tag_id": tag_id, "high": before}).scalar()
    return _NONE if data is None else unpack(data)


def next_block_time(connection: Connection, tag_id: int, after: int) -> int | None:
    """Where the first block begins that begins after the time, None if there is none."""
    found: int | None = connection.execute(
        sa.select(sa.func.min(_b.first_ts)).where(_b.tag_id == tag_id, _b.first_ts > after)
    ).scalar()
    return found


def newest_blocks(connection: Connection) -> Iterator[tuple[int, Columns]]:
    """The newest block of every tag that has one, with the tag's id."""
    newest = sa.select(_b.tag_id, sa.func.max(_b.first_ts).label("first_ts")).group_by(_b.tag_id).subquery()
    here = sa.and_(_b.tag_id == newest.c.tag_id, _b.first_ts == newest.c.first_ts)
    select = sa.select(_b.tag_id, _b.data).join(newest, here).execution_options(yield_per=_CHUNK)
    for record in connection.execute(select):
        yield record.tag_id, unpack(record.data)


def last_times(connection: Connection, tag_ids: Sequence[int]) -> Mapping[int, int]:
    """The time of the newest packed sample of each of these tags that has one."""
    found: dict[int, int] = {}
    for tag_id in tag_ids:
        last = connection.execute(_LAST_TIME, {"tag_id": tag_id}).scalar()
        if last is not None:
            found[tag_id] = last
    return found


def block_rows(tag_id: int, columns: Columns) -> Iterator[dict[str, Any]]:
    """The rows of the samples as blocks."""
    size = -(-len(columns) // -(-len(columns) // BLOCK)) if columns else 1  # alike, so that none is tiny
    for i in range(0, len(columns), size):
        part = columns.part(i, i + size)
        yield {
            "tag_id": tag_id,
            "first_ts": part.time[0],
            "last_ts": part.time[-1],
            "samples": len(part),
            "data": pack(part),
        }


def remove_blocks(connection: Connection, tag_id: int, first: int, last: int) -> None:
    """Remove the blocks that begin from first to last."""
    connection.execute(blocks_table.delete().where(_b.tag_id == tag_id, _b.first_ts >= first, _b.first_ts <= last))


# rollups


def shelf(tier: int, time: int) -> int:
    """Where the shelf begins on which the rollups of that time are: a row has rollups of one shelf, at last all of them."""
    span = tier * SHELF
    return time // span * span


def rollups_row(tag_id: int, tier: int, rows: Sequence[Rollup]) -> dict[str, Any]:
    """The row of rollups of one shelf. tier: microseconds, stored as seconds."""
    return {"tag_id": tag_id, "tier": tier // 1_000_000, "start": rows[0].start, "data": pack_rollups(rows)}


def read_rolled(connection: Connection, tag_id: int, tier: int, low: int, high: int) -> Sequence[Rolled]:
    """The rows of rollups that begin from low up to high, in order of time; the first and the last may have others as well."""
    asked = {"tag_id": tag_id, "tier": tier // 1_000_000, "low": shelf(tier, low), "high": high}
    return [unpack_rollups(start, tier, data) for start, data in connection.execute(_ROLLED, asked)]


def read_scattered_rolled(connection: Connection, tag_id: int, tier: int, ranges: Sequence[tuple[int, int]]) -> Sequence[Rolled]:
    """The rows of rollups of the ranges, which ascend, in order of time; many ranges with one question."""
    found: dict[int, bytes] = {}  # one row may have rollups of several ranges
    for i in range(0, len(ranges), _RANGES):
        part = ranges[i : i + _RANGES]
        values = {f"low{place}": shelf(tier, low) for place, (low, _) in enumerate(part)}
        values |= {f"high{place}": high for place, (_, high) in enumerate(part)}
        records = connection.execute(_scattered_rolled(len(part)), {**values, "tag_id": tag_id, "tier": tier // 1_000_000})
        found.update((record.start, record.data) for record in records)
    return [unpack_rollups(start, tier, data) for start, data in sorted(found.items())]


@cache
def _scattered_rolled(count: int) -> sa.TextClause:
    return sa.text(  # all that is put in are names of parameters
        f"SELECT rolled.start, rolled.data FROM ({_wanted(count)}) wanted "  # noqa: S608
        "JOIN history_rolled rolled ON rolled.tag_id = :tag_id AND rolled.tier = :tier "
        "AND rolled.start >= wanted.low AND rolled.start < wanted.high"
    )


def read_rollups(connection: Connection, tag_id: int, tier: int, low: int, high: int) -> Sequence[Rollup]:
    """The rollups of the tier that begin from low up to high."""
    found: list[Rollup] = []
    for rolled in read_rolled(connection, tag_id, tier, low, high):
        found += rolled[bisect_left(rolled.starts, low) : bisect_left(rolled.starts, high)]
    return found


def take_rollups(connection: Connection, tag_id: int, tier: int, start: int) -> Sequence[Rollup]:
    """The rollups of the shelf that begins there, which are removed."""
    end = start + tier * SHELF
    found = read_rollups(connection, tag_id, tier, start, end)
    if found:
        mine = (_r.tag_id == tag_id, _r.tier == tier // 1_000_000, _r.start >= start, _r.start < end)
        connection.execute(rollups_table.delete().where(*mine))
    return found


def last_rollup(connection: Connection, tag_id: int, tier: int, before: int) -> Rollup | None:
    """The newest rollup of the tier that begins before the time, None if there is none."""
    mine = (_r.tag_id == tag_id, _r.tier == tier // 1_000_000, _r.start < before)
    found = connection.execute(sa.select(_r.start, _r.data).where(*mine).order_by(_r.start.desc()).limit(1)).first()
    if found is None:
        return None
    rolled = unpack_rollups(found.start, tier, found.data)
    return rolled[bisect_left(rolled.starts, before) - 1]


def replace_rollups(connection: Connection, tag_id: int, tier: int, starts: Sequence[int], rows: Iterable[Rollup]) -> None:
    """Have these rollups in the place of those that begin there."""
    new: dict[int, dict[int, Rollup]] = {shelf(tier, start): {} for start in starts}
    for row in rows:
        new[shelf(tier, row.start)][row.start] = row
    gone = set(starts)
    written: list[dict[str, Any]] = []
    for start, mine in new.items():
        there = {row.start: row for row in take_rollups(connection, tag_id, tier, start) if row.start not in gone}
        whole = sorted({**there, **mine}.items())
        if whole:
            written.append(rollups_row(tag_id, tier, [row for _, row in whole]))
    if written:
        connection.execute(rollups_table.insert(), written)


# rows of earlier versions


def has_old_rows(connection: Connection) -> bool:
    """True while there are rows of an earlier version."""
    return connection.execute(sa.select(_s.tag_id).limit(1)).first() is not None


def old_rows(connection: Connection, tag_id: int, kind: DataType, low: int, high: int, limit: int) -> Columns:
    """The first limit samples from low up to high that an earlier version wrote."""
    select = sa.select(_s.ts, _s.value, _s.text, _s.quality).where(_s.tag_id == tag_id, _s.ts >= low, _s.ts < high)
    return _columns(kind, list(connection.execute(select.order_by(_s.ts).limit(limit))))


def last_old_row(connection: Connection, tag_id: int, kind: DataType, before: int) -> Columns:
    """The newest sample before the time that an earlier version wrote, none if there is none."""
    select = sa.select(_s.ts, _s.value, _s.text, _s.quality).where(_s.tag_id == tag_id, _s.ts < before)
    return _columns(kind, list(connection.execute(select.order_by(_s.ts.desc()).limit(1))))


def _columns(kind: DataType, records: Sequence[Any]) -> Columns:
    return Columns(
        [record.ts for record in records],
        [restored(kind, record.value, record.text) for record in records],
        [record.quality for record in records],
    )
