"""The log book of tests, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from automation.logbook.entry import Content, Entry, Version, search_text
from automation.logbook.sql import next_version
from automation.logbook.store import LogFilter, LogPage, Place, Telling
from automation.model.errors import NotFoundError
from automation.storage.journal import EventJournal
from automation.storage.micros import to_micros


class MemoryLogbook:
    """A log book in a dictionary; the events of changes are appended to the journal.

    failing: raised by every reading and every change while it is set.
    """

    def __init__(self, journal: EventJournal) -> None:
        self.failing: Exception | None = None
        self._journal = journal
        self._versions: dict[int, list[Version]] = {}

    def page(self, wanted: LogFilter, limit: int, after: Place | None = None) -> LogPage:
        """The newest entries that match and come after that place."""
        self._check()
        entries = sorted((_entry(versions) for versions in self._versions.values()), key=_order, reverse=True)
        found = [
            one for one in entries if _matches(one, wanted) and (after is None or _order(one) < (after.time_us, after.entry))
        ]
        last = Place(*_order(found[limit - 1])) if len(found) > limit else None
        return LogPage(items=found[:limit], next=last)

    def get(self, entry: int) -> Entry:
        """The entry of that number. Raises ``NotFoundError``."""
        return _entry(self.versions(entry))

    def versions(self, entry: int) -> Sequence[Version]:
        """Every version of the entry, the first one first. Raises ``NotFoundError``."""
        self._check()
        if entry not in self._versions:
            raise NotFoundError(f"unknown log entry {entry}")
        return list(self._versions[entry])

    def write(self, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The new entry."""
        self._check()
        version = Version(entry=len(self._versions) + 1, number=1, content=content, author=author, written=now)
        self._journal.append((telling(version, None),))
        self._versions[version.entry] = [version]
        return _entry([version])

    def correct(self, entry: int, seen: int, content: Content, author: str, now: float, telling: Telling) -> Entry:
        """The entry with another version. Raises ``NotFoundError``, ``ConflictError``."""
        known = self.get(entry)
        number = known.newest.number + 1
        version = next_version(known, seen, Version(entry=entry, number=number, content=content, author=author, written=now))
        self._journal.append((telling(version, known.newest),))
        self._versions[entry].append(version)
        return self.get(entry)

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing


def _entry(versions: Sequence[Version]) -> Entry:
    first = versions[0]
    return Entry(id=first.entry, author=first.author, created=first.written, newest=versions[-1])


def _order(entry: Entry) -> tuple[int, int]:
    return to_micros(entry.newest.content.time), entry.id


def _matches(entry: Entry, wanted: LogFilter) -> bool:
    content = entry.newest.content
    return (
        (wanted.start is None or to_micros(content.time) >= to_micros(wanted.start))
        and (wanted.end is None or to_micros(content.time) < to_micros(wanted.end))
        and (not wanted.categories or content.category in wanted.categories)
        and (not wanted.area or f"{content.area}/".startswith(f"{wanted.area}/"))
        and wanted.author in ("", entry.author)
        and all(getattr(wanted, name) in ("", getattr(content, name)) for name in ("shift", "tag", "alarm", "occurrence_id"))
        and wanted.text.lower() in search_text(content, entry.author)
    )
