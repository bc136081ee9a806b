"""What the REST interface needs of the runtime, as interfaces: everything to read, and one way to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from automation.acquisition.trial import AddressLook, Trial
from automation.annotations.annotation import Annotation, Remark
from automation.annotations.store import Annotations
from automation.commands.alarm_bulk import AlarmBulkCommands
from automation.commands.alarm_switches import AlarmSwitchCommands
from automation.commands.displays import DisplayCommands
from automation.commands.outputs import OutputCommands
from automation.cvt.override_store import Override
from automation.cvt.table import Cvt
from automation.events.reader import EventLog
from automation.events.view import EventItem
from automation.guard.status import GuardStatus
from automation.logbook.entry import Content
from automation.logbook.entry import Entry as LogEntry
from automation.logbook.plan import LogbookPlan
from automation.logbook.store import Logbook
from automation.model.backup import Backup, BackupStatus
from automation.model.configuration import (
    Body,
    ChangeResult,
    Entry,
    ImportOptions,
    ImportReport,
    Key,
    Mistake,
    ObjectKind,
    Plan,
    Usage,
)
from automation.model.discovery import Discovery, TreeNode, Variables
from automation.model.estop import EstopState
from automation.model.keeping import HistoryPlan
from automation.model.philosophy import Philosophy
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.analytics.service import Analytics
from automation.observers.alarms.journal.reader import AlarmJournal
from automation.observers.alarms.replay.jobs import Job
from automation.observers.alarms.view import AlarmCounts, AlarmView
from automation.observers.alarms.why import Why
from automation.observers.historian.backfill import BackfillReport, Given
from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.answers import Answer
from automation.observers.historian.queries.question import Question
from automation.observers.historian.series import BucketSeries
from automation.observers.machines.view import MachineView
from automation.observers.notifications.courier import Tried
from automation.observers.notifications.store import Delivery
from automation.observers.notifications.view import NotificationsView
from automation.outputs.leases import Leases
from automation.outputs.look import OutputLook
from automation.outputs.tag_outs import TagOuts
from automation.publishers.rest.tag_query import TagDirectory
from automation.referencing.line import Surveyed
from automation.referencing.point import ReferencePoint
from automation.referencing.table import TableFormat
from automation.security.login import Session
from automation.security.preferences import Preferences
from automation.security.principal import Permission, Principal
from automation.security.users import User
from automation.storage.journal import EventJournal
from automation.system.clock import Clock

Raw: TypeAlias = tuple[Value, Quality, float]


class Gate(Protocol):
    """Where routes declare who may use them, and where they learn who calls."""

    def declare(self, endpoint: str, method: str, permission: Permission | None, *, pending: bool = False) -> None:
        """Let callers with the permission, or everybody if None, use the method of the endpoint."""

    def principal(self) -> Principal:
        """The caller of the present request."""

    def token(self) -> str:
        """The token of the present request."""

    def origin(self) -> str:
        """The way in and the peer's address."""


class UserCommands(Protocol):
    """The commands on users."""

    def list(self, principal: Principal) -> Sequence[User]:
        """All users, by name."""

    def add(self, principal: Principal, name: str, role: str, password: str) -> User:
        """A new user who must change the password at the first login."""

    def change_password(self, principal: Principal, old_password: str, new_password: str) -> Session:
        """A session of the principal under the new password."""


class ConfigurationCommands(Protocol):
    """The commands on the configuration."""

    def create(self, principal: Principal, kind: ObjectKind, body: Body) -> ChangeResult:
        """What making the object came to."""

    def replace(self, principal: Principal, kind: ObjectKind, name: str, body: Body, seen: str | None = None) -> ChangeResult:
        """What giving the object another body came to."""

    def patch(self, principal: Principal, kind: ObjectKind, name: str, fields: Body) -> ChangeResult:
        """What changing some fields came to."""

    def delete(self, principal: Principal, kind: ObjectKind, name: str, seen: str | None = None) -> ChangeResult:
        """What removing the object came to."""

    def create_many(self, principal: Principal, kind: ObjectKind, bodies: Sequence[Body]) -> ChangeResult:
        """What making the objects came to."""

    def rename(self, principal: Principal, kind: ObjectKind, name: str, new_name: str) -> ChangeResult:
        """What giving the tag another name came to."""

    def apply(self, principal: Principal, files: Mapping[str, str], *, overwrite: bool = False) -> ChangeResult:
        """What applying the project came to."""

    def export(self, principal: Principal, *, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files."""

    def import_table(
        self, principal: Principal, kind: ObjectKind, data: bytes, format: str, options: ImportOptions
    ) -> ImportReport:
        """What the table came to, or would."""

    def validate(self, principal: Principal, files: Mapping[str, str]) -> tuple[Sequence[Mistake], Mapping[ObjectKind, int]]:
        """Every mistake of the project, and how many objects of each kind it holds."""

    def warnings(self, principal: Principal, files: Mapping[str, str]) -> Sequence[str]:
        """What should be mended of the project."""

    def plan(self, principal: Principal, files: Mapping[str, str]) -> Plan:
        """What applying the project would do."""

    def plan_replace(self, principal: Principal, kind: ObjectKind, name: str, body: Body, seen: str | None = None) -> Plan:
        """What ``replace`` would do."""

    def check(self, principal: Principal, kind: ObjectKind, body: Body, name: str | None = None) -> Sequence[Mistake]:
        """What is wrong with the body."""


class AlarmCommands(Protocol):
    """Commands on alarms."""

    def reset(self, principal: Principal, alarm: str, comment: str = "") -> AlarmView:
        """The alarm, latched no more."""

    def reset_first_out(self, principal: Principal, group: str, comment: str = "") -> Sequence[AlarmView]:
        """The alarms of the group that were marked."""

    def shelve(
        self, principal: Principal, alarm: str, reason: str, for_s: float | None = None, *, one_shot: bool = False
    ) -> AlarmView:
        """The alarm, silent for a time."""

    def unshelve(self, principal: Principal, alarm: str, reason: str = "") -> AlarmView:
        """The alarm, which may be heard again."""

    def take_out_of_service(self, principal: Principal, alarm: str, reason: str, work_order: str = "") -> AlarmView:
        """The alarm, silent for maintenance."""

    def return_to_service(self, principal: Principal, alarm: str, reason: str = "") -> AlarmView:
        """The alarm after its maintenance."""

    def suppress(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm, silent by design."""

    def unsuppress(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm without that reason to be silent."""

    def comment(self, principal: Principal, alarm: str, comment: str) -> AlarmView:
        """The alarm, with a comment in the journal."""


class ReplayCommands(Protocol):
    """Commands on replays of alarms."""

    def start(
        self,
        principal: Principal,
        start: float,
        end: float,
        alarms: Sequence[Body] | None = None,
        names: Sequence[str] | None = None,
    ) -> Job:
        """The replay, which waits for its turn."""

    def cancel(self, principal: Principal, job_id: str) -> Job:
        """The replay, ended."""


class BackupCommands(Protocol):
    """Commands on backups."""

    def start(self, principal: Principal) -> BackupStatus:
        """How backups fare, now that one is being made."""

    def remove(self, principal: Principal, name: str) -> None:
        """Remove one."""


class Backups(Protocol):
    """The backups of the installation. folder: where they are. keep: how many are kept."""

    @property
    def folder(self) -> Path:
        """Where they are."""

    @property
    def keep(self) -> int:
        """How many are kept."""

    def list(self) -> Sequence[Backup]:
        """The backups that are there, the newest first."""

    def status(self) -> BackupStatus:
        """How the next one fares."""


class HistoryCommands(Protocol):
    """Commands on the history."""

    def import_samples(self, principal: Principal, given: Iterable[Given], end: float | None = None) -> BackfillReport:
        """What became of samples from elsewhere."""


class LinkCommands(Protocol):
    """Commands of who configures links."""

    def test(self, principal: Principal, body: Body, address: str = "") -> Trial:
        """What came of a try."""

    def read(self, principal: Principal, link: str, addresses: Sequence[str]) -> Sequence[AddressLook]:
        """What the device gives now."""

    def children(self, principal: Principal, link: str, address: str) -> Sequence[TreeNode]:
        """What a node contains."""

    def variables(self, principal: Principal, link: str, address: str, limit: int) -> Variables:
        """All variables below a node."""

    def discover(self, principal: Principal, kind: str, url: str) -> Discovery:
        """Which servers and ways in there are."""

    def pin(self, principal: Principal, certificate: bytes) -> tuple[str, str]:
        """File and thumbprint of a certificate that is kept from now on."""


class OverrideCommands(Protocol):
    """The commands on overrides."""

    def force(self, principal: Principal, tag: str, value: Value, reason: str, unit: str | None = None) -> Sample:
        """The sample that is shown in place of the tag's own."""

    def release(self, principal: Principal, tag: str) -> Sample:
        """The tag's own sample again."""

    def take_out_of_service(self, principal: Principal, tag: str, reason: str) -> Sample:
        """The sample of the tag, BAD from now on."""

    def return_to_service(self, principal: Principal, tag: str, reason: str) -> Sample:
        """The sample of the tag as it is."""


class LinearReferenceCommands(Protocol):
    """The commands on reference points."""

    def add(
        self,
        principal: Principal,
        *,
        segment: str,
        km: float,
        latitude: float,
        longitude: float,
        elevation: float | None = None,
    ) -> ReferencePoint:
        """The new point."""

    def change(
        self,
        principal: Principal,
        point_id: int,
        *,
        segment: str,
        km: float,
        latitude: float,
        longitude: float,
        elevation: float | None = None,
    ) -> ReferencePoint:
        """The point after all its fields were replaced."""

    def remove(self, principal: Principal, point_id: int) -> None:
        """Forget a point."""

    def import_table(self, principal: Principal, data: bytes, form: TableFormat, options: ImportOptions) -> ImportReport:
        """What the table came to, or would."""


class PreferenceCommands(Protocol):
    """The commands on one's own preferences."""

    def get(self, principal: Principal) -> Preferences:
        """The preferences of the principal."""

    def put(
        self, principal: Principal, *, time_zone: str = "", language: str = "en", units: Mapping[str, str] | None = None
    ) -> Preferences:
        """The preferences of the principal after they were replaced by these."""


class NotificationCommands(Protocol):
    """Commands of who configures notifications."""

    def test(self, principal: Principal, channel: str, person: str = "") -> Tried:
        """What came of a test message."""


class EventCommands(Protocol):
    """Commands on events."""

    def comment(self, principal: Principal, seq: int, comment: str) -> EventItem:
        """The event, with the comment in the journal."""


class LogbookCommands(Protocol):
    """Commands on the log book."""

    def write(self, principal: Principal, content: Content) -> LogEntry:
        """The new entry."""

    def correct(self, principal: Principal, entry: int, seen: int, content: Content) -> LogEntry:
        """The entry with another version."""


class AnnotationCommands(Protocol):
    """Commands on annotations of the history."""

    def add(self, principal: Principal, remark: Remark) -> Annotation:
        """The new annotation."""

    def correct(self, principal: Principal, number: int, remark: Remark) -> Annotation:
        """The annotation with another remark."""

    def remove(self, principal: Principal, number: int) -> Annotation:
        """The annotation, which is gone."""


class Commands(Protocol):
    """The only way to change anything."""

    @property
    def users(self) -> UserCommands:
        """The commands on users."""

    @property
    def configuration(self) -> ConfigurationCommands:
        """The commands on the configuration."""

    @property
    def alarms(self) -> AlarmCommands:
        """What keeps alarms silent, and what people say of them."""

    @property
    def replays(self) -> ReplayCommands:
        """The commands on replays of alarms."""

    @property
    def backups(self) -> BackupCommands:
        """The commands on backups."""

    @property
    def alarm_switches(self) -> AlarmSwitchCommands:
        """The commands that enable and disable alarms."""

    @property
    def history(self) -> HistoryCommands:
        """The commands on the history."""

    @property
    def alarms_bulk(self) -> AlarmBulkCommands:
        """The commands on several alarms at once."""

    @property
    def links(self) -> LinkCommands:
        """A look at devices."""

    @property
    def outputs(self) -> OutputCommands:
        """The commands on outputs."""

    @property
    def overrides(self) -> OverrideCommands:
        """The commands on overrides."""

    @property
    def linear_references(self) -> LinearReferenceCommands:
        """The commands on reference points."""

    @property
    def preferences(self) -> PreferenceCommands:
        """The commands on one's own preferences."""

    @property
    def notifications(self) -> NotificationCommands:
        """The commands on notifications."""

    @property
    def events(self) -> EventCommands:
        """The commands on events."""

    @property
    def logbook(self) -> LogbookCommands:
        """The commands on the log book."""

    @property
    def annotations(self) -> AnnotationCommands:
        """The commands on annotations of the history."""

    @property
    def trend_groups(self) -> DisplayCommands:
        """The commands on trend groups, and what a person may read of them."""

    @property
    def dashboards(self) -> DisplayCommands:
        """The commands on dashboards, and what a person may read of them."""

    def acknowledge(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None) -> AlarmView:
        """The alarm after it was acknowledged."""

    def machine(self, principal: Principal, machine: str, command: str) -> MachineView:
        """The machine after the command."""

    def trip(self, principal: Principal, reason: str, zone: str = "") -> EstopState:
        """Latch the emergency stop, of the whole plant or of a zone."""

    def clear(self, principal: Principal, estop_id: str, reason: str) -> EstopState:
        """Clear the emergency stop of that id."""


class Configuration(Protocol):
    """The running configuration, to read."""

    def entries(self, kind: ObjectKind) -> Sequence[Entry]:
        """All objects of the kind, those made of equipment too."""

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        """One object. Raises ``NotFoundError``."""

    def parts_of(self, equipment: str) -> Sequence[Key]:
        """What the equipment makes."""

    def machines_of(self, equipment: str) -> Sequence[str]:
        """The names of the equipment's machines."""

    def tags_on(self, link: str) -> Sequence[str]:
        """The names of all tags on the link."""

    def users_of(self, tag: str) -> Sequence[Usage]:
        """Who uses the tag."""

    @property
    def edits(self) -> Sequence[Key]:
        """What was changed or removed while running, and neither exported nor in the files since."""


class Project(Protocol):
    """Files and tables, to read."""

    def export_table(self, kind: ObjectKind, names: Sequence[str] | None, format: str) -> bytes:
        """The objects of these names, or all, as a table."""

    def schema(self, kind: ObjectKind) -> Mapping[str, Any]:
        """The JSON Schema of the kind."""


class Overrides(Protocol):
    """The overrides of tags, to read."""

    def of(self, name: str) -> Override | None:
        """What lies over the tag."""


class LinearReferences(Surveyed, Protocol):
    """Points of lines, to read."""

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``."""

    def page(self, segment: str | None, limit: int, offset: int) -> tuple[Sequence[ReferencePoint], int]:
        """Points of the segment, or of all; and how many there are."""

    def all(self, segment: str | None = None) -> Sequence[ReferencePoint]:
        """Every point of the segment, or of all."""


class Alarms(Protocol):
    """All alarms."""

    @property
    def philosophy(self) -> Philosophy:
        """Classes and guidance of the site."""

    def list(self) -> Sequence[AlarmView]:
        """Every alarm at this instant."""

    def counts(self) -> AlarmCounts:
        """How many of them stand."""

    def of_tag(self, tag: str) -> Sequence[str]:
        """The names of the alarms that watch the tag."""

    def why(self, name: str, now: float) -> Why:
        """Why the alarm is in its state. Raises ``NotFoundError``."""


class Replays(Protocol):
    """Replays of alarms."""

    def list(self) -> Sequence[Job]:
        """Those that are remembered, the newest first."""

    def get(self, job_id: str) -> Job:
        """One of them. Raises ``NotFoundError``."""


class Notifications(Protocol):
    """Who is told of alarms, to read."""

    def view(self, now: float) -> NotificationsView:
        """Channels, rosters and rules at this instant."""

    def deliveries(
        self, limit: int, before: int | None = None, channel: str | None = None, state: str | None = None
    ) -> Sequence[Delivery]:
        """What was and is to be sent, newest first."""


class Machines(Protocol):
    """All machines."""

    def list(self) -> Sequence[MachineView]:
        """Every machine at this instant."""


class History(Protocol):
    """What was recorded."""

    def ask(self, question: Question) -> Answer:
        """The answer to a question."""

    def export(self, question: Question, form: FileFormat) -> Iterator[bytes]:
        """The whole answer as a file, piece by piece."""

    def buckets(self, names: Sequence[str], start: float, end: float, count: int) -> Sequence[BucketSeries]:
        """Each tag in the same count of equal buckets."""


class Outputs(Protocol):
    """The outputs, to look at."""

    @property
    def leases(self) -> Leases:
        """Which devices belong to whom."""

    @property
    def tag_outs(self) -> TagOuts:
        """Which outputs are locked."""

    def look(self, name: str, now: float) -> OutputLook:
        """An output at this instant. Raises ``UnknownTagError``."""

    def guard_status(self) -> GuardStatus | None:
        """What the guard told of itself last."""


class Estop(Protocol):
    """The emergency stop."""

    def estop(self) -> EstopState:
        """The latch as last heard of."""


class Login(Protocol):
    """Passwords in, tokens out."""

    def login(self, name: str, password: str, origin: str, now: float) -> Session:
        """A session for the right password. Raises ``AuthenticationError`` or ``TooManyAttemptsError``."""

    def refresh(self, token: str, now: float, origin: str) -> Session:
        """A later token of the same session."""

    def logout(self, token: str, now: float, origin: str) -> None:
        """End the session that the token belongs to."""


class Push(Protocol):
    """The way in for devices that post."""

    def __call__(self, link: str, token: str, body: bytes, origin: str, now: float) -> Mapping[str, Value]:
        """What was written to the device, by address.

        Raises ``AuthenticationError`` or ``TooManyAttemptsError`` without telling which links there are, ``InvalidValueError``.
        """


@dataclass(frozen=True, kw_only=True)
class ScanFacts:
    """A scan class of a link as REST and Socket.IO tell of it; the fields are those of ``ScanView``."""

    name: str
    period_s: float
    tags: int
    subscribed: bool
    received: int
    dropped: int
    overruns: int
    lateness_ms: float
    lateness_p99_ms: float


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """A link as REST, Socket.IO and metrics tell of it; the fields are those of ``LinkView``."""

    name: str
    up: bool
    state: str
    since: float
    last_error: str
    requests: int
    errors: int
    errors_by_kind: Mapping[str, int]
    reconnects: int
    latency_ms: float
    latency_p50_ms: float
    latency_p95_ms: float
    latency_p99_ms: float
    received: int
    dropped: int
    overruns: int
    endpoint: str
    guarded: bool
    scans: Sequence[ScanFacts]


class Screen(Protocol):
    """A mimic of an application."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def content(self) -> Mapping[str, Any]:
        """What it draws, as JSON."""


class Application(Protocol):
    """An installed application."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def description(self) -> str:
        """What it is."""

    def screen_list(self) -> Sequence[Screen]:
        """All its mimics."""

    def screen(self, screen_id: str) -> Screen:
        """The mimic of that id. Raises ``NotFoundError``."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of health."""

    ok: bool
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything that the REST interface reads, and the commands by which it changes.

    time_zone: of the site. links, apps, guard_up, checks: asked at each request; checks by name. raw: what the device sent last
    for the tag, before scaling, with its source time; None if it sent nothing. push: takes a device's post and gives what was
    written to the device.
    """

    site: str
    version: str
    clock: Clock
    cvt: Cvt
    alarms: Alarms
    replays: Replays
    backups: Backups
    alarm_journal: AlarmJournal
    alarm_analytics: Analytics
    notifications: Notifications
    machines: Machines
    history: History
    history_plan: HistoryPlan
    journal: EventJournal
    events: EventLog
    logbook: Logbook
    logbook_plan: LogbookPlan
    annotations: Annotations
    estop: Estop
    outputs: Outputs
    guard_up: Callable[[], bool]
    links: Callable[[], Sequence[LinkFacts]]
    commands: Commands
    configuration: Configuration
    project: Project
    overrides: Overrides
    linear_references: LinearReferences
    raw: Callable[[Tag], Raw | None]
    push: Push
    login: Login
    time_zone: str = "UTC"
    apps: Callable[[], Sequence[Application]] = field(default=tuple)
    checks: Callable[[], Mapping[str, Check]] = field(default=dict)

    @cached_property
    def directory(self) -> TagDirectory:
        """The tags in columns, to be searched."""
        return TagDirectory(self.cvt)
