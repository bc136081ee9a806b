"""A small plant behind the commands: the real table, users and journal; devices, alarms and machines that do as told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from automation.commands.service import Commands, Records
from automation.cvt.overrides import Overrides
from automation.cvt.table import Cvt
from automation.model.configuration import (
    Change,
    ChangeResult,
    ConfigObject,
    Entry,
    ImportOptions,
    ImportReport,
    Mistake,
    ObjectKind,
    Plan,
)
from automation.model.errors import AutomationError, ConflictError, NotFoundError
from automation.model.output import Operate, Output
from automation.model.philosophy import PLAIN_CLASS, AlarmClass
from automation.model.tag import DataType, Tag
from automation.observers.alarms.replay.jobs import Job, JobState
from automation.observers.historian.historian import Historian
from automation.observers.machines.view import MachineView
from automation.observers.notifications.courier import Tried
from automation.security.accounts import Accounts
from automation.security.login import Authenticator
from automation.security.principal import Principal, Role
from automation.security.tokens import Tokens
from automation.security.users import User
from automation.testing.backups import ListedBackups
from automation.testing.exports import MemoryExports
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads
from automation.testing.journal import MemoryJournal
from automation.testing.outputs import MirrorOutputs
from automation.testing.records import memory_records
from automation.testing.referencing import MemoryReferenceStore
from automation.testing.stores import MemoryOverrideStore
from automation.testing.users import MemoryPreferenceStore, MemoryUserStore, cheap_passwords
from automation.testing.workbench import MemoryWorkbench

GOOD = "heron-lake-42-north"
ORIGIN = "rest 10.0.0.1"


@dataclass
class Alarms:
    """Alarms of which one, TK101.H, can be acknowledged."""

    acknowledged: list[tuple] = field(default_factory=list)
    done: list[tuple] = field(default_factory=list)

    def class_of(self, name: str) -> AlarmClass:
        return PLAIN_CLASS

    def acknowledge(self, name: str, actor: str, comment: str, occurrence_id: str | None, now: float, origin: str) -> str:
        if name != "TK101.H":
            raise NotFoundError(f"unknown alarm {name}")
        if self.acknowledged:
            raise ConflictError(f"alarm {name} is acknowledged already", "already_acked")
        self.acknowledged.append((name, actor, comment, occurrence_id, now, origin))
        return "view of TK101.H"

    def list(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="TK101.H")]

    def __getattr__(self, command: str) -> Callable[..., str]:
        """Every other command: noted, and refused as out of service if it is already noted."""

        def note(name: str, *given: object, **more: object) -> str:
            if name != "TK101.H":
                raise NotFoundError(f"unknown alarm {name}")
            if command in [done for done, *_ in self.done]:
                raise ConflictError(f"alarm {name}: {command} already", "already_done")
            self.done.append((command, *given, *more.values()))
            return f"view after {command}"

        return note


class Replays:
    """Replays that say yes, or raise ``refusal``; what was asked for in ``asked``."""

    def __init__(self):
        self.asked = []
        self.refusal = None

    def start(self, start, end, alarms, names, by):
        return self._told(("start", start, end, alarms, names, by))

    def cancel(self, job_id, by):
        return self._told(("cancel", job_id, by))

    def _told(self, asked):
        self.asked.append(asked)
        if self.refusal is not None:
            raise self.refusal
        return Job(id="r1", state=JobState.WAITING, start=0.0, end=7200.0, names=None, proposed=None, by=asked[-1], asked_at=0.0)


@dataclass
class Machines:
    """One machine, PUMPS, that is idle until it is started."""

    machine: MachineView = field(
        default_factory=lambda: MachineView(
            name="PUMPS", description="", area="", state="idle", state_since=0.0, states=(), commands=(), fault=None, ports=()
        )
    )
    actors: list[str] = field(default_factory=list)

    def view(self, name: str) -> MachineView:
        if name != "PUMPS":
            raise NotFoundError(f"unknown machine {name}")
        return self.machine

    def command(self, name: str, command: str, actor: str, now: float) -> MachineView:
        if command != "start":
            raise ConflictError(f"{name}: {command} is not taken in {self.machine.state}", "not_now")
        self.actors.append(actor)
        self.machine = replace(self.machine, state="running")
        return self.machine


@dataclass
class Configuration:
    """A configuration that remembers what it was asked, and refuses it while ``failure`` is set."""

    failure: AutomationError | None = None
    changes: list[Change] = field(default_factory=list)
    asked: list[tuple] = field(default_factory=list)
    there: ConfigObject = field(
        default_factory=lambda: ConfigObject(
            kind=ObjectKind.TAG,
            name="TK101.SP",
            body={"name": "TK101.SP", "unit": "m", "checks": {"stale_s": 5.0, "max_rate": 1.0}, "area": "north"},
        )
    )

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        if (kind, name) != self.there.key:
            raise NotFoundError(f"unknown {kind.value} {name}")
        return Entry(object=self.there)

    def change(self, changes: list[Change], actor: str, origin: str, now: float) -> ChangeResult:
        if self.failure is not None:
            raise self.failure
        self.changes += changes
        self.asked.append((actor, origin, now))
        return ChangeResult(restart=("scan classes",))

    def plan_changes(self, changes: list[Change]) -> Plan:
        self.changes += changes
        return Plan(restart=("planned",))


@dataclass
class Project:
    """A project that remembers what it was asked."""

    failure: AutomationError | None = None
    asked: list[tuple] = field(default_factory=list)

    def validate(self, files: dict[str, str]) -> tuple[list[Mistake], dict[ObjectKind, int]]:
        return [Mistake(subject="tag A", message="wrong")], {ObjectKind.TAG: len(files)}

    def plan(self, files: dict[str, str]) -> Plan:
        return Plan(restart=tuple(files))

    def apply(self, files: dict[str, str], actor: str, origin: str, now: float, overwrite: bool = False) -> ChangeResult:
        return self._done(ChangeResult(), "apply", files, actor, origin, now, overwrite)

    def export(self, actor: str, origin: str, now: float, mark: bool = False) -> dict[str, str]:
        return self._done({"project.toml": "format = 1"}, "export", actor, origin, now, mark)

    def import_table(
        self, kind: ObjectKind, data: bytes, format: str, options: ImportOptions, actor: str, origin: str, now: float
    ) -> ImportReport:
        return self._done(ImportReport(), "import", kind, data, format, options, actor, origin, now)

    def check(self, kind: ObjectKind, body: dict, name: str | None = None) -> list[Mistake]:
        return [Mistake(subject=f"{kind.value} {name}", message="wrong")]

    def _done(self, result: object, *asked: object) -> object:
        if self.failure is not None:
            raise self.failure
        self.asked.append(asked)
        return result


@dataclass
class Channels:
    """Channels that try what they are asked to, or refuse."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    refusal: Exception | None = None

    def test(self, channel: str, person: str, actor: str, now: float) -> Tried:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((channel, person, actor))
        return Tried(ok=channel != "dead", message=f"sent by {channel}", seconds=0.1)


@dataclass
class Plant:
    """Everything a test of the commands looks at."""

    commands: Commands
    cvt: Cvt
    devices: MirrorOutputs
    alarms: Alarms
    replays: Replays
    history_store: MemoryHistoryStore
    channels: Channels
    machines: Machines
    configuration: Configuration
    project: Project
    overrides: Overrides
    references: MemoryReferenceStore
    preferences: MemoryPreferenceStore
    journal: MemoryJournal
    records: Records
    users: MemoryUserStore
    authenticator: Authenticator

    @property
    def row(self):
        """The newest event."""
        return self.journal.events[-1]


def principal(role: Role, name: str | None = None, **rest) -> Principal:
    return Principal(name=name or role.label, role=role, origin=ORIGIN, **rest)


@pytest.fixture
def who():
    """Make a principal of a role."""
    return principal


@pytest.fixture
def plant(clock) -> Plant:
    cvt = Cvt()
    cvt.add(
        [
            Tag(name="TK101.LT", unit="m", source="plc/input:0", initial=None),
            Tag(name="TK101.SP", unit="m", writable=True, initial=3.0, range=(0.0, 8.0)),
            Tag(name="TK101.GAIN", writable=True, write_role="engineer", initial=1.0),
            Tag(name="TK101.MODE", type=DataType.ENUM, states={0: "Off", 1: "Auto"}, writable=True, initial=0),
            Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True, initial=True),
            Output(name="TK101.FV", type=DataType.BOOL, source="plc/coil:3", safe=False, continuous=True, initial=False),
            Output(name="ASK.CMD", type=DataType.BOOL, source="plc/coil:4", safe=False, max_on_s=60.0, operate=Operate.CONFIRM),
            Output(name="PICK.CMD", type=DataType.BOOL, source="plc/coil:5", safe=False, max_on_s=60.0, operate=Operate.SELECT),
        ],
        clock.now(),
    )
    journal, passwords = MemoryJournal(), cheap_passwords()
    kept = passwords.hash(GOOD)
    users = MemoryUserStore(journal, *(User(name=role.label, role=role, password_hash=kept) for role in Role))
    authenticator = Authenticator(users, passwords, Tokens(b"s" * 32), journal)
    devices, alarms, machines = MirrorOutputs(cvt, clock, ["east"]), Alarms(), Machines()
    configuration, project, overrides = Configuration(), Project(), Overrides(cvt, MemoryOverrideStore(), clock.now())
    replays, channels = Replays(), Channels()
    history_store = MemoryHistoryStore()
    history = Historian(cvt, history_store, MemoryReads(history_store), MemoryExports(history_store))
    records = memory_records(journal)
    references, preferences = MemoryReferenceStore(journal), MemoryPreferenceStore(journal)
    commands = Commands(
        tags=cvt,
        outputs=devices,
        alarms=alarms,
        machines=machines,
        configuration=configuration,
        project=project,
        replays=replays,
        backups=ListedBackups(),
        history=history,
        notifications=channels,
        records=records,
        workbench=MemoryWorkbench(),
        overrides=overrides,
        references=references,
        preferences=preferences,
        accounts=Accounts(users, passwords),
        authenticator=authenticator,
        journal=journal,
        clock=clock,
    )
    devices.on_rest(commands.outputs.rested)
    return Plant(
        commands=commands,
        cvt=cvt,
        devices=devices,
        alarms=alarms,
        replays=replays,
        history_store=history_store,
        channels=channels,
        machines=machines,
        configuration=configuration,
        project=project,
        overrides=overrides,
        references=references,
        preferences=preferences,
        journal=journal,
        records=records,
        users=users,
        authenticator=authenticator,
    )
