"""Floors: before which time a history keeps samples, or rollups of a tier, no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.observers.historian.queries.columns import TIERS, Point, Rollup
from automation.observers.historian.tables import (
    blocks_table,
    last_rollup,
    last_times,
    metadata,
    read_rollups,
    replace_rollups,
    rollups_table,
    shelf,
)

RAW = 0  # in the place of a tier: the samples themselves
DAY = 86_400_000_000
_CHUNK = 500
_NEVER, _EVER = -(2**63), 2**63 - 1
_FIRST = -(2**61)  # before all times, and a number of which shelves can be told

floors_table = sa.Table(
    "history_floors",
    metadata,
    sa.Column("tag_id", sa.Integer, primary_key=True),
    sa.Column("tier", sa.Integer, primary_key=True),
    sa.Column("ts", sa.BigInteger, nullable=False),
)
_f, _b, _r = floors_table.c, blocks_table.c, rollups_table.c


def read_floors(connection: Connection, tag_id: int) -> Mapping[int, int]:
    """The floors of the tag by tier, microseconds; of a tier without one everything is kept."""
    select = sa.select(_f.tier, _f.ts).where(_f.tag_id == tag_id)
    return {tier * 1_000_000: ts for tier, ts in connection.execute(select)}


def raw_floors(connection: Connection, tag_ids: Sequence[int]) -> Mapping[int, int]:
    """The floor of the samples of each of these tags that has one."""
    found: dict[int, int] = {}
    for i in range(0, len(tag_ids), _CHUNK):
        select = sa.select(_f.tag_id, _f.ts).where(_f.tier == RAW, _f.tag_id.in_(tag_ids[i : i + _CHUNK]))
        found.update((tag_id, ts) for tag_id, ts in connection.execute(select))
    return found


def write_floors(connection: Connection, tag_id: int, floors: Mapping[int, int]) -> None:
    """Have these floors in the place of those of the tag."""
    connection.execute(floors_table.delete().where(_f.tag_id == tag_id))
    rows = [{"tag_id": tag_id, "tier": tier // 1_000_000, "ts": ts} for tier, ts in floors.items()]
    if rows:
        connection.execute(floors_table.insert(), rows)


def raised(connection: Connection, tag_id: int, wanted: Mapping[int, int]) -> int:
    """Remove what lies before the times wanted, by tier; how many blocks and rollups that were.

    Whole days of UTC only, and nothing from the day of the newest sample on, of which longer spans are still to be made. The
    block with the last sample before the floor of samples stays: it tells which value holds there.
    """
    former = read_floors(connection, tag_id)
    latest = possible_floor(connection, tag_id, _EVER)
    floors = dict(former)
    removed = 0
    for tier, time in wanted.items():
        floor = min(time // DAY * DAY, latest)
        if floor > floors.get(tier, _NEVER):
            floors[tier] = floor
            remove = _remove_samples if tier == RAW else partial(_remove_rollups, tier=tier)
            removed += remove(connection, tag_id, floor)
    if floors != former:
        write_floors(connection, tag_id, floors)
    return removed


def possible_floor(connection: Connection, tag_id: int, time: int) -> int:
    """The latest floor of the tag that is not after the time; the beginning of all times if nothing of it is packed."""
    newest = last_times(connection, [tag_id]).get(tag_id, _NEVER)
    return min(time, newest) // DAY * DAY


def _remove_samples(connection: Connection, tag_id: int, floor: int) -> int:
    newest = sa.select(sa.func.max(_b.first_ts)).where(_b.tag_id == tag_id, _b.first_ts < floor)
    last = connection.execute(newest).scalar()
    if last is None:
        return 0
    return connection.execute(blocks_table.delete().where(_b.tag_id == tag_id, _b.first_ts < last)).rowcount


def _remove_rollups(connection: Connection, tag_id: int, floor: int, *, tier: int) -> int:
    mine = (_r.tag_id == tag_id, _r.tier == tier // 1_000_000, _r.start < shelf(tier, floor))  # some may be left on that shelf
    return connection.execute(rollups_table.delete().where(*mine)).rowcount


def holding_before(connection: Connection, tag_id: int, time: int) -> Point | None:
    """The last sample before the time that rollups still tell, None if they tell of none."""
    rows = (last_rollup(connection, tag_id, tier, time - tier + 1) for tier in TIERS)
    return max((row.newest for row in rows if row is not None), key=lambda point: point.time, default=None)


def adopt_rollups(connection: Connection, tag_id: int, other_id: int, before: int) -> None:
    """Give the tag the rollups of another one that begin before the time, where it has none itself."""
    for tier in TIERS:
        mine, others = (read_rollups(connection, one, tier, _FIRST, before) for one in (tag_id, other_id))
        new = {row.start: row for row in others}
        for row in mine:
            new.pop(row.start, None)
        replace_rollups(connection, tag_id, tier, list(new), new.values())


def put_rollups(connection: Connection, tag_id: int, floors: Mapping[int, int], rollups: Mapping[int, Sequence[Rollup]]) -> None:
    """Have the floors, and the rollups, by tier, in the place of those before the floor of samples."""
    write_floors(connection, tag_id, floors)
    for tier, rows in rollups.items():
        mine = read_rollups(connection, tag_id, tier, _FIRST, floors[RAW])
        replace_rollups(connection, tag_id, tier, [row.start for row in (*mine, *rows)], rows)


def joined_floors(parts: Iterable[Mapping[int, int]]) -> Mapping[int, int]:
    """The floors of tags that become one: of each tier the latest."""
    found: dict[int, int] = {}
    for part in parts:
        for tier, ts in part.items():
            found[tier] = max(ts, found.get(tier, ts))
    return found
