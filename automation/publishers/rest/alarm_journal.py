"""The alarm journal: its rows, a summary of each occurrence, and all of it as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from flask import Response

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.reader import all_rows
from automation.observers.alarms.journal.view import item_view, occurrence_view
from automation.project.bulk.cells import guarded
from automation.publishers.rest.alarm_journal_models import (
    AlarmJournalRowView,
    AlarmJournalView,
    AlarmOccurrencesView,
    JournalFilter,
    JournalQuery,
    OccurrencesQuery,
    parted,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_EXPORT_MAX = 1_000_000
_CSV = "text/csv"
_COLUMNS = tuple(field.alias or name for name, field in AlarmJournalRowView.model_fields.items())
_TIMES = ("time", "source_time", "condition_time", "active_time", "until")
_FEW = 200  # rows in one piece of the answer


class AlarmJournal(Endpoint):
    """What became of alarms."""

    @operation("Read the alarm journal", needs=Permission.VIEW, returns=AlarmJournalView, query=JournalQuery, errors=(503,))
    def get(self, query: JournalQuery) -> object:
        """The newest rows that match, newest first."""
        page = self.sources.alarm_journal.page(_rows(query), query.limit, query.before)
        return {"items": [item_view(item) for item in page.items], "next": page.next}


class AlarmJournalExport(Endpoint):
    """What became of alarms, as a table."""

    @operation("Export the alarm journal", needs=Permission.VIEW, returns=None, query=JournalFilter, gives=(_CSV,), errors=(503,))
    def get(self, query: JournalFilter) -> Response:
        """Every row that matches, newest first, a million at most; times in UTC."""
        rows = (item_view(item) for item in all_rows(self.sources.alarm_journal, _rows(query), _EXPORT_MAX))
        first = list(islice(rows, 1))  # a database that does not answer is told before the answer begins
        headers = {"Content-Disposition": 'attachment; filename="alarm-journal.csv"'}
        return Response(_csv(chain(first, rows)), mimetype=_CSV, headers=headers)


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


def _csv(rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    yield _lines([_COLUMNS])
    while some := list(islice(rows, _FEW)):
        yield _lines([[_cell(name, row[name]) for name in _COLUMNS] for row in some])


def _lines(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _cell(name: str, value: object) -> object:
    """What stands in the cell; no spreadsheet takes a text for a formula."""
    if value is None:
        return ""
    if name in _TIMES and isinstance(value, int | float):
        return _utc(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = str(value)
    return guarded(text) if text else ""


def _utc(time: float) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):  # a device's clock may say anything
        return str(time)


ROUTES = (("/journal", AlarmJournal), ("/journal/export", AlarmJournalExport), ("/occurrences", Occurrences))
