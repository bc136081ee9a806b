"""The store of the configuration in a database: objects in the same transaction as the journal's rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import mysql

from automation.model.configuration import ConfigObject, Key, ObjectKind
from automation.model.errors import ConflictError, StorageError
from automation.project.store import Record, Stored, Writing, sorted_records
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.text import clean

_NAME = 128
_OWNER = 160
_CHUNK = 500

metadata = sa.MetaData()
objects_table = sa.Table(
    "config_objects",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(_NAME), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("owner", sa.String(_OWNER), nullable=False),
    sa.Column("body", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("base_hash", sa.String(64)),
    sa.Column("from_files", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.Column("changed_by", sa.String(_NAME), nullable=False),
)
made_ids_table = sa.Table(
    "config_made_ids",
    metadata,
    sa.Column("name", sa.String(_NAME), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False),
)
revision_table = sa.Table(
    "config_revision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
)


class SqlConfigStore:
    """The configuration in the database of the journal, whose branch ``config`` must be migrated."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def load(self) -> Stored:
        """All that is kept, in the order of kind and name. Raises ``StorageError``, also for a row that cannot be read."""
        with self._database.begin() as connection:
            revision = connection.execute(sa.select(revision_table.c.revision)).scalar_one_or_none()
            rows = connection.execute(objects_table.select()).all()
            made = connection.execute(made_ids_table.select()).all()
        if revision is None:
            raise StorageError(f"{self._database}: the configuration's revision is missing")
        return Stored(
            revision=revision,
            records=sorted_records(_record(tuple(row)) for row in rows),
            made_ids=dict(sorted((name, tag_id) for name, tag_id in made)),
        )

    def save(self, writing: Writing) -> None:
        """Keep the records in place of those of the same key, forget what goes, and journal the events: all of it, or nothing.

        Raises ``StorageError``, and ``ConflictError`` with the reason ``changed`` if another process has written since.
        """
        self._journal.append(writing.events, also=lambda connection: _write(connection, writing))


def _write(connection: Connection, writing: Writing) -> None:
    step = revision_table.update().where(revision_table.c.revision == writing.before)
    if connection.execute(step.values(revision=writing.before + 1)).rowcount != 1:
        raise ConflictError("the configuration was changed by another process; restart the runtime", "changed")
    _forget(connection, [*writing.forgotten, *(record.key for record in writing.records)])
    if writing.records:
        connection.execute(objects_table.insert(), [_row(record) for record in writing.records])
    _delete(connection, made_ids_table, made_ids_table.c.name, [*writing.forgotten_ids, *writing.made_ids])
    if writing.made_ids:
        rows = [{"name": name, "id": tag_id} for name, tag_id in writing.made_ids.items()]
        connection.execute(made_ids_table.insert(), rows)


def _forget(connection: Connection, keys: Sequence[Key]) -> None:
    for kind in ObjectKind:
        names = [name for key_kind, name in keys if key_kind is kind]
        _delete(connection, objects_table, objects_table.c.name, names, objects_table.c.kind == kind.value)


def _delete(
    connection: Connection, table: sa.Table, column: sa.Column[str], names: Sequence[str], *also: sa.ColumnElement[bool]
) -> None:
    for some in _chunks(names):
        connection.execute(table.delete().where(*also, column.in_(some)))


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


def _row(record: Record) -> Mapping[str, Any]:
    return {
        "kind": record.object.kind.value,
        "name": record.object.name,
        "id": record.id,
        "owner": record.owner,
        "body": record.object.text,
        "hash": record.object.hash,
        "base_hash": record.base_hash,
        "from_files": record.from_files,
        "removed": record.removed,
        "changed_us": record.changed_us,
        "changed_by": clean(record.changed_by, _NAME),
    }


def _record(row: tuple[Any, ...]) -> Record:
    kind, name, tag_id, owner, body, digest, base_hash, from_files, removed, changed_us, changed_by = row
    return Record(
        object=_object(kind, name, body, digest),
        id=tag_id,
        owner=owner,
        base_hash=base_hash,
        from_files=from_files,
        removed=removed,
        changed_us=changed_us,
        changed_by=changed_by,
    )


def _object(kind: str, name: str, text: str, digest: str) -> ConfigObject:
    try:
        found = ConfigObject(kind=ObjectKind(kind), name=name, body=json.loads(text))
    except ValueError as error:
        raise StorageError(f"configuration: {kind} {name}: its row cannot be read: {error}") from error
    vars(found).update(text=text, hash=digest)  # known already, and 100,000 of them take seconds to compute
    return found
