"""The recorder: carries changes from the table to the store, by way of the disk when the store is away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automation.cvt.table import Change, Cvt, Group
from automation.observers.historian.delivery import Delivery
from automation.observers.historian.quarantine import Quarantine
from automation.observers.historian.rows import Row
from automation.observers.historian.sieve import Sieve, hears_all
from automation.observers.historian.spool import Spool
from automation.observers.historian.store import HistoryStore
from automation.system.mailbox import SpillMailbox

FLUSH_INTERVAL_S = 0.25
MARK_INTERVAL_S = 1.0
_CHANGES = 256
_SAMPLES = 50_000
_ROUNDS = 50  # batches of one step: however much arrives, the rest of its work is done


@dataclass(frozen=True, kw_only=True)
class RecorderStatus:
    """How the recorder fares.

    recorded: rows that are safe. waiting: changes in memory. spooled_bytes: on disk, of spool_max_bytes at most. lost: rows for
    which neither database nor disk had room. quarantined: rows that the database refused, set aside. error: why it takes nothing.
    """

    recorded: int
    waiting: int
    spooled_bytes: int
    spool_max_bytes: int
    lost: int
    quarantined: int
    error: str

    @property
    def spool_pct(self) -> float:
        """How full the spool is, percent."""
        return 100.0 * self.spooled_bytes / self.spool_max_bytes


class Recorder:
    """Records every tag with history as its policy says, as soon as ``step`` is called.

    Changes wait in a mailbox of capacity batches until they are in the store, or on the spool while the store fails; the spool
    is replayed in order before anything newer is stored. One thread calls ``step`` and, after it has ended, ``close``.
    """

    def __init__(
        self, cvt: Cvt, store: HistoryStore, spool: Spool, *, quarantine: Quarantine | None = None, capacity: int = 20_000
    ) -> None:
        self._cvt = cvt
        self._spool = spool
        self._quarantine = quarantine or Quarantine(spool.folder / "quarantine.jsonl")
        self._delivery = Delivery(store, spool, self._quarantine)
        self._sieve = Sieve()
        self._rows: list[Row] = []
        self._holding = False
        self._renames: deque[tuple[str, str]] = deque()
        self._generation = -1
        self._groups: frozenset[Group] = frozenset()
        self._mailbox = SpillMailbox[Change](capacity, self._spill)
        self._unsubscribe = cvt.subscribe(self._mailbox, always=hears_all)

    def wake_on_change(self, wake: Callable[[], None]) -> None:
        """Call wake, which must be quick, as soon as something waits to be recorded; from the writer's thread."""
        self._mailbox.on_put = wake

    def rename(self, old: str, new: str) -> None:
        """Have the history of a tag follow its new name, as soon as all that was recorded before is stored; from any thread."""
        self._renames.append((old, new))

    def status(self) -> RecorderStatus:
        """How the recorder fares; from any thread."""
        return RecorderStatus(
            recorded=self._delivery.recorded,
            waiting=len(self._mailbox),
            spooled_bytes=self._spool.bytes,
            spool_max_bytes=self._spool.max_bytes,
            lost=self._delivery.lost,
            quarantined=self._quarantine.count,
            error=self._delivery.error,
        )

    def step(self, now: float) -> None:
        """Put what arrived where it is safe; called by a Worker every flush interval.

        Raises ``StorageError`` when neither store nor spool takes it; then it waits for the next step.
        """
        self._delivery.begin(now)
        self._adopt()
        for _ in range(_ROUNDS):
            if not self._take():
                break
            self._save(now)
        self._hold([*self._sieve.due(now), *self._sieve.settle(self._groups)])
        self._save(now)
        if self._spool or self._renames or now >= self._delivery.marked + MARK_INTERVAL_S:
            self._delivery.store((), now, self._rename)

    def close(self, now: float) -> None:
        """Stop listening and bring everything to store or disk. Raises ``StorageError`` if neither takes it."""
        self._unsubscribe()
        try:
            self.step(now)
            while self._mailbox:
                self.step(now)
            self._hold(self._sieve.end())
            self._save(now)
            self._delivery.store((), now)
        finally:
            self._spool.close()

    def abandon(self) -> None:
        """Stop listening and bring everything to disk, in place of ``close`` where the thread of ``step`` hangs in the store.

        What the store takes after all is stored once: the next start brings it again, and the store knows it.
        """
        self._unsubscribe()
        self._spill(self._mailbox.waiting())
        self._delivery.spill([*self._rows, *self._sieve.end()])
        self._spool.close()

    def _adopt(self) -> None:
        """Record the values that tags were born with: nothing else tells of them until they change."""
        generation = self._cvt.generation
        if generation == self._generation:
            return
        self._generation = generation
        groups = frozenset(self._cvt.groups())
        for group in groups - self._groups:
            batch = group.batch
            new = (i for i, tag in enumerate(group.tags) if not self._sieve.knows(tag.name))
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
        if sum(len(change.changed) for change in changes) > _SAMPLES:
            changes = self._mailbox.peek(_so_many(changes))
        self._hold(self._sieve.rows(changes))
        return True

    def _hold(self, rows: list[Row]) -> None:
        """Have rows at hand that the sieve will not give again, until they are safe."""
        self._rows = rows
        self._holding = True

    def _save(self, now: float) -> None:
        self._delivery.keep(self._rows, now)
        self._mailbox.ack()
        self._rows, self._holding = [], False

    def _rename(self, store: HistoryStore) -> None:
        while self._renames:
            store.rename(*self._renames[0])
            self._renames.popleft()

    def _spill(self, changes: Sequence[Change]) -> None:
        """Write what the full mailbox must give away; runs in the thread of a driver, so nothing may be raised."""
        self._delivery.spill(self._sieve.all_rows(changes))


def _so_many(changes: Sequence[Change]) -> int:
    """How many of the changes fit into one batch of rows; at least one."""
    samples = 0
    for count, change in enumerate(changes):
        samples += len(change.changed)
        if samples > _SAMPLES:
            return max(1, count)
    return len(changes)
