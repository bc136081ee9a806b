"""Tag-outs: a lock with a note and a name hung on an output; it survives a restart."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.model.errors import ConflictError, InterlockedError, InvalidValueError, NotFoundError

NOTE_MAX = 500


@dataclass(frozen=True, kw_only=True)
class TagOut:
    """Who has locked the output, why, and when (POSIX seconds)."""

    tag: str
    owner: str
    note: str
    time: float


class TagOutStore(Protocol):
    """Keeps one tag-out per tag."""

    def load(self) -> Mapping[str, TagOut]:
        """What was kept, by tag. Raises ``StorageError``."""

    def save(self, tag: str, kept: TagOut | None) -> None:
        """Keep it, or forget the tag's. Raises ``StorageError``; then nothing has changed."""


class TagOuts:
    """All tag-outs; from any thread. Raises ``StorageError``."""

    def __init__(self, store: TagOutStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept = dict(store.load())

    def hang(self, tag: str, owner: str, note: str, now: float) -> TagOut:
        """The tag-out, kept before this returns.

        Raises ``InvalidValueError`` without a note, ``ConflictError`` if there is one already, ``StorageError``.
        """
        words = note.strip()
        if not 0 < len(words) <= NOTE_MAX:
            raise InvalidValueError(f"{tag}: note: a tag-out needs one, of at most {NOTE_MAX} characters")
        with self._lock:
            there = self._kept.get(tag)
            if there is not None:
                raise ConflictError(f"{tag} is tagged out by {there.owner} already: {there.note}", "tagged_out")
            given = TagOut(tag=tag, owner=owner, note=words, time=now)
            self._store.save(tag, given)
            self._kept = {**self._kept, tag: given}
        return given

    def remove(self, tag: str) -> TagOut:
        """The tag-out that is gone now. Raises ``NotFoundError``, ``StorageError``."""
        with self._lock:
            gone = self._kept.get(tag)
            if gone is None:
                raise NotFoundError(f"{tag} is not tagged out")
            self._store.save(tag, None)
            self._kept = {name: kept for name, kept in self._kept.items() if name != tag}
        return gone

    def rename(self, old: str, new: str) -> None:
        """Have the tag-out follow the tag's new name. Raises ``StorageError``."""
        with self._lock:
            there = self._kept.get(old)
            if there is None:
                return
            moved = TagOut(tag=new, owner=there.owner, note=there.note, time=there.time)
            self._store.save(new, moved)
            self._store.save(old, None)
            self._kept = {**{name: kept for name, kept in self._kept.items() if name != old}, new: moved}

    def of(self, tag: str) -> TagOut | None:
        """The tag's tag-out."""
        return self._kept.get(tag)

    def all(self) -> Sequence[TagOut]:
        """Every tag-out, the oldest first."""
        return sorted(self._kept.values(), key=lambda each: each.time)

    def check(self, tag: str) -> None:
        """Do nothing if the tag is not locked. Raises ``InterlockedError`` with name and note."""
        there = self._kept.get(tag)
        if there is not None:
            raise InterlockedError(f"{tag} is tagged out by {there.owner}: {there.note}")
