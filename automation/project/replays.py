"""Replays as people ask for them: bodies of alarms, checked like any other, against the configuration that runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Body, InvalidConfigurationError, Mistake, ObjectKind
from automation.model.errors import InvalidValueError
from automation.model.tag import Tag
from automation.observers.alarms.gate import tags_of
from automation.observers.alarms.replay.jobs import Job, ReplayJobs
from automation.observers.alarms.replay.replay import Question
from automation.project.codec import alarm_of, checked, subject_of
from automation.system.clock import Clock

PROPOSED_MAX = 500
_DAY_S = 86_400.0
_STAND_IN = "replay.stands-in"


class Checks(Protocol):
    """Who knows what is wrong with a body; ``Project`` does."""

    def check(self, kind: ObjectKind, body: Body, name: str | None = None) -> Sequence[Mistake]:
        """What would be wrong with it. name: of the object that it is to replace."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The configuration as it runs: every alarm and every tag, those that the runtime itself has too."""

    alarms: Sequence[AlarmDefinition]
    tags: Sequence[Tag]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much one replay may ask for."""

    days: float = 31.0
    samples: int = 5_000_000


def question_of(
    running: Running,
    checks: Checks,
    start: float,
    end: float,
    proposed: Sequence[Body] | None,
    names: Sequence[str] | None,
    *,
    now: float,
    bounds: Bounds,
) -> Question:
    """What is to be replayed, ready to run. names: of the alarms beside the proposed ones, None for all that run.

    An end after now is taken as now. Raises ``InvalidValueError`` for a period or a name that cannot be,
    ``InvalidConfigurationError`` with every mistake of the proposed alarms.
    """
    end = _period(start, end, now, bounds.days)
    today = {alarm.name: alarm for alarm in running.alarms}
    tags = {tag.name: tag for tag in running.tags}
    wanted = None if proposed is None else _proposed(proposed, checks, today, tags)
    chosen = _chosen(today, names, () if wanted is None else wanted)
    if not chosen and not wanted:
        raise InvalidValueError("replay: there is no alarm to replay")
    asked = (*chosen, *(wanted or ()))
    watched = {tag for alarm in asked for tag in tags_of(alarm)}
    return Question(
        start=start,
        end=end,
        today=chosen,
        proposed=wanted,
        tags={name: tag for name, tag in tags.items() if name in watched},
        samples_max=bounds.samples,
    )


def _period(start: float, end: float, now: float, days: float) -> float:
    if not (math.isfinite(start) and math.isfinite(end) and start >= 0):
        raise InvalidValueError("replay: start and end: expected POSIX seconds")
    if start >= now:
        raise InvalidValueError("replay: start: it is not past yet")
    if start >= end:
        raise InvalidValueError("replay: start must be before end")
    end = min(end, now)
    if end - start > days * _DAY_S:
        raise InvalidValueError(f"replay: at most {days:g} days; ask for a shorter period")
    return end


def _proposed(
    bodies: Sequence[Body], checks: Checks, today: Mapping[str, AlarmDefinition], tags: Mapping[str, Tag]
) -> Sequence[AlarmDefinition]:
    if len(bodies) > PROPOSED_MAX:
        raise InvalidValueError(f"replay: at most {PROPOSED_MAX} proposed alarms")
    mistakes: list[Mistake] = []
    seen: set[str] = set()
    for body in bodies:
        name = body.get("name")
        mistakes += _mistakes(body, checks, today)
        if isinstance(name, str) and name in seen:
            mistakes.append(Mistake(subject=subject_of(ObjectKind.ALARM, body), field="name", message="it is proposed twice"))
        seen |= {name} if isinstance(name, str) else set()
    if mistakes:
        raise InvalidConfigurationError(mistakes)
    canonical = [checked(ObjectKind.ALARM, body).body for body in bodies]
    return [alarm_of(body, tags[tag].unit if (tag := str(body.get("tag", ""))) in tags else "") for body in canonical]


def _mistakes(body: Body, checks: Checks, today: Mapping[str, AlarmDefinition]) -> Sequence[Mistake]:
    """What is wrong with the body. One that is there may be equipment's, which nobody may replace: it is looked at as another."""
    name = body.get("name")
    if not isinstance(name, str) or name not in today:
        return checks.check(ObjectKind.ALARM, body)
    found = checks.check(ObjectKind.ALARM, {**body, "name": _STAND_IN})
    return [replace(one, subject=one.subject.replace(_STAND_IN, name)) for one in found]


def _chosen(
    today: Mapping[str, AlarmDefinition], names: Sequence[str] | None, proposed: Sequence[AlarmDefinition]
) -> Sequence[AlarmDefinition]:
    if names is None:
        return list(today.values())
    new = {alarm.name for alarm in proposed}
    unknown = next((name for name in names if name not in today and name not in new), None)
    if unknown is not None:
        raise InvalidValueError(f"replay: names: unknown alarm {unknown:.128}")
    wanted = {*names, *new}
    return [alarm for name, alarm in today.items() if name in wanted]


class Replays:
    """Replays against the configuration that runs. running: asked at each start."""

    def __init__(self, jobs: ReplayJobs, running: Callable[[], Running], checks: Checks, clock: Clock, bounds: Bounds) -> None:
        self._jobs = jobs
        self._running = running
        self._checks = checks
        self._clock = clock
        self._bounds = bounds

    def start(self, start: float, end: float, alarms: Sequence[Body] | None, names: Sequence[str] | None, by: str) -> Job:
        """The job, which waits for its turn. Raises as ``question_of``, and ``ConflictError`` if too many wait."""
        question = question_of(
            self._running(), self._checks, start, end, alarms, names, now=self._clock.now(), bounds=self._bounds
        )
        return self._jobs.add(question, names, alarms, by)

    def list(self) -> Sequence[Job]:
        """All jobs that are remembered, the newest first."""
        return self._jobs.list()

    def get(self, job_id: str) -> Job:
        """One job. Raises ``NotFoundError``."""
        return self._jobs.get(job_id)

    def cancel(self, job_id: str, by: str) -> Job:
        """The job, ended. Raises ``NotFoundError``, ``ConflictError`` if it has ended already."""
        return self._jobs.cancel(job_id, by)
