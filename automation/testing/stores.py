"""Stores of tests: what they keep is in memory, and they fail when told to."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence

from automation.cvt.derived_store import Kept
from automation.cvt.override_store import Override
from automation.cvt.retained_store import Retained
from automation.model.event import Event
from automation.observers.alarms.alarm import Facts
from automation.observers.alarms.store import AlarmRecord


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


class MemoryDerivedStore:
    """A store of derived tags that keeps their memories in ``kept``; survives its ``DerivedTags``.

    failing: raised by every ``load`` and ``save`` while it is set. saves: how many were taken.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.failing: Exception | None = None
        self.saves = 0

    def load(self) -> Mapping[str, Kept]:
        """What was kept, by the name of the tag."""
        if self.failing is not None:
            raise self.failing
        return dict(self.kept)

    def save(self, kept: Mapping[str, Kept], now: float, gone: Collection[str] = ()) -> None:
        """Keep the memories of the given tags and forget those gone."""
        if self.failing is not None:
            raise self.failing
        for key in gone:
            self.kept.pop(key, None)
        self.kept.update(kept)
        self.saves += 1


class MemoryRetainedStore:
    """A store of retained tags that keeps their values in ``kept``; survives its ``SoftTags``.

    failing: raised by every ``load`` and ``save`` while it is set. saves: how many were taken.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Retained] = {}
        self.failing: Exception | None = None
        self.saves = 0

    def load(self) -> Mapping[str, Retained]:
        """What was kept, by key."""
        if self.failing is not None:
            raise self.failing
        return dict(self.kept)

    def save(self, kept: Mapping[str, Retained], now: float, gone: Collection[str] = ()) -> None:
        """Keep the values and forget the keys gone."""
        if self.failing is not None:
            raise self.failing
        for key in gone:
            self.kept.pop(key, None)
        self.kept.update(kept)
        self.saves += 1


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
