"""The configuration as values: objects, what may be done to them, and what a change or a plan comes to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from automation.model.alarm import AlarmDefinition
from automation.model.errors import ConfigError
from automation.model.event import SYSTEM
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.tag import Tag

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Body: TypeAlias = Mapping[str, Json]


class ObjectKind(Enum):
    """What can be configured; the value is the word in files and in the interface."""

    LINK = "link"
    TYPE = "type"
    EQUIPMENT = "equipment"
    TAG = "tag"
    ALARM = "alarm"


@dataclass(frozen=True, kw_only=True)
class ConfigObject:
    """One object as it is written in a file: body has its ``name`` and every field that differs from the default."""

    kind: ObjectKind
    name: str
    body: Body

    @cached_property
    def text(self) -> str:
        """The body as canonical JSON, the same for equal bodies."""
        return json.dumps(self.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def key(self) -> Key:
        """Kind and name."""
        return self.kind, self.name


Key: TypeAlias = tuple[ObjectKind, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An object of the running configuration.

    id: of a tag or a link, never changed; empty for other kinds. owner: ``project``, ``app:<name>`` that declares it, or
    ``equipment:<name>`` that it was made from. edited: changed while running, and neither exported nor in the files since.
    changed_us: microseconds since the epoch.
    """

    object: ConfigObject
    id: str = ""
    owner: str = "project"
    edited: bool = False
    changed_us: int = 0
    changed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Put:
    """Make an object, or change it. body: whole, checked when the change is made.

    new: True for one that must not be there yet, False for one that must, None for either. seen: the hash that the caller saw;
    refused if the object has another one by now.
    """

    kind: ObjectKind
    body: Body
    new: bool | None = None
    seen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delete:
    """Remove an object; refused while others use it."""

    kind: ObjectKind
    name: str
    seen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rename:
    """Give a tag, a link or an alarm another name, and what refers to it follows.

    A tag keeps its id and its history, an alarm its state; a link takes its tags along.
    """

    name: str
    new_name: str
    kind: ObjectKind = ObjectKind.TAG


@dataclass(frozen=True, kw_only=True)
class Enable:
    """Have an alarm judged, or judged no more; also one that equipment makes, or that a link or an output brings with it.

    enabled: what it shall be; refused if it is that already.
    """

    name: str
    enabled: bool
    kind: ObjectKind = ObjectKind.ALARM


Change: TypeAlias = Put | Delete | Rename | Enable


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing wrong with a configuration.

    place: ``file:line`` or ``row 7``, empty where there is none. subject: such as ``tag TK101``. field: dotted, empty for the
    whole. suggestion: what was probably meant, empty if nobody knows.
    """

    subject: str
    message: str
    field: str = ""
    place: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """The mistake as one line."""
        parts = [part for part in (self.place, self.subject, self.field, self.message) if part]
        return ": ".join(parts) + (f"; did you mean {self.suggestion}?" if self.suggestion else "")


class InvalidConfigurationError(ConfigError):
    """A configuration with mistakes; nothing of it was taken. mistakes: all of them, each with place, object and field."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Who uses a tag. kind: ``alarm``, ``tag``, ``machine``, ``screen`` or ``equipment``; how: such as ``port level``."""

    kind: str
    name: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What a change of the configuration does to the running parts; a renamed tag or link is a pair of different names.

    machines: those of equipment, which are changed in place only if nothing but their texts differs. actor, origin, reason: who
    wants it, from where, and why, if anybody said so.
    """

    links_added: Sequence[LinkDeclaration] = ()
    links_changed: Sequence[tuple[LinkDeclaration, LinkDeclaration]] = ()
    links_removed: Sequence[LinkDeclaration] = ()
    tags_added: Sequence[Tag] = ()
    tags_changed: Sequence[tuple[Tag, Tag]] = ()
    tags_removed: Sequence[Tag] = ()
    alarms_added: Sequence[AlarmDefinition] = ()
    alarms_changed: Sequence[tuple[AlarmDefinition, AlarmDefinition]] = ()
    alarms_removed: Sequence[AlarmDefinition] = ()
    machines_added: Sequence[MachineDeclaration] = ()
    machines_changed: Sequence[tuple[MachineDeclaration, MachineDeclaration]] = ()
    machines_removed: Sequence[MachineDeclaration] = ()
    actor: str = SYSTEM
    origin: str = "runtime"
    reason: str = ""

    @property
    def empty(self) -> bool:
        """True if nothing that runs is touched."""
        return not any(
            (
                self.links_added,
                self.links_changed,
                self.links_removed,
                self.tags_added,
                self.tags_changed,
                self.tags_removed,
                self.alarms_added,
                self.alarms_changed,
                self.alarms_removed,
                self.machines_added,
                self.machines_changed,
                self.machines_removed,
            )
        )


@dataclass(frozen=True, kw_only=True)
class ChangeResult:
    """What a change came to. restart: lines about what takes effect only at the next start. warnings: what should be mended."""

    added: Sequence[Key] = ()
    changed: Sequence[Key] = ()
    removed: Sequence[Key] = ()
    restart: Sequence[str] = ()
    warnings: Sequence[str] = ()


class Action(Enum):
    """What a plan would do to an object, or what it found. DRIFT: changed while running, unknown to apps and files."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    CONFLICT = "conflict"
    DRIFT = "drift"


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One object in a plan. fields: old and new by dotted field. touches: running alarms, history and equipment, in words."""

    action: Action
    kind: ObjectKind
    name: str
    fields: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    touches: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What apply would do now. restart, warnings: as in a result."""

    lines: Sequence[PlanLine] = ()
    restart: Sequence[str] = ()
    warnings: Sequence[str] = ()

    @property
    def conflicts(self) -> Sequence[PlanLine]:
        """Edits that were not exported and that apply would overwrite; it refuses unless told to."""
        return [line for line in self.lines if line.action is Action.CONFLICT]

    @property
    def changes(self) -> Sequence[PlanLine]:
        """What apply would add, change and remove."""
        return [line for line in self.lines if line.action in (Action.ADD, Action.CHANGE, Action.REMOVE)]


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How a table is imported. dry_run: only tell what would happen. good_rows: apply good rows though others have mistakes.

    create: refuse rows whose object is there already, in place of changing it.
    """

    dry_run: bool = True
    good_rows: bool = False
    create: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """One row of a table. row: its number as a spreadsheet shows it. action: ``add``, ``change``, ``same`` or ``bad``."""

    row: int
    name: str
    action: str
    mistakes: Sequence[Mistake] = ()
    fields: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did, or would do. applied: the good rows are in the running configuration now."""

    rows: Sequence[ImportRow] = ()
    applied: bool = False
    result: ChangeResult = field(default_factory=ChangeResult)
