"""The event log: every row of the journal with its class and rank, comments on them, and all of it as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import Response

from automation.events.filter import EventFilter
from automation.events.reader import all_events
from automation.events.rules import EventClass
from automation.events.view import EventItem, event_view
from automation.model.alarm import Priority
from automation.publishers.rest.csv_answer import CSV, EXPORT_MAX, csv_answer
from automation.publishers.rest.event_models import (
    EventCommentBody,
    EventFilterQuery,
    EventsQuery,
    EventsView,
    EventView,
    OneEventView,
    criticality_of,
    parted,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission
from automation.storage.journal import JournalRow

_VIEW, _RECORD = Permission.VIEW, Permission.RECORD
_COLUMNS = tuple(field.alias or name for name, field in EventView.model_fields.items())
_CREATED = 201


class Events(Endpoint):
    """What happened."""

    @operation("List events", needs=_VIEW, returns=EventsView, query=EventsQuery, errors=(503,))
    def get(self, query: EventsQuery) -> object:
        """The newest events that match, newest first."""
        page = self.sources.events.page(_wanted(query), query.limit, query.before)
        return {"items": [event_view(item) for item in page.items], "next": page.next, "missing": page.missing}


class EventsExport(Endpoint):
    """What happened, as a table."""

    @operation("Export events", needs=_VIEW, returns=None, query=EventFilterQuery, gives=(CSV,), errors=(503,))
    def get(self, query: EventFilterQuery) -> Response:
        """Every event that matches, newest first, a million at most; times in UTC, details as JSON."""
        rows = _cells(all_events(self.sources.events, _wanted(query), EXPORT_MAX))
        return csv_answer(rows, _COLUMNS, ("time",), "events")


class _Detailed(Endpoint):
    """What the routes of one event share."""

    def _view(self, item: EventItem) -> Json:
        remarks = [_remark(comment.row) for comment in self.sources.events.comments(item.row.seq)]
        return {**event_view(item), "remarks": remarks}


class OneEvent(_Detailed):
    """One event."""

    @operation("Read an event", needs=_VIEW, returns=OneEventView, errors=(404, 503))
    def get(self, seq: int) -> object:
        """The event with the comments on it."""
        return self._view(self.sources.events.get(seq))


class EventComments(_Detailed):
    """Comments on one event."""

    @operation(
        "Comment on an event", needs=_RECORD, returns=OneEventView, body=EventCommentBody, errors=(404, 503), status=_CREATED
    )
    def post(self, seq: int, body: EventCommentBody) -> object:
        """The event with the comments on it, this one too."""
        return self._view(self.sources.commands.events.comment(self.gate.principal(), seq, body.comment))


def journal_row_view(row: JournalRow) -> Json:
    """The row of the journal ready for JSON."""
    return {
        "seq": row.seq,
        "time": row.time,
        "kind": row.kind,
        "subject": row.subject,
        "message": row.message,
        "actor": row.actor,
        "origin": row.origin,
        "details": dict(row.details),
    }


def _wanted(query: EventFilterQuery) -> EventFilter:
    return EventFilter(
        start=query.start,
        end=query.end,
        classes=[EventClass(word) for word in parted(query.classes)],
        priority=None if query.priority is None else Priority(query.priority),
        criticality=criticality_of(query.criticality),
        kind=query.kind,
        subject=query.subject,
        actor=query.actor,
        tag=query.tag,
        area=query.area,
        text=query.text,
    )


def _cells(items: Iterator[EventItem]) -> Iterator[Mapping[str, Any]]:
    for item in items:
        view = event_view(item)
        yield {**view, "details": orjson.dumps(view["details"], option=orjson.OPT_SORT_KEYS).decode()}


def _remark(row: JournalRow) -> Json:
    return {"seq": row.seq, "time": row.time, "author": row.actor, "comment": str(row.details.get("comment", ""))}


ROUTES = (("", Events), ("/export", EventsExport), ("/<int:seq>", OneEvent), ("/<int:seq>/comments", EventComments))
