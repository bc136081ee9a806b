"""What the REST interface needs of the runtime, as interfaces: everything to read, and one way to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from automation.cvt.table import Cvt
from automation.model.estop import EstopState
from automation.model.sample import Sample, Value
from automation.observers.alarms.view import AlarmCounts, AlarmView
from automation.observers.historian.series import BucketSeries, RawSeries
from automation.observers.machines.view import MachineView
from automation.security.login import Session
from automation.security.principal import Permission, Principal
from automation.security.users import User
from automation.storage.journal import EventJournal
from automation.system.clock import Clock


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


class Commands(Protocol):
    """The only way to change anything."""

    @property
    def users(self) -> UserCommands:
        """The commands on users."""

    def put(self, principal: Principal, tag: str, value: Value, unit: str | None = None) -> Sample:
        """The sample that was read back; unit is that of the value, None for the tag's own."""

    def acknowledge(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None) -> AlarmView:
        """The alarm after it was acknowledged."""

    def machine(self, principal: Principal, machine: str, command: str) -> MachineView:
        """The machine after the command."""

    def trip(self, principal: Principal, reason: str) -> EstopState:
        """Latch the emergency stop."""

    def clear(self, principal: Principal, estop_id: str, reason: str) -> EstopState:
        """Clear the emergency stop of that id."""


class Alarms(Protocol):
    """All alarms."""

    def list(self) -> Sequence[AlarmView]:
        """Every alarm at this instant."""

    def counts(self) -> AlarmCounts:
        """How many of them stand."""

    def of_tag(self, tag: str) -> Sequence[str]:
        """The names of the alarms that watch the tag."""


class Machines(Protocol):
    """All machines."""

    def list(self) -> Sequence[MachineView]:
        """Every machine at this instant."""


class History(Protocol):
    """What was recorded."""

    def raw(self, names: Sequence[str], start: float, end: float, limit: int) -> Sequence[RawSeries]:
        """Samples of each tag as they were recorded."""

    def buckets(self, names: Sequence[str], start: float, end: float, count: int) -> Sequence[BucketSeries]:
        """Each tag in the same count of equal buckets."""


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


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """A link as REST and Socket.IO tell of it. since: POSIX seconds of the last change of up."""

    name: str
    up: bool
    since: float
    last_error: str
    requests: int
    errors: int
    reconnects: int
    latency_ms: float
    endpoint: str
    guarded: bool


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

    links, apps, guard_up, checks: asked at each request; checks by name.
    """

    site: str
    version: str
    clock: Clock
    cvt: Cvt
    alarms: Alarms
    machines: Machines
    history: History
    journal: EventJournal
    estop: Estop
    guard_up: Callable[[], bool]
    links: Callable[[], Sequence[LinkFacts]]
    commands: Commands
    login: Login
    apps: Callable[[], Sequence[Application]] = field(default=tuple)
    checks: Callable[[], Mapping[str, Check]] = field(default=dict)
