"""A store of the configuration and running parts for tests: both only remember, and fail when told to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Effects, Key
from automation.model.errors import AutomationError, ConflictError
from automation.model.event import Event
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.tag import Tag
from automation.project.store import Record, Stored, Writing, sorted_records

T = TypeVar("T", bound=Tag | AlarmDefinition | MachineDeclaration | LinkDeclaration)


class MemoryConfigStore:
    """A store that keeps ``records`` by key and journal rows in ``events``, oldest first; survives its ``Configuration``.

    failing: raised by every ``load`` and ``save`` while it is set. saves: how many were taken.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.records: dict[Key, Record] = {}
        self.made_ids: dict[str, str] = {}
        self.events: list[Event] = []
        self.failing: Exception | None = None
        self.saves = 0

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of all rows, oldest first."""
        return [event.kind for event in self.events]

    def load(self) -> Stored:
        """All that is kept, in the order of kind and name."""
        if self.failing is not None:
            raise self.failing
        records, made_ids = sorted_records(self.records.values()), dict(sorted(self.made_ids.items()))
        return Stored(revision=self.revision, records=records, made_ids=made_ids)

    def save(self, writing: Writing) -> None:
        """Keep the change, all or nothing."""
        if self.failing is not None:
            raise self.failing
        if writing.before != self.revision:
            raise ConflictError("the configuration was changed by another process; restart the runtime", "changed")
        for key in writing.forgotten:
            self.records.pop(key, None)
        for name in writing.forgotten_ids:
            self.made_ids.pop(name, None)
        self.records.update({record.key: record for record in writing.records})
        self.made_ids.update(writing.made_ids)
        self.events.extend(writing.events)
        self.revision += 1
        self.saves += 1


class FakeLive:
    """Running parts that follow every change in ``links``, ``tags``, ``alarms`` and ``machines``, all by name.

    refusing: raised by every ``prepare`` while it is set; failing: by every ``commit``. restart: what each change would need a
    restart for. effects: of all changes carried out, oldest first.
    """

    def __init__(
        self,
        tags: Sequence[Tag] = (),
        alarms: Sequence[AlarmDefinition] = (),
        machines: Sequence[MachineDeclaration] = (),
        links: Sequence[LinkDeclaration] = (),
    ) -> None:
        self.links = {link.name: link for link in links}
        self.tags = {tag.name: tag for tag in tags}
        self.alarms = {alarm.name: alarm for alarm in alarms}
        self.machines = {machine.name: machine for machine in machines}
        self.effects: list[Effects] = []
        self.refusing: AutomationError | None = None
        self.failing: Exception | None = None
        self.restart: Sequence[str] = ()

    def prepare(self, effects: Effects) -> _Prepared:
        """The change, ready to be carried out."""
        if self.refusing is not None:
            raise self.refusing
        return _Prepared(self, effects)

    def carry_out(self, effects: Effects) -> None:
        """Follow the change. Raises ``AssertionError`` if it does not fit what is there."""
        if self.failing is not None:
            raise self.failing
        _follow(self.links, effects.links_removed, effects.links_changed, effects.links_added)
        _follow(self.tags, effects.tags_removed, effects.tags_changed, effects.tags_added)
        _follow(self.alarms, effects.alarms_removed, effects.alarms_changed, effects.alarms_added)
        _follow(self.machines, effects.machines_removed, effects.machines_changed, effects.machines_added)
        self.effects.append(effects)


class _Prepared:
    """A change that waits for its commit."""

    def __init__(self, live: FakeLive, effects: Effects) -> None:
        self.restart = live.restart
        self._live = live
        self._effects = effects

    def commit(self, now: float) -> None:
        """Have the parts follow."""
        assert now > 0
        self._live.carry_out(self._effects)


def _follow(there: dict[str, T], removed: Sequence[T], changed: Sequence[tuple[T, T]], added: Sequence[T]) -> None:
    going: list[T] = [*removed, *(old for old, _ in changed)]
    coming: list[T] = [*added, *(new for _, new in changed)]
    for item in going:
        assert there.pop(item.name) == item
    for item in coming:
        assert item.name not in there
        there[item.name] = item
