"""A link: one device, the one thread that talks to it, and what its tags are told when it is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from automation.acquisition.arrivals import CAPACITY
from automation.acquisition.backoff import Backoff
from automation.acquisition.bus import Bus, Job
from automation.acquisition.change import ScanChange, scan_change
from automation.acquisition.reports import Reports
from automation.acquisition.scan import Conversion, RawReading, Scan, phase_of
from automation.acquisition.window import Window
from automation.cvt.table import Cvt, Group
from automation.drivers.base import Driver, Reading
from automation.guard.lanes import Lane
from automation.model.errors import ConfigError, DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError
from automation.model.link import up_tag
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock, Stopwatch, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

# A driver that holds its thread for longer than any timeout does not hold up a change of tags.
_TURN_TIMEOUT_S = 10.0
# Links that were lost together do not all come back at one instant.
_JITTER = 0.2
# New tags of a scan class whose next poll is further away than this are read out of turn.
_PATIENCE_S = 1.0


class LinkState(Enum):
    """Where a link stands. REFUSING: the device answers, but every read with a failure of its own."""

    CONNECTING = "connecting"
    UP = "up"
    REFUSING = "refusing"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class ScanStatus:
    """One scan class of a link at one instant.

    period_s: seconds. tags: how many it has. subscribed: the device reports them by itself. received: its reports; dropped: those
    that were lost because too many waited. overruns: deadlines missed. lateness_ms: of the last poll; lateness_p99_ms: of the
    last 1000, 99 percent are no later.
    """

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
class LinkStatus:
    """One link at one instant.

    since: POSIX seconds of the last change of up. requests: polls, subscriptions and writes tried; errors: those that failed, and
    errors_by_kind: how: ``down``, ``timeout``, ``refused`` or ``other``. latency_ms: of the last poll; the percentiles are of the
    last 1000. overruns: deadlines missed by all scans; received, dropped: reports of all scans. endpoint: where the device is,
    for people.
    """

    name: str
    up: bool
    state: LinkState
    since: float
    last_error: str
    requests: int
    errors: int
    reconnects: int
    latency_ms: float
    overruns: int
    endpoint: str
    guarded: bool
    latency_p50_ms: float = 0.0
    latency_p95_ms: float = 0.0
    latency_p99_ms: float = 0.0
    errors_by_kind: Mapping[str, int] = field(default_factory=dict)
    received: int = 0
    dropped: int = 0
    scans: Sequence[ScanStatus] = ()


@dataclass(frozen=True, kw_only=True)
class LinkSetup:
    """What a link is made of.

    scans: period in seconds by scan class. polled: scan classes that are polled even if the device could report them. endpoint:
    where the device is, for people. guarded: the guard owns the connection. spread: have deadlines that are the link's own, so
    that many links do not poll at one instant.
    """

    name: str
    driver: Driver
    scans: Mapping[str, float]
    polled: Collection[str] = ()
    endpoint: str = ""
    guarded: bool = False
    spread: bool = False


class Link:
    """Poll one device in its own thread, or take what it reports by itself, and write to it in between.

    The link connects by itself, again and again; while the device is away its tags are BAD and keep their last values. A read
    that fails is tried once more on a new connection before the link counts as lost. ``LINK.<name>.UP`` tells the table.
    on_change hears of every change of up, in the link's thread. former: a stopped link that this one takes the place of; tags of
    the same name keep their samples, which are BAD until the device answers. renamed: old names of tags by new ones.
    """

    def __init__(
        self,
        setup: LinkSetup,
        tags: Sequence[Tag],
        cvt: Cvt,
        clock: RealClock | VirtualClock,
        on_change: Callable[[LinkStatus], None] | None = None,
        former: Link | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.name = setup.name
        self._setup = setup
        self._driver = setup.driver
        self._clock = clock
        self._cvt = cvt
        self._on_change = on_change
        self._bus = Bus(setup.name)
        self._backoff = Backoff(jitter=_JITTER, name=setup.name)
        self._changing = threading.Lock()
        check_tags(setup, tags)
        now = clock.now()
        up = Tag(name=up_tag(setup.name), type=DataType.BOOL, system=True, initial=False, description="Device answers")
        self._up_group: Group
        self.scans: tuple[Scan, ...] = ()
        made = self._planned(tags, {}).made
        gone: tuple[Group, ...] = ()
        old_names = dict(renamed or {})
        if former is not None:
            gone, old_names[up.name] = former.groups, up_tag(former.name)
        self._up_group, *groups = cvt.replace(gone, [[up], *(each.tags for each in made.values())], now, old_names)
        self.scans = tuple(
            self._scan(name, conversion, group) for (name, conversion), group in zip(made.items(), groups, strict=True)
        )
        self._state = LinkState.CONNECTING
        self._loss = Quality.BAD_NOT_CONNECTED
        if former is not None:
            self._begin_anew(now)
        self._past_overruns = self._past_received = self._past_dropped = 0
        self._connected = False
        self._was_up = False
        self._retry_at = now
        self._since = now
        self._last_error = ""
        self._requests = self._errors = self._reconnects = 0
        self._errors_by_kind: dict[str, int] = {}
        self._latency_ms = Window()
        self._worker = Worker(f"link {setup.name}", self.step, None, clock, on_failure=self._broken)
        self._reports = Reports(setup.driver, setup.polled, clock.now, self._worker.wake, CAPACITY)

    def start(self) -> None:
        """Begin to connect and poll."""
        self._retry_at = self._since = self._clock.now()
        self._worker.start()
        self._worker.wake()

    def finish(self) -> None:
        """Ask the thread to end, without waiting."""
        self._worker.finish()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread, refuse waiting writes and close the connection; the tags stay as they are."""
        ended = self._worker.stop(timeout_s)
        self._bus.close()
        if ended:
            self._driver.close()
            self._connected = False

    def remove(self) -> None:
        """Take the stopped link's tags out of the table."""
        for group in self.groups:
            self._cvt.remove(group)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The link's groups in the table."""
        return (self._up_group, *(scan.group for scan in self.scans))

    @property
    def setup(self) -> LinkSetup:
        """What it is made of."""
        return self._setup

    @property
    def worker(self) -> Worker:
        """The link's thread, for metrics."""
        return self._worker

    @property
    def up(self) -> bool:
        """True while the device answers."""
        return self._state is LinkState.UP

    def status(self) -> LinkStatus:
        """How the link stands; from any thread."""
        scans = [_scan_status(scan) for scan in self.scans]
        p50, p95, p99 = self._latency_ms.percentiles(50, 95, 99)
        return LinkStatus(
            name=self.name,
            up=self.up,
            state=self._state,
            since=self._since,
            last_error=self._last_error,
            requests=self._requests,
            errors=self._errors,
            errors_by_kind=dict(self._errors_by_kind),
            reconnects=self._reconnects,
            latency_ms=self._latency_ms.last,
            latency_p50_ms=p50,
            latency_p95_ms=p95,
            latency_p99_ms=p99,
            overruns=self._past_overruns + sum(scan.overruns for scan in scans),
            received=self._past_received + sum(scan.received for scan in scans),
            dropped=self._past_dropped + sum(scan.dropped for scan in scans),
            scans=scans,
            endpoint=self._setup.endpoint,
            guarded=self._setup.guarded,
        )

    def tags(self) -> Sequence[Tag]:
        """The tags that the link reads; from any thread."""
        return tuple(tag for scan in self.scans for tag in scan.group.tags)

    def raw(self, name: str) -> RawReading | None:
        """What the device last gave for the tag; None before the first reading, or if the link has no such tag."""
        return next((found for scan in self.scans if (found := scan.raw(name)) is not None), None)

    def change(self, tags: Sequence[Tag], now: float, renamed: Mapping[str, str] | None = None) -> None:
        """Read these tags from now on; see ``prepare_change``, whose two steps this makes in one."""
        self.prepare_change(tags, renamed)(now)

    def prepare_change(
        self, tags: Sequence[Tag], renamed: Mapping[str, str] | None = None, freed: Collection[str] = ()
    ) -> Callable[[float], None]:
        """The call, given the instant, that makes these all the tags of the link; until then nothing has changed.

        Everything that takes long is done here, in the caller's thread. The call replaces the groups of the scan classes with
        other tags than before, between two polls, and returns when that is done; from any thread but the link's own. Samples,
        what lies over them, deadlines and the memory of filters go on; the other scan classes are left alone. renamed: old names
        by new ones. freed: names that other writers will have given up by then. Raises ``ConfigError`` naming the tag; the call
        raises nothing unless a name was taken in between.
        """
        old_names = dict(renamed or {})
        check_tags(self._setup, tags)
        self._check_names(tags, freed)
        prepared = self._planned(tags, old_names)

        def commit(now: float) -> None:
            with self._changing:
                change = prepared if prepared.seen is self.scans else self._planned(tags, old_names)
                if change.made or change.gone:
                    self._in_turn(lambda: self._swap(change, old_names, now))

        return commit

    def write(self, address: str, raw: Value, timeout_s: float = 2.0, lane: Lane = Lane.WRITE) -> None:
        """Write one raw value and return when the device has accepted it; from any thread but the link's own.

        The address is polled again at once. Raises what ``Driver.write`` raises, ``LinkDownError`` at once while the device is
        away, ``DeviceTimeoutError`` after timeout_s; what has not been sent by then never is.
        """
        job = Job(f"{self.name}/{address}", lambda: self._write(address, raw))
        self._bus.submit(lane, job)
        self._worker.wake()
        if isinstance(self._clock, VirtualClock):
            self._bus.serve()  # on a virtual clock there is one thread, the caller's
        job.wait(timeout_s)

    def look(self, addresses: Sequence[str], timeout_s: float = 5.0) -> Sequence[Reading]:
        """What the device gives for these addresses now, each of which was checked; from any thread but the link's own.

        Raises ``LinkDownError`` at once while the device is away, ``DeviceTimeoutError``.
        """
        found: list[Reading] = []
        job = Job(f"link {self.name}: a look", lambda: found.extend(self._look(tuple(addresses))))
        self._bus.submit(Lane.POLL, job)
        self._worker.wake()
        if isinstance(self._clock, VirtualClock):
            self._bus.serve()
        job.wait(timeout_s)
        return found

    def _look(self, addresses: tuple[str, ...]) -> Sequence[Reading]:
        if not self._connected:
            raise LinkDownError(f"link {self.name} is down: {self._last_error or 'still connecting'}")
        self._requests += 1
        try:
            return self._driver.read(addresses)
        except DriverError as error:
            self._count(error)
            raise

    def refresh(self, address: str) -> None:
        """Poll the scans with the address as soon as possible; from any thread, never blocks."""
        for scan in self.scans:
            if address in scan.addresses:
                scan.wanted = True
        self._worker.wake()

    def step(self, now: float) -> float:
        """Write what waits, connect if need be, take reports, poll what is due; returns when to be called next."""
        self._serve()
        if not self._connected and (now < self._retry_at or not self._connect()):
            return self._retry_at
        if not self._take_reports(now):
            return self._retry_at
        scans = self.scans
        for scan in sorted(scans, key=lambda scan: scan.due):
            if scan.is_due(now) and not self._poll(scan, now):
                return self._retry_at
            self._serve()
            if self.scans is not scans:  # the tags were changed; what is due now is due at the next call
                break
        return min([self._reports.due(self.scans), *(scan.due for scan in self.scans)])

    def _serve(self) -> None:
        self._bus.serve()
        if self._bus:
            self._worker.wake()

    def _begin_anew(self, now: float) -> None:
        """Let nobody take what another device told for what this one says."""
        self._up_group.update([False], Quality.GOOD, now, now)
        for scan in self.scans:
            scan.degrade(self._loss, now)

    def _check_names(self, tags: Sequence[Tag], freed: Collection[str]) -> None:
        own = {name for scan in self.scans for name in scan.group.index}
        seen: set[str] = set()
        for tag in tags:
            if tag.name in seen or (tag.name in self._cvt and tag.name not in own and tag.name not in freed):
                raise ConfigError(f"tag {tag.name}: the name is already in use")
            seen.add(tag.name)

    def _planned(self, tags: Sequence[Tag], old_names: Mapping[str, str]) -> ScanChange:
        change = scan_change(self.scans, tags, self._setup.scans, old_names)
        for conversion in change.made.values():
            self._driver.prepare(conversion.addresses)
        return change

    def _in_turn(self, call: Callable[[], None]) -> None:
        """Make the call in the link's thread between two polls; at once if there is none, or none that comes to an end."""
        if isinstance(self._clock, VirtualClock) or not self._worker.alive:
            call()
            return
        turn = _Once(call)
        job = Job(f"link {self.name}: change of tags", turn)
        try:
            self._bus.submit(Lane.SAFE, job)
            self._worker.wake()
            job.wait(_TURN_TIMEOUT_S)
        except (LinkDownError, DeviceTimeoutError):
            turn()

    def _swap(self, change: ScanChange, old_names: Mapping[str, str], now: float) -> None:
        gone = {scan.name: scan for scan in change.gone}
        for scan in gone.values():
            scan.take_arrivals()
        groups = self._cvt.replace(
            [scan.group for scan in gone.values()], [made.tags for made in change.made.values()], now, old_names
        )
        fresh = [
            self._fresh(self._scan(name, conversion, group), gone.pop(name, None))
            for (name, conversion), group in zip(change.made.items(), groups, strict=True)
        ]
        for scan in gone.values():
            self._past_overruns += scan.overruns
            self._past_received += scan.received
            self._past_dropped += scan.dropped
        self.scans = (*change.kept, *fresh)
        if not self.scans and self._connected and not self.up:
            self._back(self._clock.now())
        self._worker.wake()

    def _scan(self, name: str, conversion: Conversion, group: Group) -> Scan:
        phase = phase_of(self.name, name) if self._setup.spread else 0.0
        return Scan(name, self._setup.scans[name], conversion, group, phase)

    def _fresh(self, scan: Scan, former: Scan | None) -> Scan:
        """The scan as the link stands, in the rhythm of the one before."""
        now = self._clock.now()
        if former is None:
            scan.restart(now)
            scan.refused = self._state is LinkState.REFUSING
        else:
            scan.follow(former, now)
            new = any(tag.name not in former.group.index for tag in scan.group.tags)
            scan.wanted |= new and not scan.subscribed and scan.due - now > _PATIENCE_S
        if self._state is LinkState.LOST:
            scan.degrade(self._loss, now)
        return scan

    def _write(self, address: str, raw: Value) -> None:
        if not self._connected:
            raise LinkDownError(f"link {self.name} is down: {self._last_error or 'still connecting'}")
        self._requests += 1
        try:
            self._driver.write(address, raw)
        except DriverError as error:
            self._count(error)
            raise
        finally:
            self.refresh(address)

    def _connect(self) -> bool:
        try:
            self._driver.connect()
        except DriverError as error:
            self._count(error)
            self._lose(error)
            return False
        self._connected = True
        now = self._clock.now()
        self._reports.connected(now)
        for scan in self.scans:
            scan.restart(now)
        if not self.scans:
            self._back(now)
        return True

    def _take_reports(self, now: float) -> bool:
        """False if the device is lost."""
        try:
            asked = self._reports.tend(self.scans, now)
        except DriverError as error:
            self._count(error)
            self._lose(error)
            return False
        self._requests += asked
        if self._reports.take(self.scans, now) or (asked and any(scan.subscribed for scan in self.scans)):
            self._answered(self._clock.now())
        return True

    def _poll(self, scan: Scan, now: float) -> bool:
        scan.begin(max(now, self._clock.now()))
        watch = Stopwatch()
        try:
            readings = self._read(scan)
        except DriverError as error:
            self._lose(error)
            return False
        self._latency_ms.add(watch.elapsed_s() * 1000)
        taken = self._clock.now()
        scan.take(readings, taken)
        self._answered(taken)
        return True

    def _read(self, scan: Scan) -> Sequence[Reading]:
        try:
            return self._read_once(scan)
        except DriverError:
            if not self.up:
                raise
        self._driver.close()
        self._driver.connect()
        self._reports.connected(self._clock.now())
        for each in self.scans:
            each.unasked |= each.subscribed
        self._worker.wake()
        return self._read_once(scan)

    def _read_once(self, scan: Scan) -> Sequence[Reading]:
        self._requests += 1
        try:
            return self._driver.read(scan.addresses)
        except DriverError as error:
            self._count(error)
            raise

    def _count(self, error: DriverError) -> None:
        self._tally(_kind(error), str(error))

    def _tally(self, kind: str, words: str) -> None:
        self._errors += 1
        self._errors_by_kind = {**self._errors_by_kind, kind: self._errors_by_kind.get(kind, 0) + 1}
        self._last_error = words

    def _answered(self, now: float) -> None:
        """The device has answered, if only with failures."""
        if self.scans and all(each.refused for each in self.scans):
            self._refused(now)
        elif not self.up:
            self._back(now)

    def _lose(self, error: Exception) -> None:
        self._connected = False
        self._driver.close()
        now = self._clock.now()
        self._retry_at = now + self._backoff.next_s()
        self._last_error = str(error)
        if self._state is LinkState.LOST:
            return
        log.warning("link %s %s: %s", self.name, "lost" if self._was_up else "cannot be reached", error)
        self._loss = Quality.BAD_NO_COMMUNICATION if isinstance(error, DeviceTimeoutError) else Quality.BAD_NOT_CONNECTED
        self._change(LinkState.LOST, now)
        for scan in self.scans:
            scan.degrade(self._loss, now)

    def _refused(self, now: float) -> None:
        if self._state is LinkState.REFUSING:
            return
        self._tally("refused", "the device answers every read with a failure")
        log.warning("link %s: %s", self.name, self._last_error)
        self._change(LinkState.REFUSING, now)

    def _back(self, now: float) -> None:
        log.info("link %s is %s after %.1f s", self.name, "back" if self._was_up else "up", now - self._since)
        self._reconnects += self._was_up
        self._was_up = True
        self._backoff.reset()
        self._change(LinkState.UP, now)

    def _change(self, state: LinkState, now: float) -> None:
        self._state = state
        self._since = now
        self._up_group.update([self.up], Quality.GOOD, now, now)
        if self._on_change is not None:
            self._on_change(self.status())

    def _broken(self, error: Exception) -> None:
        """A fault of our own must not leave old values looking alive."""
        self._lose(error)


def check_tags(setup: LinkSetup, tags: Sequence[Tag]) -> None:
    """Do nothing if the link can read all the tags. Raises ``ConfigError`` naming the tag and what is wrong with it."""
    for tag in tags:
        if tag.link != setup.name:
            raise ConfigError(f"tag {tag.name}: source {tag.source!r} is not on link {setup.name}")
        if tag.scan not in setup.scans:
            raise ConfigError(f"tag {tag.name}: no scan class {tag.scan!r} on link {setup.name}; there are {_names(setup)}")
        try:
            setup.driver.check(tag.address or "")
            if tag.writable or isinstance(tag, Output):
                setup.driver.check_write(tag.address or "")
        except ConfigError as error:
            raise ConfigError(f"tag {tag.name}: {error}") from error


def _kind(error: DriverError) -> str:
    if isinstance(error, LinkDownError):
        return "down"
    if isinstance(error, DeviceTimeoutError):
        return "timeout"
    return "refused" if isinstance(error, DeviceRefusedError) else "other"


def _scan_status(scan: Scan) -> ScanStatus:
    return ScanStatus(
        name=scan.name,
        period_s=scan.period_s,
        tags=len(scan.group.tags),
        subscribed=scan.subscribed,
        received=scan.received,
        dropped=scan.dropped,
        overruns=scan.overruns,
        lateness_ms=scan.lateness.last * 1000,
        lateness_p99_ms=scan.lateness.percentiles(99)[0] * 1000,
    )


def _names(setup: LinkSetup) -> str:
    return ", ".join(sorted(setup.scans)) or "none"


class _Once:
    """A call that is made once, whoever comes first."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._made = False

    def __call__(self) -> None:
        with self._lock:
            if not self._made:
                self._made = True
                self._call()
