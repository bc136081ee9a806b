"""Copies of databases: one of SQLite while it is in use, and tables from one kind of database into another."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import StorageError
from automation.storage.database import Database

_PAGES = 256  # at a time, so that a writer of the same file waits a millisecond or so
_PAUSE_S = 0.002
_ROWS = 5_000
_WHOLE = 2**128
# Of the history, which may share a server's database, and of the library that migrates.
_OTHERS = ("history_", "alembic_version")

Tell = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class TableSum:
    """What a table holds. checksum: the same for the same rows in any order and in any database."""

    rows: int
    checksum: str


def copy_file(source: Path, target: Path, tell: Tell) -> None:
    """A copy of an SQLite file as it is at one instant, made while others write to it. tell: the progress, 0 to 1.

    Raises ``StorageError`` naming the file.
    """
    if not source.is_file():
        raise StorageError(f"database {source}: there is no such file")
    try:
        with closing(sqlite3.connect(source, timeout=10.0)) as read, closing(sqlite3.connect(target)) as written:
            read.execute("PRAGMA query_only=ON")

            def pulse(_status: int, remaining: int, total: int) -> None:
                tell(1.0 - remaining / total if total else 1.0)

            read.backup(written, pages=_PAGES, progress=pulse, sleep=_PAUSE_S)
            written.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
    except sqlite3.Error as error:
        raise StorageError(f"database {source}: cannot be copied to {target}: {error}") from error


def check_file(file: Path) -> None:
    """Do nothing if the SQLite file is whole. Raises ``StorageError`` naming it and the first thing that is wrong."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        raise StorageError(f"database {file}: cannot be read: {error}") from error
    if found != "ok":
        raise StorageError(f"database {file}: damaged: {found}")


def copy_configuration(source: Database, target: Database, tell: Tell) -> Mapping[str, TableSum]:
    """Put every row of the configuration's tables into the target in place of its own; what each table holds now.

    Both are brought up to date first. The copy is one transaction, read from one state of the source, and the checksum of what
    the target answers is compared with what was read. tell: the progress, 0 to 1. Raises ``StorageError``; then the target is
    as it was.
    """
    source.migrate("config")
    target.migrate("config")
    with _one_state(source) as read, target.begin() as written:
        tables = _tables(written)
        total = sum(_count(read, table) for table in tables) or 1
        sums: dict[str, TableSum] = {}
        done = 0
        for table in tables:
            written.execute(table.delete())
            summed = _Sum()
            for rows in _pages(read, table):
                summed.add(rows)
                written.execute(table.insert(), [row._asdict() for row in rows])
                done += len(rows)
                tell(done / total)
            sums[table.name] = summed.result()
            if _sum_of(written, table) != sums[table.name]:
                raise StorageError(f"{target}: table {table.name}: its rows are not those that were read")
        _continue_numbers(written, tables)
    return sums


def configuration_sums(database: Database) -> Mapping[str, TableSum]:
    """What each table of the configuration holds, all from one state. Raises ``StorageError``."""
    with _one_state(database) as connection:
        return {table.name: _sum_of(connection, table) for table in _tables(connection)}


def is_fresh(database: Database, folder: Path) -> bool:
    """True if the configuration has nothing but what its migrations put there. folder: for a file to compare with, removed again.

    Raises ``StorageError``.
    """
    database.migrate("config")
    with TemporaryDirectory(dir=folder) as place:
        fresh = Database(f"sqlite:///{Path(place) / 'fresh.db'}")
        try:
            fresh.migrate("config")
            return configuration_sums(fresh) == configuration_sums(database)
        finally:
            fresh.close()


@contextmanager
def _one_state(database: Database) -> Iterator[Connection]:
    """A transaction that sees one state of the database from its first question to its last."""
    with database.begin() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif database.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's driver begins with the first change only
        yield connection


def _tables(connection: Connection) -> Sequence[sa.Table]:
    """The tables of the configuration as they are in the database, in order of their names."""
    names = sorted(name for name in sa.inspect(connection).get_table_names() if not name.startswith(_OTHERS))
    metadata = sa.MetaData()
    metadata.reflect(connection, only=names)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.Float):
                column.type = sa.Double()  # MariaDB's own would give decimals
    return [metadata.tables[name] for name in names]


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0)


def _pages(connection: Connection, table: sa.Table) -> Iterator[Sequence[sa.Row[Any]]]:
    """All rows in bounded memory."""
    names = [table.c[name] for name in sorted(table.c.keys())]
    result = connection.execute(sa.select(*names).execution_options(yield_per=_ROWS))
    yield from result.partitions()


class _Sum:
    """The sum of the rows' digests, which does not depend on their order."""

    def __init__(self) -> None:
        self._rows = 0
        self._sum = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._rows += 1
            text = repr([_plain(value) for value in row]).encode()
            self._sum += int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big")

    def result(self) -> TableSum:
        return TableSum(rows=self._rows, checksum=f"{self._sum % _WHOLE:032x}")


def _plain(value: Any) -> object:
    """The value as every database gives it back: whether something is so is a number in some of them."""
    return int(value) if isinstance(value, bool) else value


def _sum_of(connection: Connection, table: sa.Table) -> TableSum:
    summed = _Sum()
    for rows in _pages(connection, table):
        summed.add(rows)
    return summed.result()


def _continue_numbers(connection: Connection, tables: Iterable[sa.Table]) -> None:
    """Have PostgreSQL number new rows after those that came with their numbers; the others see to it themselves."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key:
            name = f"'{table.name}', '{column.name}'"
            sequence = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence({name})").scalar()
            newest = connection.execute(sa.select(sa.func.max(column))).scalar() if sequence else None
            if newest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, newest)))
