"""The store of reference points in a database: changes in the same transaction as the journal's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import NotFoundError
from automation.model.event import Event
from automation.referencing.line import Segment
from automation.referencing.point import SEGMENT_MAX, ReferencePoint
from automation.storage.database import Database
from automation.storage.journal import Journal, JournalTransaction

_MM = 1_000_000  # millimetres of a kilometre
_ID_MAX = 2**31 - 1

metadata = sa.MetaData()
reference_points_table = sa.Table(
    "reference_points",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("segment", sa.String(SEGMENT_MAX), nullable=False),
    sa.Column("km_mm", sa.BigInteger, nullable=False),
    sa.Column("latitude", sa.Double, nullable=False),
    sa.Column("longitude", sa.Double, nullable=False),
    sa.Column("elevation", sa.Double),
    sa.UniqueConstraint("segment", "km_mm", name="reference_points_place"),
    sqlite_autoincrement=True,  # an id is never used again
)
_columns = reference_points_table.c


class SqlReferenceStore:
    """Reference points in the database of the journal, whose branch ``config`` must be migrated."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``, ``StorageError``."""
        with self._database.begin() as connection:
            return _get(connection, point_id)

    def segments(self) -> Sequence[Segment]:
        """Every segment that has points, by name. Raises ``StorageError``."""
        select = sa.select(_columns.segment, sa.func.count(), sa.func.min(_columns.km_mm), sa.func.max(_columns.km_mm)).group_by(
            _columns.segment
        )
        with self._database.begin() as connection:
            found = [
                Segment(name=name, points=count, start=start / _MM, end=end / _MM)
                for name, count, start, end in connection.execute(select)
            ]
        return sorted(found, key=lambda segment: segment.name)

    def page(self, segment: str | None, limit: int, offset: int) -> tuple[Sequence[ReferencePoint], int]:
        """Points of the segment, or of all, by segment and kilometre post; and how many there are. Raises ``StorageError``."""
        count = sa.select(sa.func.count()).select_from(reference_points_table)
        with self._database.begin() as connection:
            points = _points(connection, _of(_ordered(), segment).limit(limit).offset(offset))
            return points, connection.execute(_of(count, segment)).scalar_one()

    def all(self, segment: str | None = None) -> Sequence[ReferencePoint]:
        """Every point of the segment, or of all, by segment and kilometre post. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return _points(connection, _of(_ordered(), segment))

    def around(self, segment: str, km: float) -> tuple[ReferencePoint | None, ReferencePoint | None]:
        """The last point at or before the kilometre post and the first one at or after it. Raises ``StorageError``."""
        post, of_segment = _mm(km), reference_points_table.select().where(_columns.segment == segment).limit(1)
        before = of_segment.where(_columns.km_mm <= post).order_by(_columns.km_mm.desc())
        after = of_segment.where(_columns.km_mm >= post).order_by(_columns.km_mm)
        with self._database.begin() as connection:
            return _first(connection, before), _first(connection, after)

    @contextmanager
    def edit(self) -> Iterator[SqlReferenceEdit]:
        """A change in one transaction with its rows in the journal; no other process changes points meanwhile.

        Raises ``StorageError``.
        """
        with self._journal.transaction() as transaction:
            yield SqlReferenceEdit(transaction)


class SqlReferenceEdit:
    """A change of the points on the connection of a transaction of the journal."""

    def __init__(self, transaction: JournalTransaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``."""
        return _get(self._connection, point_id)

    def at(self, segment: str, km: float) -> ReferencePoint | None:
        """The point at that place, None if there is none."""
        here = (_columns.segment == segment, _columns.km_mm == _mm(km))
        return _first(self._connection, reference_points_table.select().where(*here))

    def all(self) -> Sequence[ReferencePoint]:
        """Every point, by segment and kilometre post."""
        return _points(self._connection, _ordered())

    def add(self, points: Sequence[ReferencePoint]) -> None:
        """New points, at places that are free."""
        if points:
            self._connection.execute(reference_points_table.insert(), [_row(point) for point in points])

    def replace(self, points: Sequence[ReferencePoint]) -> None:
        """Points in place of those with the same ids."""
        if points:
            update = reference_points_table.update().where(_columns.id == sa.bindparam("point"))
            self._connection.execute(update, [{"point": point.id, **_row(point)} for point in points])

    def remove(self, point_id: int) -> None:
        """Forget a point."""
        self._connection.execute(reference_points_table.delete().where(_columns.id == point_id))

    def journal(self, *events: Event) -> None:
        """Journal the events with the change."""
        self._transaction.add(*events)


def _ordered() -> sa.Select[Any]:
    return sa.select(reference_points_table).order_by(_columns.segment, _columns.km_mm)


def _of(select: sa.Select[Any], segment: str | None) -> sa.Select[Any]:
    return select if segment is None else select.where(_columns.segment == segment)


def _get(connection: Connection, point_id: int) -> ReferencePoint:
    known = point_id <= _ID_MAX
    found = _first(connection, reference_points_table.select().where(_columns.id == point_id)) if known else None
    if found is None:
        raise NotFoundError(f"unknown reference point {point_id}")
    return found


def _first(connection: Connection, select: sa.Select[Any]) -> ReferencePoint | None:
    found = connection.execute(select).mappings().first()
    return None if found is None else _point(found)


def _points(connection: Connection, select: sa.Select[Any]) -> Sequence[ReferencePoint]:
    return [_point(row) for row in connection.execute(select).mappings()]


def _mm(km: float) -> int:
    return round(km * _MM)


def _row(point: ReferencePoint) -> Mapping[str, Any]:
    return {
        "segment": point.segment,
        "km_mm": _mm(point.km),
        "latitude": point.latitude,
        "longitude": point.longitude,
        "elevation": point.elevation,
    }


def _point(row: Mapping[Any, Any]) -> ReferencePoint:
    return ReferencePoint(
        id=row["id"],
        segment=row["segment"],
        km=row["km_mm"] / _MM,
        latitude=row["latitude"],
        longitude=row["longitude"],
        elevation=row["elevation"],
    )
