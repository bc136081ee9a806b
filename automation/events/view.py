"""An event as people see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automation.events.rules import Rank
from automation.storage.journal import JournalRow


@dataclass(frozen=True, kw_only=True)
class EventItem:
    """A row of the journal with what the index knows of it. comments: how many people made on it."""

    row: JournalRow
    rank: Rank
    tag: str
    area: str
    comments: int = 0


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """Events, newest first.

    next: what to give as before to go on, None at the end; a page may have fewer than were asked for. missing: how many of the
    newest are not in the index yet, which it makes up for by itself.
    """

    items: Sequence[EventItem]
    next: int | None
    missing: int = 0


def event_view(item: EventItem) -> Mapping[str, Any]:
    """The event in JSON."""
    row = item.row
    return {
        "seq": row.seq,
        "time": row.time,
        "kind": row.kind,
        "class": item.rank.event_class.value,
        "priority": int(item.rank.priority),
        "criticality": item.rank.criticality.label,
        "subject": row.subject,
        "message": row.message,
        "actor": row.actor,
        "origin": row.origin,
        "tag": item.tag,
        "area": item.area,
        "comments": item.comments,
        "details": dict(row.details),
    }
