"""Displays in a database: changes in the same transaction as the journal's rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.displays.codec import content_of, plain
from automation.displays.display import DESCRIPTION_MAX, NAME_MAX, Content, Display, DisplayKind, Heading
from automation.displays.store import RENAMER, Allowed, Telling, chained, require_free, require_seen, unknown
from automation.model.errors import NotFoundError
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

_ID_MAX = 2**31 - 1
_USER_MAX = 128

metadata = sa.MetaData()
display_table = sa.Table(
    "displays",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("owner", sa.String(_USER_MAX), nullable=False),
    sa.Column("name", sa.String(NAME_MAX), nullable=False),
    sa.Column("description", sa.String(DESCRIPTION_MAX), nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # as JSON
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.Column("changed_by", sa.String(_USER_MAX), nullable=False),
    sa.UniqueConstraint("kind", "owner", "name", name="displays_name"),
    sqlite_autoincrement=True,  # a number is never used again
)
_columns = display_table.c


class SqlDisplays:
    """Displays in the database of the journal, whose branch ``config`` must be migrated.

    Raises ``StorageError`` everywhere.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def all(self, kind: DisplayKind) -> Sequence[Display]:
        """Every display of the kind, by name."""
        with self._database.begin() as connection:
            found = _displays(connection, display_table.select().where(_columns.kind == kind.value))
        return sorted(found, key=lambda display: (display.heading.name.casefold(), display.id))

    def get(self, kind: DisplayKind, number: int) -> Display:
        """The display of that number. Raises ``NotFoundError``."""
        with self._database.begin() as connection:
            return _get(connection, kind, number)

    def add(self, heading: Heading, content: Content, owner: str, now: float, telling: Telling) -> Display:
        """The new display, in one transaction with its event. Raises ``ConflictError``."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            kept, time, by = _kept(heading), _to_the_micro(now), clean(owner, _USER_MAX)
            _require_free(connection, content.kind, kept.name, by, None)
            made = Display(id=0, heading=kept, content=content, owner=by, version=1, created=time, changed=time, changed_by=by)
            key = connection.execute(display_table.insert().values(_row(made))).inserted_primary_key
            made = replace(made, id=key[0] if key else 0)
            transaction.add(telling(made, None))
        return made

    def change(
        self,
        number: int,
        seen: int,
        heading: Heading,
        content: Content,
        actor: str,
        now: float,
        telling: Telling,
        allowed: Allowed,
    ) -> Display:
        """The display with other content, in one transaction with its event. Raises ``NotFoundError``, ``ConflictError``."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            before = _get(connection, content.kind, number)
            allowed(before)
            require_seen(before, seen)
            kept = _kept(heading)
            _require_free(connection, content.kind, kept.name, before.owner, number)
            after = _changed(replace(before, heading=kept, content=content), actor, now)
            _write(connection, after)
            transaction.add(telling(after, before))
        return after

    def remove(self, kind: DisplayKind, number: int, seen: int | None, telling: Telling, allowed: Allowed) -> Display:
        """The display, which is gone, in one transaction with its event. Raises ``NotFoundError``, ``ConflictError``."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            gone = _get(connection, kind, number)
            allowed(gone)
            require_seen(gone, seen)
            connection.execute(display_table.delete().where(_columns.id == number))
            transaction.add(telling(gone, gone))
        return gone

    def rename(self, names: Sequence[tuple[str, str]], now: float) -> None:
        """Have displays name tags as they are called now."""
        newest = chained(names)
        with self._database.begin() as connection:
            numbers = [one.id for one in _displays(connection, display_table.select()) if newest.keys() & set(one.content.tags)]
        if not numbers:
            return
        with self._journal.transaction() as transaction:  # nobody else changes them meanwhile
            select = display_table.select().where(_columns.id.in_(numbers))
            for display in _displays(transaction.connection, select):
                after = replace(display, content=display.content.renamed(newest))
                _write(transaction.connection, _changed(after, RENAMER, now))


def _get(connection: Connection, kind: DisplayKind, number: int) -> Display:
    known = 0 < number <= _ID_MAX
    select = display_table.select().where(_columns.id == number, _columns.kind == kind.value)
    found = _displays(connection, select) if known else ()
    if not found:
        raise NotFoundError(unknown(kind, number))
    return found[0]


def _require_free(connection: Connection, kind: DisplayKind, name: str, owner: str, number: int | None) -> None:
    select = sa.select(_columns.name).where(_columns.kind == kind.value, _columns.owner == owner)
    if number is not None:
        select = select.where(_columns.id != number)
    require_free(kind, name, owner, connection.execute(select).scalars().all(), new=number is None)


def _displays(connection: Connection, select: sa.Select[Any]) -> Sequence[Display]:
    return [_display(record) for record in connection.execute(select).mappings()]


def _display(record: Mapping[Any, Any]) -> Display:
    return Display(
        id=record["id"],
        heading=Heading(name=record["name"], description=record["description"], shared=bool(record["shared"])),
        content=content_of(DisplayKind(record["kind"]), json.loads(record["content"])),
        owner=record["owner"],
        version=record["version"],
        created=from_micros(record["created_us"]),
        changed=from_micros(record["changed_us"]),
        changed_by=record["changed_by"],
    )


def _changed(display: Display, actor: str, now: float) -> Display:
    return replace(display, version=display.version + 1, changed=_to_the_micro(now), changed_by=clean(actor, _USER_MAX))


def _write(connection: Connection, display: Display) -> None:
    connection.execute(display_table.update().where(_columns.id == display.id).values(_row(display)))


def _row(display: Display) -> Mapping[str, Any]:
    heading = display.heading
    return {
        "kind": display.content.kind.value,
        "owner": display.owner,
        "name": heading.name,
        "description": heading.description,
        "shared": heading.shared,
        "content": json.dumps(plain(display.content), separators=(",", ":")),
        "version": display.version,
        "created_us": to_micros(display.created),
        "changed_us": to_micros(display.changed),
        "changed_by": display.changed_by,
    }


def _kept(heading: Heading) -> Heading:
    """The heading as it comes back from the database."""
    name, description = clean(heading.name, NAME_MAX), clean(heading.description, DESCRIPTION_MAX)
    return Heading(name=name, description=description, shared=heading.shared)


def _to_the_micro(time: float) -> float:
    return from_micros(to_micros(time))
