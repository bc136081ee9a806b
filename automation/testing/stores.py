"""Stores of tests: what they keep is in memory, and they fail when told to."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Generic, TypeVar

from automation.cvt.derived_store import Kept
from automation.cvt.override_store import Override
from automation.cvt.retained_store import Retained
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.store import AlarmRecord
from automation.outputs.tag_outs import TagOut

T = TypeVar("T")


class MemoryAlarmStore:
    """An alarm store that keeps states in ``facts`` and journal rows in ``events``, oldest first; survives its manager.

    failing: raised by every ``load`` and ``save`` while it is set. saves: how many were taken.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Facts] = {}
        self.events: list[Event] = []
        self.failing: Exception | None = None
        self.saves = 0
        self._lock = threading.Lock()

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of all rows, oldest first."""
        return [event.kind for event in self.events]

    def load(self) -> Mapping[str, Facts]:
        """The kept states by name."""
        if self.failing is not None:
            raise self.failing
        return dict(self.facts)

    def save(self, records: Sequence[AlarmRecord], events: Sequence[Event], removed: Sequence[str] = ()) -> None:
        """Keep states and rows, all or nothing."""
        if self.failing is not None:
            raise self.failing
        with self._lock:
            for name in removed:
                self.facts.pop(name, None)
            self.facts.update({record.name: record.facts for record in records})
            self.events.extend(events)
            self.saves += 1


class _MemoryKept(Generic[T]):
    """A store that keeps things by key in ``kept`` and survives its owner.

    failing: raised by every ``load`` and ``save`` while it is set. saves: how many were taken.
    """

    def __init__(self) -> None:
        self.kept: dict[str, T] = {}
        self.failing: Exception | None = None
        self.saves = 0

    def load(self) -> Mapping[str, T]:
        """What was kept, by key."""
        if self.failing is not None:
            raise self.failing
        return dict(self.kept)

    def save(self, kept: Mapping[str, T], now: float, gone: Collection[str] = ()) -> None:
        """Keep what is given and forget the keys gone."""
        if self.failing is not None:
            raise self.failing
        for key in gone:
            self.kept.pop(key, None)
        self.kept.update(kept)
        self.saves += 1


class MemoryDerivedStore(_MemoryKept[Kept]):
    """A store of derived tags: their memories by the name of the tag."""


class MemoryRetainedStore(_MemoryKept[Retained]):
    """A store of retained tags: their values by key."""


class MemoryOverrideStore:
    """A store of overrides that keeps them in ``kept``; survives its ``Overrides``.

    failing: raised by every ``load`` and ``save`` while it is set.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Override] = {}
        self.failing: Exception | None = None

    def load(self) -> Mapping[str, Override]:
        """What was kept, by key."""
        if self.failing is not None:
            raise self.failing
        return dict(self.kept)

    def save(self, kept: Mapping[str, Override], gone: Collection[str] = ()) -> None:
        """Keep the overrides and forget the keys gone."""
        if self.failing is not None:
            raise self.failing
        for key in gone:
            self.kept.pop(key, None)
        self.kept.update(kept)


class MemoryTagOutStore:
    """Tag-outs in memory; see ``outputs.tag_outs.TagOutStore``. failure: raised by every save while set."""

    def __init__(self) -> None:
        self.kept: dict[str, TagOut] = {}
        self.failure: StorageError | None = None

    def load(self) -> Mapping[str, TagOut]:
        """What was kept."""
        return dict(self.kept)

    def save(self, tag: str, kept: TagOut | None) -> None:
        """Keep it, or forget the tag's."""
        if self.failure is not None:
            raise self.failure
        if kept is None:
            self.kept.pop(tag, None)
        else:
            self.kept[tag] = kept
