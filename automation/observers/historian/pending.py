"""The batches that are not packed yet, in memory by tag."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from automation.model.sample import Value
from automation.observers.historian.memory import Memory
from automation.observers.historian.packing import unpack_batch
from automation.observers.historian.queries.columns import Columns
from automation.observers.historian.tables import tail_table
from automation.storage.database import Database

SEAL_SAMPLES = 1_000_000
SEAL_S = 600.0


class Batch(NamedTuple):
    """Samples of many tags, column by column, as they came."""

    ids: Sequence[int]
    times: Sequence[int]
    values: Sequence[Value]
    qualities: Sequence[int]


class Sealed(NamedTuple):
    """Samples that are being packed. seq: of the last batch among them."""

    memory: Memory
    seq: int


class Pending:
    """What the table of batches holds, read once; safe for several threads.

    sealed: the part that is being packed, None if none is; ``seal`` and ``packed`` belong to whoever packs.
    """

    def __init__(self, database: Database) -> None:
        self.sealed: Sealed | None = None
        self._database = database
        self._lock = threading.RLock()
        self._memory = Memory()
        self._seq = 0  # of the newest batch in memory
        self._first: int | None = None  # the batch with which memory begins
        self._since = 0.0  # when memory began to fill

    def add(self, seq: int, batch: Batch) -> None:
        """Take a batch that is in the table now; if others came in between they are read as well. Raises ``StorageError``."""
        with self._lock:
            if self._seq and seq == self._seq + 1:
                self._remember(seq, batch)
            unread = self._seq < seq
        if unread:
            self.refresh()

    def refresh(self) -> None:
        """Have what the table holds, also what another process has appended, and no more than that. Raises ``StorageError``."""
        with self._database.begin() as connection:
            first = connection.execute(sa.select(sa.func.min(tail_table.c.seq))).scalar()
            with self._lock:
                if self._first is not None and self.sealed is None and (first is None or first > self._first):
                    self._memory, self._first, self._seq = Memory(), None, 0  # somebody else has packed it
                select = tail_table.select().where(tail_table.c.seq > self._seq).order_by(tail_table.c.seq)
                for record in connection.execute(select):
                    self._remember(record.seq, Batch(*unpack_batch(record.data)))

    def _remember(self, seq: int, batch: Batch) -> None:
        if self._first is None:
            self._first = seq
        self._memory.add(*batch)
        self._seq = seq

    def due(self, now: float) -> bool:
        """True if enough waits, or has waited long. now: POSIX seconds."""
        with self._lock:
            if self._memory.count == 0:
                self._since = now
            return self._memory.count >= SEAL_SAMPLES or now - self._since >= SEAL_S

    def seal(self) -> bool:
        """True if something is sealed, to be packed: what was already, or all that waits. Raises ``StorageError``."""
        if self.sealed is None:
            self.refresh()
            with self._lock:
                if self._memory.count:
                    self.sealed = Sealed(self._memory, self._seq)
                    self._memory = Memory()
        return self.sealed is not None

    def packed(self, ends: Mapping[int, int | None]) -> None:
        """Forget what is sealed of these tags, each up to a time, or all of it."""
        with self._lock:
            if self.sealed is None:
                return
            for tag_id, end in ends.items():
                self.sealed.memory.forget(tag_id, end)
            if not self.sealed.memory.tags:
                self._first = self.sealed.seq + 1 if self._memory.count else None
                self.sealed = None

    def of(self, tag_id: int) -> Sequence[Columns]:
        """What waits of the tag, each part in order of time, the older part first."""
        with self._lock:
            parts = [memory.columns(tag_id) for memory in self._memories()]
            return [part for part in parts if part]

    def tags(self) -> Iterator[int]:
        """The tags of which something waits."""
        with self._lock:
            return iter({tag_id for memory in self._memories() for tag_id in memory.tags})

    def _memories(self) -> Sequence[Memory]:
        """The older one first."""
        return [self._memory] if self.sealed is None else [self.sealed.memory, self._memory]

    def forget(self) -> None:
        """The table is empty now."""
        with self._lock:
            self._memory, self.sealed, self._first, self._seq = Memory(), None, None, 0
