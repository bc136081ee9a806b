"""Commands on the history: samples from elsewhere are taken into the record."""

from __future__ import annotations

from collections.abc import Iterable

from automation.commands.audit import Audit, Call
from automation.commands.ports import HistoryPort
from automation.observers.historian.backfill import BackfillReport, Given
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_TAGS_SHOWN = 5


class HistoryCommands:
    """Engineers import samples, also under an emergency stop: nothing of the plant changes, and what is recorded stays."""

    def __init__(self, audit: Audit, history: HistoryPort, clock: Clock) -> None:
        self._audit = audit
        self._history = history
        self._clock = clock

    def import_samples(self, principal: Principal, given: Iterable[Given], end: float | None = None) -> BackfillReport:
        """What became of the samples. end: where they end; see ``Backfill.take``.

        Raises ``NotAllowedError``, ``InvalidValueError``, ``StorageError``.
        """
        call = Call(principal=principal, kind="history.import", subject="history", details={"end": end})
        with self._audit.frame(call, Permission.CONFIGURE, gated=False):
            report = self._history.backfill(given, self._clock.now(), end)
        call.details |= {"accepted": report.accepted, "duplicate": report.duplicate, "refused": report.refused}
        names = sorted(report.tags)
        more = f" and {len(names) - _TAGS_SHOWN} more" if len(names) > _TAGS_SHOWN else ""
        call.details |= {"closed": report.closed, "tags": ", ".join(names[:_TAGS_SHOWN]) + more}
        self._audit.accepted(call, f"{report.accepted} samples of {len(names)} tags imported into the history")
        return report
