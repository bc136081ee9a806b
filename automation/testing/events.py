"""The event log of tests: made of a list of events, by looking at every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from automation.events.filter import EventFilter
from automation.events.row import EventSource, commented, source_of
from automation.events.rules import rank_of
from automation.events.view import EventItem, EventPage
from automation.model.errors import NotFoundError
from automation.storage.journal import JournalRow
from automation.storage.micros import to_micros
from automation.testing.journal import MemoryJournal


class MemoryEventLog:
    """The events of a journal of tests."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def page(self, wanted: EventFilter, limit: int, before: int | None = None) -> EventPage:
        """The newest events that match and whose number is below before."""
        rows = self._rows()
        comments = Counter(commented(row.kind, row.details) for row in rows)
        found = [
            _item(row, source, comments[row.seq])
            for row in rows
            if (before is None or row.seq < before) and _matches(row, source := _source(row), wanted)
        ]
        return EventPage(items=found[:limit], next=found[limit - 1].row.seq if len(found) > limit else None)

    def get(self, seq: int) -> EventItem:
        """The event of that number. Raises ``NotFoundError``."""
        for row in self._rows():
            if row.seq == seq:
                return _item(row, _source(row), len(self.comments(seq)))
        raise NotFoundError(f"unknown event {seq}")

    def comments(self, seq: int) -> Sequence[EventItem]:
        """The comments on the event, oldest first."""
        on_it = [row for row in self._rows() if commented(row.kind, row.details) == seq]
        return [_item(row, _source(row), 0) for row in reversed(on_it)]

    def _rows(self) -> Sequence[JournalRow]:
        return self._journal.query(limit=len(self._journal.events))


def _source(row: JournalRow) -> EventSource:
    return source_of(row.kind, row.subject, row.message, row.details)


def _item(row: JournalRow, source: EventSource, comments: int) -> EventItem:
    return EventItem(
        row=row,
        rank=rank_of(row.kind, row.details),
        tag=source.tag,
        area=source.area,
        comments=comments,
    )


def _matches(row: JournalRow, source: EventSource, wanted: EventFilter) -> bool:
    words = "\n".join((row.kind, row.subject, source.tag, source.area, row.message)).lower()
    rank = rank_of(row.kind, row.details)
    return (
        (wanted.start is None or to_micros(row.time) >= to_micros(wanted.start))
        and (wanted.end is None or to_micros(row.time) < to_micros(wanted.end))
        and (not wanted.classes or rank.event_class in wanted.classes)
        and (wanted.priority is None or rank.priority <= wanted.priority)
        and (wanted.criticality is None or rank.criticality >= wanted.criticality)
        and row.kind.startswith(wanted.kind)
        and wanted.subject in ("", row.subject)
        and wanted.actor in ("", row.actor)
        and wanted.tag in ("", source.tag)
        and (not wanted.area or f"{source.area}/".startswith(f"{wanted.area}/"))
        and wanted.text.lower() in words
    )
