"""The history in a database: one row per sample, clustered by tag and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.buckets import UNKNOWN, Aggregate, Grid, State, fill
from automation.observers.historian.rows import Row, columns, restored
from automation.observers.historian.series import BucketSeries, RawSeries, check_limit, check_range
from automation.storage.bulk import insert_new, whole_division
from automation.storage.database import Database
from automation.storage.micros import from_micros

_CHUNK = 500
_UNTIL = "recorded_until"

metadata = sa.MetaData()
tags_table = sa.Table(
    "history_tags",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("type", sa.String(8), nullable=False),
)
samples_table = sa.Table(
    "history_samples",
    metadata,
    sa.Column("tag_id", sa.Integer, primary_key=True),
    sa.Column("ts", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double),
    sa.Column("text", sa.Text),
    sa.Column("quality", sa.BigInteger, nullable=False),
)
marks_table = sa.Table(
    "history_marks",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("ts", sa.BigInteger, nullable=False),
)
_SAMPLE = ("tag_id", "ts", "value", "text", "quality")
_s = samples_table.c


class _Known(NamedTuple):
    id: int
    type: DataType


class SqlHistoryStore:
    """A ``HistoryStore`` in a database whose branch ``history`` is migrated; one writer, any number of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, _Known] = {}

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows and the mark in one transaction. Raises ``StorageError``; then nothing is kept."""
        types = {row.tag: row.type for row in rows}
        with self._database.begin() as connection:
            found = self._identify(connection, types)
            ids = {name: (found.get(name) or self._known[name]).id for name in types}
            insert_new(connection, samples_table, _SAMPLE, columns(rows, ids))
            connection.execute(
                marks_table.update().where(marks_table.c.name == _UNTIL, marks_table.c.ts < until).values(ts=until)
            )
        self._known.update(found)  # only now: a transaction that failed has made no ids

    def _identify(self, connection: Connection, types: Mapping[str, DataType]) -> Mapping[str, _Known]:
        """The tags that are not known yet, or not with this type, made or changed as needed."""
        wanted = {name: kind for name, kind in types.items() if name not in self._known or self._known[name].type is not kind}
        if not wanted:
            return {}
        found = _lookup(connection, list(wanted))
        missing = [(name, kind.value) for name, kind in wanted.items() if name not in found]
        insert_new(connection, tags_table, ("name", "type"), missing)
        for name, known in found.items():
            if known.type is not wanted[name]:
                change = tags_table.update().where(tags_table.c.id == known.id)
                connection.execute(change.values(type=wanted[name].value))
        return _lookup(connection, list(wanted))

    def close_ends(self, start: int) -> None:
        """Give every tag whose last row is neither BAD nor after start a row that is. Raises ``StorageError``."""
        newest = sa.select(sa.func.max(_s.ts)).where(_s.tag_id == tags_table.c.id).scalar_subquery()
        last = sa.select(tags_table.c.id, newest.label("ts")).subquery()
        with self._database.begin() as connection:
            until = min(_until(connection), start)
            end = sa.case((_s.ts < until, sa.literal(until, sa.BigInteger)), else_=_s.ts + 1)
            outage = sa.literal(int(Quality.BAD_NO_COMMUNICATION), sa.BigInteger)
            rows = (
                sa.select(_s.tag_id, end, _s.value, _s.text, outage)
                .join(last, sa.and_(last.c.id == _s.tag_id, last.c.ts == _s.ts))
                .where(_s.quality < int(Quality.BAD), _s.ts < start)
            )
            connection.execute(samples_table.insert().from_select(_SAMPLE, rows))

    def rename(self, old: str, new: str) -> None:
        """Give the samples of the old name to the new one, in one transaction. Raises ``StorageError``; then nothing changes."""
        with self._database.begin() as connection:
            found = _lookup(connection, [old, new])
            source, target = found.get(old), found.get(new)
            if source is None:
                return
            if target is not None:
                _join(connection, target.id, source.id)
            connection.execute(tags_table.update().where(tags_table.c.id == source.id).values(name=new))
        self._known = {name: known for name, known in self._known.items() if name not in (old, new)}

    def knows(self, tag: str) -> bool:
        """True if the tag was ever recorded. Raises ``StorageError``."""
        if tag in self._known:
            return True
        with self._database.begin() as connection:
            return tag in _lookup(connection, [tag])

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it."""
        low, high = check_range(start, end)
        check_limit(limit)
        records: list[Any] = []
        boundary = None
        kind = DataType.FLOAT
        with self._database.begin() as connection:
            known = self._series(connection, tag)
            if known is not None:
                kind = known.type
                boundary = _before(connection, known.id, low)
                select = sa.select(_s.ts, _s.value, _s.text, _s.quality).where(_s.tag_id == known.id)
                select = select.where(_s.ts >= low, _s.ts < high).order_by(_s.ts).limit(limit + 1)
                records = list(connection.execute(select))
        found = ([] if boundary is None else [boundary]) + records[:limit]
        return RawSeries(
            tag=tag,
            time=[from_micros(record.ts) for record in found],
            value=[restored(kind, record.value, record.text) for record in found],
            quality=[record.quality for record in found],
            boundary=boundary is not None,
            truncated=len(records) > limit,
        )

    def buckets(self, tag: str, start: float, end: float, count: int) -> BucketSeries:
        """The range in at most count equal buckets, computed by the database."""
        grid = Grid.over(start, end, count)
        aggregates: list[Aggregate] = []
        state = UNKNOWN
        with self._database.begin() as connection:
            until = _until(connection)
            known = self._series(connection, tag)
            if known is not None:
                before = _before(connection, known.id, grid.start)
                state = UNKNOWN if before is None else State(before.value, before.quality)
                records = connection.execute(_aggregates(connection, known.id, grid))
                aggregates = [Aggregate(*record) for record in records]
        return fill(tag, grid, aggregates, state, until)

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded, by name. Raises ``StorageError``."""
        with self._database.begin() as connection:
            select = sa.select(tags_table.c.name, tags_table.c.type).order_by(tags_table.c.name)
            return [(record.name, DataType(record.type)) for record in connection.execute(select)]

    def recorded_until(self) -> int:
        """Up to where the record is complete, microseconds. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return _until(connection)

    def forget_all(self) -> None:
        """Remove every tag with its samples, in one transaction. Raises ``StorageError``; then nothing is removed."""
        with self._database.begin() as connection:
            connection.execute(samples_table.delete())
            connection.execute(tags_table.delete())
            connection.execute(marks_table.update().where(marks_table.c.name == _UNTIL).values(ts=0))
        self._known.clear()

    def _series(self, connection: Connection, tag: str) -> _Known | None:
        return self._known.get(tag) or _lookup(connection, [tag]).get(tag)


def _lookup(connection: Connection, names: Sequence[str]) -> Mapping[str, _Known]:
    found: dict[str, _Known] = {}
    for i in range(0, len(names), _CHUNK):
        select = tags_table.select().where(tags_table.c.name.in_(names[i : i + _CHUNK]))
        for record in connection.execute(select):
            found[record.name] = _Known(record.id, DataType(record.type))
    return found


def _join(connection: Connection, from_id: int, to_id: int) -> None:
    """Give all samples of one tag to another, which keeps its own where both have an instant, and forget the one."""
    taken = sa.select(_s.ts).where(_s.tag_id == to_id).subquery()  # of its own, for a database that does not read what it deletes
    connection.execute(samples_table.delete().where(_s.tag_id == from_id, _s.ts.in_(sa.select(taken.c.ts))))
    connection.execute(samples_table.update().where(_s.tag_id == from_id).values(tag_id=to_id))
    connection.execute(tags_table.delete().where(tags_table.c.id == from_id))


def _until(connection: Connection) -> int:
    ts: int | None = connection.execute(sa.select(marks_table.c.ts).where(marks_table.c.name == _UNTIL)).scalar()
    return ts or 0


def _before(connection: Connection, tag_id: int, start: int) -> Any:
    select = sa.select(_s.ts, _s.value, _s.text, _s.quality).where(_s.tag_id == tag_id, _s.ts < start)
    return connection.execute(select.order_by(_s.ts.desc()).limit(1)).first()


def _aggregates(connection: Connection, tag_id: int, grid: Grid) -> sa.Select[Any]:
    """Rows of ``Aggregate``: one per bucket that has samples, joined with its newest sample."""
    index = whole_division(connection, _s.ts - grid.start, sa.literal(grid.width, sa.BigInteger)).label("bucket")
    good = sa.case((_s.quality < int(Quality.UNCERTAIN), _s.value))
    usable = sa.case((_s.quality < int(Quality.BAD), _s.value))

    def of_best(function: Any) -> sa.ColumnElement[float]:
        # An uncertain value is compared only where there is no good one: sums of both would hide the better.
        return sa.func.coalesce(function(good), function(usable))

    parts = (
        sa.select(
            index,
            of_best(sa.func.min).label("low"),
            of_best(sa.func.max).label("high"),
            of_best(sa.func.avg).label("mean"),
            sa.func.count().label("count"),
            sa.func.max(_s.quality).label("worst"),
            sa.func.max(_s.ts).label("last_ts"),
        )
        .where(_s.tag_id == tag_id, _s.ts >= grid.start, _s.ts < grid.end)
        .group_by(sa.literal_column("bucket"))
        .subquery()
    )
    p = parts.c
    newest = sa.and_(_s.tag_id == tag_id, _s.ts == p.last_ts)
    return (
        sa.select(p.bucket, p.low, p.high, p.mean, p["count"], p.worst, _s.value, _s.quality)
        .join(samples_table, newest)
        .order_by(p.bucket)
    )
