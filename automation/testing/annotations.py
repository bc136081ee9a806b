"""Annotations of tests, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.annotations.annotation import Annotation, Remark
from automation.annotations.store import Telling
from automation.model.errors import NotFoundError
from automation.storage.journal import EventJournal


class MemoryAnnotations:
    """Annotations in a dictionary; the events of changes are appended to the journal.

    failing: raised by every reading and every change while it is set.
    """

    def __init__(self, journal: EventJournal) -> None:
        self.failing: Exception | None = None
        self._journal = journal
        self._kept: dict[int, Annotation] = {}
        self._last = 0

    def within(self, tags: Sequence[str], start: float, end: float, limit: int) -> Sequence[Annotation]:
        """Annotations of any of the tags, or of all tags without any, that touch start to end; the newest, oldest first."""
        self._check()
        found = [
            one
            for one in self._kept.values()
            if (not tags or set(tags) & set(one.remark.tags))
            and one.remark.time < end
            and start <= (one.remark.time if one.remark.end is None else one.remark.end)
        ]
        return sorted(found, key=lambda one: (one.remark.time, one.id))[-limit:]

    def get(self, number: int) -> Annotation:
        """The annotation of that number. Raises ``NotFoundError``."""
        self._check()
        if number not in self._kept:
            raise NotFoundError(f"unknown annotation {number}")
        return self._kept[number]

    def add(self, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The new annotation."""
        self._check()
        made = Annotation(id=self._last + 1, remark=_kept(remark), author=author, created=now)
        self._journal.append((telling(made, None),))
        self._last += 1
        self._kept[made.id] = made
        return made

    def correct(self, number: int, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The annotation with another remark. Raises ``NotFoundError``."""
        before = self.get(number)
        after = replace(before, remark=_kept(remark), changed=now, changed_by=author)
        self._journal.append((telling(after, before),))
        self._kept[number] = after
        return after

    def remove(self, number: int, telling: Telling) -> Annotation:
        """The annotation, which is gone. Raises ``NotFoundError``."""
        gone = self.get(number)
        self._journal.append((telling(gone, gone),))
        del self._kept[number]
        return gone

    def rename(self, names: Sequence[tuple[str, str]]) -> None:
        """Have the annotations of tags go with their new names: old and new, in the order in which they were renamed."""
        self._check()
        for old, new in names:
            for number, one in self._kept.items():
                tags = [new if tag == old else tag for tag in one.remark.tags]
                self._kept[number] = replace(one, remark=_kept(replace(one.remark, tags=tags)))

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing


def _kept(remark: Remark) -> Remark:
    return replace(remark, tags=tuple(sorted(set(remark.tags))))
