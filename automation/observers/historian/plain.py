"""Plain rows: the newest days once more, a row for each sample, which other programs read with SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from io import StringIO
from typing import Any

import sqlalchemy as sa
from psycopg2.errors import UniqueViolation
from sqlalchemy import Connection

from automation.observers.historian.rows import Row, stored
from automation.observers.historian.tables import metadata
from automation.storage.bulk import insert_new
from automation.storage.database import Database

_DAY_S = 86_400.0
_DAY_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = ("tag_id", "ts", "value", "text", "quality")
_COPIED = f"({', '.join(_COLUMNS)}) FROM STDIN"
_DELETED = 10_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

plain_table = sa.Table(
    "history_plain",
    metadata,
    sa.Column("tag_id", sa.Integer, primary_key=True),
    sa.Column("ts", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double),
    sa.Column("text", sa.Text),
    sa.Column("quality", sa.BigInteger, nullable=False),
)


class PlainRows:
    """Keeps the samples of some tags of the last days in the table ``history_plain``, of which ``history_rows`` is the view.

    tags: names, * for any letters. keep_days: whole days of UTC before today; older samples are not taken, and removed. In
    PostgreSQL each day is a partition, filled by COPY.
    """

    def __init__(self, database: Database, tags: Sequence[str], keep_days: int, now: Callable[[], float]) -> None:
        self._database = database
        self._patterns = tuple(tags)
        self._keep_days = keep_days
        self._now = now
        self._wanted: dict[str, bool] = {}
        self._days: set[int] = set()  # with a partition

    def add(self, connection: Connection, rows: Sequence[Row], ids: Mapping[str, int]) -> Callable[[], None]:
        """Insert the rows that are wanted and not there; what is to be called once the transaction is committed."""
        first = self._first_day() * _DAY_US
        found = [
            (ids[row.tag], row.time, *stored(row.value), row.quality)
            for row in rows
            if row.time >= first and self._wants(row.tag)
        ]
        if self._database.dialect == "postgresql":
            new = {time // _DAY_US for _, time, *_ in found} - self._days
            self._make_days(connection, new)
            _copy(connection, found)
            return lambda: self._days.update(new)
        if self._database.dialect == "mysql":
            found = [(tag_id, _datetime(time), *rest) for tag_id, time, *rest in found]  # type: ignore[misc]
        insert_new(connection, plain_table, _COLUMNS, found)
        return nothing

    def step(self, now: float) -> float:
        """Remove the days that are too old; when to look again, POSIX seconds. Called by a Worker. Raises ``StorageError``."""
        first = self._first_day()
        if self._database.dialect == "postgresql":
            with self._database.begin() as connection:
                for day, name in list(_partitions(connection)):
                    if day < first:
                        connection.exec_driver_sql(f"DROP TABLE {name}")
                        self._days.discard(day)
        else:
            while self._delete(first * _DAY_US):
                pass
        return (now // _DAY_S + 1) * _DAY_S

    def _wants(self, tag: str) -> bool:
        wanted = self._wanted.get(tag)
        if wanted is None:
            wanted = self._wanted[tag] = any(fnmatchcase(tag, pattern) for pattern in self._patterns)
        return wanted

    def _first_day(self) -> int:
        return int(self._now() // _DAY_S) - self._keep_days

    def _make_days(self, connection: Connection, days: Iterable[int]) -> None:
        for day in sorted(days):
            low, high = (_datetime(one * _DAY_US).isoformat() + "+00:00" for one in (day, day + 1))
            connection.exec_driver_sql(
                f"CREATE TABLE IF NOT EXISTS {_name(day)} PARTITION OF history_plain FOR VALUES FROM ('{low}') TO ('{high}')"
            )

    def _delete(self, before: int) -> bool:
        """Remove some rows before the time; True if there may be more."""
        bound: Any = _datetime(before) if self._database.dialect == "mysql" else before
        if self._database.dialect == "mysql":
            statement = sa.text("DELETE FROM history_plain WHERE ts < :bound LIMIT :most")
        else:
            statement = sa.text(
                "DELETE FROM history_plain WHERE (tag_id, ts) IN"
                " (SELECT tag_id, ts FROM history_plain WHERE ts < :bound ORDER BY ts LIMIT :most)"
            )
        with self._database.begin() as connection:
            return connection.execute(statement, {"bound": bound, "most": _DELETED}).rowcount >= _DELETED


def join_plain(connection: Connection, source_id: int, target_id: int) -> None:
    """Give the rows of the target to the source, which keeps its own where both have an instant."""
    columns, other = plain_table.c, plain_table.alias().c
    twice = sa.select(other.ts).where(other.tag_id == source_id).subquery()  # one database reads no table that it changes
    connection.execute(plain_table.delete().where(columns.tag_id == target_id, columns.ts.in_(sa.select(twice.c.ts))))
    connection.execute(plain_table.update().where(columns.tag_id == target_id).values(tag_id=source_id))


def _copy(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert by COPY; if a row is there already, once more by way of a temporary table. Keeps what is there."""
    if not rows:
        return
    lines = "".join(map(_line, rows))
    cursor: Any = connection.connection.cursor()
    with closing(cursor):
        cursor.execute("SAVEPOINT plain")
        try:
            cursor.copy_expert(f"COPY history_plain {_COPIED}", StringIO(lines))
            cursor.execute("RELEASE SAVEPOINT plain")
        except UniqueViolation:
            cursor.execute("ROLLBACK TO SAVEPOINT plain")
            cursor.execute("CREATE TEMPORARY TABLE history_incoming (LIKE history_plain) ON COMMIT DROP")
            cursor.copy_expert(f"COPY history_incoming {_COPIED}", StringIO(lines))
            cursor.execute("INSERT INTO history_plain SELECT * FROM history_incoming ON CONFLICT DO NOTHING")


def _line(row: tuple[int, int, float | None, str | None, int]) -> str:
    tag_id, time, value, text, quality = row
    number = "\\N" if value is None else repr(value)
    words = "\\N" if text is None else text.translate(_ESCAPES)
    return f"{tag_id}\t{_datetime(time).isoformat()}+00\t{number}\t{words}\t{quality}\n"


def _datetime(micros: int) -> datetime:
    """The time of UTC, without a zone."""
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None)


def _name(day: int) -> str:
    return f"history_plain_{_datetime(day * _DAY_US):%Y%m%d}"


def _partitions(connection: Connection) -> Iterable[tuple[int, str]]:
    """The partitions, day and name."""
    select = sa.text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'history_plain'::regclass")
    for name in connection.execute(select).scalars():
        moment = datetime.strptime(name.rpartition("_")[2], "%Y%m%d").replace(tzinfo=UTC)
        yield int(moment.timestamp() // _DAY_S), name


def nothing() -> None:
    """Do nothing."""
