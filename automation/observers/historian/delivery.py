"""The delivery: brings rows to the store, in order, by way of the disk while the store is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automation.model.errors import DataRefusedError, StorageError
from automation.observers.historian.quarantine import Quarantine
from automation.observers.historian.rows import Row
from automation.observers.historian.spool import Spool
from automation.observers.historian.store import HistoryStore
from automation.storage.micros import to_micros

log = logging.getLogger(__name__)

_REPLAY_ROWS = 50_000
_RETRY_FIRST_S, _RETRY_MAX_S = 0.5, 10.0


class Delivery:
    """Rows on their way; one thread calls everything but ``spill``.

    recorded: rows that are in the store or on disk. lost: rows for which neither had room. marked: when the store last answered.
    """

    def __init__(self, store: HistoryStore, spool: Spool, quarantine: Quarantine) -> None:
        self.recorded = 0
        self.lost = 0
        self.marked = float("-inf")
        self._store = store
        self._spool = spool
        self._quarantine = quarantine
        self._outage: _Outage | None = None
        self._overrunning = False
        self._begun = False
        self._refused: set[tuple[str, int]] = set()  # rows of the batch at hand that are set aside already

    @property
    def error(self) -> str:
        """Why the store takes nothing; empty while it does."""
        outage = self._outage
        return "" if outage is None else outage.error

    def begin(self, now: float) -> None:
        """Close what the last run left open, before the first row of this one; behind the older rows if the spool has any."""
        if self._begun:
            return
        if self._spool or not self._ends_closed(now):
            self._spool.write_start(to_micros(now))
        self._begun = True

    def keep(self, rows: Sequence[Row], now: float) -> None:
        """Bring the rows to the store, or else to the disk, before returning. Raises ``StorageError`` if neither takes them."""
        if not rows:
            return
        if not self.store(rows, now):
            self._spool.write(rows, to_micros(now))
        self.recorded += len(rows)

    def store(self, rows: Sequence[Row], now: float, and_then: Callable[[HistoryStore], None] | None = None) -> bool:
        """True if the store has the rows and all that waited on the spool; not even asked while it is given time to recover.

        and_then: what is to be done in the store afterwards.
        """
        outage = self._outage
        if outage is not None and now < outage.retry_at:
            return False
        try:
            if not self._replay(now):
                return False
            self._append(rows, to_micros(now), now)
            if and_then is not None:
                and_then(self._store)
        except StorageError as error:
            self._failed(str(error), now)
            return False
        self.marked = now
        self._recovered(now)
        return True

    def spill(self, rows: Sequence[Row]) -> None:
        """Bring the rows to the disk, or count them as lost: nothing is raised; from any thread."""
        try:
            self._spool.write(rows, 0)
        except StorageError as error:
            self._overran(len(rows), error)

    def _overran(self, rows: int, error: StorageError) -> None:
        self.lost += rows
        if not self._overrunning:
            self._overrunning = True
            log.error("history loses samples, neither database nor disk takes them: %s", error)

    def _ends_closed(self, now: float) -> bool:
        try:
            self._store.close_ends(to_micros(now))
        except StorageError as error:
            self._failed(str(error), now)
            return False
        return True

    def _replay(self, now: float) -> bool:
        """Store what waits on the spool, so much of it at a time; True when none is left."""
        rows = 0
        while rows < _REPLAY_ROWS:
            frame = self._spool.peek()
            if frame is None:
                return True
            if frame.rows:
                self._append(frame.rows, frame.until, now)
            else:
                self._store.close_ends(frame.until)
            self._spool.ack()
            rows += len(frame.rows)
        return False

    def _append(self, rows: Sequence[Row], until: int, now: float) -> None:
        """Store the rows; those that the store refuses though it works are set aside. Raises ``StorageError`` if it is away."""
        if self._refused:
            rows = [row for row in rows if (row.tag, row.time) not in self._refused]
        self._append_accepted(rows, until, now)
        self._refused.clear()

    def _append_accepted(self, rows: Sequence[Row], until: int, now: float) -> None:
        try:
            self._store.append(rows, until)
        except DataRefusedError as error:
            if not rows:
                raise
            if len(rows) == 1:
                self._quarantine.add(rows[0], str(error), to_micros(now))
                self._refused.add((rows[0].tag, rows[0].time))
                return
            middle = len(rows) // 2
            # The mark says that the record is complete up to it, so it goes with the last part.
            self._append_accepted(rows[:middle], 0, now)
            self._append_accepted(rows[middle:], until, now)

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


@dataclass(frozen=True)
class _Outage:
    """A store that fails: since when, and when it is asked again."""

    error: str
    since: float
    retry_at: float
    pause_s: float
