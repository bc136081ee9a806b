"""What the live feed needs of the runtime, as interfaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.cvt.table import Cvt
from automation.model.estop import EstopState
from automation.observers.alarms.view import AlarmCounts, AlarmView
from automation.observers.machines.view import MachineView
from automation.security.principal import Principal
from automation.system.clock import Clock


class Authenticator(Protocol):
    """Who turns a token into a caller."""

    def verify(self, token: str, now: float, origin: str) -> Principal:
        """The caller that the token was given to. Raises ``AuthenticationError``."""


class Alarms(Protocol):
    """All alarms."""

    def list(self, *, standing: bool = False) -> Sequence[AlarmView]:
        """All alarms, or those only that are active or unacknowledged."""

    def counts(self) -> AlarmCounts:
        """How many of them stand."""


class Machines(Protocol):
    """All machines."""

    def list(self) -> Sequence[MachineView]:
        """Every machine at this instant."""


class Estop(Protocol):
    """The emergency stop."""

    def estop(self) -> EstopState:
        """The latch as last heard of."""


class LinkFacts(Protocol):
    """A link; the whole object is a dataclass whose fields are the JSON."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def up(self) -> bool:
        """True while the device answers."""

    @property
    def state(self) -> str:
        """Where it stands."""

    @property
    def last_error(self) -> str:
        """What went wrong last."""


@dataclass(frozen=True, kw_only=True)
class LiveSources:
    """Everything that the feed tells of.

    guard_up, links, generation: asked at each step. generation: another number whenever a tag or an alarm was added, changed or
    removed.
    """

    site: str
    version: str
    clock: Clock
    cvt: Cvt
    authenticator: Authenticator
    alarms: Alarms
    machines: Machines
    estop: Estop
    guard_up: Callable[[], bool]
    links: Callable[[], Sequence[LinkFacts]]
    generation: Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one client, and all of them, may take.

    period_s: time between two ``tags`` messages. busy: waiting messages from which on changes of tags are held back, latest value
    wins. queue: waiting messages, and stalled_s: time of being busy, at which a client is dropped. recheck_s: how often a token
    is looked at again. silent_s: time to log in. ping_s, pong_s: how often a client is asked for a sign of life, and how long it
    may take to give one.
    """

    period_s: float = 0.1
    clients: int = 150
    tags: int = 5_000
    message_bytes: int = 512 * 1024
    busy: int = 8
    queue: int = 256
    stalled_s: float = 15.0
    recheck_s: float = 2.0
    silent_s: float = 10.0
    ping_s: float = 5.0
    pong_s: float = 10.0
