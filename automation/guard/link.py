"""A guarded link: one thread owns the device and serves safe values first, then writes, then polls."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from automation.guard.config import GuardedLink, GuardedOutput
from automation.guard.device import Device
from automation.guard.gate import Gate
from automation.guard.lanes import Lane, LaneQueue
from automation.guard.modbus_wire import Table, write_request
from automation.guard.status import GuardLinkStatus
from automation.guard.writes import Exchange, SafeWrite, plan_safe, write_safe
from automation.model.errors import AutomationError, DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError
from automation.system.clock import NEVER, RealClock, Stopwatch, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

SAFE_RETRY_S = 0.05
_BACKOFF_FIRST_S = 0.1
_BACKOFF_MAX_S = 2.0
_NO_SUCH_ADDRESS = 2  # Modbus exception code "illegal data address"
_QUEUE_S = 1.0

Done: TypeAlias = Callable[[bytes | AutomationError], None]


class Job(NamedTuple):
    """One request for the device.

    work: does it, given the exchange and the present instant. done: is told the answer or the error, in the link's thread.
    expires: not begun after this instant, for its caller no longer waits.
    """

    work: Callable[[Exchange, float], bytes]
    done: Done
    expires: float
    lane: Lane


class Link:
    """The owner of one device.

    gate: asked under lock. on_confirmed: called in the link's thread after each confirmed safe value.
    """

    def __init__(
        self,
        settings: GuardedLink,
        device: Device,
        gate: Gate,
        lock: threading.Lock,
        clock: RealClock | VirtualClock,
        on_confirmed: Callable[[], None],
    ) -> None:
        self.settings = settings
        self._device = device
        self._gate = gate
        self._lock = lock
        self._clock = clock
        self._on_confirmed = on_confirmed
        self._jobs: LaneQueue[Job] = LaneQueue()
        self._worker = Worker(f"guard-{settings.name}", self.step, None, clock)
        self._stopping = False
        self._up = False
        self._since = clock.now()
        self._last_error = ""
        self._requests = self._errors = self._connects = 0
        self._latency_s = 0.0
        self._connect_at = self._since
        self._backoff_s = _BACKOFF_FIRST_S
        self._safe_at = 0.0
        self._safe_failed = False
        self._kick_at = self._since if settings.watchdog is not None else NEVER
        self._kick = 0
        self._lane = Lane.POLL

    def start(self) -> None:
        """Begin to own the device."""
        self._worker.start()
        self._worker.wake()

    def finish(self) -> None:
        """Ask the owner to end without waiting; for stopping several at once."""
        self._stopping = True
        self._worker.finish()

    def stop(self, timeout_s: float = 1.0) -> None:
        """Close the device; what still waits is refused."""
        self.finish()
        self._worker.stop(timeout_s)
        self._device.close()
        self._refuse_all(LinkDownError(f"{self.settings.name}: the guard is stopping"))

    def hurry(self) -> None:
        """Have the owner write what must be safe now, connecting first where it has to; never blocks."""
        self._safe_at = self._connect_at = 0.0
        self._worker.wake()

    def tick(self, now: float) -> None:
        """Wake the owner if something of its own has fallen due."""
        due = self._connect_at
        if self._device.connected:
            due = min(self._kick_at, self._safe_at if self._has_pending() else NEVER)
        if now >= due:
            self._worker.wake()

    def submit(self, lane: Lane, work: Callable[[Exchange, float], bytes], done: Done) -> None:
        """Have the work done in its turn; done is told the answer or the error."""
        expires = self._clock.now() + self.settings.timeout_s + _QUEUE_S
        if not self._jobs.put(lane, Job(work, done, expires, lane)):
            done(DeviceTimeoutError(f"link {self.settings.name}: too many requests wait for the device"))
            return
        self._worker.wake()

    def step(self, now: float) -> None:
        """Do everything that is due or waits, the most urgent first."""
        while not self._stopping:
            now = max(now, self._clock.now())
            self._lane = Lane.SAFE
            self._connect(now)
            self._write_safe(now)
            self._lane = Lane.WRITE
            self._kick_watchdog(now)
            job = self._jobs.take()
            if job is None:
                return
            self._serve(job, now)

    def status(self) -> GuardLinkStatus:
        """What is known of the link."""
        return GuardLinkStatus(
            name=self.settings.name,
            up=self._up,
            since=self._since,
            last_error=self._last_error,
            requests=self._requests,
            errors=self._errors,
            reconnects=max(0, self._connects - 1),
            latency_ms=round(self._latency_s * 1000, 3),
        )

    def _connect(self, now: float) -> None:
        if self._device.connected or now < self._connect_at:
            return
        try:
            self._device.connect()
        except LinkDownError as error:
            self._failed(error)
            return
        self._connects += 1
        with self._lock:
            self._gate.connected(self.settings.name)
        self._safe_at = 0.0

    def _retry_later(self) -> None:
        wait_s = SAFE_RETRY_S if self._has_pending() else self._backoff_s
        self._connect_at = self._clock.now() + wait_s
        self._backoff_s = min(_BACKOFF_MAX_S, self._backoff_s * 2)

    def _has_pending(self) -> bool:
        with self._lock:
            return bool(self._gate.pending(self.settings.name))

    def _write_safe(self, now: float) -> None:
        if not self._device.connected:
            return
        with self._lock:
            outputs = self._gate.pending(self.settings.name)
        if not outputs:
            self._safe_failed = False
            return
        if now < self._safe_at:
            return
        failed = [write for write in plan_safe(outputs) if not self._try_safe(write)]
        if failed:
            self._safe_at = self._clock.now() + SAFE_RETRY_S
        if failed and not self._safe_failed:
            log.error("link %s: not confirmed safe: %s: %s", self.settings.name, _names(failed), self._last_error)
        self._safe_failed = bool(failed)

    def _try_safe(self, write: SafeWrite) -> bool:
        try:
            write_safe(self._exchange, write)
        except DeviceRefusedError as error:
            # A device may know the single write only, or refuse one address of many.
            singles = [SafeWrite((output,), output.safe) for output in write.outputs]
            if len(singles) == 1 and error.code == _NO_SUCH_ADDRESS:
                with self._lock:
                    self._gate.refused(write.outputs[0].name)
            refused = [single for single in singles if len(singles) == 1 or not self._try_safe(single)]
            return not refused
        except DriverError:
            return False
        with self._lock:
            self._gate.confirm(write.outputs, self._clock.now())
        self._on_confirmed()
        return True

    def _kick_watchdog(self, now: float) -> None:
        settings = self.settings
        if settings.watchdog is None or now < self._kick_at or not self._device.connected:
            return
        self._kick_at = now + settings.watchdog_period_s
        self._kick = self._kick % 0xFFFF + 1
        try:
            self._exchange(settings.watchdog_unit, write_request(Table.HOLDING, settings.watchdog, [self._kick]))
        except DriverError:
            return  # counted and told by the exchange; the next kick is soon

    def _serve(self, job: Job, now: float) -> None:
        if now > job.expires:
            job.done(DeviceTimeoutError(f"link {self.settings.name}: the device was busy for too long; nothing was sent"))
            return
        if not self._device.connected:
            job.done(LinkDownError(f"link {self.settings.name}: {self._last_error or 'not connected'}"))
            return
        try:
            self._lane = job.lane
            reply = job.work(self._exchange, now)
        except AutomationError as error:
            job.done(error)
            return
        job.done(reply)

    def _exchange(self, unit: int, pdu: bytes) -> bytes:
        watch = Stopwatch()
        self._requests += 1
        try:
            reply = self._device.exchange(unit, pdu, self._lane)
        except DeviceRefusedError as error:
            self._answered(watch)
            self._errors += 1
            self._last_error = str(error)
            raise
        except DriverError as error:
            self._failed(error)
            raise
        self._answered(watch)
        return reply

    def _answered(self, watch: Stopwatch) -> None:
        self._latency_s = watch.elapsed_s()
        self._backoff_s = _BACKOFF_FIRST_S
        if not self._up:
            now = self._clock.now()
            log.info("link %s is up after %.1f s", self.settings.name, now - self._since)
            self._up, self._since = True, now

    def _failed(self, error: DriverError) -> None:
        self._errors += 1
        first = not self._last_error
        self._last_error = str(error)
        if self._device.connected:
            return
        if self._up or first:
            log.warning("link %s is down: %s", self.settings.name, error)
        if self._up:
            self._up, self._since = False, self._clock.now()
        self._retry_later()

    def _refuse_all(self, error: AutomationError) -> None:
        for job in self._jobs.drain():
            job.done(error)


def _names(writes: list[SafeWrite]) -> str:
    outputs: list[GuardedOutput] = [output for write in writes for output in write.outputs]
    return ", ".join(output.name for output in outputs)
