"""The metrics themselves, collected when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from automation.publishers.metrics.sources import ERROR_KINDS, LINK_STATES, LinkFacts, MetricSources, Number

_PREFIX = "automation_"
_Key = TypeVar("_Key", bound=tuple[str, ...])


def registry(sources: MetricSources) -> CollectorRegistry:
    """A registry of its own that holds the metrics of the sources and nothing else."""
    made = CollectorRegistry(auto_describe=False)
    made.register(RuntimeCollector(sources))
    return made


class RuntimeCollector(Collector):
    """Asks every source and names what it says."""

    def __init__(self, sources: MetricSources) -> None:
        self._sources = sources

    def describe(self) -> Iterable[Metric]:
        """Nothing: the sources need not be asked before they run."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families at this instant."""
        yield self._info()
        yield from self._plant()
        yield from self._workers()
        yield from self._links()
        yield from self._web()

    def _info(self) -> Metric:
        info = GaugeMetricFamily(f"{_PREFIX}info", "Site and version, always 1", labels=("site", "version"))
        info.add_metric((self._sources.site, self._sources.version), 1)
        return info

    def _plant(self) -> Iterator[Metric]:
        sources = self._sources
        yield _gauge("tags", "Tags by class of quality", "severity", sources.tags_by_severity())
        yield _counter("cvt_updates", "Updates that the table took", sources.updates())
        counts = sources.alarms()
        yield _gauge("alarms", "Alarms that stand", "state", {"unacknowledged": counts.unack, "active": counts.active})
        by_priority = {str(priority): number for priority, number in counts.by_priority.items()}
        yield _gauge("alarms_standing", "Alarms active or unacknowledged, by priority", "priority", by_priority)
        announced, flood = sources.alarm_rate()
        yield GaugeMetricFamily(f"{_PREFIX}alarms_10_min", "Alarms announced in the last ten minutes", announced)
        yield GaugeMetricFamily(f"{_PREFIX}alarm_flood", "1 while more alarms come than a person can deal with", int(flood))
        yield GaugeMetricFamily(f"{_PREFIX}estop_latched", "1 while the emergency stop is latched", int(sources.estop_latched()))
        yield GaugeMetricFamily(f"{_PREFIX}guard_up", "1 while the guard answers", int(sources.guard_up()))
        yield from _guard(sources)
        yield _counters("mailbox_overruns", "Items lost or merged because a mailbox was full", "mailbox", sources.overruns())
        yield _counters("history", "Counters of the historian", "counter", sources.history())
        yield _totals("notifications", "Messages by what became of them", ("channel", "outcome"), sources.notifications())
        yield _gauge("notifications_waiting", "Messages that wait", "channel", sources.notifications_waiting())

    def _workers(self) -> Iterator[Metric]:
        workers = list(self._sources.workers())
        stats = {worker.name: worker.stats for worker in workers}
        alive = {worker.name: int(worker.alive) for worker in workers}
        yield _gauge("worker_up", "1 while the worker runs", "worker", alive)
        yield _counters("worker_steps", "Steps of the worker", "worker", {name: one.steps for name, one in stats.items()})
        yield _counters("worker_failures", "Steps that failed", "worker", {name: one.failures for name, one in stats.items()})
        late = {name: one.lateness_s for name, one in stats.items()}
        yield _gauge("worker_lateness_seconds", "How late the last periodic step began", "worker", late)
        worst = {name: one.lateness_max_s for name, one in stats.items()}
        yield _gauge("worker_lateness_max_seconds", "The worst of it since the start", "worker", worst)
        beats = {name: one.heartbeat for name, one in stats.items()}
        yield _gauge("worker_heartbeat_seconds", "When the last step ended, POSIX seconds", "worker", beats)

    def _links(self) -> Iterator[Metric]:
        links = list(self._sources.links())
        yield _gauge("link_up", "1 while the device answers", "link", {link.name: int(link.up) for link in links})
        yield _counters("link_requests", "Requests to the device", "link", {link.name: link.requests for link in links})
        yield _counters("link_errors", "Requests that failed", "link", {link.name: link.errors for link in links})
        yield _counters("link_reconnects", "Connections after the first", "link", {link.name: link.reconnects for link in links})
        yield _counters("link_received", "Reports of the device", "link", {link.name: link.received for link in links})
        dropped = {link.name: link.dropped for link in links}
        yield _counters("link_dropped", "Reports that were lost because too many waited", "link", dropped)
        yield _counters("link_overruns", "Deadlines missed", "link", {link.name: link.overruns for link in links})
        latency = {link.name: link.latency_ms / 1000 for link in links}
        yield _gauge("link_latency_seconds", "How long the last exchange took", "link", latency)
        yield from _link_details(links)
        yield from _scans(links)

    def _web(self) -> Iterator[Metric]:
        yield _gauge("web", "Gauges of the web server and the live feed", "gauge", self._sources.web())
        requests = CounterMetricFamily(f"{_PREFIX}http_requests", "Answers", labels=("method", "route", "status"))
        for (method, route, status), number in self._sources.http().items():
            requests.add_metric((method, route, str(status)), number)
        yield requests
        yield _counters("http_seconds", "Time spent answering", "route", self._sources.http_seconds())


def _link_details(links: Sequence[LinkFacts]) -> Iterator[Metric]:
    states = {(link.name, state): int(link.state == state) for link in links for state in LINK_STATES}
    yield _gauges("link_state", "1 for the state in which the link is", ("link", "state"), states)
    kinds = {(link.name, kind): link.errors_by_kind.get(kind, 0) for link in links for kind in ERROR_KINDS}
    yield _totals("link_errors_by_kind", "Requests that failed, by what went wrong", ("link", "kind"), kinds)
    quantiles = {(link.name, q): ms / 1000 for link in links for q, ms in _latencies(link).items()}
    words = "How long the last 1000 exchanges took"
    yield _gauges("link_latency_quantile_seconds", words, ("link", "quantile"), quantiles)


def _latencies(link: LinkFacts) -> Mapping[str, float]:
    return {"0.5": link.latency_p50_ms, "0.95": link.latency_p95_ms, "0.99": link.latency_p99_ms}


def _scans(links: Sequence[LinkFacts]) -> Iterator[Metric]:
    scans = {(link.name, scan.name): scan for link in links for scan in link.scans}
    labels = ("link", "scan")
    tags = {key: scan.tags for key, scan in scans.items()}
    yield _gauges("scan_tags", "Tags of the scan class", labels, tags)
    subscribed = {key: int(scan.subscribed) for key, scan in scans.items()}
    yield _gauges("scan_subscribed", "1 if the device reports the tags by itself", labels, subscribed)
    received = {key: scan.received for key, scan in scans.items()}
    yield _totals("scan_received", "Reports of the device", labels, received)
    dropped = {key: scan.dropped for key, scan in scans.items()}
    yield _totals("scan_dropped", "Reports that were lost because too many waited", labels, dropped)
    overruns = {key: scan.overruns for key, scan in scans.items()}
    yield _totals("scan_overruns", "Deadlines missed", labels, overruns)
    lateness = {key: scan.lateness_p99_ms / 1000 for key, scan in scans.items()}
    yield _gauges("scan_lateness_p99_seconds", "99 percent of the last 1000 polls began no later", labels, lateness)


def _gauges(name: str, words: str, labels: Sequence[str], values: Mapping[_Key, Number]) -> Metric:
    family = GaugeMetricFamily(_PREFIX + name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _totals(name: str, words: str, labels: Sequence[str], values: Mapping[_Key, Number]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _gauge(name: str, words: str, label: str, values: Mapping[str, Number]) -> Metric:
    return _gauges(name, words, (label,), {(key,): value for key, value in values.items()})


def _counters(name: str, words: str, label: str, values: Mapping[str, Number]) -> Metric:
    return _totals(name, words, (label,), {(key,): value for key, value in values.items()})


def _counter(name: str, words: str, value: Number) -> Metric:
    return CounterMetricFamily(_PREFIX + name, words, value)


def _guard(sources: MetricSources) -> Iterator[Metric]:
    status = sources.guard()
    if status is not None:
        yield CounterMetricFamily(f"{_PREFIX}estop_trips", "Emergency stops since the guard started", status.trips)
        for name, words, value in (
            ("estop_trip_seconds", "How long the last stop took until the last output confirmed", status.trip_ms),
            ("estop_trip_max_seconds", "The longest of them", status.trip_max_ms),
        ):
            if value is not None:
                yield GaugeMetricFamily(f"{_PREFIX}{name}", words, value / 1000)
        yield GaugeMetricFamily(f"{_PREFIX}outputs_active", "Outputs away from safe", sum(o.active for o in status.outputs))
        pending = sum(output.safe_pending for output in status.outputs)
        yield GaugeMetricFamily(f"{_PREFIX}outputs_unconfirmed", "Outputs whose safe value is not confirmed", pending)
    ended = CounterMetricFamily(f"{_PREFIX}operations", "Commands to tags by the state in which they ended", labels=["state"])
    for state, count in sources.operations().items():
        ended.add_metric([state], count)
    yield ended
