"""Commands on replays of alarms: they change nothing of the plant, but cost the machine something."""

from __future__ import annotations

from collections.abc import Sequence

from automation.commands.audit import Audit, Call
from automation.commands.ports import ReplaysPort
from automation.model.configuration import Body
from automation.observers.alarms.replay.jobs import Job
from automation.security.principal import Permission, Principal


class ReplayCommands:
    """Engineers replay, also under an emergency stop; what was asked for, and what was refused, is journalled."""

    def __init__(self, audit: Audit, replays: ReplaysPort) -> None:
        self._audit = audit
        self._replays = replays

    def start(
        self,
        principal: Principal,
        start: float,
        end: float,
        alarms: Sequence[Body] | None = None,
        names: Sequence[str] | None = None,
    ) -> Job:
        """The replay of the period, which waits for its turn. alarms: as proposed; names: of the alarms, None for all.

        Raises ``NotAllowedError``, ``InvalidValueError``, ``InvalidConfigurationError`` with the mistakes of proposed alarms,
        ``ConflictError`` if too many wait.
        """
        call = Call(principal=principal, kind="replay.start", subject="replay", details={"start": start, "end": end})
        with self._audit.frame(call, Permission.CONFIGURE, gated=False):
            job = self._replays.start(start, end, alarms, names, principal.name)
        call.subject = job.id
        call.details["proposed"] = len(alarms or ())
        self._audit.accepted(call, f"replay of alarms over {(job.end - job.start) / 3600:.4g} h started")
        return job

    def cancel(self, principal: Principal, job_id: str) -> Job:
        """The replay, ended. Raises ``NotAllowedError``, ``NotFoundError``, ``ConflictError`` if it has ended already."""
        call = Call(principal=principal, kind="replay.cancel", subject=job_id[:128])
        with self._audit.frame(call, Permission.CONFIGURE, gated=False):
            job = self._replays.cancel(job_id, principal.name)
        self._audit.accepted(call, "replay of alarms cancelled")
        return job
