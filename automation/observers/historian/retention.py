"""Retention: the history ends where it is declared to, day by day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from automation.model.event import Event
from automation.model.keeping import SPANS, Keeping
from automation.model.tag import DataType
from automation.storage.micros import to_micros

log = logging.getLogger(__name__)

_DAY_S = 86_400.0
_TAGS_AT_ONCE = 100
_SECOND = 1_000_000


class ForgettingStore(Protocol):
    """The part of a history store that forgets."""

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded."""

    def forget_before(self, tags: Sequence[str], times: Mapping[int, int]) -> int:
        """Keep the samples (tier 0) and rollups of the tags only from these times on; how much was removed."""


class Archive(Protocol):
    """Keeps elsewhere what is about to be removed."""

    def place(self, tag: str) -> int:
        """Tags of the same number are kept together."""

    def keep(self, tags: Sequence[str], until: int) -> None:
        """Keep the samples of tags of one place before the time, microseconds."""


_Days: TypeAlias = "tuple[tuple[str, int], ...]"


class HistoryRetention:
    """Removes what is older than declared: at the start, and then after each midnight of UTC, some tags at a time.

    archive: has the samples before they go. post: told of each day's work, if there was any.
    """

    def __init__(
        self, store: ForgettingStore, keeping: Keeping, post: Callable[[Event], None], archive: Archive | None = None
    ) -> None:
        self._store = store
        self._keeping = keeping
        self._post = post
        self._archive = archive
        self._left: list[tuple[_Days, Sequence[str]]] = []
        self._day = -1.0
        self._removed = 0

    def step(self, now: float) -> float:
        """Do a part of the day's work; when to go on, POSIX seconds. Called by a Worker. Raises ``StorageError``."""
        day = now // _DAY_S
        if not self._left:
            if self._day == day:
                return (day + 1) * _DAY_S
            self._left = self._parts()
            self._day, self._removed = day, 0
        if self._left:
            days, tags = self._left[-1]
            times = {SPANS[name] * _SECOND: to_micros((day - number) * _DAY_S) for name, number in days}
            if 0 in times and self._archive is not None:
                self._archive.keep(tags, times[0])
            self._removed += self._store.forget_before(tags, times)
            self._left.pop()
        if not self._left and self._removed:
            self._post(_told(now, self._removed))
        return now

    def _parts(self) -> list[tuple[_Days, Sequence[str]]]:
        """The tags of which something ends, by what is kept of them and in parts that are dealt with at once."""
        found: dict[tuple[_Days, int], list[str]] = {}
        for number, (tag, _) in enumerate(self._store.tags()):
            days = tuple(self._keeping.days_of(tag).items())
            if days:
                place = number // _TAGS_AT_ONCE if self._archive is None else self._archive.place(tag)
                found.setdefault((days, place), []).append(tag)
        return [(days, tags) for (days, _), tags in found.items()]


def _told(now: float, removed: int) -> Event:
    return Event(
        time=now,
        kind="history.removed",
        subject="history",
        message=f"{removed} blocks and rollups of the history were removed because they were old",
        details={"parts": removed},
    )
