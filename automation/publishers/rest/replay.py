"""Replays of recorded history through today's or proposed alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from automation.observers.alarms.replay.jobs import Job
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.replay_models import ReplayBody, ReplayJobView, ReplaysView, ReplayView
from automation.security.principal import Permission

_ACCEPTED = 202


class Replays(Endpoint):
    """All replays that are remembered."""

    @operation("List replays", needs=Permission.VIEW, returns=ReplaysView)
    def get(self) -> object:
        """Those that wait, run or have ended, the newest first, without their results."""
        return {"items": [job_view(job) for job in self.sources.replays.list()]}

    @operation(
        "Replay alarms", needs=Permission.CONFIGURE, returns=ReplayJobView, body=ReplayBody, errors=(409,), status=_ACCEPTED
    )
    def post(self, body: ReplayBody) -> object:
        """The replay, which runs in a process of its own as soon as it is its turn."""
        commands = self.sources.commands.replays
        return job_view(commands.start(self.gate.principal(), body.start, body.end, body.alarms, body.names))


class OneReplay(Endpoint):
    """One replay."""

    @operation("Read a replay", needs=Permission.VIEW, returns=ReplayView, errors=(404,))
    def get(self, job_id: str) -> object:
        """How far it is, and what it found."""
        job = self.sources.replays.get(job_id)
        return {**job_view(job), "result": job.result}

    @operation("Cancel a replay", needs=Permission.CONFIGURE, returns=ReplayJobView, errors=(404, 409))
    def delete(self, job_id: str) -> object:
        """The replay, ended."""
        return job_view(self.sources.commands.replays.cancel(self.gate.principal(), job_id))


def job_view(job: Job) -> Mapping[str, Any]:
    """The job as the interface tells it, without its result."""
    return {
        "id": job.id,
        "state": job.state.value,
        "start": job.start,
        "end": job.end,
        "names": job.names,
        "proposed": job.proposed,
        "by": job.by,
        "asked_at": job.asked_at,
        "begun_at": job.begun_at,
        "ended_at": job.ended_at,
        "progress": job.progress,
        "samples": job.samples,
        "error": job.error,
    }


# The length keeps the parts of an alarm that is named "replay", such as its definition, apart from the replays.
ROUTES = (("/replay", Replays), ("/replay/<string(length=12):job_id>", OneReplay))
