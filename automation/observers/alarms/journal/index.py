"""The index beside the journal: written with it in one transaction, and made anew from it at any time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.observers.alarms.journal.occurrence import Occurrence, Occurrences
from automation.observers.alarms.journal.row import DISABLED, AlarmRow, Continuity, Source, State, row_of
from automation.observers.alarms.journal.tables import mark_table, note_table, occurrence_table, row_table, source_table
from automation.storage.database import Database
from automation.storage.journal import Journal, details_of, journal_table
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

T = TypeVar("T")

log = logging.getLogger(__name__)

_AT_ONCE = 5_000  # rows of the journal in one transaction: what a start that was cut short has to do again
_ASKED = 500  # names or numbers in one question
_DIGESTS = 20_000  # an alarm's rows tell of it in the same words again and again
_WIPED = 20_000
_TOLD = 100_000
_NEVER = -(2**63 - 1)
_WORDS, _NAME = 4_000, 128


class AlarmIndex:
    """Rows of the journal that are about alarms, in columns, and what became of each occurrence.

    Everything in it follows from the journal. Its mark tells up to which row; ``advance`` goes on from there, in the order of the
    journal, so that it is the same whoever wrote the rows and however often that was cut short.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def advance(self, connection: Connection, most: int | None = None) -> int:
        """Take in the next rows of the journal, at most so many, or some thousands; how many there were, alarms' or not.

        connection: in a transaction of the journal, whose uncommitted rows count.
        """
        mark = connection.execute(mark_table.select()).one()
        records = _records(connection, mark.seq, _AT_ONCE if most is None else most)
        if not records:
            return 0
        found = [row for record in records if (row := _alarm_row(record)) is not None]
        top_us, disorder_us = mark.top_us, mark.disorder_us
        if found:
            top_us, disorder_us = _write(connection, found, top_us, disorder_us)
        changed = mark_table.update().values(seq=records[-1]["seq"], top_us=top_us, disorder_us=disorder_us)
        connection.execute(changed)
        return len(records)

    def catch_up(self, tell: Callable[[int], None] | None = None) -> int:
        """Take in every row of the journal that is not in the index yet; how many there were.

        Works in pieces of a few thousand rows, each kept for itself: one that is cut short goes on where it stopped. tell: called
        with how many there were so far. Raises ``StorageError``.
        """
        self._wipe_unfinished()
        total = 0
        while True:
            with self._journal.transaction() as transaction:
                count = self.advance(transaction.connection)
            total += count
            if count and tell is not None:
                tell(total)
            if count < _AT_ONCE:
                return total
            if total % _TOLD == 0:
                log.info("alarm journal: %d rows are in the index", total)

    def rebuild(self, tell: Callable[[int], None] | None = None) -> int:
        """Make the index anew; how many rows the journal has. Nobody else may write meanwhile. Raises ``StorageError``."""
        self._begin_anew()
        return self.catch_up(tell)

    def prune(self, connection: Connection, last: int) -> None:
        """Forget rows up to that number, and occurrences that were closed by then; see ``Journal.prune``."""
        columns = occurrence_table.c
        connection.execute(row_table.delete().where(row_table.c.seq <= last))
        connection.execute(note_table.delete().where(note_table.c.seq <= last))
        connection.execute(occurrence_table.delete().where(columns.id <= last, columns.closed_us.is_not(None)))

    def _begin_anew(self) -> None:
        with self._database.begin() as connection:
            connection.execute(mark_table.update().values(seq=0, top_us=_NEVER, disorder_us=0))

    def _wipe_unfinished(self) -> None:
        """Empty the tables if they hold more than the mark says: somebody began to make them anew."""
        with self._database.begin() as connection:
            mark = connection.execute(sa.select(mark_table.c.seq)).scalar_one()
            newest = connection.execute(sa.select(sa.func.max(row_table.c.seq))).scalar_one()
        if newest is None or newest <= mark:
            return
        self._begin_anew()
        for table, key in ((note_table, "seq"), (occurrence_table, "id"), (source_table, "id"), (row_table, "seq")):
            self._wipe(table, table.c[key])

    def _wipe(self, table: sa.Table, key: sa.Column[int]) -> None:
        """Delete all rows, oldest first and in pieces: no database has to hold a million changes at once."""
        while True:
            with self._database.begin() as connection:
                bound = connection.execute(sa.select(key).order_by(key).offset(_WIPED).limit(1)).scalar()
                connection.execute(table.delete() if bound is None else table.delete().where(key < bound))
            if bound is None:
                return


def _records(connection: Connection, after: int, most: int) -> Sequence[Mapping[str, Any]]:
    select = journal_table.select().where(journal_table.c.seq > after).order_by(journal_table.c.seq).limit(most)
    return [dict(record) for record in connection.execute(select).mappings()]


def _alarm_row(record: Mapping[str, Any]) -> AlarmRow | None:
    if not record["kind"].startswith("alarm."):
        return None
    return row_of(
        record["seq"],
        from_micros(record["time_us"]),
        record["kind"],
        record["subject"],
        record["message"],
        record["actor"],
        details_of(record["details"]),
    )


def _write(connection: Connection, found: Sequence[AlarmRow], top_us: int, disorder_us: int) -> tuple[int, int]:
    continuity = Continuity(lambda name: _last_source(connection, name), lambda name: _last_state(connection, name))
    rows = [continuity.settle(row) for row in found]
    known = _known(connection, rows)
    occurrences = Occurrences(known)
    about = [occurrences.apply(row) for row in rows]
    sources = _source_ids(connection, [*(row.source for row in rows), *(one.source for one in occurrences.changed)])
    values = []
    for row, occurrence in zip(rows, about, strict=True):
        time_us = to_micros(row.time)
        top_us = max(top_us, time_us)
        disorder_us = max(disorder_us, top_us - time_us)
        values.append(_row_values(row, time_us, top_us, sources[_digest(row.source)], occurrence))
    connection.execute(row_table.insert(), values)
    notes = [
        {"seq": row.seq, "occurrence": occurrence, "words": clean(row.note, _WORDS)}
        for row, occurrence in zip(rows, about, strict=True)
        if row.note
    ]
    if notes:
        connection.execute(note_table.insert(), notes)
    _write_occurrences(connection, occurrences.changed, {one.id for one in known}, sources)
    return top_us, disorder_us


def _row_values(row: AlarmRow, time_us: int, top_us: int, source_id: int, occurrence: int | None) -> Mapping[str, Any]:
    return {
        "seq": row.seq,
        "time_us": time_us,
        "top_us": top_us,
        "source_id": source_id,
        "event": row.event,
        "from_state": row.from_state,
        "to_state": row.to_state,
        "core_state": row.core_state,
        "actor": row.actor,
        "annunciated": row.annunciated,
        "suppressed": row.suppressed,
        "occurrence": occurrence,
    }


def _write_occurrences(
    connection: Connection, changed: Sequence[Occurrence], known: Collection[int], sources: Mapping[str, int]
) -> None:
    if not changed:
        return
    former = [{"gone": one.id} for one in changed if one.id in known]
    if former:
        connection.execute(occurrence_table.delete().where(occurrence_table.c.id == sa.bindparam("gone")), former)
    connection.execute(occurrence_table.insert(), [_occurrence_values(one, sources[_digest(one.source)]) for one in changed])


def _occurrence_values(one: Occurrence, source_id: int) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "alarm": one.source.alarm,
        "occurrence_id": one.occurrence_id,
        "source_id": source_id,
        "condition_kind": one.condition,
        "message": one.message,
        "raised_us": to_micros(one.raised),
        "ack_us": micros_or_none(one.acknowledged),
        "ack_by": clean(one.ack_by, _NAME),
        "ack_comment": one.ack_comment,
        "returned_us": micros_or_none(one.returned),
        "closed_us": micros_or_none(one.closed),
        "comments": one.comments,
        "suppressed": one.suppressed,
        "annunciated": one.annunciated,
    }


def occurrence_of(record: Mapping[Any, Any]) -> Occurrence:
    """The occurrence of a record that joins its table with that of the sources."""
    return Occurrence(
        id=record["id"],
        occurrence_id=record["occurrence_id"],
        source=Source(alarm=record["alarm"], tag=record["tag"], area=record["area"], priority=record["priority"]),
        condition=record["condition_kind"],
        message=record["message"],
        raised=from_micros(record["raised_us"]),
        acknowledged=seconds_or_none(record["ack_us"]),
        ack_by=record["ack_by"],
        ack_comment=record["ack_comment"],
        returned=seconds_or_none(record["returned_us"]),
        closed=seconds_or_none(record["closed_us"]),
        comments=record["comments"],
        suppressed=record["suppressed"],
        annunciated=record["annunciated"],
    )


def occurrence_columns() -> Sequence[sa.ColumnElement[Any]]:
    """What ``occurrence_of`` needs."""
    own = [column for column in occurrence_table.c if column.name != "source_id"]
    return [*own, source_table.c.tag, source_table.c.area, source_table.c.priority]


def micros_or_none(time: float | None) -> int | None:
    """Microseconds of POSIX seconds, None of None."""
    return None if time is None else to_micros(time)


def seconds_or_none(micros: int | None) -> float | None:
    """POSIX seconds of microseconds, None of None."""
    return None if micros is None else from_micros(micros)


def _known(connection: Connection, rows: Sequence[AlarmRow]) -> Sequence[Occurrence]:
    """Every occurrence that the rows may be about: those that are open, and those that are named."""
    names = sorted({name for row in rows for name in (row.source.alarm, row.new_name) if name})
    ids = sorted({row.occurrence_id for row in rows if row.occurrence_id})
    columns = occurrence_table.c
    tables = occurrence_table.join(source_table, columns.source_id == source_table.c.id)
    select = sa.select(*occurrence_columns(), source_table.c.search).select_from(tables)
    found: dict[int, Occurrence] = {}
    for some in _pieces(names):
        open_ones = select.where(columns.closed_us.is_(None), columns.alarm.in_(some))
        found |= _loaded(connection, open_ones)
        for few in _pieces(ids):
            found |= _loaded(connection, select.where(columns.alarm.in_(some), columns.occurrence_id.in_(few)))
    return list(found.values())


def _loaded(connection: Connection, select: sa.Select[Any]) -> Mapping[int, Occurrence]:
    found = {}
    for record in connection.execute(select).mappings():
        one = occurrence_of(record)
        found[one.id] = replace(one, source=replace(one.source, search=record["search"]))
    return found


def _source_ids(connection: Connection, sources: Iterable[Source]) -> Mapping[str, int]:
    """The number of each source by its digest; those that are new are written."""
    wanted = {_digest(source): source for source in sources}
    known = _ids_of(connection, wanted)
    new = [
        {
            "digest": digest,
            "alarm": source.alarm,
            "tag": source.tag,
            "area": source.area,
            "priority": source.priority,
            "search": source.search,
        }
        for digest, source in wanted.items()
        if digest not in known
    ]
    if new:
        connection.execute(source_table.insert(), new)
        known = {**known, **_ids_of(connection, [digest for digest in wanted if digest not in known])}
    return known


def _ids_of(connection: Connection, digests: Iterable[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for some in _pieces(list(digests)):
        select = sa.select(source_table.c.digest, source_table.c.id).where(source_table.c.digest.in_(some))
        found |= {record.digest: record.id for record in connection.execute(select)}
    return found


@lru_cache(maxsize=_DIGESTS)
def _digest(source: Source) -> str:
    content = json.dumps([source.alarm, source.tag, source.area, source.priority, source.search])
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _last_source(connection: Connection, alarm: str) -> Source | None:
    found = _newest(connection, alarm, source_table.c.tag != "", [])
    if found is None:
        return None
    record = connection.execute(source_table.select().where(source_table.c.id == found[0])).one()
    return Source(alarm=alarm, tag=record.tag, area=record.area, priority=record.priority)


def _last_state(connection: Connection, alarm: str) -> State | None:
    shown = [row_table.c.to_state.is_not(None), row_table.c.event != "renamed"]
    found = _newest(connection, alarm, sa.true(), shown)
    if found is None:
        return None
    columns = row_table.c
    select = sa.select(columns.from_state, columns.to_state, columns.core_state).where(columns.seq == found[1])
    record = connection.execute(select).one()
    return State(record.from_state if record.to_state == DISABLED else record.to_state, record.core_state)


def _newest(
    connection: Connection, alarm: str, such: sa.ColumnElement[bool], shown: Sequence[sa.ColumnElement[bool]]
) -> tuple[int, int] | None:
    """Source and number of the alarm's newest row of that kind, of such sources."""
    columns = row_table.c
    newest = (
        sa.select(columns.seq)
        .where(columns.source_id == source_table.c.id, *shown)
        .order_by(columns.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    select = sa.select(source_table.c.id, newest).where(source_table.c.alarm == alarm, such)
    found = [(seq, source) for source, seq in connection.execute(select) if seq is not None]
    return (max(found)[1], max(found)[0]) if found else None


def _pieces(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[i : i + _ASKED] for i in range(0, len(values), _ASKED))
