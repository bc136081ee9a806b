"""The journal of tests: a list."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from automation.model.event import Event
from automation.storage.journal import JournalRow, details_text


class MemoryJournal:
    """A journal that keeps its events in ``events``, oldest first, without a chain and without a database.

    failing: raised by every ``append`` while it is set; what is posted is kept all the same.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failing: Exception | None = None
        self._lock = threading.Lock()

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of all events, oldest first."""
        return [event.kind for event in self.events]

    def append(self, events: Sequence[Event], also: Callable[[Connection], None] | None = None) -> None:
        """Keep the events. Raises ``ValueError`` if ``also`` is given: there is no connection to hand it."""
        if also is not None:
            raise ValueError("a MemoryJournal has no database to write to")
        if self.failing is not None:
            raise self.failing
        with self._lock:
            self.events.extend(events)

    def post(self, event: Event) -> None:
        """Keep the event at once."""
        with self._lock:
            self.events.append(event)

    def step(self, now: float) -> None:
        """Do nothing: nothing waits."""

    def query(
        self,
        kind_prefix: str | None = None,
        subject: str | None = None,
        start: float | None = None,
        end: float | None = None,
        limit: int = 200,
        before_seq: int | None = None,
    ) -> Sequence[JournalRow]:
        """The newest rows that match, newest first. start, end: POSIX seconds, end not included."""
        found = [
            _row(seq, event)
            for seq, event in enumerate(list(self.events), start=1)
            if (not kind_prefix or event.kind.startswith(kind_prefix))
            and (subject is None or event.subject == subject)
            and (start is None or event.time >= start)
            and (end is None or event.time < end)
            and (before_seq is None or seq < before_seq)
        ]
        return found[::-1][: max(1, limit)]

    def verify(self) -> int | None:
        """None: a list in memory has no chain to break."""
        return None


def _row(seq: int, event: Event) -> JournalRow:
    return JournalRow(
        seq=seq,
        time=event.time,
        kind=event.kind,
        subject=event.subject,
        message=event.message,
        actor=event.actor,
        origin=event.origin,
        details=json.loads(details_text(event.details)),
        hash="",
    )
