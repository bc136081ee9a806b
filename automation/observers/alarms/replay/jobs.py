"""Replays as jobs: one runs, a few wait, the last ones are remembered."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Protocol

from automation.model.configuration import Body
from automation.model.errors import AutomationError, ConflictError, NotFoundError
from automation.observers.alarms.replay.replay import Question
from automation.system.clock import Clock

log = logging.getLogger(__name__)

WAITING_MAX, KEPT_MAX = 5, 20
_SOON_S, _POLL_S = 0.01, 0.2


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Job:
    """One replay that was asked for; all times are POSIX seconds.

    names: of the alarms, None for all. proposed: bodies of proposed alarms, None for none. progress: 0 to 1. error: why it
    failed, or by whom it was cancelled. result: as ``ReplayResult.as_dict``, None until it is done.
    """

    id: str
    state: JobState
    start: float
    end: float
    names: Sequence[str] | None
    proposed: Sequence[Body] | None
    by: str
    asked_at: float
    begun_at: float | None = None
    ended_at: float | None = None
    progress: float = 0.0
    samples: int = 0
    error: str = ""
    result: Mapping[str, Any] | None = None

    @property
    def over(self) -> bool:
        """True if nothing will change any more."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, kw_only=True)
class Report:
    """How far a run is. over: it has ended, with a result or an error. more: there is more to hear at once."""

    progress: float = 0.0
    samples: int = 0
    result: Mapping[str, Any] | None = None
    error: str = ""
    over: bool = False
    more: bool = False


class Run(Protocol):
    """A replay on its way."""

    def poll(self) -> Report:
        """What is known of it now; does not wait."""

    def kill(self) -> None:
        """End it at once; from any thread, harmless when it has ended."""

    def end(self) -> None:
        """As ``kill``, and free what it has; nobody else may use it meanwhile, and nobody does afterwards."""


class ReplayJobs:
    """The jobs; ``step`` belongs to one worker, all else may be called from any thread.

    begin: starts a run; may raise ``AutomationError``. clock: dates the jobs. limit_s: a run that takes longer, in the seconds of
    ``step``, is ended. on_work: called when there is something for ``step`` to do.
    """

    def __init__(self, begin: Callable[[Question], Run], clock: Clock, limit_s: float) -> None:
        self.on_work: Callable[[], None] | None = None
        self._begin = begin
        self._clock = clock
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._questions: dict[str, Question] = {}
        self._run: Run | None = None
        self._running = ""
        self._since = 0.0

    def list(self) -> Sequence[Job]:
        """All jobs that are remembered, the newest first."""
        return list(reversed(tuple(self._jobs.values())))

    def get(self, job_id: str) -> Job:
        """One job. Raises ``NotFoundError``."""
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFoundError(f"unknown replay {job_id:.40}; the last {KEPT_MAX} are remembered") from None

    def add(self, question: Question, names: Sequence[str] | None, proposed: Sequence[Body] | None, by: str) -> Job:
        """The new job, which waits for its turn. Raises ``ConflictError`` with reason ``queue_full``."""
        with self._lock:
            waiting = sum(job.state is JobState.WAITING for job in self._jobs.values())
            if waiting >= WAITING_MAX:
                raise ConflictError(f"replay: {waiting} wait already; try again when one is done, or cancel one", "queue_full")
            job = Job(
                id=secrets.token_hex(6),
                state=JobState.WAITING,
                start=question.start,
                end=question.end,
                names=names,
                proposed=proposed,
                by=by,
                asked_at=self._clock.now(),
            )
            self._jobs[job.id] = job
            self._questions[job.id] = question
            self._forget_oldest()
        self._wake()
        return job

    def cancel(self, job_id: str, by: str) -> Job:
        """The job, ended. Raises ``NotFoundError``, ``ConflictError`` with reason ``not_running`` if it has ended already."""
        with self._lock:
            job = self.get(job_id)
            if job.over:
                raise ConflictError(f"replay {job_id} is {job.state.value} already", "not_running")
            self._questions.pop(job_id, None)
            run = self._run if self._running == job_id else None
            cancelled = self._set(job, state=JobState.CANCELLED, ended_at=self._clock.now(), error=f"cancelled by {by}")
            if run is not None:
                run.kill()
        self._wake()
        return cancelled

    def step(self, now: float) -> float | None:
        """Begin what waits and hear what runs; gives the instant at which to be called again, None if there is nothing to do."""
        if self._run is None and not self._next(now):
            return None
        return self._follow(now)

    def halt(self) -> None:
        """Kill what runs, and begin nothing more."""
        with self._lock:
            self._questions = {}
            if self._run is not None:
                self._run.kill()

    def close(self) -> None:
        """End what runs; to be called when nobody calls ``step`` any more."""
        run, self._run = self._run, None
        if run is not None:
            run.end()

    def _next(self, now: float) -> bool:
        """Begin the job that has waited longest; False if none does."""
        with self._lock:
            job_id = next(iter(self._questions), None)
            if job_id is None:
                return False
            question = self._questions.pop(job_id)
            self._running, self._since = job_id, now
            self._set(self._jobs[job_id], state=JobState.RUNNING, begun_at=self._clock.now())
        try:
            run = self._begin(question)
        except AutomationError as error:
            self._over(JobState.FAILED, error=str(error))
            return bool(self._questions)
        with self._lock:
            self._run = run
            cancelled = self._jobs[job_id].over
        if cancelled:
            run.kill()
        return True

    def _follow(self, now: float) -> float:
        run = self._run
        if run is None:  # it did not even begin
            return now
        report = run.poll()
        if not report.over and now - self._since > self._limit_s:
            report = Report(error=f"replay: not done within {self._limit_s / 60:g} minutes", over=True)
        if not report.over:
            with self._lock:
                job = self._jobs[self._running]
                if not job.over:
                    self._set(job, progress=report.progress, samples=report.samples)
            return now + (_SOON_S if report.more else _POLL_S)
        run.end()
        if report.result is None:
            self._over(JobState.FAILED, error=report.error or "replay: it ended without an answer")
        else:
            self._over(JobState.DONE, result=report.result, progress=1.0, samples=report.samples)
        return now

    def _over(self, state: JobState, **fields: Any) -> None:
        with self._lock:
            job = self._jobs[self._running]
            if not job.over:  # else it was cancelled meanwhile
                self._set(job, state=state, ended_at=self._clock.now(), **fields)
            self._run, self._running = None, ""
        if state is JobState.FAILED and not job.over:
            log.warning("replay %s failed: %s", job.id, fields.get("error"))

    def _set(self, job: Job, **fields: Any) -> Job:
        changed = self._jobs[job.id] = replace(job, **fields)
        return changed

    def _forget_oldest(self) -> None:
        old = [job.id for job in self._jobs.values() if job.over]
        jobs = {job_id: job for job_id, job in self._jobs.items() if job_id not in old[: max(0, len(old) - KEPT_MAX)]}
        self._jobs = jobs

    def _wake(self) -> None:
        if self.on_work is not None:
            self.on_work()
