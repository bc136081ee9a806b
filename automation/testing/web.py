"""A small plant behind the web publishers, in one process and without devices, for tests of what they serve."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from automation.commands.service import Commands
from automation.cvt.overrides import Overrides
from automation.cvt.table import Cvt
from automation.drivers.http_push.driver import HttpPushDriver
from automation.drivers.http_push.intake import Intake
from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConflictError, NotFoundError
from automation.model.http_push_link import HttpPushLink
from automation.model.keeping import HistoryPlan
from automation.model.link import ModbusLink
from automation.model.output import Output
from automation.model.philosophy import PLAIN, Philosophy
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.analytics.service import priorities_of
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.replay.jobs import ReplayJobs
from automation.observers.historian.historian import Historian
from automation.observers.machines.view import CommandView, MachineView, PortView
from automation.observers.notifications.desk import NotificationDesk
from automation.project.apps import AppObjects
from automation.project.codec import object_of_alarm, object_of_link, object_of_tag
from automation.project.configuration import Configuration, Context
from automation.project.replays import Bounds, Replays, Running
from automation.project.service import Project
from automation.publishers.rest.interface import register
from automation.publishers.rest.sources import Check, LinkFacts, Raw, ScanFacts, Sources
from automation.publishers.web.app import create_app
from automation.publishers.web.gate import Gate
from automation.publishers.web.traffic import Traffic
from automation.security.accounts import Accounts
from automation.security.login import Authenticator
from automation.security.principal import Principal, Role
from automation.security.tokens import Tokens
from automation.security.users import User
from automation.system.clock import Clock
from automation.testing.alarm_journal import MemoryAlarmJournal, MemoryAnalytics
from automation.testing.backups import ListedBackups
from automation.testing.configuration import MemoryConfigStore
from automation.testing.exports import MemoryExports
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads
from automation.testing.journal import MemoryJournal
from automation.testing.live import PlantLive, watches_parts
from automation.testing.notifications import listed_desk
from automation.testing.outputs import MirrorOutputs
from automation.testing.records import memory_records
from automation.testing.referencing import MemoryReferenceStore
from automation.testing.replays import MemoryRuns
from automation.testing.stores import MemoryAlarmStore, MemoryOverrideStore
from automation.testing.users import MemoryPreferenceStore, MemoryUserStore, cheap_passwords
from automation.testing.workbench import MemoryWorkbench

PASSWORD = "correct horse battery staple"  # noqa: S105 - of users that exist in tests only
DOOR_TOKEN = "the token of the door"  # noqa: S105 - of a device that exists in tests only

TAGS: Sequence[Tag] = (
    Tag(name="TK101.LT", unit="m", description="Level of the tank", area="north", source="plc/input:0", range=(0.0, 10.0)),
    Tag(name="TK101.TT", unit="degC", description="Temperature", area="north", source="plc/input:1"),
    Tag(
        name="TK101.SP", unit="m", description="Setpoint of the level", area="north", range=(0.0, 8.0), writable=True, initial=2.0
    ),
    Tag(name="BATCH.ID", type=DataType.STRING, description="Number of the batch", writable=True, initial=""),
    Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True, initial=True),
    Output(
        name="TK101.FV",
        type=DataType.BOOL,
        description="Fill valve",
        area="north",
        source="plc/coil:0",
        safe=False,
        continuous=True,
    ),
)
ALARMS: Sequence[AlarmDefinition] = (
    AlarmDefinition(name="TK101.LT.HI", tag="TK101.LT", condition=High(limit=8.0), priority=Priority.HIGH, cause="Valve stuck"),
)


class ListedMachines:
    """One machine, ``pumps``, with the commands start and stop. others: machines beside it, which only are there."""

    def __init__(self, clock: Clock) -> None:
        self.others: list[MachineView] = []
        self._view = MachineView(
            name="pumps",
            description="Pump pair",
            area="north",
            state="stopped",
            state_since=clock.now(),
            states=("stopped", "running"),
            commands=(CommandView(name="start", label="Start", enabled=True),),
            fault=None,
            ports=(PortView(name="level", tag="TK101.LT", direction="in"),),
        )

    def list(self) -> Sequence[MachineView]:
        """The machine, and the others."""
        return [self._view, *self.others]

    def view(self, name: str) -> MachineView:
        """The machine. Raises ``NotFoundError``."""
        if name != self._view.name:
            raise NotFoundError(f"unknown machine {name}")
        return self._view

    def command(self, name: str, command: str, actor: str, now: float) -> MachineView:
        """The machine after start or stop. Raises ``NotFoundError``, ``ConflictError``."""
        del actor
        states = {"start": "running", "stop": "stopped"}
        if command not in states:
            raise NotFoundError(f"machine {name} has no command {command}")
        if self.view(name).state == states[command]:
            raise ConflictError(f"machine {name} is {states[command]} already", "wrong_state")
        self._view = replace(self._view, state=states[command], state_since=now)
        return self._view


SCAN = ScanFacts(
    name="normal",
    period_s=1.0,
    tags=3,
    subscribed=False,
    received=0,
    dropped=0,
    overruns=1,
    lateness_ms=0.5,
    lateness_p99_ms=20.0,
)
LINK = LinkFacts(
    name="plc",
    up=True,
    state="up",
    since=0.0,
    last_error="",
    requests=10,
    errors=2,
    errors_by_kind={"timeout": 2},
    reconnects=0,
    latency_ms=1.5,
    latency_p50_ms=1.0,
    latency_p95_ms=2.0,
    latency_p99_ms=4.0,
    received=0,
    dropped=0,
    overruns=1,
    endpoint="127.0.0.1:502",
    guarded=True,
    scans=(SCAN,),
)


@dataclass(frozen=True, kw_only=True)
class ListedScreen:
    """A mimic without elements."""

    id: str = "overview"
    title: str = "Overview"

    @property
    def content(self) -> Mapping[str, Any]:
        """What it draws."""
        return {"id": self.id, "title": self.title, "width": 800, "height": 600, "elements": []}


@dataclass(frozen=True, kw_only=True)
class ListedApp:
    """An application with one mimic."""

    name: str = "tank"
    title: str = "Tank"
    description: str = "One tank"

    def screen_list(self) -> Sequence[ListedScreen]:
        """The mimic."""
        return [ListedScreen()]

    def screen(self, screen_id: str) -> ListedScreen:
        """The mimic of that id. Raises ``NotFoundError``."""
        for screen in self.screen_list():
            if screen.id == screen_id:
                return screen
        raise NotFoundError(f"app {self.name} has no screen {screen_id}")


@dataclass
class ServedPlant:
    """Real table, configuration, alarms, users, tokens, journal and commands over a device that does what it is told.

    The app ``plant`` declares tags and alarms; ``config_store`` has the journal rows of their changes. segment: that this process
    runs, every one if empty. philosophy: classes of alarms and guidance of areas. history_plan: how long the history is kept.
    raw: what the device sent last, by tag. door: a device that posts with ``DOOR_TOKEN``. Users: one per role, named after it,
    all with ``PASSWORD``; and ``fresh``, an operator who must change it first.
    """

    clock: Clock
    tags: Sequence[Tag] = TAGS
    definitions: Sequence[AlarmDefinition] = ALARMS
    links: list[LinkFacts] = field(default_factory=lambda: [LINK])
    guard_up: bool = True
    token_lifetime_s: float = 3600.0
    segment: str = ""
    philosophy: Philosophy = PLAIN
    history_plan: HistoryPlan = field(default_factory=HistoryPlan)

    def __post_init__(self) -> None:  # noqa: PLR0915 - one collaborator per noun
        now = self.clock.now()
        self.config_store = MemoryConfigStore()
        self.configuration = Configuration(self.config_store, [_declared(self)], context=_context(self))
        self.configuration.load(now)
        self.config_store.events.clear()
        self.cvt = Cvt()
        running = {tag.name: tag for tag in self.configuration.tags()}
        self.group = self.cvt.add([tag for one in self.tags if (tag := one if one.system else running.get(one.name))], now)
        self.raw: dict[str, Raw] = {}
        self.door = HttpPushDriver(HttpPushLink(name="door", token_env="DOOR"), DOOR_TOKEN)  # noqa: S106 - no token
        self.intake = Intake({"door": self.door}.get)
        self.overrides = Overrides(self.cvt, MemoryOverrideStore(), now)
        self.journal = MemoryJournal()
        self.alarm_store = MemoryAlarmStore()
        self.alarms = AlarmManager(
            [alarm for alarm in self.configuration.alarms() if not watches_parts(alarm, self.cvt)],
            self.cvt,
            self.alarm_store,
            philosophy=self.philosophy,
        )
        self.alarm_journal = MemoryAlarmJournal(self.alarm_store.events)
        self.alarm_analytics = MemoryAnalytics(
            self.alarm_store.events,
            lambda area: priorities_of(self.alarms.list(), area),
            lambda: [*self.config_store.events, *self.journal.events],
        )
        self.live = PlantLive(self.cvt, self.group, self.overrides, self.alarms)
        self.configuration.attach(self.live)
        self.project = Project(self.configuration)
        self.workbench = MemoryWorkbench()
        self.outputs = MirrorOutputs(self.cvt, self.clock, ["south"])
        self.machines = ListedMachines(self.clock)
        self.history_store = MemoryHistoryStore()
        self.exports = MemoryExports(self.history_store)
        self.history = Historian(self.cvt, self.history_store, MemoryReads(self.history_store), self.exports)
        self.replay_runs = MemoryRuns(self.history_store, lambda: self.alarm_store.events)
        self.replay_jobs = ReplayJobs(self.replay_runs, self.clock, 60.0)
        self.replays = Replays(self.replay_jobs, self._running, self.project, self.clock, Bounds())
        self.backups = ListedBackups()
        self.apps = (ListedApp(),)
        passwords = cheap_passwords()
        self.users = MemoryUserStore(self.journal, *_users(passwords.hash(PASSWORD)))
        self.tokens = Tokens(secrets.token_bytes(32), self.token_lifetime_s)
        self.accounts = Accounts(self.users, passwords)
        self.references, self.preferences = MemoryReferenceStore(self.journal), MemoryPreferenceStore(self.journal)
        self.authenticator = Authenticator(self.users, passwords, self.tokens, self.journal)
        self.notifications: NotificationDesk = listed_desk(self.journal)
        self.records = memory_records(self.journal)
        self.commands = Commands(
            tags=self.cvt,
            outputs=self.outputs,
            alarms=self.alarms,
            machines=self.machines,
            configuration=self.configuration,
            project=self.project,
            replays=self.replays,
            backups=self.backups,
            history=self.history,
            workbench=self.workbench,
            overrides=self.overrides,
            references=self.references,
            preferences=self.preferences,
            notifications=self.notifications,
            records=self.records,
            accounts=self.accounts,
            authenticator=self.authenticator,
            journal=self.journal,
            clock=self.clock,
        )

        self.outputs.on_rest(self.commands.outputs.rested)

    def _running(self) -> Running:
        return Running(alarms=self.configuration.alarms(), tags=self.cvt.tags())

    def generation(self) -> int:
        """Another number whenever tags or alarms have changed."""
        return self.cvt.generation + self.configuration.revision

    def token(self, name: str = "operator") -> str:
        """A token of the user, without the password."""
        user = self.users.get(name)
        if user is None:
            raise NotFoundError(f"unknown user {name}")
        return self.tokens.issue(name, user.token_epoch, self.clock.now())[0]

    def principal(self, role: Role = Role.OPERATOR) -> Principal:
        """A caller of that role."""
        return Principal(name=role.label, role=role, origin="test")

    def measure(self, name: str, value: Value, quality: Quality = Quality.GOOD) -> None:
        """Have the device report a value now, and the alarms judge it."""
        now = self.clock.now()
        self.cvt.update(name, Sample(value, quality, now, now))
        self.alarms.step(now)


def _declared(plant: ServedPlant) -> AppObjects:
    """What the app of the plant brings."""
    tags = [tag for tag in plant.tags if not tag.system]
    links = dict.fromkeys(tag.link for tag in tags if tag.link is not None)
    return AppObjects(
        name="plant",
        objects=[
            *(object_of_link(ModbusLink(name=name, host="127.0.0.1", guarded=True)) for name in links),
            *map(object_of_tag, tags),
            *map(object_of_alarm, plant.definitions),
        ],
        functions={tag.name: tag for tag in tags if tag.function is not None},
    )


def _context(plant: ServedPlant) -> Context:
    return Context(system=[tag for tag in plant.tags if tag.system], segment=plant.segment, philosophy=plant.philosophy)


def _users(password_hash: str) -> Iterable[User]:
    for role in Role:
        yield User(name=role.label, role=role, password_hash=password_hash)
    yield User(name="fresh", role=Role.OPERATOR, password_hash=password_hash, must_change_password=True)


def rest_sources(plant: ServedPlant) -> Sources:
    """What the REST interface reads of the plant."""
    return Sources(
        site="test",
        version="1.2.3",
        clock=plant.clock,
        cvt=plant.cvt,
        alarms=plant.alarms,
        replays=plant.replays,
        backups=plant.backups,
        alarm_journal=plant.alarm_journal,
        alarm_analytics=plant.alarm_analytics,
        notifications=plant.notifications,
        machines=plant.machines,
        history=plant.history,
        history_plan=plant.history_plan,
        journal=plant.journal,
        events=plant.records.events,
        logbook=plant.records.logbook,
        logbook_plan=plant.records.plan,
        annotations=plant.records.annotations,
        estop=plant.outputs,
        outputs=plant.outputs,
        guard_up=lambda: plant.guard_up,
        links=lambda: plant.links,
        commands=plant.commands,
        configuration=plant.configuration,
        project=plant.project,
        overrides=plant.overrides,
        raw=lambda tag: plant.raw.get(tag.name),
        push=plant.intake.push,
        linear_references=plant.references,
        login=plant.authenticator,
        apps=lambda: plant.apps,
        checks=lambda: {"database": Check(ok=True)},
    )


class LateRule(Rule):
    """A route that is compiled for the building of an address when one is built, which hardly a test does.

    Every test has an application of its own, and compiling takes most of the time in which it is put together.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiler = super()._compile_builder
        return lambda rule, /, **values: compiler(append_unknown)(rule, **values)


def rest_app(plant: ServedPlant, traffic: Traffic | None = None) -> tuple[Flask, Gate]:
    """The application with the REST interface of the plant, and its gate."""
    gate = Gate(plant.authenticator, plant.clock, refused=plant.commands.refused)
    app = create_app(gate, traffic)
    app.url_rule_class = LateRule
    register(app, gate, rest_sources(plant))
    return app, gate
