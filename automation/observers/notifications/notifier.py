"""The observer: hears of alarms, asks the board who is to be told, and queues what it says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.observers.notifications.board import Board, Changes
from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Plan
from automation.observers.notifications.rules import Watch
from automation.observers.notifications.store import NotificationStore
from automation.system.clock import NEVER
from automation.system.mailbox import ResyncMailbox

log = logging.getLogger(__name__)

_FORGET_EVERY_S = 3600.0
_IDLE_S = 600.0


class Notifier:
    """Watches alarms for all rules and fills the queue; what it decides is in the store before any channel sees it.

    ``step`` belongs to one worker; ``hear`` may be called from any thread and never blocks. standing: gives every alarm that is
    not normal, for the first step and after a gap. post: takes rows for the journal. on_queued: called after messages were
    queued. keep_s: how long what was sent stays in the store. Raises ``StorageError`` if what was kept cannot be read.
    """

    def __init__(
        self,
        plan: Plan,
        store: NotificationStore,
        standing: Callable[[], Sequence[AlarmNews]],
        post: Callable[[Event], None],
        *,
        on_queued: Callable[[], None] = lambda: None,
        keep_s: float = 90 * 86_400.0,
        capacity: int = 10_000,
    ) -> None:
        self.plan = plan
        self._store = store
        self._standing = standing
        self._post = post
        self._on_queued = on_queued
        self._keep_s = keep_s
        self._board = Board(plan, store.load())
        self._mailbox: ResyncMailbox[AlarmNews] = ResyncMailbox(capacity)
        self._unread = True  # what stands was not looked at yet
        self._unsaved: Changes = Changes()
        self._forget_at = 0.0
        self._watched: tuple[Watch, ...] = tuple(self._board.watches)

    @property
    def on_work(self) -> Callable[[], None] | None:
        """Called when there is something for ``step`` to do, such as a worker's ``wake``; must be quick."""
        return self._mailbox.on_put

    @on_work.setter
    def on_work(self, call: Callable[[], None] | None) -> None:
        self._mailbox.on_put = call

    @property
    def watched(self) -> Sequence[Watch]:
        """The alarms that rules care for, as they were after the last step."""
        return self._watched

    @property
    def overruns(self) -> int:
        """How much news came faster than it could be taken; every alarm was looked at again then."""
        return self._mailbox.overruns

    def hear(self, news: AlarmNews) -> None:
        """Take what happened to an alarm; from any thread, never blocks."""
        if self.plan.rules:
            self._mailbox.put(news)

    def step(self, now: float) -> float:
        """Take the news, write what is due, and give the instant of the next call; called by a Worker.

        Raises ``StorageError``; nothing is lost by it, the next step keeps it.
        """
        items, gap = self._mailbox.take()
        for news in items:
            self._board.hear(news, now)
        if self._unread or gap:
            # Read after the news was taken, so not older than any of it.
            self._board.reconcile(self._standing(), now)
            self._unread = False
        self._board.tick(now)
        self._keep(now)
        self._watched = tuple(self._board.watches)
        due = self._board.due
        return now + _IDLE_S if due == NEVER else min(due, now + _IDLE_S)

    def _keep(self, now: float) -> None:
        changes, waiting = self._board.take_changes(), self._unsaved
        waiting.watches.update(changes.watches)
        waiting.deliveries += changes.deliveries
        waiting.events += changes.events
        if waiting:
            gone = [key for key, watch in waiting.watches.items() if watch is None]
            kept = [watch for watch in waiting.watches.values() if watch is not None]
            self._store.save(kept, gone, waiting.deliveries)
            self._unsaved = Changes()
            for event in waiting.events:
                self._post(event)
            if waiting.deliveries:
                self._on_queued()
        if now >= self._forget_at:
            self._forget_at = now + _FORGET_EVERY_S
            try:
                self._store.forget(now - self._keep_s)
            except StorageError as error:
                log.warning("old notifications stay: %s", error)
