"""How links fare, as tags, so that people trend it, alarms watch it and other systems read it."""

from __future__ import annotations

from collections.abc import Sequence

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkState, LinkStatus
from automation.cvt.table import Cvt, Group
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag

PERIOD_S = 1.0
ERROR_KINDS = ("down", "timeout", "refused", "other")
_STATES = list(LinkState)
_LATENCIES = {"LATENCY_P50": "50", "LATENCY_P95": "95", "LATENCY_P99": "99"}
_COUNTERS = {
    "REQUESTS": "Polls, subscriptions and writes that were tried",
    "ERRORS": "Those that failed",
    **{f"ERRORS_{kind.upper()}": f"Those that failed: {kind}" for kind in ERROR_KINDS},
    "RECONNECTS": "Times that the device came back",
    "OVERRUNS": "Deadlines missed by all scans",
}
NAMES = ("STATE", *_LATENCIES, *_COUNTERS, "LAST_ERROR")


def diagnostic_tags(link: str) -> list[Tag]:
    """The declarations of the link's diagnostics beside ``LINK.<name>.UP``; only the state is recorded."""
    states = {number: state.value for number, state in enumerate(_STATES)}
    name = f"LINK.{link}."
    return [
        Tag(name=f"{name}STATE", type=DataType.ENUM, states=states, initial=0, system=True, description="Where the link stands"),
        *(
            Tag(
                name=f"{name}{word}",
                unit="ms",
                precision=1,
                initial=0.0,
                history=False,
                system=True,
                description=f"{share} percent of the last 1000 polls took no longer",
            )
            for word, share in _LATENCIES.items()
        ),
        *(
            Tag(name=f"{name}{word}", type=DataType.INT, initial=0, history=False, system=True, description=text)
            for word, text in _COUNTERS.items()
        ),
        Tag(
            name=f"{name}LAST_ERROR",
            type=DataType.STRING,
            initial="",
            history=False,
            system=True,
            description="What went wrong last",
        ),
    ]


class Diagnostics:
    """The diagnostics of all links in the table. ``step`` belongs into a Worker; ``follow`` after every change of links."""

    def __init__(self, acquisition: Acquisition, cvt: Cvt) -> None:
        self._acquisition = acquisition
        self._cvt = cvt
        self._groups: dict[str, Group] = {}
        self._told: dict[str, Sequence[Value]] = {}

    def follow(self, now: float) -> None:
        """Have the tags of the links that there are now."""
        names = [link.name for link in self._acquisition.links()]
        gone = [self._groups.pop(name) for name in list(self._groups) if name not in names]
        fresh = [name for name in names if name not in self._groups]
        groups = self._cvt.replace(gone, [diagnostic_tags(name) for name in fresh], now)
        self._groups |= dict(zip(fresh, groups, strict=True))
        self._told = {name: told for name, told in self._told.items() if name in self._groups and name not in fresh}

    def step(self, now: float) -> None:
        """Tell how the links stand."""
        groups = dict(self._groups)
        for status in self._acquisition.status():
            group, values = groups.get(status.name), _values(status)
            if group is not None and self._told.get(status.name) != values:
                self._told[status.name] = values
                group.update(values, Quality.GOOD, now, now)


def _values(status: LinkStatus) -> Sequence[Value]:
    latencies = (status.latency_p50_ms, status.latency_p95_ms, status.latency_p99_ms)
    return [
        _STATES.index(status.state),
        *(round(latency, 3) for latency in latencies),
        status.requests,
        status.errors,
        *(status.errors_by_kind.get(kind, 0) for kind in ERROR_KINDS),
        status.reconnects,
        status.overruns,
        status.last_error,
    ]
