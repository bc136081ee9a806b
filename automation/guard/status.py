"""What the guard tells of itself."""

from __future__ import annotations

from dataclasses import dataclass

from automation.model.estop import EstopState


@dataclass(frozen=True, kw_only=True)
class GuardLinkStatus:
    """One link of the guard.

    since: POSIX seconds of the last change of up. latency_ms: of the last exchange. errors: exchanges that failed.
    """

    name: str
    up: bool
    since: float
    last_error: str
    requests: int
    errors: int
    reconnects: int
    latency_ms: float


@dataclass(frozen=True, kw_only=True)
class GuardOutputStatus:
    """One output of the guard.

    active: away from its safe value, or perhaps. safe_pending: the safe value is to be written and not yet confirmed. absent: the
    device says that it has no such address. deadline: POSIX seconds at which it is made safe, None without one.
    """

    name: str
    active: bool
    safe_pending: bool
    deadline: float | None
    absent: bool = False

    @property
    def busy(self) -> bool:
        """True if it may be on, so that its declaration must stay."""
        return (self.active or self.safe_pending) and not self.absent


@dataclass(frozen=True, kw_only=True)
class GuardInputStatus:
    """One emergency-stop button. pressed: None while it cannot be read. since: POSIX seconds of its last change."""

    name: str
    zone: str
    pressed: bool | None
    since: float
    last_error: str


@dataclass(frozen=True, kw_only=True)
class GuardStatus:
    """The guard at one instant.

    runtime_heard: the runtime's heartbeat is fresh. latch_saved: the latch's file holds the present state. realtime: runs with
    real-time priority. trips: how many there were. trip_ms: how long the last one took until the last output confirmed, None
    before the first; trip_max_ms: the longest of them.
    """

    time: float
    pid: int
    estop: EstopState
    runtime_heard: bool
    latch_saved: bool
    realtime: bool
    trip_ms: float | None
    links: tuple[GuardLinkStatus, ...]
    outputs: tuple[GuardOutputStatus, ...]
    inputs: tuple[GuardInputStatus, ...] = ()
    trips: int = 0
    trip_max_ms: float | None = None
