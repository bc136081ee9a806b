"""What the metrics are made of: callables that are asked when somebody asks for the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from automation.guard.status import GuardStatus
from automation.system.worker import WorkerStats

Number = int | float

# Labels are of these, whatever a link says, so that there is a bounded number of series.
LINK_STATES = ("connecting", "up", "refusing", "lost")
ERROR_KINDS = ("down", "timeout", "refused", "other")


class WorkerFacts(Protocol):
    """A worker with its name and counters."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def stats(self) -> WorkerStats:
        """Its counters."""

    @property
    def alive(self) -> bool:
        """True while it runs."""


class ScanFacts(Protocol):
    """A scan class of a link with its counters."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def tags(self) -> int:
        """How many tags it has."""

    @property
    def subscribed(self) -> bool:
        """True if the device reports them by itself."""

    @property
    def received(self) -> int:
        """Reports of the device."""

    @property
    def dropped(self) -> int:
        """Reports that were lost."""

    @property
    def overruns(self) -> int:
        """Deadlines missed."""

    @property
    def lateness_p99_ms(self) -> float:
        """How late 99 percent of the last polls began at most."""


class LinkFacts(Protocol):
    """A link with its counters."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def up(self) -> bool:
        """True while the device answers."""

    @property
    def state(self) -> str:
        """Where it stands, one of ``LINK_STATES``."""

    @property
    def requests(self) -> int:
        """Requests so far."""

    @property
    def errors(self) -> int:
        """Requests that failed."""

    @property
    def errors_by_kind(self) -> Mapping[str, int]:
        """How they failed, by ``ERROR_KINDS``."""

    @property
    def reconnects(self) -> int:
        """Connections after the first."""

    @property
    def latency_ms(self) -> float:
        """How long the last exchange took."""

    @property
    def latency_p50_ms(self) -> float:
        """Half of the last exchanges took no longer."""

    @property
    def latency_p95_ms(self) -> float:
        """95 percent of them took no longer."""

    @property
    def latency_p99_ms(self) -> float:
        """99 percent of them took no longer."""

    @property
    def received(self) -> int:
        """Reports of the device, of all scans."""

    @property
    def dropped(self) -> int:
        """Reports that were lost, of all scans."""

    @property
    def overruns(self) -> int:
        """Deadlines missed by all scans."""

    @property
    def scans(self) -> Sequence[ScanFacts]:
        """Its scan classes."""


class AlarmCounts(Protocol):
    """How many alarms stand."""

    @property
    def unack(self) -> int:
        """Not acknowledged."""

    @property
    def active(self) -> int:
        """Active."""

    @property
    def by_priority(self) -> Mapping[int, int]:
        """Active or not acknowledged, by priority."""


def _nothing() -> Mapping[str, Number]:
    return {}


@dataclass(frozen=True, kw_only=True)
class MetricSources:
    """Where each family of metrics comes from.

    tags_by_severity: number of tags by GOOD, UNCERTAIN, BAD. alarm_rate: alarms announced in the last ten minutes, and
    whether they are a flood. guard: what it told of itself last. operations: how many have ended,
    by state. updates: batches or samples taken so far. overruns: lost or merged
    items by mailbox. history: counters of the historian by name, such as ``rows``. web: gauges of the web server and the feed by
    name. http, http_seconds: answers by (method, route, status), and time spent by route. notifications: messages by (channel,
    outcome).
    """

    site: str
    version: str
    tags_by_severity: Callable[[], Mapping[str, int]]
    workers: Callable[[], Sequence[WorkerFacts]]
    links: Callable[[], Sequence[LinkFacts]]
    alarms: Callable[[], AlarmCounts]
    http: Callable[[], Mapping[tuple[str, str, int], int]]
    http_seconds: Callable[[], Mapping[str, float]]
    estop_latched: Callable[[], bool]
    guard_up: Callable[[], bool]
    alarm_rate: Callable[[], tuple[int, bool]] = field(default=lambda: (0, False))
    guard: Callable[[], GuardStatus | None] = field(default=lambda: None)
    operations: Callable[[], Mapping[str, Number]] = field(default=_nothing)
    updates: Callable[[], Number] = field(default=lambda: 0)
    overruns: Callable[[], Mapping[str, Number]] = field(default=_nothing)
    history: Callable[[], Mapping[str, Number]] = field(default=_nothing)
    web: Callable[[], Mapping[str, Number]] = field(default=_nothing)
    notifications: Callable[[], Mapping[tuple[str, str], Number]] = field(default=dict)
    notifications_waiting: Callable[[], Mapping[str, Number]] = field(default=_nothing)
