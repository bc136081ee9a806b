"""Commands on events: what people say of them."""

from __future__ import annotations

from automation.commands.audit import Audit, Call
from automation.commands.words import words_of
from automation.events.reader import EventLog
from automation.events.row import COMMENTED
from automation.events.view import EventItem
from automation.model.event import Event
from automation.security.principal import Permission, Principal
from automation.storage.journal import EventJournal
from automation.system.clock import Clock

COMMENT_MAX = 1000


class EventCommands:
    """Operators comment on events, also under an emergency stop. A comment is a row of the journal and stays."""

    def __init__(self, audit: Audit, events: EventLog, journal: EventJournal, clock: Clock) -> None:
        self._audit = audit
        self._events = events
        self._journal = journal
        self._clock = clock

    def comment(self, principal: Principal, seq: int, comment: str) -> EventItem:
        """The event, with the comment in the journal before the caller hears of it.

        Raises ``NotAllowedError``, ``NotFoundError``, ``InvalidValueError`` for a comment that is empty or too long,
        ``StorageError``.
        """
        call = Call(principal=principal, kind="event.comment", subject=f"event {seq}"[:128])
        with self._audit.frame(call, Permission.RECORD, gated=False):
            words = words_of("comment", comment, COMMENT_MAX)
            self._journal.append((self._row(principal, self._events.get(seq), words),))
        return self._events.get(seq)

    def _row(self, principal: Principal, item: EventItem, words: str) -> Event:
        known = {name: value for name, value in (("tag", item.tag), ("area", item.area)) if value}
        return Event(
            time=self._clock.now(),
            kind=COMMENTED,
            subject=item.row.subject,
            message=f"comment on {item.row.kind}: {words}",
            actor=principal.name,
            origin=principal.origin,
            details={"role": principal.role.label, "event": item.row.seq, "comment": words, **known},
        )
