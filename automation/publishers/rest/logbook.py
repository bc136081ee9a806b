"""The log book of operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response

from automation.logbook.entry import WORDS, Content, Entry, Version
from automation.logbook.store import Logbook, LogFilter, Place
from automation.publishers.rest.csv_answer import CSV, EXPORT_MAX, csv_answer
from automation.publishers.rest.event_models import parted
from automation.publishers.rest.logbook_models import (
    LogbookPlanView,
    LogbookQuery,
    LogbookView,
    LogCorrectionBody,
    LogEntryBody,
    LogEntryView,
    LogFilterQuery,
    OneLogEntryView,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_VIEW, _RECORD = Permission.VIEW, Permission.RECORD
_COLUMNS = tuple(LogEntryView.model_fields)
_TIMES = ("time", "created", "corrected")
_CREATED = 201
_EXPORT_PAGE = 500


class LogEntries(Endpoint):
    """What operators wrote."""

    @operation("List log entries", needs=_VIEW, returns=LogbookView, query=LogbookQuery, errors=(503,))
    def get(self, query: LogbookQuery) -> object:
        """The newest entries that match, newest first."""
        page = self.sources.logbook.page(_wanted(query), query.limit, _place(query.before))
        last = None if page.next is None else f"{page.next.time_us}-{page.next.entry}"
        return {"items": [entry_view(entry) for entry in page.items], "next": last}

    @operation("Write a log entry", needs=_RECORD, returns=LogEntryView, body=LogEntryBody, errors=(404, 503), status=_CREATED)
    def post(self, body: LogEntryBody) -> object:
        """The new entry."""
        now = self.sources.clock.now()
        return entry_view(self.sources.commands.logbook.write(self.gate.principal(), _content(body, now)))


class LogExport(Endpoint):
    """What operators wrote, as a table."""

    @operation("Export the log book", needs=_VIEW, returns=None, query=LogFilterQuery, gives=(CSV,), errors=(503,))
    def get(self, query: LogFilterQuery) -> Response:
        """Every entry that matches as it is now, newest first, a million at most; times in UTC."""
        return csv_answer(_all(self.sources.logbook, _wanted(query)), _COLUMNS, _TIMES, "log-book")


class LogPlan(Endpoint):
    """How the log book is kept."""

    @operation("Read how the log book is kept", needs=_VIEW, returns=LogbookPlanView)
    def get(self) -> object:
        """Categories and shifts, as the settings say."""
        plan = self.sources.logbook_plan
        return {
            "categories": list(plan.categories),
            "shifts": [{"name": name, "begin_min": begin} for name, begin in plan.shifts.items()],
            "shift": plan.shift_at(self.sources.clock.now()),
        }


class OneLogEntry(Endpoint):
    """One entry."""

    @operation("Read a log entry", needs=_VIEW, returns=OneLogEntryView, errors=(404, 503))
    def get(self, entry: int) -> object:
        """The entry with all its versions."""
        return self._view(self.sources.logbook.get(entry))

    @operation("Correct a log entry", needs=_RECORD, returns=OneLogEntryView, body=LogCorrectionBody, errors=(404, 409, 503))
    def put(self, entry: int, body: LogCorrectionBody) -> object:
        """The entry with another version; the former ones stay."""
        time = self.sources.logbook.get(entry).newest.content.time
        principal = self.gate.principal()
        return self._view(self.sources.commands.logbook.correct(principal, entry, body.version, _content(body, time)))

    def _view(self, entry: Entry) -> Json:
        versions = self.sources.logbook.versions(entry.id)
        return {**entry_view(entry), "versions": [_version_view(version) for version in versions]}


def entry_view(entry: Entry) -> Json:
    """The entry as the interface tells it."""
    newest = entry.newest
    corrected = newest.number > 1
    return {
        "id": entry.id,
        "version": newest.number,
        **_content_view(newest.content),
        "author": entry.author,
        "created": entry.created,
        "corrected": newest.written if corrected else None,
        "corrected_by": newest.author if corrected else "",
    }


def _version_view(version: Version) -> Json:
    return {
        "version": version.number,
        **_content_view(version.content),
        "author": version.author,
        "written": version.written,
    }


def _content_view(content: Content) -> Json:
    return {"time": content.time, **{name: getattr(content, name) for name in WORDS}}


def _content(body: LogEntryBody, time: float) -> Content:
    """What the body says. time: where it tells of none."""
    words = {name: getattr(body, name) for name in WORDS}
    return Content(time=time if body.time is None else body.time, **words)


def _wanted(query: LogFilterQuery) -> LogFilter:
    return LogFilter(
        start=query.start,
        end=query.end,
        categories=parted(query.category),
        area=query.area,
        shift=query.shift,
        author=query.author,
        tag=query.tag,
        alarm=query.alarm,
        occurrence_id=query.occurrence_id,
        text=query.text,
    )


def _place(before: str) -> Place | None:
    if not before:
        return None
    time_us, _, entry = before.partition("-")
    return Place(int(time_us), int(entry))


def _all(logbook: Logbook, wanted: LogFilter) -> Iterator[Mapping[str, Any]]:
    after, left = None, EXPORT_MAX
    while left > 0:
        page = logbook.page(wanted, min(_EXPORT_PAGE, left), after)
        yield from (entry_view(entry) for entry in page.items)
        left -= len(page.items)
        after = page.next
        if after is None:
            return


ROUTES = (("", LogEntries), ("/export", LogExport), ("/plan", LogPlan), ("/<int:entry>", OneLogEntry))
