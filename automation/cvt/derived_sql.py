"""The store of derived tags in a database."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from automation.cvt.derived_store import Kept
from automation.storage.database import Database
from automation.storage.micros import to_micros

log = logging.getLogger(__name__)

metadata = sa.MetaData()
derived_state_table = sa.Table(
    "derived_state",
    metadata,
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("saved_us", sa.BigInteger, nullable=False),
)
_name = derived_state_table.c.name


class SqlDerivedStore:
    """Memories of derived tags in a database whose branch ``config`` must be migrated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Mapping[str, Kept]:
        """What was kept, by key; a row that cannot be read is logged and left out. Raises ``StorageError``."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(derived_state_table.c.name, derived_state_table.c.state)).all()
        return {name: _kept(name, state) for name, state in rows}

    def save(self, kept: Mapping[str, Kept], now: float, gone: Collection[str] = ()) -> None:
        """Keep memories and forget keys in one transaction. Raises ``StorageError``; then nothing has changed."""
        leaving = [{"leaving": key} for key in (*kept, *gone)]
        if not leaving:
            return
        rows = [{"name": key, "state": json.dumps(state), "saved_us": to_micros(now)} for key, state in kept.items()]
        with self._database.begin() as connection:
            connection.execute(derived_state_table.delete().where(_name == sa.bindparam("leaving")), leaving)
            if rows:
                connection.execute(derived_state_table.insert(), rows)


def _kept(name: str, state: str) -> Kept:
    try:
        found = json.loads(state)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        log.error("tag %s: its kept state cannot be read; it begins anew", name)
        return {}
    return {key: value for key, value in found.items() if isinstance(value, int | float)}
