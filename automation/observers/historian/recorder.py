"""The recorder: carries changes from the table to the store, by way of the disk when the store is away."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automation.cvt.deadband import Reporter
from automation.cvt.table import Change, Cvt, Group
from automation.model.errors import StorageError
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.historian.rows import Row, RowMaker
from automation.observers.historian.spool import Spool
from automation.observers.historian.store import HistoryStore
from automation.storage.micros import to_micros
from automation.system.mailbox import SpillMailbox

log = logging.getLogger(__name__)

FLUSH_INTERVAL_S = 0.25
MARK_INTERVAL_S = 1.0
_CHANGES = 256
_REPLAY_ROWS = 50_000
_RETRY_FIRST_S, _RETRY_MAX_S = 0.5, 10.0


@dataclass(frozen=True, kw_only=True)
class RecorderStatus:
    """How the recorder fares. waiting: changes in memory. lost: rows for which neither database nor disk had room."""

    recorded: int
    waiting: int
    spooled_bytes: int
    lost: int
    error: str


class Recorder:
    """Records every change of every tag with history, past the tag's deadband, as soon as ``step`` is called.

    Changes wait in a mailbox of capacity batches until they are in the store, or on the spool while the store fails; the spool
    is replayed in order before anything newer is stored. One thread calls ``step`` and, after it has ended, ``close``.
    """

    def __init__(self, cvt: Cvt, store: HistoryStore, spool: Spool, *, capacity: int = 20_000) -> None:
        self._cvt = cvt
        self._store = store
        self._spool = spool
        self._maker = RowMaker()
        self._reporter = Reporter(history=True)
        self._rows: list[Row] = []
        self._holding = False
        self._recorded = 0
        self._lost = 0
        self._overrunning = False
        self._begun = False
        self._marked = float("-inf")
        self._renames: deque[tuple[str, str]] = deque()
        self._outage: _Outage | None = None
        self._generation = -1
        self._groups: frozenset[Group] = frozenset()
        self._mailbox = SpillMailbox[Change](capacity, self._spill)
        self._unsubscribe = cvt.subscribe(self._mailbox)

    def rename(self, old: str, new: str) -> None:
        """Have the history of a tag follow its new name, as soon as all that was recorded before is stored; from any thread."""
        self._renames.append((old, new))

    def status(self) -> RecorderStatus:
        """How the recorder fares; from any thread."""
        outage = self._outage
        return RecorderStatus(
            recorded=self._recorded,
            waiting=len(self._mailbox),
            spooled_bytes=self._spool.bytes,
            lost=self._lost,
            error="" if outage is None else outage.error,
        )

    def step(self, now: float) -> None:
        """Put what arrived where it is safe; called by a Worker every flush interval.

        Raises ``StorageError`` when neither store nor spool takes it; then it waits for the next step.
        """
        self._begin(now)
        self._adopt()
        while self._take():
            self._save(now)
            self._mailbox.ack()
            self._rows, self._holding = [], False
        if self._spool or self._renames or now >= self._marked + MARK_INTERVAL_S:
            self._store_now((), now)

    def close(self, now: float) -> None:
        """Stop listening and bring everything to store or disk. Raises ``StorageError`` if neither takes it."""
        self._unsubscribe()
        try:
            self.step(now)
            self._store_now((), now)
        finally:
            self._spool.close()

    def abandon(self) -> None:
        """Stop listening and bring everything to disk, in place of ``close`` where the thread of ``step`` hangs in the store.

        What the store takes after all is stored once: the next start brings it again, and the store knows it.
        """
        self._unsubscribe()
        self._spill(self._mailbox.waiting())
        self._spool.close()

    def _begin(self, now: float) -> None:
        """Close what the last run left open, before the first row of this one; behind the older rows if the spool has any."""
        if self._begun:
            return
        if self._spool or not self._ends_closed(now):
            self._spool.write_start(to_micros(now))
        self._begun = True

    def _ends_closed(self, now: float) -> bool:
        try:
            self._store.close_ends(to_micros(now))
        except StorageError as error:
            self._failed(str(error), now)
            return False
        return True

    def _adopt(self) -> None:
        """Record the values that tags were born with: nothing else tells of them until they change."""
        generation = self._cvt.generation
        if generation == self._generation:
            return
        self._generation = generation
        groups = frozenset(self._cvt.groups())
        for group in groups - self._groups:
            batch = group.batch
            new = (i for i, tag in enumerate(group.tags) if not self._maker.knows(tag.name))
            known = [i for i in new if not batch.quality_at(i).is_bad]
            if known:
                self._mailbox.put(Change(group, batch, known))
        self._groups = groups

    def _take(self) -> bool:
        """True when rows are at hand that the mailbox still keeps: new ones, or those of a step that failed."""
        if self._holding:
            return True
        changes = self._mailbox.peek(_CHANGES)
        if not changes:
            return False
        self._rows = self._maker.rows(_pairs(self._reporter, changes))
        self._holding = True
        return True

    def _save(self, now: float) -> None:
        if not self._rows:
            return
        if not self._store_now(self._rows, now):
            self._spool.write(self._rows, to_micros(now))
        self._recorded += len(self._rows)

    def _store_now(self, rows: Sequence[Row], now: float) -> bool:
        """True if the store has the rows and all that waited on the spool; not even asked while it is given time to recover."""
        outage = self._outage
        if outage is not None and now < outage.retry_at:
            return False
        try:
            if not self._replay():
                return False
            self._store.append(rows, to_micros(now))
            self._rename()
        except StorageError as error:
            self._failed(str(error), now)
            return False
        self._marked = now
        self._recovered(now)
        return True

    def _rename(self) -> None:
        while self._renames:
            self._store.rename(*self._renames[0])
            self._renames.popleft()

    def _replay(self) -> bool:
        """Store what waits on the spool, so much of it at a time; True when none is left."""
        rows = 0
        while rows < _REPLAY_ROWS:
            frame = self._spool.peek()
            if frame is None:
                return True
            if frame.rows:
                self._store.append(frame.rows, frame.until)
            else:
                self._store.close_ends(frame.until)
            self._spool.ack()
            rows += len(frame.rows)
        return False

    def _failed(self, error: str, now: float) -> None:
        outage = self._outage
        if outage is None:
            log.error("history cannot be stored, samples go to the spool: %s", error)
            self._outage = _Outage(error, now, now + _RETRY_FIRST_S, _RETRY_FIRST_S)
        else:
            pause = min(_RETRY_MAX_S, outage.pause_s * 2)
            self._outage = _Outage(error, outage.since, now + pause, pause)

    def _recovered(self, now: float) -> None:
        if self._outage is not None:
            log.info("history is stored again after %.1f s", now - self._outage.since)
            self._outage = None
        self._overrunning = False

    def _spill(self, changes: Sequence[Change]) -> None:
        """Write what the full mailbox must give away; runs in the thread of a driver, so nothing may be raised."""
        rows = self._maker.rows(pair for change in changes for pair in change.samples())
        try:
            self._spool.write(rows, 0)
        except StorageError as error:
            self._overran(len(rows), error)

    def _overran(self, rows: int, error: StorageError) -> None:
        self._lost += rows
        if not self._overrunning:
            self._overrunning = True
            log.error("history loses samples, neither database nor disk takes them: %s", error)


@dataclass(frozen=True)
class _Outage:
    """A store that fails: since when, and when it is asked again."""

    error: str
    since: float
    retry_at: float
    pause_s: float


def _pairs(reporter: Reporter, changes: Sequence[Change]) -> Iterator[tuple[Tag, Sample]]:
    for change in changes:
        yield from reporter.select(change)
