"""The store of the configuration: where its objects survive a restart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from automation.model.configuration import ConfigObject, Entry, Key, ObjectKind
from automation.model.event import Event

PROJECT = "project"
IDENTIFIED = (ObjectKind.TAG, ObjectKind.LINK)  # kinds whose objects have an id, which a rename leaves as it is
_APP = "app:"


def owner_of(app: str) -> str:
    """The owner of what an application declares."""
    return f"{_APP}{app}"


def app_of(owner: str) -> str | None:
    """The application that declares what the owner owns, None for the project's."""
    return owner.removeprefix(_APP) if owner.startswith(_APP) else None


@dataclass(frozen=True, kw_only=True)
class Record:
    """One object as it is kept; of a removed one the last body.

    id: of a tag or a link. base_hash: of what apps and files wanted when they and the running configuration last agreed, None if
    that was nothing. from_files: it was said by the project's files, not by an app's declaration. removed: it does not run; kept
    as an app declares it, or because the files do not know yet.
    """

    object: ConfigObject
    id: str = ""
    owner: str = PROJECT
    base_hash: str | None = None
    from_files: bool = False
    removed: bool = False
    changed_us: int = 0
    changed_by: str = ""

    @property
    def key(self) -> Key:
        """Kind and name."""
        return self.object.kind, self.object.name

    @property
    def running_hash(self) -> str | None:
        """Of what runs, None if nothing does."""
        return None if self.removed else self.object.hash

    @property
    def edited(self) -> bool:
        """True if what runs is not what apps and files last agreed to."""
        return self.running_hash != self.base_hash

    def entry(self) -> Entry:
        """The object as others see it."""
        return Entry(
            object=self.object,
            id=self.id,
            owner=self.owner,
            edited=self.edited,
            changed_us=self.changed_us,
            changed_by=self.changed_by,
        )


def sorted_records(records: Iterable[Record]) -> Sequence[Record]:
    """The records in the order of kind and name."""
    return tuple(sorted(records, key=lambda record: (record.object.kind.value, record.object.name)))


@dataclass(frozen=True, kw_only=True)
class Stored:
    """All that is kept. revision: raised by every change. made_ids: ids of the tags that equipment makes, by name."""

    revision: int = 0
    records: Sequence[Record] = ()
    made_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """One change as it is written. before: the revision that it was made on; the next one is kept with it.

    forgotten: keys whose records go. made_ids: new ones by name; forgotten_ids: names whose ids go.
    """

    before: int
    records: Sequence[Record] = ()
    forgotten: Sequence[Key] = ()
    made_ids: Mapping[str, str] = field(default_factory=dict)
    forgotten_ids: Sequence[str] = ()
    events: Sequence[Event] = ()


class ConfigStore(Protocol):
    """Keeps the objects of the configuration, and the journal rows of their changes, as one unit."""

    def load(self) -> Stored:
        """All that is kept, in the order of kind and name. Raises ``StorageError``."""

    def save(self, writing: Writing) -> None:
        """Keep the records in place of those of the same key, forget what goes, and journal the events: all of it, or nothing.

        Raises ``StorageError``, and ``ConflictError`` with the reason ``changed`` if another process has written since; then
        nothing has changed.
        """
