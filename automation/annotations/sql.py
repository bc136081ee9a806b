"""Annotations in a database: changes in the same transaction as the journal's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.annotations.annotation import TEXT_MAX, Annotation, Remark
from automation.annotations.store import Telling
from automation.model.errors import NotFoundError
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

_ID_MAX = 2**62
_NAME_MAX = 128

metadata = sa.MetaData()
annotation_table = sa.Table(
    "annotations",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("start_us", sa.BigInteger, nullable=False),
    sa.Column("end_us", sa.BigInteger),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.String(_NAME_MAX), nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("changed_us", sa.BigInteger),
    sa.Column("changed_by", sa.String(_NAME_MAX), nullable=False),
)
tag_table = sa.Table(
    "annotation_tags",
    metadata,
    sa.Column("annotation", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tag", sa.String(_NAME_MAX), primary_key=True),
)
last_table = sa.Table(
    "annotation_last",  # the number that was given last, so that none is given twice
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
)
_columns, _tags = annotation_table.c, tag_table.c


class SqlAnnotations:
    """Annotations in the database of the journal, whose branch ``config`` must be migrated.

    Raises ``StorageError`` everywhere.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def within(self, tags: Sequence[str], start: float, end: float, limit: int) -> Sequence[Annotation]:
        """Annotations of any of the tags, or of all tags without any, that touch start to end; the newest, oldest first."""
        low, high = to_micros(start), to_micros(end)
        lasts = sa.func.coalesce(_columns.end_us, _columns.start_us) >= low
        select = annotation_table.select().where(_columns.start_us < high, lasts)
        if tags:
            select = select.where(_columns.id.in_(sa.select(_tags.annotation).where(_tags.tag.in_(list(tags)))))
        newest = select.order_by(_columns.start_us.desc(), _columns.id.desc()).limit(limit)
        with self._database.begin() as connection:
            return _annotations(connection, newest)[::-1]

    def get(self, number: int) -> Annotation:
        """The annotation of that number. Raises ``NotFoundError``."""
        with self._database.begin() as connection:
            return _get(connection, number)

    def add(self, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The new annotation, in one transaction with its event."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            number: int = connection.execute(sa.select(last_table.c.id)).scalar_one() + 1
            connection.execute(last_table.update().values(id=number))
            made = Annotation(id=number, remark=_kept(remark), author=clean(author, _NAME_MAX), created=_to_the_micro(now))
            connection.execute(annotation_table.insert().values(_row(made)))
            _write_tags(connection, made)
            transaction.add(telling(made, None))
        return made

    def correct(self, number: int, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The annotation with another remark, in one transaction with its event. Raises ``NotFoundError``."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            before = _get(connection, number)
            after = Annotation(
                id=number,
                remark=_kept(remark),
                author=before.author,
                created=before.created,
                changed=_to_the_micro(now),
                changed_by=clean(author, _NAME_MAX),
            )
            connection.execute(annotation_table.update().where(_columns.id == number).values(_row(after)))
            connection.execute(tag_table.delete().where(_tags.annotation == number))
            _write_tags(connection, after)
            transaction.add(telling(after, before))
        return after

    def remove(self, number: int, telling: Telling) -> Annotation:
        """The annotation, which is gone, in one transaction with its event. Raises ``NotFoundError``."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            gone = _get(connection, number)
            connection.execute(tag_table.delete().where(_tags.annotation == number))
            connection.execute(annotation_table.delete().where(_columns.id == number))
            transaction.add(telling(gone, gone))
        return gone

    def rename(self, names: Sequence[tuple[str, str]]) -> None:
        """Have the annotations of tags go with their new names: old and new, in the order in which they were renamed."""
        with self._database.begin() as connection:
            for old, new in names:
                numbers = connection.execute(sa.select(_tags.annotation).where(_tags.tag == old)).scalars().all()
                if numbers:
                    connection.execute(tag_table.delete().where(_tags.annotation.in_(numbers), _tags.tag.in_((old, new))))
                    connection.execute(tag_table.insert(), [{"annotation": number, "tag": new} for number in numbers])


def _get(connection: Connection, number: int) -> Annotation:
    known = 0 < number <= _ID_MAX
    found = _annotations(connection, annotation_table.select().where(_columns.id == number)) if known else ()
    if not found:
        raise NotFoundError(f"unknown annotation {number}")
    return found[0]


def _annotations(connection: Connection, select: sa.Select[Any]) -> Sequence[Annotation]:
    records = connection.execute(select).mappings().all()
    if not records:
        return []
    tags: dict[int, list[str]] = {}
    of_them = tag_table.select().where(_tags.annotation.in_([record["id"] for record in records])).order_by(_tags.tag)
    for number, tag in connection.execute(of_them):
        tags.setdefault(number, []).append(tag)
    return [_annotation(record, tags.get(record["id"], [])) for record in records]


def _annotation(record: Mapping[Any, Any], tags: Sequence[str]) -> Annotation:
    end, changed = record["end_us"], record["changed_us"]
    return Annotation(
        id=record["id"],
        remark=Remark(
            time=from_micros(record["start_us"]),
            end=None if end is None else from_micros(end),
            tags=tuple(tags),
            text=record["text"],
        ),
        author=record["author"],
        created=from_micros(record["created_us"]),
        changed=None if changed is None else from_micros(changed),
        changed_by=record["changed_by"],
    )


def _row(annotation: Annotation) -> Mapping[str, Any]:
    remark = annotation.remark
    return {
        "id": annotation.id,
        "start_us": to_micros(remark.time),
        "end_us": None if remark.end is None else to_micros(remark.end),
        "text": remark.text,
        "author": annotation.author,
        "created_us": to_micros(annotation.created),
        "changed_us": None if annotation.changed is None else to_micros(annotation.changed),
        "changed_by": annotation.changed_by,
    }


def _write_tags(connection: Connection, annotation: Annotation) -> None:
    connection.execute(tag_table.insert(), [{"annotation": annotation.id, "tag": tag} for tag in annotation.remark.tags])


def _kept(remark: Remark) -> Remark:
    """The remark as it comes back from the database."""
    end = None if remark.end is None else _to_the_micro(remark.end)
    tags = tuple(sorted({clean(tag, _NAME_MAX) for tag in remark.tags}))
    return Remark(time=_to_the_micro(remark.time), end=end, tags=tags, text=clean(remark.text, TEXT_MAX))


def _to_the_micro(time: float) -> float:
    return from_micros(to_micros(time))
