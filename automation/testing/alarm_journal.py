"""The alarm journal and its analytics in tests: made of a list of events, by looking at every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TypeVar

from automation.model.event import Event
from automation.observers.alarms.analytics.cover import Interval
from automation.observers.alarms.analytics.notices import notice_of
from automation.observers.alarms.analytics.report import DAY_S, Question, Report, report
from automation.observers.alarms.analytics.rows import analytics_row
from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter, SourceFilter
from automation.observers.alarms.journal.occurrence import Occurrence, Occurrences
from automation.observers.alarms.journal.row import AlarmRow, Continuity, Source, row_of
from automation.observers.alarms.journal.view import JournalItem, Page
from automation.settings import AlarmTargets
from automation.storage.days import local_day
from automation.storage.journal import JournalRow
from automation.storage.micros import from_micros, to_micros

T = TypeVar("T")


def settled_rows(events: Sequence[Event]) -> Sequence[tuple[Event, AlarmRow]]:
    """The rows of events that are about alarms, numbered from 1 in their order, with what they leave out filled in."""
    continuity = Continuity(lambda _name: None, lambda _name: None)
    found = []
    for seq, event in zip(count(1), list(events), strict=False):
        row = row_of(
            seq, from_micros(to_micros(event.time)), event.kind, event.subject, event.message, event.actor, event.details
        )
        if row is not None:
            found.append((event, continuity.settle(row)))
    return found


class MemoryAlarmJournal:
    """A journal of the events of a list, which may grow."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def page(self, wanted: RowFilter, limit: int, before: int | None = None) -> Page[JournalItem]:
        """The newest rows that match and whose number is below before."""
        found = [
            JournalItem(row=_journal_row(event, row), indexed=row)
            for event, row in reversed(settled_rows(self._events))
            if (before is None or row.seq < before) and _row_matches(row, wanted)
        ]
        return _page(found, limit, lambda item: item.row.seq)

    def occurrences(self, wanted: OccurrenceFilter, limit: int, before: int | None = None) -> Page[Occurrence]:
        """The newest occurrences that match and whose id is below before."""
        made, notes = Occurrences(), dict[int, list[str]]()
        for _, row in settled_rows(self._events):
            about = made.apply(row)
            if about is not None and row.note:
                notes.setdefault(about, []).append(row.note)
        found = [
            one
            for one in sorted(made.changed, key=lambda one: -one.id)
            if (before is None or one.id < before)
            and (wanted.open is None or wanted.open == (one.closed is None))
            and _matches(one.source, one.raised, notes.get(one.id, ()), wanted)
        ]
        return _page(found, limit, lambda one: one.id)


class MemoryAnalytics:
    """The analytics of the events of a list, of a runtime that was always up. others: the events that alarms do not tell."""

    def __init__(
        self,
        events: Sequence[Event],
        configured: Callable[[str], Mapping[int, int]],
        others: Callable[[], Sequence[Event]] = tuple,
    ) -> None:
        self._events = events
        self._others = others
        self._configured = configured

    def report(self, start: float, end: float, area: str, now: float) -> Report:
        """The analytics of start to end, as far as that has passed."""
        targets = AlarmTargets()
        told = (
            notice_of(one.time, one.kind, one.subject, one.actor, one.details, targets.upset_events)
            for one in self._others()
            if start <= one.time < end
        )
        question = Question(
            start=start,
            end=end,
            cover=[Interval(start, min(end, now))] if start < now else [],
            configured=self._configured(area),
            day_of=local_day("UTC"),
            area=area,
            targets=targets,
            notices=[notice for notice in told if notice is not None],
        )
        return report([analytics_row(row) for _, row in settled_rows(self._events)], question)

    def live(self, area: str, now: float) -> Report:
        """The analytics of the last 24 hours."""
        return self.report(now - DAY_S, now, area, now)


def _page(found: Sequence[T], limit: int, number: Callable[[T], int]) -> Page[T]:
    return Page(items=found[:limit], next=number(found[limit - 1]) if len(found) > limit else None)


def _row_matches(row: AlarmRow, wanted: RowFilter) -> bool:
    return (
        (not wanted.events or row.event in wanted.events)
        and (not wanted.states or row.to_state in wanted.states)
        and (not wanted.actor or row.actor == wanted.actor)
        and _matches(row.source, row.time, [row.note], wanted)
    )


def _matches(source: Source, time: float, notes: Sequence[str], wanted: SourceFilter) -> bool:
    text = wanted.text.lower()
    return (
        (wanted.start is None or to_micros(time) >= to_micros(wanted.start))
        and (wanted.end is None or to_micros(time) < to_micros(wanted.end))
        and (not wanted.area or f"{source.area}/".startswith(f"{wanted.area}/"))
        and (not wanted.tag or source.tag == wanted.tag)
        and (not wanted.alarm or source.alarm == wanted.alarm)
        and (not wanted.priorities or source.priority in wanted.priorities)
        and (not text or text in source.search or any(text in note for note in notes))
    )


def _journal_row(event: Event, row: AlarmRow) -> JournalRow:
    return JournalRow(
        seq=row.seq,
        time=row.time,
        kind=event.kind,
        subject=event.subject,
        message=event.message,
        actor=event.actor,
        origin=event.origin,
        details=event.details,
        hash="",
    )
