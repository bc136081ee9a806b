"""Work that other threads leave for the owner of a link, most urgent first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum

from automation.guard.lanes import Lane, LaneQueue
from automation.model.errors import AutomationError, DeviceTimeoutError, DriverError, LinkDownError

_TURN = 16


class _Stage(Enum):
    WAITING = 1
    RUNNING = 2
    DONE = 3
    CANCELLED = 4


class Job:
    """One call to be made by the owner thread, and its outcome for the thread that waits.

    name: what it is about, for the error texts.
    """

    def __init__(self, name: str, call: Callable[[], None]) -> None:
        self.name = name
        self._call = call
        self._stage = _Stage.WAITING
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._error: AutomationError | None = None

    def run(self) -> None:
        """Make the call unless nobody waits any more; the owner thread does."""
        with self._lock:
            if self._stage is not _Stage.WAITING:
                return
            self._stage = _Stage.RUNNING
        error: AutomationError | None = DriverError(f"{self.name}: failed inside the runtime; see its log")
        try:
            self._call()
            error = None
        except AutomationError as refused:
            error = refused
        finally:
            self._finish(error)

    def refuse(self, error: AutomationError) -> None:
        """Tell the waiting thread that the call will not be made."""
        with self._lock:
            if self._stage is not _Stage.WAITING:
                return
            self._stage = _Stage.RUNNING
        self._finish(error)

    def wait(self, timeout_s: float) -> None:
        """Return when the call has been made. Raises what it raised, or ``DeviceTimeoutError`` after timeout_s of real time.

        A call that has not begun by then is never made.
        """
        if not self._done.wait(timeout_s) and not self._give_up():
            raise DeviceTimeoutError(f"{self.name}: no answer within {timeout_s:g} s; whether it took effect is uncertain")
        if self._error is not None:
            raise self._error
        if self._stage is _Stage.CANCELLED:
            raise DeviceTimeoutError(f"{self.name}: not sent, the link was busy for {timeout_s:g} s")

    def _give_up(self) -> bool:
        """False if the call is being made right now."""
        with self._lock:
            if self._stage is _Stage.WAITING:
                self._stage = _Stage.CANCELLED
            return self._stage is not _Stage.RUNNING

    def _finish(self, error: AutomationError | None) -> None:
        with self._lock:
            self._error = error
            self._stage = _Stage.DONE
        self._done.set()


class Bus:
    """The jobs of one link, served by its owner thread between two polls; lanes safe before write before poll."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: LaneQueue[Job] = LaneQueue()
        self._closed = False

    def submit(self, lane: Lane, job: Job) -> None:
        """Leave a job. Raises ``DeviceTimeoutError`` if too many wait already, ``LinkDownError`` once closed."""
        if self._closed:
            raise LinkDownError(f"link {self._name}: stopped")
        if not self._queue.put(lane, job):
            raise DeviceTimeoutError(f"{job.name}: not sent, too many requests wait for link {self._name}")

    def __len__(self) -> int:
        return len(self._queue)

    def serve(self, most: int = _TURN) -> None:
        """Run the jobs that wait, in order, but only so many that polls have their turn, too."""
        for _ in range(most):
            job = self._queue.take()
            if job is None:
                return
            job.run()

    def close(self) -> None:
        """Refuse all jobs that wait and every later one."""
        self._closed = True
        for job in self._queue.drain():
            job.refuse(LinkDownError(f"link {self._name}: stopped"))
