"""The store of the log book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from automation.logbook.entry import Content, Entry, Version
from automation.model.event import Event

Telling: TypeAlias = "Callable[[Version, Version | None], Event]"


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """Which entries; all that is given must hold, of the newest version.

    start, end: of the time at which it happened, POSIX seconds, end not included. categories: any if empty. area: this one and
    what lies below it. author: of the first version. text: part of any word of it, upper or lower case.
    """

    start: float | None = None
    end: float | None = None
    categories: Sequence[str] = ()
    area: str = ""
    shift: str = ""
    author: str = ""
    tag: str = ""
    alarm: str = ""
    occurrence_id: str = ""
    text: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page ends: time and number of its last entry."""

    time_us: int
    entry: int


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """Entries, newest first by the time at which it happened. next: where to go on, None at the end."""

    items: Sequence[Entry]
    next: Place | None


class Logbook(Protocol):
    """Where entries are kept. Raises ``StorageError`` everywhere."""

    def page(self, wanted: LogFilter, limit: int, after: Place | None = None) -> LogPage:
        """The newest entries that match and come after that place."""

    def get(self, entry: int) -> Entry:
        """The entry of that number. Raises ``NotFoundError``."""

    def versions(self, entry: int) -> Sequence[Version]:
        """Every version of the entry, the first one first. Raises ``NotFoundError``."""

    def write(self, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The new entry, kept as one with the event that telling makes of it."""

    def correct(self, entry: int, seen: int, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The entry with another version, kept as one with its event.

        seen: the version that the author has seen. Raises ``NotFoundError``, ``ConflictError`` if there is a newer one, or if
        nothing differs.
        """
