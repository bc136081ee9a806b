"""The faces of the runtime: REST, live feed, metrics and HMI on one server, and OPC UA."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

from automation.acquisition.link import LinkStatus, ScanStatus
from automation.model.errors import ConfigError
from automation.model.tag import Tag
from automation.publishers.hmi.folder import hmi_folder
from automation.publishers.hmi.pages import register as register_hmi
from automation.publishers.metrics.metrics import register as register_metrics
from automation.publishers.metrics.sources import MetricSources
from automation.publishers.opcua_server.server import OpcUaOptions, OpcUaPublisher
from automation.publishers.rest.interface import register as register_rest
from automation.publishers.rest.sources import LinkFacts, Raw, ScanFacts, Sources
from automation.publishers.socketio.publisher import LivePublisher
from automation.publishers.socketio.sources import Limits, LiveSources
from automation.publishers.web.app import create_app
from automation.publishers.web.gate import Gate
from automation.publishers.web.server import WebServer
from automation.publishers.web.traffic import Traffic
from automation.runtime.health import Health, history_numbers, tags_by_severity
from automation.runtime.parts import Parts, logbook_plan
from automation.security.principal import Principal
from automation.settings import Web
from automation.system.island import Island
from automation.system.process import package_version
from automation.system.worker import Worker

_STOP_S = 2.0


class WebFace:
    """Everything that is served over HTTP; the port is taken when it is made, answers come after ``start``.

    workers: asked for all workers of the runtime. Raises ``ConfigError`` naming an address or a certificate that cannot be used.
    """

    def __init__(self, parts: Parts, health: Health, workers: Callable[[], Sequence[Worker]]) -> None:
        settings = parts.settings
        gate = Gate(parts.stores.authenticator, parts.clock, refused=parts.commands.refused)
        traffic = Traffic()
        app = create_app(gate, traffic)
        register_rest(app, gate, _rest_sources(parts, health))
        self.live = LivePublisher(app, _live_sources(parts), parts.clock, Limits(period_s=settings.push.period_ms / 1000))
        register_metrics(app, gate, _metric_sources(parts, traffic, self.live, workers))
        register_hmi(app, gate, hmi_folder())
        web = settings.web
        self._server = WebServer(app, web.host, web.port, tls=tls_context(web), max_connections=web.connections)
        self._stopped = False
        self._forget = [
            parts.alarms.on_transition(self.live.alarm_changed),
            parts.commands.outputs.operations.on_change(self.live.operation_changed),
            parts.event_index.on_news(self.live.events_kept),
        ]

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._server.url

    def start(self) -> None:
        """Begin to answer and to publish."""
        self._server.start()
        self.live.start()

    def stop(self) -> None:
        """Part with all clients and close the port; harmless before ``start`` and the second time."""
        if self._stopped:
            return
        self._stopped = True
        for forget in self._forget:
            forget()
        self.live.stop(_STOP_S)
        self._server.stop(_STOP_S)


def opcua_face(parts: Parts, island: Island) -> OpcUaPublisher:
    """The OPC UA server, not started yet. Raises ``ConfigError`` if its port is in use."""
    settings = parts.settings
    options = OpcUaOptions(
        site=settings.site.id,
        name=settings.site.name,
        host=settings.opcua.host,
        port=settings.opcua.port,
        pki=settings.data / "pki",
    )

    def login(name: str, password: str, origin: str) -> Principal:
        return parts.stores.authenticator.authenticate(name, password, origin, parts.clock.now())

    return OpcUaPublisher(options, parts.cvt, island, login, parts.clock.now, parts.stores.standing)


def tls_context(web: Web) -> ssl.SSLContext | None:
    """The server's side of TLS 1.2 or newer, None without a certificate. Raises ``ConfigError`` naming the file."""
    if web.certificate is None and web.key is None:
        return None
    if web.certificate is None or web.key is None:
        raise ConfigError("web: certificate and key belong together; one of them is missing")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(Path(web.certificate), Path(web.key))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"web: certificate {web.certificate} with key {web.key}: cannot be used: {error}") from error
    return context


def _rest_sources(parts: Parts, health: Health) -> Sources:
    return Sources(
        site=parts.settings.site.name,
        version=package_version(),
        clock=parts.clock,
        cvt=parts.cvt,
        alarms=parts.alarms,
        replays=parts.replays,
        backups=parts.backups,
        alarm_journal=parts.alarm_journal,
        alarm_analytics=parts.alarm_analytics,
        notifications=parts.notifications,
        machines=parts.machines,
        history=parts.historian,
        history_plan=parts.settings.history.plan,
        journal=parts.stores.journal,
        events=parts.event_log,
        logbook=parts.stores.logbook,
        logbook_plan=logbook_plan(parts.settings),
        annotations=parts.stores.annotations,
        estop=parts.outputs,
        outputs=parts.outputs,
        guard_up=lambda: parts.outputs.guard_up,
        links=lambda: _links(parts),
        commands=parts.commands,
        configuration=parts.configuration,
        project=parts.project,
        overrides=parts.overrides,
        linear_references=parts.stores.references,
        raw=lambda tag: _raw(parts, tag),
        push=parts.drivers.push,
        time_zone=parts.settings.site.time_zone,
        login=parts.stores.authenticator,
        apps=lambda: parts.apps,
        checks=health.checks,
    )


def _live_sources(parts: Parts) -> LiveSources:
    return LiveSources(
        site=parts.settings.site.name,
        version=package_version(),
        clock=parts.clock,
        cvt=parts.cvt,
        authenticator=parts.stores.authenticator,
        alarms=parts.alarms,
        machines=parts.machines,
        estop=parts.outputs,
        guard_up=lambda: parts.outputs.guard_up,
        links=lambda: _links(parts),
        generation=lambda: parts.cvt.generation + parts.configuration.revision,
    )


def _raw(parts: Parts, tag: Tag) -> Raw | None:
    found = parts.acquisition.raw(tag)
    return None if found is None else (found.value, found.quality, found.time)


def _metric_sources(
    parts: Parts, traffic: Traffic, live: LivePublisher, workers: Callable[[], Sequence[Worker]]
) -> MetricSources:
    return MetricSources(
        site=parts.settings.site.name,
        version=package_version(),
        tags_by_severity=lambda: tags_by_severity(parts.cvt),
        workers=workers,
        links=lambda: _links(parts),
        alarms=parts.alarms.counts,
        alarm_rate=lambda: parts.alarm_analytics.recent(parts.clock.now()),
        http=traffic.counts,
        http_seconds=traffic.seconds,
        estop_latched=lambda: parts.outputs.estop().latched,
        guard_up=lambda: parts.outputs.guard_up,
        guard=parts.outputs.guard_status,
        operations=parts.commands.outputs.operations.counts,
        updates=lambda: sum(group.updates for group in parts.cvt.groups()),
        overruns=lambda: {"alarms": parts.alarms.overruns},
        history=lambda: history_numbers(parts.recorder.status()),
        web=lambda: {"live_clients": live.connections},
        notifications=parts.notifications.numbers,
        notifications_waiting=parts.notifications.waiting,
    )


def _links(parts: Parts) -> Sequence[LinkFacts]:
    return [_facts(status) for status in parts.acquisition.status()]


def _facts(status: LinkStatus) -> LinkFacts:
    return LinkFacts(
        name=status.name,
        up=status.up,
        state=status.state.value,
        since=status.since,
        last_error=status.last_error,
        requests=status.requests,
        errors=status.errors,
        errors_by_kind=status.errors_by_kind,
        reconnects=status.reconnects,
        latency_ms=status.latency_ms,
        latency_p50_ms=status.latency_p50_ms,
        latency_p95_ms=status.latency_p95_ms,
        latency_p99_ms=status.latency_p99_ms,
        received=status.received,
        dropped=status.dropped,
        overruns=status.overruns,
        endpoint=status.endpoint,
        guarded=status.guarded,
        scans=[_scan_facts(scan) for scan in status.scans],
    )


def _scan_facts(scan: ScanStatus) -> ScanFacts:
    return ScanFacts(
        name=scan.name,
        period_s=scan.period_s,
        tags=scan.tags,
        subscribed=scan.subscribed,
        received=scan.received,
        dropped=scan.dropped,
        overruns=scan.overruns,
        lateness_ms=scan.lateness_ms,
        lateness_p99_ms=scan.lateness_p99_ms,
    )
