"""The one thread class of the runtime: it calls a step, again and again, and survives its failures."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from automation.system.clock import NEVER, RealClock, VirtualClock

log = logging.getLogger(__name__)

_BACKOFF_MAX_S = 5.0


@dataclass
class WorkerStats:
    """Counters of a worker, read by metrics; written by the worker's own thread only.

    heartbeat: instant of the last finished step. lateness_s: how late the last periodic step began, lateness_max_s the worst.
    """

    steps: int = 0
    failures: int = 0
    heartbeat: float = 0.0
    lateness_s: float = 0.0
    lateness_max_s: float = 0.0


class Worker:
    """Call ``step(now)`` every period_s, and at once after ``wake``.

    With period_s None the step decides: a float that it returns is the instant of its next call, anything else waits for wake,
    and so does the first call. A step that raises is logged once per burst, counted, and tried again after a backoff. On a
    ``VirtualClock`` no thread is started: the clock calls the step. on_failure is told of the first failure of a burst. expected:
    failures that say all in their text, which are logged without a traceback.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[float], object],
        period_s: float | None,
        clock: RealClock | VirtualClock,
        *,
        on_failure: Callable[[Exception], None] | None = None,
        expected: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name = name
        self.period_s = period_s
        self.stats = WorkerStats()
        self.due = NEVER
        self._step = step
        self._clock = clock
        self._on_failure = on_failure
        self._expected = expected
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._detach: Callable[[], None] | None = None
        self._next = NEVER
        self._origin = 0.0
        self._periods = 0
        self._burst = 0
        self._retry_at = 0.0

    @property
    def alive(self) -> bool:
        """True while the worker runs."""
        return self._detach is not None or (self._thread is not None and self._thread.is_alive())

    @property
    def failing(self) -> bool:
        """True from a failed step until one succeeds."""
        return self._burst > 0

    @property
    def silent_s(self) -> float:
        """Seconds, on the worker's own clock, since its last finished step."""
        return self._clock.now() - self.stats.heartbeat

    def start(self) -> None:
        """Begin; the first periodic step is due at once."""
        now = self._clock.now()
        self._origin = now
        self._next = NEVER if self.period_s is None else now
        self.stats.heartbeat = now
        if isinstance(self._clock, VirtualClock):
            self.due = self._next
            self._detach = self._clock.attach(self)
            return
        self._thread = threading.Thread(target=self._loop, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have the step called as soon as possible; from any thread, never blocks."""
        self._woken.set()
        if self._detach is not None:
            self.due = max(self._clock.now(), self._retry_at)

    def finish(self) -> None:
        """Ask the worker to end after the step that is running, without waiting; for stopping several at once."""
        self._stopping.set()
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End after the step that is running; True when the thread is gone within timeout_s of real time."""
        self.finish()
        if self._detach is not None:
            self._detach()
            self._detach = None
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            log.error("worker %s did not stop within %.1f s", self.name, timeout_s)
            return False
        return True

    def run(self, now: float) -> None:
        """Do one step and set when the next is due; called by the thread, or by a virtual clock."""
        self._woken.clear()
        if now >= self._next:
            late = now - self._next
            self.stats.lateness_s = late
            self.stats.lateness_max_s = max(self.stats.lateness_max_s, late)
            if self.period_s is not None:
                self._periods += int(late / self.period_s) + 1
                self._next = self._origin + self._periods * self.period_s  # multiples of the period do not drift
        self._attempt(now)
        self.due = max(self._next, self._retry_at) if self._burst and self._next != NEVER else self._next
        if self._burst and self._next == NEVER:
            self.due = self._retry_at
        if self._woken.is_set() and not self._burst:
            self.due = now

    def _attempt(self, now: float) -> None:
        if self.period_s is None:
            self._next = NEVER
        try:
            asked = self._step(now)
        except Exception as error:  # noqa: BLE001 - the one place where a failed step is survived
            self._failed(error, now)
        else:
            if self.period_s is None and isinstance(asked, float):
                self._next = asked
            if self._burst:
                log.info("worker %s recovered after %d failures", self.name, self._burst)
            self._burst = 0
            self._retry_at = 0.0
        self.stats.steps += 1
        self.stats.heartbeat = self._clock.now()

    def _failed(self, error: Exception, now: float) -> None:
        self._burst += 1
        self.stats.failures += 1
        self._retry_at = now + min(_BACKOFF_MAX_S, 0.05 * 2 ** min(self._burst, 10))
        if self._burst > 1:
            return
        log.error("worker %s failed: %s", self.name, error, exc_info=None if isinstance(error, self._expected) else error)
        if self._on_failure is not None:
            self._on_failure(error)

    def _loop(self) -> None:
        clock = self._clock
        assert isinstance(clock, RealClock)  # noqa: S101 - start() handed virtual clocks away
        self.due = self._next
        while not self._stopping.is_set():
            now = clock.now()
            if (self._woken.is_set() and not self._burst) or now >= self.due:
                self.run(now)
            elif self._burst:
                clock.wait(self._stopping, self.due - now)
            else:
                clock.wait(self._woken, self.due - now)
