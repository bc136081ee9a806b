"""What the analytics need of the journal, read from its index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.sample import Value
from automation.observers.alarms.analytics.cover import KINDS, STARTING, Mark, Note, marks_of
from automation.observers.alarms.analytics.notices import Notice, kinds_of, notice_of
from automation.observers.alarms.analytics.rows import Row, is_person, of_shelf
from automation.observers.alarms.journal.questions import first_row_at, last_row_before
from automation.observers.alarms.journal.row import DISABLED, HIDDEN
from automation.observers.alarms.journal.tables import occurrence_table, row_table, source_table
from automation.storage.journal import details_of, journal_table
from automation.storage.micros import from_micros, to_micros

_Record: TypeAlias = Any  # a row of the library, which has no type for those that are not all of a kind
_Sources: TypeAlias = Mapping[int, tuple[str, str, int]]

_AT_ONCE = 20_000
_ASKED = 500  # numbers in one question

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
_SHELVED, _RENAMED = "shelved", "renamed"
_OF_SHELVES = (_SHELVED, "unshelved", "removed", "changed")


def history(connection: Connection, start: float, end: float) -> Iterator[Row]:
    """The rows from start to end in the order of the journal, and before them those that tell how every alarm stood at start."""
    first, last = first_row_at(connection, start), last_row_before(connection, end)
    sources: _Sources = {
        record.id: (record.alarm, record.area, record.priority)
        for record in connection.execute(
            sa.select(source_table.c.id, source_table.c.alarm, source_table.c.area, source_table.c.priority)
        )
    }
    yield from _prelude(connection, start, first, sources)
    after = first
    while after is not None and last is not None:
        select = sa.select(*_WANTED).where(_columns.seq >= after, _columns.seq <= last).order_by(_columns.seq).limit(_AT_ONCE)
        records = connection.execute(select).all()
        yield from _rows(connection, records, sources)
        after = records[-1].seq + 1 if len(records) == _AT_ONCE else None


def notices(connection: Connection, start: float, end: float, upset_kinds: Collection[str]) -> Sequence[Notice]:
    """The notices from start to end in the order of the journal."""
    columns = journal_table.c
    wanted = (columns.time_us, columns.kind, columns.subject, columns.actor, columns.details)
    select = (
        sa.select(*wanted)
        .where(columns.kind.in_(sorted(kinds_of(upset_kinds))))  # not many, and indexed
        .where(columns.time_us >= to_micros(start), columns.time_us < to_micros(end))
        .order_by(columns.seq)
    )
    found = (
        notice_of(from_micros(one.time_us), one.kind, one.subject, one.actor, details_of(one.details), upset_kinds)
        for one in connection.execute(select)
    )
    return [notice for notice in found if notice is not None]


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


def _prelude(connection: Connection, start: float, first: int | None, sources: _Sources) -> Iterator[Row]:
    """The rows of what was active at start, the last of every other alarm, and how what was silent came onto a shelf."""
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
    silent = {alarm for alarm, record in last.items() if record.to_state in (*HIDDEN, DISABLED)}
    shelves = {record.seq: record for record in _of_shelves(connection, silent, first, sources)} if silent else {}
    whole = {**shelves, **found}
    records = [whole[seq] for seq in sorted(whole)]
    for record, row in zip(records, _rows(connection, records, sources), strict=True):
        yield row if record.seq in found else of_shelf(row)


def _of_shelves(connection: Connection, alarms: Collection[str], before: int | None, sources: _Sources) -> Iterator[_Record]:
    """The rows that tell of the shelves of these alarms, also of those under former names, since they were last in the open."""
    earlier = sa.true() if before is None else _columns.seq < before
    ids = [number for number, source in sources.items() if source[0] in alarms]
    opened = dict.fromkeys(alarms, 0)
    for source_id, seq in _last_in_the_open(connection, ids, earlier):
        name = sources[source_id][0]
        opened[name] = max(opened[name], seq)
    for some in _pieces(ids):
        of_them = sa.select(*_WANTED).where(_columns.source_id.in_(some), _columns.event.in_(_OF_SHELVES), earlier)
        yield from (record for record in connection.execute(of_them) if record.seq >= opened[sources[record.source_id][0]])
    newest_first = sa.select(*_WANTED).where(_columns.event == _RENAMED, earlier).order_by(_columns.seq.desc())
    renames = connection.execute(newest_first).all()
    for record, row in zip(renames, _rows(connection, renames, sources), strict=True):
        if record.seq > opened.pop(row.new_name, record.seq):
            yield record
            yield from _of_shelves(connection, [row.alarm], record.seq, sources)


def _last_in_the_open(
    connection: Connection, source_ids: Sequence[int], earlier: sa.ColumnElement[bool]
) -> Iterator[tuple[int, int]]:
    """Source and number of the newest rows that found or left their alarm silent in no way."""
    newest = (
        sa.select(_columns.seq)
        .where(_columns.source_id == source_table.c.id, _columns.to_state.is_not(None), earlier)
        .where(_columns.event != _RENAMED)
        .where(sa.or_(_columns.from_state.not_in(HIDDEN), _columns.to_state.not_in((*HIDDEN, DISABLED))))
        .order_by(_columns.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    for some in _pieces(source_ids):
        for source_id, seq in connection.execute(sa.select(source_table.c.id, newest).where(source_table.c.id.in_(some))):
            if seq is not None:
                yield source_id, seq


def _rows(connection: Connection, records: Sequence[_Record], sources: _Sources) -> Iterator[Row]:
    told = _told(connection, [record.seq for record in records if record.event in (_SHELVED, _RENAMED)])
    for seq, time_us, source_id, event, from_state, to_state, core_state, annunciated, actor in records:
        alarm, area, priority = sources[source_id]
        time, person = from_micros(time_us), is_person(actor)
        row = Row(time, alarm, area, priority, event, from_state, to_state, core_state, bool(annunciated), person)
        yield row if seq not in told else _with_details(row, told[seq])


def _with_details(row: Row, details: Mapping[str, Value]) -> Row:
    """The row with what the index does not have."""
    until, longest_s, new_name = (details.get(key) for key in ("until", "longest_s", "new_name"))
    return row._replace(
        until=float(until) if isinstance(until, int | float) else None,
        longest_s=float(longest_s) if isinstance(longest_s, int | float) else None,
        new_name=new_name if isinstance(new_name, str) else "",
    )


def _told(connection: Connection, numbers: Sequence[int]) -> Mapping[int, Mapping[str, Value]]:
    """The details of the rows with these numbers."""
    found: dict[int, Mapping[str, Value]] = {}
    for some in _pieces(numbers):
        select = sa.select(journal_table.c.seq, journal_table.c.details).where(journal_table.c.seq.in_(some))
        found |= {record.seq: details_of(record.details) for record in connection.execute(select)}
    return found


def _pieces(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + _ASKED] for at in range(0, len(numbers), _ASKED))
