"""The store of retained tags in a database."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from automation.cvt.retained_store import Retained
from automation.cvt.tag_key import KEY_MAX
from automation.cvt.value_text import from_text, to_text
from automation.model.quality import Quality
from automation.storage.database import Database
from automation.storage.micros import from_micros, to_micros

log = logging.getLogger(__name__)

metadata = sa.MetaData()
retained_values_table = sa.Table(
    "retained_values",
    metadata,
    sa.Column("tag", sa.String(KEY_MAX), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("quality", sa.BigInteger, nullable=False),
    sa.Column("source_us", sa.BigInteger, nullable=False),
    sa.Column("saved_us", sa.BigInteger, nullable=False),
)
_t = retained_values_table.c


class SqlRetainedStore:
    """Values of retained tags in a database whose branch ``config`` must be migrated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Mapping[str, Retained]:
        """What was kept, by key; a row that cannot be read is logged and left out. Raises ``StorageError``."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(_t.tag, _t.value, _t.quality, _t.source_us)).all()
        found = {tag: _retained(tag, value, quality, source_us) for tag, value, quality, source_us in rows}
        return {tag: retained for tag, retained in found.items() if retained is not None}

    def save(self, kept: Mapping[str, Retained], now: float, gone: Collection[str] = ()) -> None:
        """Keep values and forget keys in one transaction. Raises ``StorageError``; then nothing has changed."""
        leaving = [{"leaving": key} for key in (*kept, *gone)]
        if not leaving:
            return
        rows = [
            {
                "tag": key,
                "value": to_text(retained.value),
                "quality": int(retained.quality),
                "source_us": to_micros(retained.source_time),
                "saved_us": to_micros(now),
            }
            for key, retained in kept.items()
        ]
        with self._database.begin() as connection:
            connection.execute(retained_values_table.delete().where(_t.tag == sa.bindparam("leaving")), leaving)
            if rows:
                connection.execute(retained_values_table.insert(), rows)


def _retained(key: str, value: str, quality: int, source_us: int) -> Retained | None:
    try:
        return Retained(value=from_text(value), quality=Quality(quality), source_time=from_micros(source_us))
    except ValueError as error:
        log.warning("tag %s: its retained value cannot be read: %s", key, error)
        return None
