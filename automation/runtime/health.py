"""How the runtime fares: checks for supervisors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from automation.acquisition.link import LinkStatus
from automation.cvt.table import Cvt
from automation.model.configuration import Key, Mistake
from automation.model.quality import Severity
from automation.observers.historian.recorder import RecorderStatus
from automation.project.suggest import enumerated
from automation.publishers.rest.sources import Check
from automation.runtime.parts import Parts
from automation.system.worker import Worker

_STALLED_S = 10.0


class Health:
    """The checks of ``/api/health``.

    Each part gives a check by name; workers that have not finished a step for long are named by ``workers``.
    """

    def __init__(self, workers: Callable[[], Sequence[Worker]]) -> None:
        self._workers = workers
        self._parts: dict[str, Callable[[], Check]] = {}

    def add(self, name: str, check: Callable[[], Check]) -> None:
        """Ask the check under the name from now on."""
        self._parts[name] = check

    def watch(self, parts: Parts) -> None:
        """Check the parts from now on."""
        outputs, alarms = parts.outputs, parts.alarms
        self.add("guard", lambda: Check(ok=outputs.guard_up, message="" if outputs.guard_up else "no answer"))
        self.add("links", lambda: check_links(parts.acquisition.status()))
        self.add("history", lambda: check_history(parts.recorder.status()))
        self.add("configuration", lambda: check_configuration(parts.configuration.left_out))
        self.add("notifications", lambda: check_notifications(parts.notifications.failing()))
        self.add("alarms", lambda: Check(ok=alarms.error is None, message=alarms.error or ""))

    def checks(self) -> Mapping[str, Check]:
        """The present answer of every check."""
        return {"workers": self._check_workers(), **{name: check() for name, check in self._parts.items()}}

    def _check_workers(self) -> Check:
        stalled = [worker.name for worker in self._workers() if is_stalled(worker)]
        failing = [worker.name for worker in self._workers() if worker.failing]
        words = [f"stalled: {', '.join(stalled)}"] if stalled else []
        words += [f"failing: {', '.join(failing)}"] if failing else []
        return Check(ok=not words, message="; ".join(words))


def is_stalled(worker: Worker) -> bool:
    """True if a worker with a period has not finished a step for much longer than that."""
    return worker.period_s is not None and worker.silent_s > max(_STALLED_S, 3 * worker.period_s)


def check_links(links: Sequence[LinkStatus]) -> Check:
    """Not well while a link is down, naming it."""
    down = [f"{link.name} down: {link.last_error}" for link in links if not link.up]
    return Check(ok=not down, message="; ".join(down))


def check_configuration(left_out: Mapping[Key, Sequence[Mistake]]) -> Check:
    """Not well while objects do not run because they have mistakes, naming the first of them."""
    named = [f"{kind.value} {name}" for kind, name in left_out]
    return Check(ok=not named, message=f"left out: {enumerated(named)}" if named else "")


def check_notifications(failing: Sequence[str]) -> Check:
    """Not well while nothing goes by a channel, naming it."""
    return Check(ok=not failing, message="; ".join(failing))


def check_history(status: RecorderStatus) -> Check:
    """Not well while the history database takes nothing or rows were lost; also tells how much waits or was set aside."""
    told = {
        status.error: status.error,
        f"spool {status.spool_pct:.1f} % full": status.spooled_bytes,
        f"{status.lost} rows lost": status.lost,
        f"{status.quarantined} rows refused and set aside": status.quarantined,
    }
    return Check(ok=not (status.error or status.lost), message="; ".join(words for words, given in told.items() if given))


def history_numbers(status: RecorderStatus) -> Mapping[str, float]:
    """The recorder's counters by name."""
    return {
        "recorded": status.recorded,
        "waiting": status.waiting,
        "spooled_bytes": status.spooled_bytes,
        "lost": status.lost,
        "quarantined": status.quarantined,
    }


def tags_by_severity(cvt: Cvt) -> Mapping[str, int]:
    """Number of tags by GOOD, UNCERTAIN and BAD."""
    counts = dict.fromkeys((severity.value for severity in Severity), 0)
    for group in cvt.groups():
        batch = group.batch
        for index in range(len(group.tags)):
            counts[batch.quality_at(index).severity.value] += 1
    return counts
