"""The journal."""

from __future__ import annotations

from automation.publishers.rest.models import EventsQuery, EventsView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission
from automation.storage.journal import JournalRow


class Events(Endpoint):
    """What happened."""

    @operation("List events", needs=Permission.VIEW, returns=EventsView, query=EventsQuery, errors=(503,))
    def get(self, query: EventsQuery) -> object:
        """The newest rows that match, newest first."""
        rows = self.sources.journal.query(
            kind_prefix=query.kind,
            subject=query.subject,
            start=query.start,
            end=query.end,
            limit=query.limit,
            before_seq=query.before,
        )
        return {"items": [event_view(row) for row in rows]}


def event_view(row: JournalRow) -> Json:
    """The row ready for JSON."""
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


ROUTES = (("", Events),)
