"""The event log, to be read: pages of events, one with its comments, and all that match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.events.filter import EventFilter
from automation.events.index import EventIndex
from automation.events.questions import newest
from automation.events.rules import rank_of_code
from automation.events.tables import comment_table, row_table, source_table
from automation.events.view import EventItem, EventPage
from automation.model.errors import NotFoundError
from automation.storage.database import Database
from automation.storage.journal import journal_row, journal_table

_EXPORT_PAGE = 1_000
_COMMENTS_MAX = 500
_SEQ_MAX = 2**62


class EventLog(Protocol):
    """What people see of the journal."""

    def page(self, wanted: EventFilter, limit: int, before: int | None = None) -> EventPage:
        """The newest events that match and whose number is below before."""

    def get(self, seq: int) -> EventItem:
        """The event of that number. Raises ``NotFoundError``."""

    def comments(self, seq: int) -> Sequence[EventItem]:
        """The comments on the event, oldest first."""


class SqlEventLog:
    """The events in the database of the journal.

    What was journalled before a question is in the answer, unless very much is missing in the index. Every call raises
    ``StorageError``.
    """

    def __init__(self, database: Database, index: EventIndex) -> None:
        self._database = database
        self._index = index

    def page(self, wanted: EventFilter, limit: int, before: int | None = None) -> EventPage:
        """The newest events that match and whose number is below before."""
        missing = self._index.keep_up()
        with self._database.begin() as connection:
            found = newest(connection, wanted, limit, before)
            return EventPage(items=_items(connection, found.numbers), next=found.next, missing=missing)

    def get(self, seq: int) -> EventItem:
        """The event of that number. Raises ``NotFoundError`` if there is none, or not any more."""
        self._index.keep_up()
        with self._database.begin() as connection:
            items = _items(connection, [seq]) if 0 < seq <= _SEQ_MAX else ()
        if not items:
            raise NotFoundError(f"unknown event {seq}")
        return items[0]

    def comments(self, seq: int) -> Sequence[EventItem]:
        """The comments on the event, oldest first."""
        self._index.keep_up()
        columns = comment_table.c
        select = sa.select(columns.seq).where(columns.event == seq).order_by(columns.seq).limit(_COMMENTS_MAX)
        with self._database.begin() as connection:
            return _items(connection, connection.execute(select).scalars().all())


def all_events(log: EventLog, wanted: EventFilter, most: int) -> Iterator[EventItem]:
    """Every event that matches, newest first and at most so many; read page by page, so that they need no room."""
    before, left = None, most
    while left > 0:
        page = log.page(wanted, min(_EXPORT_PAGE, left), before)
        yield from page.items
        left -= len(page.items)
        before = page.next
        if before is None:
            return


def _items(connection: Connection, numbers: Sequence[int]) -> Sequence[EventItem]:
    if not numbers:
        return []
    columns = source_table.c
    known = (row_table.c.rank_code, columns.tag, columns.area)
    tables = journal_table.join(row_table, row_table.c.seq == journal_table.c.seq).join(
        source_table, columns.id == row_table.c.source_id
    )
    select = sa.select(*journal_table.c, *known).select_from(tables).where(journal_table.c.seq.in_(numbers))
    comments = _counts(connection, numbers)
    found = {record["seq"]: _item(record, comments.get(record["seq"], 0)) for record in connection.execute(select).mappings()}
    return [found[seq] for seq in numbers if seq in found]


def _item(record: Mapping[Any, Any], comments: int) -> EventItem:
    return EventItem(
        row=journal_row(record),
        rank=rank_of_code(record["rank_code"]),
        tag=record["tag"],
        area=record["area"],
        comments=comments,
    )


def _counts(connection: Connection, numbers: Sequence[int]) -> Mapping[int, int]:
    columns = comment_table.c
    select = sa.select(columns.event, sa.func.count()).where(columns.event.in_(numbers)).group_by(columns.event)
    return {event: count for event, count in connection.execute(select)}  # noqa: C416 - rows are no pairs to the type checker
