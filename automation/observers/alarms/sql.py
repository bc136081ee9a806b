"""The store of alarms in a database: state rows in the same transaction as the journal's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.overlay import NO_OVERLAY, OutOfService, Overlay, Shelf
from automation.observers.alarms.remarks import COMMENT_MAX
from automation.observers.alarms.store import AlarmRecord
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

_NAME = 128
_TIMES = ("condition_time", "active_time", "rtn_time", "ack_time")

metadata = sa.MetaData()
alarm_state_table = sa.Table(
    "alarm_state",
    metadata,
    sa.Column("name", sa.String(_NAME), primary_key=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("acked", sa.Boolean, nullable=False),
    sa.Column("occurrence_id", sa.String(32)),
    sa.Column("condition_time_us", sa.BigInteger),
    sa.Column("active_time_us", sa.BigInteger),
    sa.Column("rtn_time_us", sa.BigInteger),
    sa.Column("ack_time_us", sa.BigInteger),
    sa.Column("ack_by", sa.String(_NAME), nullable=False),
    sa.Column("ack_comment", sa.String(COMMENT_MAX), nullable=False),
    sa.Column("overlay", sa.Text()),
    sa.Column("latched", sa.Boolean, nullable=False),
    sa.Column("realarms", sa.Integer, nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("first_out", sa.Boolean, nullable=False),
)


class SqlAlarmStore:
    """Alarm states in the database of the journal, whose branch ``config`` must be migrated."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._index = AlarmIndex(database, journal)

    def load(self) -> Mapping[str, Facts]:
        """The kept state of every alarm by name. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return {row["name"]: _facts(row) for row in connection.execute(alarm_state_table.select()).mappings()}

    def save(self, records: Sequence[AlarmRecord], events: Sequence[Event], removed: Sequence[str] = ()) -> None:
        """Keep records, removals and events in one transaction. Raises ``StorageError``; then nothing has changed."""

        def write(connection: Connection) -> None:
            names = [*removed, *(record.name for record in records)]
            if names:
                gone = alarm_state_table.delete().where(alarm_state_table.c.name == sa.bindparam("gone"))
                connection.execute(gone, [{"gone": name} for name in names])
            if records:
                connection.execute(alarm_state_table.insert(), [_row(record) for record in records])
            self._index.advance(connection)

        self._journal.append(events, also=write)


def _row(record: AlarmRecord) -> Mapping[str, Any]:
    facts = record.facts
    row: dict[str, Any] = {
        "name": record.name,
        "active": facts.active,
        "acked": facts.acked,
        "occurrence_id": facts.occurrence_id,
        "ack_by": clean(facts.ack_by, _NAME),
        "ack_comment": clean(facts.ack_comment, COMMENT_MAX),
        "latched": facts.latched,
        "realarms": facts.realarms,
        "level": facts.level,
        "first_out": facts.first_out,
        "overlay": json.dumps(asdict(facts.overlay)) if facts.overlay.silent else None,
    }
    for name in _TIMES:
        time = getattr(facts, name)
        row[f"{name}_us"] = None if time is None else to_micros(time)
    return row


def _facts(row: Mapping[Any, Any]) -> Facts:
    times = {name: None if row[f"{name}_us"] is None else from_micros(row[f"{name}_us"]) for name in _TIMES}
    return Facts(
        active=row["active"],
        acked=row["acked"],
        occurrence_id=row["occurrence_id"],
        ack_by=row["ack_by"],
        ack_comment=row["ack_comment"],
        latched=row["latched"],
        realarms=row["realarms"],
        level=row["level"],
        first_out=row["first_out"],
        overlay=_overlay(row["name"], row["overlay"]),
        **times,
    )


def _overlay(name: str, text: str | None) -> Overlay:
    if text is None:
        return NO_OVERLAY
    try:
        kept = json.loads(text)
        return Overlay(
            shelf=None if kept["shelf"] is None else Shelf(**kept["shelf"]),
            out=None if kept["out"] is None else OutOfService(**kept["out"]),
            suppressed=tuple(kept["suppressed"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(f"alarm {name}: its overlay cannot be read: {error}") from error
