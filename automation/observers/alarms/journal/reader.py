"""The alarm journal, to be read: pages of rows and of occurrences, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.index import occurrence_columns, occurrence_of
from automation.observers.alarms.journal.occurrence import Occurrence
from automation.observers.alarms.journal.questions import occurrence_numbers, row_numbers
from automation.observers.alarms.journal.row import AlarmRow, Source
from automation.observers.alarms.journal.tables import occurrence_table, row_table, source_table
from automation.observers.alarms.journal.view import JournalItem, Page
from automation.storage.database import Database
from automation.storage.journal import journal_row, journal_table
from automation.storage.micros import from_micros

_EXPORT_PAGE = 1_000


class AlarmJournal(Protocol):
    """What people see of the alarm journal."""

    def page(self, wanted: RowFilter, limit: int, before: int | None = None) -> Page[JournalItem]:
        """The newest rows that match and whose number is below before."""

    def occurrences(self, wanted: OccurrenceFilter, limit: int, before: int | None = None) -> Page[Occurrence]:
        """The newest occurrences that match and whose id is below before."""


class SqlAlarmJournal:
    """The alarm journal in the database of the journal; see ``AlarmIndex``, which writes what is read here.

    Raises ``StorageError`` everywhere.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: RowFilter, limit: int, before: int | None = None) -> Page[JournalItem]:
        """The newest rows that match and whose number is below before."""
        with self._database.begin() as connection:
            numbers = row_numbers(connection, wanted, limit + 1, before)
            items = _items(connection, numbers[:limit])
        return Page(items=items, next=numbers[limit - 1] if len(numbers) > limit else None)

    def occurrences(self, wanted: OccurrenceFilter, limit: int, before: int | None = None) -> Page[Occurrence]:
        """The newest occurrences that match and whose id is below before."""
        with self._database.begin() as connection:
            numbers = occurrence_numbers(connection, wanted, limit + 1, before)
            items = _occurrences(connection, numbers[:limit])
        return Page(items=items, next=numbers[limit - 1] if len(numbers) > limit else None)


def all_rows(journal: AlarmJournal, wanted: RowFilter, most: int) -> Iterator[JournalItem]:
    """Every row that matches, newest first and at most so many; read page by page, so that they need no room."""
    before, left = None, most
    while left > 0:
        page = journal.page(wanted, min(_EXPORT_PAGE, left), before)
        yield from page.items
        left -= len(page.items)
        before = page.next
        if before is None:
            return


def _items(connection: Connection, numbers: Sequence[int]) -> Sequence[JournalItem]:
    if not numbers:
        return []
    rows = {
        record["seq"]: journal_row(record)
        for record in connection.execute(journal_table.select().where(journal_table.c.seq.in_(numbers))).mappings()
    }
    tables = row_table.join(source_table, row_table.c.source_id == source_table.c.id)
    columns = (*row_table.c, source_table.c.alarm, source_table.c.tag, source_table.c.area, source_table.c.priority)
    select = sa.select(*columns).select_from(tables).where(row_table.c.seq.in_(numbers))
    indexed = {record["seq"]: indexed_row(record) for record in connection.execute(select).mappings()}
    return [JournalItem(row=rows[seq], indexed=indexed[seq]) for seq in numbers if seq in rows and seq in indexed]


def indexed_row(record: Mapping[Any, Any]) -> AlarmRow:
    """The row of a record of the index that is joined with its source."""
    source = Source(alarm=record["alarm"], tag=record["tag"], area=record["area"], priority=record["priority"])
    return AlarmRow(
        seq=record["seq"],
        time=from_micros(record["time_us"]),
        event=record["event"],
        source=source,
        defined=bool(source.tag),
        actor=record["actor"],
        from_state=record["from_state"],
        to_state=record["to_state"],
        core_state=record["core_state"],
        annunciated=record["annunciated"],
        suppressed=record["suppressed"],
    )


def _occurrences(connection: Connection, numbers: Sequence[int]) -> Sequence[Occurrence]:
    if not numbers:
        return []
    tables = occurrence_table.join(source_table, occurrence_table.c.source_id == source_table.c.id)
    select = sa.select(*occurrence_columns()).select_from(tables).where(occurrence_table.c.id.in_(numbers))
    found = {record["id"]: occurrence_of(record) for record in connection.execute(select).mappings()}
    return [found[number] for number in numbers if number in found]
