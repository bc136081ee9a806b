"""What becomes of a tag's history in another place: rows of an earlier version packed, and two tags made one."""

from __future__ import annotations

from sqlalchemy import Connection

from automation.observers.historian.compaction import Packer
from automation.observers.historian.floors import RAW, adopt_rollups, floors_table, joined_floors, read_floors, write_floors
from automation.observers.historian.plain import join_plain
from automation.observers.historian.tables import (
    Known,
    blocks_table,
    find_tags,
    old_rows,
    read_blocks,
    rollups_table,
    samples_table,
    tags_table,
)

_ROWS = 20_000
_NEVER, _EVER = -(2**63), 2**63 - 1


def pack_old(connection: Connection, packer: Packer, known: Known) -> bool:
    """Pack some of the tag's rows that an earlier version wrote; True if there were any."""
    columns = old_rows(connection, known.id, known.type, _NEVER, _EVER, _ROWS)
    if not columns:
        return False
    packer.pack(connection, {known.id: columns})
    mine = (samples_table.c.tag_id == known.id, samples_table.c.ts <= columns.time[-1])
    connection.execute(samples_table.delete().where(*mine))
    return True


def rename_tag(connection: Connection, packer: Packer, old: str, new: str) -> None:
    """Give the samples of the old name, all of which are packed, to the new one, together with what is there."""
    found = find_tags(connection, [old, new])
    source, target = found.get(old), found.get(new)
    if source is None:
        return
    if target is not None:
        _join(connection, packer, source, target)
    connection.execute(tags_table.update().where(tags_table.c.id == source.id).values(name=new))


def _join(connection: Connection, packer: Packer, source: Known, target: Known) -> None:
    """Give all samples of the target to the source, which keeps its own where both have an instant, and forget the target."""
    for one in (source, target):
        while pack_old(connection, packer, one):
            pass
    floors = joined_floors(read_floors(connection, one.id) for one in (source, target))
    write_floors(connection, source.id, floors)
    packer.forget(source.id)
    for columns in read_blocks(connection, target.id, _NEVER, _EVER):
        packer.pack(connection, {source.id: columns})
    if RAW in floors:
        adopt_rollups(connection, source.id, target.id, floors[RAW])
    join_plain(connection, source.id, target.id)
    for table in (blocks_table, rollups_table, floors_table):
        connection.execute(table.delete().where(table.c.tag_id == target.id))
    connection.execute(tags_table.delete().where(tags_table.c.id == target.id))
    packer.forget(target.id)
