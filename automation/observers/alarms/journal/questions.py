"""How a question about the alarm journal is put to the database, so that a page comes at once from a million rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter, SourceFilter
from automation.observers.alarms.journal.tables import mark_table, note_table, occurrence_table, row_table, source_table
from automation.storage import timeline
from automation.storage.micros import to_micros

_FEW_SOURCES = 20  # each is asked for by itself, newest first, which takes as many steps as rows are wanted
_MANY_SOURCES = 2_000
_FEW_NOTES = 1_000  # these rows are asked for by their numbers
_RARE = 2_000  # rows that are quicker read all and sorted than looked for among all others

Condition = sa.ColumnElement[bool]


def row_numbers(connection: Connection, wanted: RowFilter, limit: int, before: int | None) -> Sequence[int]:
    """The numbers of the newest rows that match, newest first."""
    columns = row_table.c
    bounds = _bounds(connection, wanted, columns.seq, before)
    if bounds is None:
        return ()
    own = [*bounds, *_times(wanted, columns.time_us), *_row_conditions(wanted)]
    asker = _Asker(connection, columns.seq, columns.source_id, own, limit)
    hint = "" if asker.dialect != "sqlite" else _sqlite_hint(connection, wanted, bounds)
    return asker.newest(wanted, note_table.c.seq, hint)


def occurrence_numbers(connection: Connection, wanted: OccurrenceFilter, limit: int, before: int | None) -> Sequence[int]:
    """The ids of the newest occurrences that match, newest first."""
    columns = occurrence_table.c
    bounds = _bounds(connection, wanted, columns.id, before)
    if bounds is None:
        return ()
    own = [*bounds, *_times(wanted, columns.raised_us)]
    hint = "NOT INDEXED"
    if wanted.open is not None:
        own.append(columns.closed_us.is_(None) if wanted.open else columns.closed_us.is_not(None))
        hint = "INDEXED BY alarm_occurrences_open" if wanted.open else hint
    asker = _Asker(connection, columns.id, columns.source_id, own, limit)
    return asker.newest(wanted, note_table.c.occurrence, hint if asker.dialect == "sqlite" else "")


def first_row_at(connection: Connection, time: float) -> int | None:
    """The first row before which every row is older than the time, None if all are."""
    return timeline.first_row_at(connection, row_table, time)


def last_row_before(connection: Connection, time: float) -> int | None:
    """The last row after which no row is older than the time, None if none is."""
    return timeline.last_row_before(connection, row_table, mark_table, time)


def area_condition(area: str, column: sa.ColumnElement[str]) -> Condition:
    """That the column is the area or lies below it."""
    return sa.or_(column == area, column.startswith(f"{area}/", autoescape=True))


class _Asker:
    """Finds the newest numbers among rows with sources. own: what must hold of the row itself."""

    def __init__(
        self,
        connection: Connection,
        number: sa.Column[int],
        source: sa.Column[int],
        own: Sequence[Condition],
        limit: int,
    ) -> None:
        self.dialect = connection.dialect.name
        self._connection = connection
        self._number, self._source = number, source
        self._own = own
        self._limit = limit

    def newest(self, wanted: SourceFilter, noted: sa.Column[Any], hint: str) -> Sequence[int]:
        """The numbers, newest first. noted: the column of the notes that names the row. hint: for SQLite."""
        conditions = _source_conditions(wanted)
        if not wanted.text:
            return self._of_sources(conditions, hint)
        text = wanted.text.lower()
        by_source = self._of_sources([*conditions, source_table.c.search.contains(text, autoescape=True)], hint)
        by_note = self._of_notes(conditions, text, noted)
        return sorted({*by_source, *by_note}, reverse=True)[: self._limit]

    def _of_sources(self, conditions: Sequence[Condition], hint: str) -> Sequence[int]:
        if not conditions:
            return self._ask(self._select([], hint))
        ids = sa.select(source_table.c.id).where(*conditions)
        few = self._ask(ids.limit(_MANY_SOURCES + 1))
        if len(few) > _FEW_SOURCES:
            told = ids if len(few) > _MANY_SOURCES else few  # numbers let the database estimate how much it will find
            return self._ask(self._select([self._source.in_(told)], hint))
        found: set[int] = set()
        for source in few:
            found |= set(self._ask(self._select([self._source == source], "")))
        return sorted(found, reverse=True)[: self._limit]

    def _of_notes(self, conditions: Sequence[Condition], text: str, noted: sa.Column[Any]) -> Sequence[int]:
        says = note_table.c.words.contains(text, autoescape=True)
        few = self._ask(sa.select(noted).where(says, noted.is_not(None)).limit(_FEW_NOTES + 1))
        if not few:
            return ()
        such = [] if not conditions else [self._source.in_(sa.select(source_table.c.id).where(*conditions))]
        if len(few) <= _FEW_NOTES:
            return self._ask(self._select([self._number.in_(few), *such], ""))
        table = self._number.table.join(note_table, noted == self._number)
        select = sa.select(self._number).select_from(table).distinct().where(*self._own, *such, says)
        return self._ask(select.order_by(self._number.desc()).limit(self._limit))

    def _select(self, more: Sequence[Condition], hint: str) -> sa.Select[Any]:
        select = sa.select(self._number).where(*self._own, *more).order_by(self._number.desc()).limit(self._limit)
        return select.with_hint(self._number.table, hint, "sqlite") if hint else select

    def _ask(self, select: sa.Select[Any]) -> Sequence[int]:
        return self._connection.execute(select).scalars().all()


def _bounds(
    connection: Connection, wanted: SourceFilter, number: sa.Column[int], before: int | None
) -> Sequence[Condition] | None:
    """Between which numbers everything lies that is of the time, None if nothing does."""
    bounds: list[Condition] = []
    if wanted.start is not None:
        first = first_row_at(connection, wanted.start)
        if first is None:
            return None
        bounds.append(number >= first)
    if wanted.end is not None:
        last = last_row_before(connection, wanted.end)
        if last is None:
            return None
        bounds.append(number <= last)
    if before is not None:
        bounds.append(number < before)
    return bounds


def _times(wanted: SourceFilter, column: sa.Column[int]) -> Sequence[Condition]:
    start = [] if wanted.start is None else [column >= to_micros(wanted.start)]
    return start if wanted.end is None else [*start, column < to_micros(wanted.end)]


def _row_conditions(wanted: RowFilter) -> Sequence[Condition]:
    columns = row_table.c
    found: list[Condition] = []
    if wanted.events:
        found.append(columns.event.in_(wanted.events))
    if wanted.states:
        found.append(columns.to_state.in_(wanted.states))
    if wanted.actor:
        found.append(columns.actor == wanted.actor)
    return found


def _source_conditions(wanted: SourceFilter) -> list[Condition]:
    columns = source_table.c
    found: list[Condition] = []
    if wanted.area:
        found.append(area_condition(wanted.area, columns.area))
    if wanted.tag:
        found.append(columns.tag == wanted.tag)
    if wanted.alarm:
        found.append(columns.alarm == wanted.alarm)
    if wanted.priorities:
        found.append(columns.priority.in_(wanted.priorities))
    return found


def _sqlite_hint(connection: Connection, wanted: RowFilter, bounds: Sequence[Condition]) -> str:
    """What SQLite cannot know without statistics: the index of what is rare, or none, so that the newest rows are read first."""
    columns = row_table.c
    candidates: Sequence[tuple[bool, Condition, str]] = (
        (bool(wanted.actor), columns.actor == wanted.actor, "alarm_rows_actor"),
        (bool(wanted.events), columns.event.in_(wanted.events), "alarm_rows_event"),
        (bool(wanted.states), columns.to_state.in_(wanted.states), "alarm_rows_state"),
    )
    for asked, condition, index in candidates:
        if not asked:
            continue
        some = sa.select(columns.seq).where(condition, *bounds).limit(_RARE)
        some = some.with_hint(row_table, f"INDEXED BY {index}", "sqlite")
        if connection.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one() < _RARE:
            return f"INDEXED BY {index}"
    return "NOT INDEXED"
