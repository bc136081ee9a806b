"""What the analytics need of the journal, read from its index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.event import SYSTEM
from automation.observers.alarms.analytics.cover import KINDS, STARTING, Mark, Note, marks_of
from automation.observers.alarms.analytics.rows import Row
from automation.observers.alarms.journal.questions import first_row_at, last_row_before
from automation.observers.alarms.journal.tables import occurrence_table, row_table, source_table
from automation.storage.journal import journal_table
from automation.storage.micros import from_micros, to_micros

_Record: TypeAlias = Any  # a row of the library, which has no type for those that are not all of a kind

_AT_ONCE = 20_000

_columns = row_table.c
_WANTED = (
    _columns.seq,
    _columns.time_us,
    _columns.source_id,
    _columns.event,
    _columns.from_state,
    _columns.to_state,
    _columns.core_state,
    _columns.annunciated,
    _columns.actor,
)


def history(connection: Connection, start: float, end: float) -> Iterator[Row]:
    """The rows from start to end in the order of the journal, and before them those that tell how every alarm stood at start."""
    first, last = first_row_at(connection, start), last_row_before(connection, end)
    sources = {
        record.id: (record.alarm, record.area, record.priority)
        for record in connection.execute(
            sa.select(source_table.c.id, source_table.c.alarm, source_table.c.area, source_table.c.priority)
        )
    }
    for record in _prelude(connection, start, first, sources):
        yield _row(record, sources)
    after = first
    while after is not None and last is not None:
        select = sa.select(*_WANTED).where(_columns.seq >= after, _columns.seq <= last).order_by(_columns.seq).limit(_AT_ONCE)
        records = connection.execute(select).all()
        for record in records:
            yield _row(record, sources)
        after = records[-1].seq + 1 if len(records) == _AT_ONCE else None


def runtime_marks(connection: Connection, start: float) -> Sequence[Mark]:
    """When the runtime came and went since start, and whether it was there at start.

    Of a journal that does not tell, its first row counts as the instant at which the runtime came.
    """
    columns = journal_table.c
    select = sa.select(columns.seq, columns.time_us, columns.kind).where(columns.kind.in_(KINDS))  # not many, and indexed
    notes = sorted(Note(record.seq, from_micros(record.time_us), record.kind) for record in connection.execute(select))
    before = [place for place, note in enumerate(notes) if note.time < start]
    notes = notes[before[-1] :] if before else notes
    if not notes:
        first = connection.execute(sa.select(columns.time_us).order_by(columns.seq).limit(1)).scalar()
        notes = [] if first is None else [Note(0, from_micros(first), STARTING)]
    return marks_of(notes, lambda seq: _last_before(connection, seq))


def _last_before(connection: Connection, seq: int) -> float | None:
    columns = journal_table.c
    select = (
        sa.select(columns.time_us)
        .where(columns.seq < seq, columns.origin != "cli")  # the command line also writes while no runtime is there
        .order_by(columns.seq.desc())
        .limit(1)
    )
    found = connection.execute(select).scalar()
    return None if found is None else from_micros(found)


def _prelude(
    connection: Connection, start: float, first: int | None, sources: Mapping[int, tuple[str, str, int]]
) -> Sequence[_Record]:
    """The rows of what was active at start, and the last of every other alarm, in the order of the journal."""
    occurrences, start_us = occurrence_table.c, to_micros(start)
    earlier = sa.true() if first is None else _columns.seq < first
    still_active = sa.or_(
        occurrences.returned_us >= start_us,
        sa.and_(occurrences.returned_us.is_(None), sa.or_(occurrences.closed_us.is_(None), occurrences.closed_us >= start_us)),
    )
    tables = row_table.join(occurrence_table, _columns.occurrence == occurrences.id)
    active = sa.select(*_WANTED).select_from(tables).where(still_active, occurrences.raised_us < start_us, earlier)
    found: dict[int, _Record] = {record.seq: record for record in connection.execute(active)}
    newest = sa.select(sa.func.max(_columns.seq)).where(_columns.to_state.is_not(None), earlier).group_by(_columns.source_id)
    last: dict[str, _Record] = {}
    for record in connection.execute(sa.select(*_WANTED).where(_columns.seq.in_(newest)).order_by(_columns.seq)):
        last[sources[record.source_id][0]] = record
    found |= {record.seq: record for record in last.values()}
    return [found[seq] for seq in sorted(found)]


def _row(record: _Record, sources: Mapping[int, tuple[str, str, int]]) -> Row:
    _, time_us, source_id, event, from_state, to_state, core_state, annunciated, actor = record
    alarm, area, priority = sources[source_id]
    return Row(
        from_micros(time_us), alarm, area, priority, event, from_state, to_state, core_state, bool(annunciated), actor != SYSTEM
    )
