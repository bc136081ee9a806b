"""Retention: the history ends where it is declared to, day by day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from automation.model.event import Event
from automation.model.keeping import SPANS, Keeping
from automation.model.tag import DataType
from automation.storage.micros import to_micros

log = logging.getLogger(__name__)

_DAY_S = 86_400.0
_TAGS_AT_ONCE = 50
_SECOND = 1_000_000


class ForgettingStore(Protocol):
    """The part of a history store that forgets."""

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded."""

    def forget_before(self, tags: Sequence[str], times: Mapping[int, int]) -> int:
        """Keep the samples (tier 0) and rollups of the tags only from these times on; how much was removed."""


Archive = Callable[[Sequence[str], int], None]
"""Keeps elsewhere the samples of the tags before the time, microseconds, which are about to be removed."""


class HistoryRetention:
    """Removes what is older than declared: at the start, and then after each midnight of UTC, a few tags at a time.

    post: told of each day's work, if there was any.
    """

    def __init__(
        self, store: ForgettingStore, keeping: Keeping, post: Callable[[Event], None], archive: Archive | None = None
    ) -> None:
        self._store = store
        self._keeping = keeping
        self._post = post
        self._archive = archive
        self._left: list[str] = []
        self._day = -1.0
        self._removed = 0

    def step(self, now: float) -> float:
        """Do a part of the day's work; when to go on, POSIX seconds. Called by a Worker. Raises ``StorageError``."""
        day = now // _DAY_S
        if not self._left:
            if self._day == day:
                return (day + 1) * _DAY_S
            self._left = [name for name, _ in self._store.tags()]
            self._day, self._removed = day, 0
        part = self._left[:_TAGS_AT_ONCE]
        for days, tags in self._alike(part):
            times = {SPANS[name] * _SECOND: to_micros((day - number) * _DAY_S) for name, number in days}
            if 0 in times and self._archive is not None:
                self._archive(tags, times[0])
            self._removed += self._store.forget_before(tags, times)
        del self._left[: len(part)]
        if not self._left and self._removed:
            self._post(_told(now, self._removed))
        return now

    def _alike(self, tags: Sequence[str]) -> Sequence[tuple[Sequence[tuple[str, int]], list[str]]]:
        """The tags by what is kept of them, without those of which everything is."""
        found: dict[tuple[tuple[str, int], ...], list[str]] = {}
        for tag in tags:
            days = tuple(self._keeping.days_of(tag).items())
            if days:
                found.setdefault(days, []).append(tag)
        return list(found.items())


def _told(now: float, removed: int) -> Event:
    return Event(
        time=now,
        kind="history.removed",
        subject="history",
        message=f"{removed} blocks and rollups of the history were removed because they were old",
        details={"parts": removed},
    )
