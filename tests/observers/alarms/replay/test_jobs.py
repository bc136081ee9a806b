"""Replays as jobs: in turn, cancelled, failing, forgotten."""

from __future__ import annotations

import pytest

from automation.model.alarm import AlarmDefinition, High
from automation.model.errors import ConflictError, NotFoundError, StorageError
from automation.model.tag import Tag
from automation.observers.alarms.replay.jobs import KEPT_MAX, WAITING_MAX, Job, JobState, ReplayJobs
from automation.observers.alarms.replay.replay import Question
from automation.testing.clock import FakeClock
from automation.testing.history import MemoryHistoryStore
from automation.testing.replays import MemoryRuns

ALARM = AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=8.0))
LIMIT_S = 60.0


class Desk:
    """Jobs over an empty history, whose worker is the test."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.runs = MemoryRuns(MemoryHistoryStore(), list)
        self.jobs = ReplayJobs(self.runs, clock, LIMIT_S)
        self.woken = 0
        self.jobs.on_work = self._wake

    def _wake(self) -> None:
        self.woken += 1

    def ask(self) -> Job:
        now = self.clock.now()
        question = Question(start=now - 100, end=now, today=[ALARM], tags={"LT": Tag(name="LT")})
        return self.jobs.add(question, None, None, "erin")

    def step(self) -> float | None:
        return self.jobs.step(self.clock.now())

    def state(self, job: Job) -> JobState:
        return self.jobs.get(job.id).state


@pytest.fixture
def desk(clock: FakeClock) -> Desk:
    return Desk(clock)


def test_a_job_waits_runs_and_is_done(desk: Desk) -> None:
    job = desk.ask()
    assert (job.state, job.by, desk.woken) == (JobState.WAITING, "erin", 1)
    assert desk.step() == desk.clock.now(), "there may be another"
    done = desk.jobs.get(job.id)
    assert (done.state, done.progress, done.begun_at, done.ended_at) == (JobState.DONE, 1.0, job.asked_at, job.asked_at)
    assert done.result is not None
    assert done.result["samples"] == 0
    assert (desk.step(), desk.runs.runs[0].ended) == (None, 1)


def test_only_one_runs_at_a_time_and_the_first_comes_first(desk: Desk) -> None:
    desk.runs.held = True
    first, second = desk.ask(), desk.ask()
    again = desk.step()
    assert again is not None
    assert again > desk.clock.now()
    assert (desk.state(first), desk.state(second), len(desk.runs.runs)) == (JobState.RUNNING, JobState.WAITING, 1)
    assert (desk.jobs.get(first.id).progress, desk.jobs.get(first.id).samples) == (0.25, 10)
    desk.runs.runs[0].held = False
    desk.step()
    desk.runs.held = False
    desk.step()
    assert (desk.state(first), desk.state(second)) == (JobState.DONE, JobState.DONE)
    assert [job.id for job in desk.jobs.list()] == [second.id, first.id]


def test_a_running_job_is_killed_when_it_is_cancelled(desk: Desk) -> None:
    desk.runs.held = True
    job = desk.ask()
    desk.step()
    cancelled = desk.jobs.cancel(job.id, "erin")
    assert (cancelled.state, cancelled.error, desk.runs.runs[0].killed) == (JobState.CANCELLED, "cancelled by erin", 1)
    desk.step()
    assert (desk.state(job), desk.runs.runs[0].ended, desk.step()) == (JobState.CANCELLED, 1, None)


def test_a_waiting_job_that_is_cancelled_never_begins(desk: Desk) -> None:
    job = desk.ask()
    desk.jobs.cancel(job.id, "erin")
    assert (desk.step(), desk.runs.runs) == (None, [])
    with pytest.raises(ConflictError, match="is cancelled already") as refused:
        desk.jobs.cancel(job.id, "erin")
    assert refused.value.reason == "not_running"


def test_a_job_that_takes_too_long_is_ended(desk: Desk) -> None:
    desk.runs.held = True
    job = desk.ask()
    desk.step()
    desk.clock.advance(LIMIT_S + 1)
    desk.step()
    assert (desk.state(job), desk.runs.runs[0].ended) == (JobState.FAILED, 1)
    assert desk.jobs.get(job.id).error == "replay: not done within 1 minutes"


def test_a_job_that_cannot_begin_has_failed_and_the_next_has_its_turn(desk: Desk) -> None:
    desk.runs.failing = StorageError("no process")
    first, second = desk.ask(), desk.ask()
    assert desk.step() == desk.clock.now()
    desk.runs.failing = None
    desk.step()
    assert (desk.jobs.get(first.id).error, desk.state(second)) == ("no process", JobState.DONE)


def test_too_many_may_not_wait(desk: Desk) -> None:
    for _ in range(WAITING_MAX):
        desk.ask()
    with pytest.raises(ConflictError, match="5 wait already") as refused:
        desk.ask()
    assert refused.value.reason == "queue_full"


def test_the_last_ones_are_remembered(desk: Desk) -> None:
    first = desk.ask()
    desk.step()
    for _ in range(KEPT_MAX + 1):
        desk.ask()
        desk.step()
    with pytest.raises(NotFoundError, match="the last 20 are remembered"):
        desk.jobs.get(first.id)
    assert len(desk.jobs.list()) == KEPT_MAX + 1


def test_a_stop_kills_what_runs_and_begins_nothing_more(desk: Desk) -> None:
    desk.runs.held = True
    desk.ask()
    desk.step()
    desk.ask()
    desk.jobs.halt()
    desk.jobs.close()
    assert (desk.runs.runs[0].killed, desk.runs.runs[0].ended, desk.step(), len(desk.runs.runs)) == (1, 1, None, 1)
