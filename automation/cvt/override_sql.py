"""The store of overrides in a database."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from automation.cvt.override_store import Override, OverrideKind
from automation.cvt.tag_key import KEY_MAX
from automation.cvt.value_text import from_text, to_text
from automation.storage.database import Database
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

log = logging.getLogger(__name__)

_REASON = 1000
_ACTOR = 128

metadata = sa.MetaData()
tag_overrides_table = sa.Table(
    "tag_overrides",
    metadata,
    sa.Column("tag", sa.String(KEY_MAX), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.String(_REASON), nullable=False),
    sa.Column("actor", sa.String(_ACTOR), nullable=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
)
_t = tag_overrides_table.c


class SqlOverrideStore:
    """Overrides in a database whose branch ``config`` must be migrated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Mapping[str, Override]:
        """What was kept, by key; a row that cannot be read is logged and left out. Raises ``StorageError``."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(_t.tag, _t.kind, _t.value, _t.reason, _t.actor, _t.time_us)).all()
        found = {key: _override(key, *row) for key, *row in rows}
        return {key: override for key, override in found.items() if override is not None}

    def save(self, kept: Mapping[str, Override], gone: Collection[str] = ()) -> None:
        """Keep overrides and forget keys in one transaction. Raises ``StorageError``; then nothing has changed."""
        leaving = [{"leaving": key} for key in (*kept, *gone)]
        if not leaving:
            return
        with self._database.begin() as connection:
            connection.execute(tag_overrides_table.delete().where(_t.tag == sa.bindparam("leaving")), leaving)
            if kept:
                connection.execute(tag_overrides_table.insert(), [_row(key, override) for key, override in kept.items()])


def _row(key: str, override: Override) -> Mapping[str, str | int]:
    return {
        "tag": key,
        "kind": override.kind.value,
        "value": to_text(override.value),
        "reason": clean(override.reason, _REASON),
        "actor": clean(override.actor, _ACTOR),
        "time_us": to_micros(override.time),
    }


def _override(key: str, kind: str, value: str, reason: str, actor: str, time_us: int) -> Override | None:
    try:
        return Override(kind=OverrideKind(kind), value=from_text(value), reason=reason, actor=actor, time=from_micros(time_us))
    except ValueError as error:
        log.warning("tag %s: its override cannot be read and is left out: %s", key, error)
        return None
