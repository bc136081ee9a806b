"""The alarm journal: its rows, a summary of each occurrence, and all of it as a table."""

from __future__ import annotations

from flask import Response

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.reader import all_rows
from automation.observers.alarms.journal.view import item_view, occurrence_view
from automation.publishers.rest.alarm_journal_models import (
    AlarmJournalRowView,
    AlarmJournalView,
    AlarmOccurrencesView,
    JournalFilter,
    JournalQuery,
    OccurrencesQuery,
    parted,
)
from automation.publishers.rest.csv_answer import CSV, EXPORT_MAX, csv_answer
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_COLUMNS = tuple(field.alias or name for name, field in AlarmJournalRowView.model_fields.items())
_TIMES = ("time", "source_time", "condition_time", "active_time", "until")


class AlarmJournal(Endpoint):
    """What became of alarms."""

    @operation("Read the alarm journal", needs=Permission.VIEW, returns=AlarmJournalView, query=JournalQuery, errors=(503,))
    def get(self, query: JournalQuery) -> object:
        """The newest rows that match, newest first."""
        page = self.sources.alarm_journal.page(_rows(query), query.limit, query.before)
        return {"items": [item_view(item) for item in page.items], "next": page.next}


class AlarmJournalExport(Endpoint):
    """What became of alarms, as a table."""

    @operation("Export the alarm journal", needs=Permission.VIEW, returns=None, query=JournalFilter, gives=(CSV,), errors=(503,))
    def get(self, query: JournalFilter) -> Response:
        """Every row that matches, newest first, a million at most; times in UTC."""
        rows = (item_view(item) for item in all_rows(self.sources.alarm_journal, _rows(query), EXPORT_MAX))
        return csv_answer(rows, _COLUMNS, _TIMES, "alarm-journal")


class Occurrences(Endpoint):
    """Occurrences of alarms, each in one line."""

    @operation(
        "List occurrences of alarms", needs=Permission.VIEW, returns=AlarmOccurrencesView, query=OccurrencesQuery, errors=(503,)
    )
    def get(self, query: OccurrencesQuery) -> object:
        """The newest that match, newest first."""
        wanted = OccurrenceFilter(
            start=query.start,
            end=query.end,
            area=query.area,
            tag=query.tag,
            alarm=query.alarm,
            priorities=tuple(map(int, parted(query.priority))),
            text=query.text,
            open=query.open,
        )
        page = self.sources.alarm_journal.occurrences(wanted, query.limit, query.before)
        return {"items": [occurrence_view(one) for one in page.items], "next": page.next}


def _rows(query: JournalFilter) -> RowFilter:
    return RowFilter(
        start=query.start,
        end=query.end,
        area=query.area,
        tag=query.tag,
        alarm=query.alarm,
        priorities=tuple(map(int, parted(query.priority))),
        text=query.text,
        events=parted(query.event),
        states=parted(query.state),
        actor=query.actor,
    )


ROUTES = (("/journal", AlarmJournal), ("/journal/export", AlarmJournalExport), ("/occurrences", Occurrences))
