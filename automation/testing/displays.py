"""Displays of tests, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.displays.display import Content, Display, DisplayKind, Heading
from automation.displays.store import RENAMER, Allowed, Telling, chained, require_free, require_seen, unknown
from automation.model.errors import NotFoundError
from automation.storage.journal import EventJournal


class MemoryDisplays:
    """Displays in a dictionary; the events of changes are appended to the journal.

    failing: raised by every reading and every change while it is set.
    """

    def __init__(self, journal: EventJournal) -> None:
        self.failing: Exception | None = None
        self._journal = journal
        self._kept: dict[int, Display] = {}
        self._last = 0

    def all(self, kind: DisplayKind) -> Sequence[Display]:
        """Every display of the kind, by name."""
        self._check()
        found = [one for one in self._kept.values() if one.content.kind is kind]
        return sorted(found, key=lambda display: (display.heading.name.casefold(), display.id))

    def get(self, kind: DisplayKind, number: int) -> Display:
        """The display of that number. Raises ``NotFoundError``."""
        self._check()
        found = self._kept.get(number)
        if found is None or found.content.kind is not kind:
            raise NotFoundError(unknown(kind, number))
        return found

    def add(self, heading: Heading, content: Content, owner: str, now: float, telling: Telling) -> Display:
        """The new display. Raises ``ConflictError``."""
        self._require_free(content.kind, heading.name, owner, None)
        made = Display(
            id=self._last + 1,
            heading=heading,
            content=content,
            owner=owner,
            version=1,
            created=now,
            changed=now,
            changed_by=owner,
        )
        self._journal.append((telling(made, None),))
        self._last += 1
        self._kept[made.id] = made
        return made

    def change(
        self,
        number: int,
        seen: int,
        heading: Heading,
        content: Content,
        actor: str,
        now: float,
        telling: Telling,
        allowed: Allowed,
    ) -> Display:
        """The display with other content. Raises ``NotFoundError``, ``ConflictError``."""
        before = self.get(content.kind, number)
        allowed(before)
        require_seen(before, seen)
        self._require_free(content.kind, heading.name, before.owner, number)
        after = _changed(replace(before, heading=heading, content=content), actor, now)
        self._journal.append((telling(after, before),))
        self._kept[number] = after
        return after

    def remove(self, kind: DisplayKind, number: int, seen: int | None, telling: Telling, allowed: Allowed) -> Display:
        """The display, which is gone. Raises ``NotFoundError``, ``ConflictError``."""
        gone = self.get(kind, number)
        allowed(gone)
        require_seen(gone, seen)
        self._journal.append((telling(gone, gone),))
        del self._kept[number]
        return gone

    def rename(self, names: Sequence[tuple[str, str]], now: float) -> None:
        """Have displays name tags as they are called now."""
        self._check()
        newest = chained(names)
        for number, one in self._kept.items():
            if newest.keys() & set(one.content.tags):
                self._kept[number] = _changed(replace(one, content=one.content.renamed(newest)), RENAMER, now)

    def _require_free(self, kind: DisplayKind, name: str, owner: str, number: int | None) -> None:
        self._check()
        owned = [one for one in self._kept.values() if one.content.kind is kind and one.owner == owner and one.id != number]
        require_free(kind, name, owner, [one.heading.name for one in owned], new=number is None)

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing


def _changed(display: Display, actor: str, now: float) -> Display:
    return replace(display, version=display.version + 1, changed=now, changed_by=actor)
