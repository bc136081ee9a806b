"""The log book in a database: versions in the same transaction as the journal's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.logbook.entry import LONGEST, NAME_MAX, WORDS, Content, Entry, Version, differences, search_text
from automation.logbook.store import LogFilter, LogPage, Place, Telling
from automation.model.errors import ConflictError, NotFoundError
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

_ID_MAX = 2**62
_SEARCH_MAX = 16_000

metadata = sa.MetaData()
version_table = sa.Table(
    "logbook_versions",
    metadata,
    sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
    sa.Column("written_us", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("shift", sa.String(64), nullable=False),
    sa.Column("area", sa.String(200), nullable=False),
    sa.Column("category", sa.String(64), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tag", sa.String(128), nullable=False),
    sa.Column("alarm", sa.String(128), nullable=False),
    sa.Column("occurrence_id", sa.String(32), nullable=False),
    sa.Column("journal_seq", sa.BigInteger, nullable=False),  # the row of the journal that has the digest
)
entry_table = sa.Table(
    "logbook_entries",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),  # the one that counts
    sa.Column("time_us", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("search", sa.Text, nullable=False),
)
_entries, _versions = entry_table.c, version_table.c


class SqlLogbook:
    """The log book in the database of the journal, whose branch ``config`` must be migrated.

    Raises ``StorageError`` everywhere.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def page(self, wanted: LogFilter, limit: int, after: Place | None = None) -> LogPage:
        """The newest entries that match and come after that place."""
        select = _joined().where(*_conditions(wanted)).order_by(_entries.time_us.desc(), _entries.id.desc()).limit(limit + 1)
        if after is not None:
            earlier = sa.and_(_entries.time_us == after.time_us, _entries.id < after.entry)
            select = select.where(sa.or_(_entries.time_us < after.time_us, earlier))
        with self._database.begin() as connection:
            records = connection.execute(select).mappings().all()
        items = [_entry(record) for record in records[:limit]]
        last = Place(records[limit - 1]["time_us"], items[-1].id) if len(records) > limit else None
        return LogPage(items=items, next=last)

    def get(self, entry: int) -> Entry:
        """The entry of that number. Raises ``NotFoundError``."""
        with self._database.begin() as connection:
            return _get(connection, entry)

    def versions(self, entry: int) -> Sequence[Version]:
        """Every version of the entry, the first one first. Raises ``NotFoundError``."""
        with self._database.begin() as connection:
            _get(connection, entry)
            select = version_table.select().where(_versions.entry == entry).order_by(_versions.version)
            return [version_of(record) for record in connection.execute(select).mappings()]

    def write(self, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The new entry, in one transaction with the event that telling makes of it."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            number = (connection.execute(sa.select(sa.func.max(_entries.id))).scalar() or 0) + 1
            version = _version(number, 1, content, author, now)
            transaction.add(telling(version, None))
            connection.execute(version_table.insert().values(_row(version, transaction.head[0])))
            created = {"id": number, "author": version.author, "created_us": to_micros(now)}
            connection.execute(entry_table.insert().values({**created, **_newest(version, version.author)}))
        return Entry(id=number, author=version.author, created=version.written, newest=version)

    def correct(self, entry: int, seen: int, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The entry with another version, in one transaction with its event.

        Raises ``NotFoundError``, ``ConflictError`` if there is a newer version than was seen, or if nothing differs.
        """
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            known = _get(connection, entry)
            version = next_version(known, seen, _version(entry, known.newest.number + 1, content, author, now))
            transaction.add(telling(version, known.newest))
            connection.execute(version_table.insert().values(_row(version, transaction.head[0])))
            connection.execute(entry_table.update().where(_entries.id == entry).values(_newest(version, known.author)))
        return Entry(id=entry, author=known.author, created=known.created, newest=version)


def next_version(known: Entry, seen: int, version: Version) -> Version:
    """The version, if it may follow. Raises ``ConflictError`` if a newer one was not seen, or if nothing differs."""
    newest = known.newest
    if newest.number != seen:
        words = f"log entry {known.id}: {newest.author} has corrected it meanwhile; it is at version {newest.number}"
        raise ConflictError(words, "overtaken")
    if not differences(newest.content, version.content):
        raise ConflictError(f"log entry {known.id}: the correction changes nothing", "unchanged")
    return version


def version_of(record: Mapping[Any, Any]) -> Version:
    """The version of a record of its table."""
    words = {name: record[name] for name in WORDS}
    return Version(
        entry=record["entry"],
        number=record["version"],
        content=Content(time=from_micros(record["time_us"]), **words),
        author=record["author"],
        written=from_micros(record["written_us"]),
    )


def _version(entry: int, number: int, content: Content, author: str, now: float) -> Version:
    """The version as it comes back from the database: what no database takes is replaced."""
    words = {name: clean(getattr(content, name), longest) for name, longest in LONGEST.items()}
    time, written = (from_micros(to_micros(one)) for one in (content.time, now))
    kept = Content(time=time, **words)
    return Version(entry=entry, number=number, content=kept, author=clean(author, NAME_MAX), written=written)


def _row(version: Version, seq: int) -> Mapping[str, Any]:
    words = {name: getattr(version.content, name) for name in WORDS}
    times = {"time_us": to_micros(version.content.time), "written_us": to_micros(version.written)}
    return {"entry": version.entry, "version": version.number, **times, **words, "author": version.author, "journal_seq": seq}


def _newest(version: Version, author: str) -> Mapping[str, Any]:
    search = clean(search_text(version.content, author), _SEARCH_MAX)
    return {"version": version.number, "time_us": to_micros(version.content.time), "search": search}


def _joined() -> sa.Select[Any]:
    tables = entry_table.join(version_table, sa.and_(_versions.entry == _entries.id, _versions.version == _entries.version))
    first = (_entries.author.label("first_author"), _entries.created_us)
    return sa.select(*version_table.c, *first).select_from(tables)


def _get(connection: Connection, entry: int) -> Entry:
    known = 0 < entry <= _ID_MAX
    record = connection.execute(_joined().where(_entries.id == entry)).mappings().first() if known else None
    if record is None:
        raise NotFoundError(f"unknown log entry {entry}")
    return _entry(record)


def _entry(record: Mapping[Any, Any]) -> Entry:
    created = from_micros(record["created_us"])
    return Entry(id=record["entry"], author=record["first_author"], created=created, newest=version_of(record))


def _conditions(wanted: LogFilter) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.start is not None:
        found.append(_entries.time_us >= to_micros(wanted.start))
    if wanted.end is not None:
        found.append(_entries.time_us < to_micros(wanted.end))
    if wanted.categories:
        found.append(_versions.category.in_(wanted.categories))
    if wanted.author:
        found.append(_entries.author == wanted.author)
    found += [_versions[name] == value for name in ("shift", "tag", "alarm", "occurrence_id") if (value := getattr(wanted, name))]
    if wanted.area:
        found.append(sa.or_(_versions.area == wanted.area, _versions.area.startswith(f"{wanted.area}/", autoescape=True)))
    if wanted.text:
        found.append(_entries.search.contains(wanted.text.lower(), autoescape=True))
    return found
