"""What became of one occurrence of an alarm, told in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from automation.observers.alarms.journal.row import NORMAL, AlarmRow, Source

_GONE = "removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """An alarm from its raise until it is normal and acknowledged, or a newer occurrence takes its place.

    id: the number of its first row in the journal. source: the alarm as it was defined when it was raised, under its present
    name. acknowledged, ack_by, ack_comment: the first time. closed: when nothing of it stood any more. suppressed: it was kept
    silent at some time. annunciated: people heard of it at some time. comments: how many people made.
    """

    id: int
    occurrence_id: str
    source: Source
    condition: str
    message: str
    raised: float
    acknowledged: float | None = None
    ack_by: str = ""
    ack_comment: str = ""
    returned: float | None = None
    closed: float | None = None
    comments: int = 0
    suppressed: bool = False
    annunciated: bool = False


class Occurrences:
    """Occurrences that rows of the journal, in its order, make and change. known: those that the rows may be about."""

    def __init__(self, known: Iterable[Occurrence] = ()) -> None:
        self._all: dict[tuple[str, str], Occurrence] = {}
        self._open: dict[str, set[str]] = {}
        self._changed: dict[int, Occurrence] = {}
        for one in known:
            self._keep(one)
        self._changed.clear()

    @property
    def changed(self) -> Sequence[Occurrence]:
        """What the rows have made or changed."""
        return tuple(self._changed.values())

    def apply(self, row: AlarmRow) -> int | None:
        """The id of the occurrence that the row is about, None if it is about none."""
        name = row.source.alarm
        if row.event == _GONE:
            return self._remove(row)
        if row.event == "renamed":
            return self._rename(row)
        if row.event == "raised":
            self._close(name, row, but=row.occurrence_id)
        if row.event == "changed":
            return max((one.id for one in self._standing(name)), default=None)
        if row.occurrence_id is None:
            return None
        before = self._all.get((name, row.occurrence_id))
        if before is None:
            if row.event != "raised" and row.core_state in (None, NORMAL):
                return None
            before = _begun(row)
        after = _after(before, row)
        self._keep(after)
        return after.id

    def _remove(self, row: AlarmRow) -> int | None:
        self._close(row.source.alarm, row)
        found = self._all.get((row.source.alarm, row.occurrence_id or ""))
        return None if found is None else found.id

    def _rename(self, row: AlarmRow) -> int | None:
        about = None
        for one in self._standing(row.source.alarm):
            self._open[row.source.alarm].discard(one.occurrence_id)
            del self._all[row.source.alarm, one.occurrence_id]
            self._keep(replace(one, source=replace(one.source, alarm=row.new_name)))
            about = one.id
        return about

    def _close(self, alarm: str, row: AlarmRow, but: str | None = None) -> None:
        for one in self._standing(alarm):
            if one.occurrence_id != but:
                self._keep(replace(one, closed=row.time))

    def _standing(self, alarm: str) -> Sequence[Occurrence]:
        return [self._all[alarm, occurrence] for occurrence in sorted(self._open.get(alarm, ()))]

    def _keep(self, one: Occurrence) -> None:
        alarm = one.source.alarm
        self._all[alarm, one.occurrence_id] = one
        self._changed[one.id] = one
        standing = self._open.setdefault(alarm, set())
        if one.closed is None:
            standing.add(one.occurrence_id)
        else:
            standing.discard(one.occurrence_id)


def _begun(row: AlarmRow) -> Occurrence:
    begun = row.time if row.event == "raised" or row.active_time is None else min(row.active_time, row.time)
    return Occurrence(
        id=row.seq,
        occurrence_id=row.occurrence_id or "",
        source=row.source,
        condition=row.condition,
        message=row.message,
        raised=begun,
    )


def _after(one: Occurrence, row: AlarmRow) -> Occurrence:
    changes: dict[str, Any] = {}
    if row.event == "commented":
        changes["comments"] = one.comments + 1
    if one.closed is None:
        changes |= _told(one, row)
    return replace(one, **changes) if changes else one


def _told(one: Occurrence, row: AlarmRow) -> dict[str, Any]:
    """What the row changes of the occurrence, which is not closed."""
    told: dict[str, Any] = {}
    if row.suppressed and not one.suppressed:
        told["suppressed"] = True
    if row.annunciated and not one.annunciated:
        told["annunciated"] = True
    if row.event == "acknowledged" and one.acknowledged is None:
        told |= {"acknowledged": row.time, "ack_by": row.actor, "ack_comment": row.comment}
    if row.event == "returned" and one.returned is None:
        told["returned"] = row.time
    if row.core_state == NORMAL:
        told["closed"] = row.time
    return told
