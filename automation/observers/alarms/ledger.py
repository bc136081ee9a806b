"""What happened to alarms on its way out: first written, then shown and told."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.model.alarm import AlarmDefinition
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.model.tag import Tag
from automation.observers.alarms.facts import AlarmState, Facts
from automation.observers.alarms.store import AlarmRecord, AlarmStore

log = logging.getLogger(__name__)

_BACKOFF_MAX_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the journal with what belongs to it.

    name: the alarm whose state it changes, None for a row about all. facts: its state afterwards, None if it is gone for good.
    definition, tag: what the listeners' picture is made of, None where there is nothing to show.
    """

    event: Event
    name: str | None = None
    facts: Facts | None = None
    definition: AlarmDefinition | None = None
    tag: Tag | None = None


class Ledger:
    """Entries that wait for the store, the written state of every alarm, and entries that wait for the listeners.

    The caller's lock guards the writing methods; ``written`` and ``standing`` may be read from any thread. capacity: entries
    that may wait before ``full`` asks the caller to stop making more. error: why the store refused the last time, None if it did
    not.
    """

    def __init__(self, store: AlarmStore, written: Mapping[str, Facts], capacity: int) -> None:
        self.written: dict[str, Facts] = dict(written)
        self.standing = {name: facts for name, facts in written.items() if facts.shown is not AlarmState.NORM}
        self.untold: deque[Entry] = deque()
        self.error: str | None = None
        self._store = store
        self._capacity = capacity
        self._unwritten: list[Entry] = []
        self._failures = 0
        self._retry_at = 0.0

    @property
    def unwritten(self) -> int:
        """How many entries wait for the store."""
        return len(self._unwritten)

    @property
    def full(self) -> bool:
        """True while so many entries wait that no more should be made."""
        return len(self._unwritten) >= self._capacity

    def add(self, entry: Entry) -> None:
        """Have the entry written by the next ``flush``."""
        self._unwritten.append(entry)

    @property
    def newest(self) -> float:
        """The time of the newest entry that waits for the store, minus infinity if none does."""
        return max((entry.event.time for entry in self._unwritten), default=-math.inf)

    def rename(self, names: Mapping[str, str]) -> None:
        """Show the written state of alarms under their new names, which are given by old ones."""
        for shown in (self.written, self.standing):
            moved = {new: shown.pop(old) for old, new in names.items() if old in shown}
            shown.update(moved)

    def flush(self, now: float) -> None:
        """Write what waits; while the store fails, keep it all and try again after a pause that grows to 5 s."""
        if not self._unwritten or now < self._retry_at:
            return
        try:
            self.write()
        except StorageError:
            self._retry_at = now + min(_BACKOFF_MAX_S, 0.05 * 2 ** min(self._failures, 10))

    def write(self, more: Sequence[Entry] = ()) -> None:
        """Write what waits and then more, as one unit. Raises ``StorageError``; then the former still waits, more is dropped."""
        entries = [*sorted(self._unwritten, key=lambda entry: entry.event.time), *more]
        if not entries:
            return
        last = {entry.name: entry.facts for entry in entries if entry.name is not None}
        records = [AlarmRecord(name=name, facts=facts) for name, facts in last.items() if facts is not None]
        removed = [name for name, facts in last.items() if facts is None]
        try:
            self._store.save(records, [entry.event for entry in entries], removed)
        except StorageError as error:
            self._failed(error)
            raise
        self._unwritten.clear()
        self._succeeded()
        self._show(last.items())
        self.untold.extend(entries)

    def _show(self, states: Iterable[tuple[str, Facts | None]]) -> None:
        for name, facts in states:
            if facts is None:
                self.written.pop(name, None)
                self.standing.pop(name, None)
                continue
            self.written[name] = facts
            if facts.shown is AlarmState.NORM:
                self.standing.pop(name, None)
            else:
                self.standing[name] = facts

    def _failed(self, error: StorageError) -> None:
        self._failures += 1
        self.error = str(error)
        if self._failures == 1:
            log.error("alarms cannot be written: %s; %d rows wait", error, len(self._unwritten))

    def _succeeded(self) -> None:
        if self._failures:
            log.info("alarms are written again after %d failures", self._failures)
        self._failures = 0
        self._retry_at = 0.0
        self.error = None
