"""The store of alarms: where their state survives a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.model.event import Event
from automation.observers.alarms.facts import Facts


@dataclass(frozen=True, kw_only=True)
class AlarmRecord:
    """The state of one alarm as it is kept."""

    name: str
    facts: Facts


class AlarmStore(Protocol):
    """Keeps the state of every alarm, and the journal rows that led to it, as one unit."""

    def load(self) -> Mapping[str, Facts]:
        """The kept state of every alarm by name. Raises ``StorageError``."""

    def save(self, records: Sequence[AlarmRecord], events: Sequence[Event], removed: Sequence[str] = ()) -> None:
        """Keep the records, forget the removed names and journal the events in their order: all of it, or nothing.

        At most one record per name, none of a removed one. Raises ``StorageError``; then nothing has changed.
        """
