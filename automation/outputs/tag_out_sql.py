"""The store of tag-outs in a database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from automation.outputs.tag_outs import NOTE_MAX, TagOut
from automation.storage.database import Database
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

_NAME_MAX = 128

metadata = sa.MetaData()
tag_outs_table = sa.Table(
    "tag_outs",
    metadata,
    sa.Column("tag", sa.String(_NAME_MAX), primary_key=True),
    sa.Column("owner", sa.String(_NAME_MAX), nullable=False),
    sa.Column("note", sa.String(2 * NOTE_MAX), nullable=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
)
_t = tag_outs_table.c


class SqlTagOutStore:
    """Tag-outs in a database whose branch ``config`` must be migrated; see ``TagOutStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Mapping[str, TagOut]:
        """What was kept, by tag. Raises ``StorageError``."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(_t.tag, _t.owner, _t.note, _t.time_us)).all()
        return {tag: TagOut(tag=tag, owner=owner, note=note, time=from_micros(time_us)) for tag, owner, note, time_us in rows}

    def save(self, tag: str, kept: TagOut | None) -> None:
        """Keep it, or forget the tag's. Raises ``StorageError``; then nothing has changed."""
        with self._database.begin() as connection:
            connection.execute(tag_outs_table.delete().where(_t.tag == tag))
            if kept is not None:
                connection.execute(
                    tag_outs_table.insert(),
                    {
                        "tag": tag,
                        "owner": clean(kept.owner, _NAME_MAX),
                        "note": clean(kept.note, 2 * NOTE_MAX),
                        "time_us": to_micros(kept.time),
                    },
                )
