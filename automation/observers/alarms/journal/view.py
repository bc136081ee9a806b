"""A row of the alarm journal, and an occurrence, as people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from automation.observers.alarms.journal.occurrence import Occurrence
from automation.observers.alarms.journal.row import PREFIX, AlarmRow
from automation.storage.journal import JournalRow

T = TypeVar("T")

_DETAILS = (
    "core_state",
    "condition",
    "limit",
    "deadband",
    "unit",
    "value",
    "quality",
    "source_time",
    "condition_time",
    "active_time",
    "duration_s",
    "until",
    "work_order",
)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """A part of what matches, newest first. next: what to give as ``before`` for the part that follows, None at the end."""

    items: Sequence[T]
    next: int | None


@dataclass(frozen=True, kw_only=True)
class JournalItem:
    """A row of the journal with what the index knows of it beyond the row itself."""

    row: JournalRow
    indexed: AlarmRow


def item_view(item: JournalItem) -> Mapping[str, Any]:
    """The row in JSON; what it does not tell of is None."""
    row, indexed, details = item.row, item.indexed, item.row.details
    return {
        "seq": row.seq,
        "time": row.time,
        "event": row.kind.removeprefix(PREFIX),
        "alarm": row.subject,
        "message": row.message,
        "actor": row.actor,
        "origin": row.origin,
        "comment": str(details.get("comment") or ""),
        "tag": indexed.source.tag,
        "area": indexed.source.area,
        "priority": indexed.source.priority or None,
        "from": details.get("from", indexed.from_state),
        "to": details.get("to", indexed.to_state),
        **{name: details.get(name) for name in _DETAILS},
        "annunciated": indexed.annunciated,
        "suppressed": indexed.suppressed,
        "occurrence_id": details.get("occurrence_id"),
    }


def occurrence_view(one: Occurrence) -> Mapping[str, Any]:
    """The occurrence in JSON. duration_s: from its raise to its return; time_to_ack_s: to its first acknowledgement."""
    return {
        "id": one.id,
        "alarm": one.source.alarm,
        "occurrence_id": one.occurrence_id,
        "tag": one.source.tag,
        "area": one.source.area,
        "priority": one.source.priority or None,
        "condition": one.condition,
        "message": one.message,
        "raised": one.raised,
        "acknowledged": one.acknowledged,
        "ack_by": one.ack_by,
        "ack_comment": one.ack_comment,
        "returned": one.returned,
        "closed": one.closed,
        "suppressed": one.suppressed,
        "annunciated": one.annunciated,
        "comments": one.comments,
        "duration_s": None if one.returned is None else one.returned - one.raised,
        "time_to_ack_s": None if one.acknowledged is None else one.acknowledged - one.raised,
    }
