"""How long the journal is kept."""

from __future__ import annotations

from automation.observers.alarms.journal.index import AlarmIndex
from automation.storage.journal import Journal
from automation.storage.retention import prune

PERIOD_S = 600.0
_DAY_S = 86_400.0
_AT_ONCE = 5_000  # so that no writer waits long
_A_STEP = 20


class Retention:
    """Removes what is older than so many days from the journal and its index, the oldest first."""

    def __init__(self, journal: Journal, index: AlarmIndex, keep_days: int) -> None:
        self._journal = journal
        self._index = index
        self._keep_s = keep_days * _DAY_S

    def step(self, now: float) -> None:
        """Remove a part of what is too old; called by a Worker. Raises ``StorageError``."""
        for _ in range(_A_STEP):
            if prune(self._journal, now - self._keep_s, now, _AT_ONCE, self._index.prune) < _AT_ONCE:
                return
