"""How long the journal is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from automation.storage.journal import Journal
from automation.storage.retention import prune

PERIOD_S = 600.0
_DAY_S = 86_400.0
_AT_ONCE = 5_000  # so that no writer waits long
_A_STEP = 20


PruneIndex: TypeAlias = Callable[[Connection, int], None]


class Retention:
    """Removes what is older than so many days from the journal and its indexes, the oldest first."""

    def __init__(self, journal: Journal, indexes: Sequence[PruneIndex], keep_days: int) -> None:
        self._journal = journal
        self._indexes = indexes
        self._keep_s = keep_days * _DAY_S

    def step(self, now: float) -> None:
        """Remove a part of what is too old; called by a Worker. Raises ``StorageError``."""
        for _ in range(_A_STEP):
            if prune(self._journal, now - self._keep_s, now, _AT_ONCE, self._prune) < _AT_ONCE:
                return

    def _prune(self, connection: Connection, last: int) -> None:
        for prune_index in self._indexes:
            prune_index(connection, last)
