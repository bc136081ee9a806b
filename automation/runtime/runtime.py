"""The runtime: one site's links, observers and publishers, started in flow order and stopped in reverse."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import FrameType

from automation.acquisition.acquisition import Acquisition
from automation.app import App
from automation.commands.service import Commands
from automation.cvt.table import Cvt
from automation.drivers.modbus.build import build_driver
from automation.guard.process import GuardProcess
from automation.model.errors import AutomationError
from automation.model.estop import EstopState
from automation.model.event import Event
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.historian.historian import Historian
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.machines.manager import MachineManager
from automation.outputs.outputs import Outputs
from automation.publishers.hmi.folder import hmi_folder
from automation.publishers.hmi.pages import register as register_hmi
from automation.publishers.metrics.metrics import register as register_metrics
from automation.publishers.metrics.sources import MetricSources
from automation.publishers.opcua_server.server import OpcUaOptions, OpcUaPublisher
from automation.publishers.rest.interface import register as register_rest
from automation.publishers.rest.sources import Check, LinkFacts, Sources
from automation.publishers.socketio.publisher import LivePublisher
from automation.publishers.socketio.sources import Limits, LiveSources
from automation.publishers.web.app import create_app
from automation.publishers.web.gate import Gate
from automation.publishers.web.server import WebServer
from automation.publishers.web.traffic import Traffic
from automation.runtime.apps import load_apps
from automation.runtime.faces import facts_of, tls_context
from automation.runtime.field import at_simulators, guard_config, raw_of, setup_of, with_comms_alarms, words_of
from automation.runtime.health import Health, check_history, check_links, history_numbers, tags_by_severity
from automation.runtime.simulators import SimulatorProcess, simulators_of
from automation.runtime.stores import Stores, hint_of, own_data_folder
from automation.settings import Settings
from automation.system.clock import RealClock, Stopwatch
from automation.system.island import Island
from automation.system.process import package_version, tune_interpreter
from automation.system.worker import Worker

log = logging.getLogger(__name__)

_ALARM_PERIOD_S = 0.05
_JOURNAL_PERIOD_S = 0.5
_USERS_PERIOD_S = 2.0
_GUARD_PERIOD_S = 0.25
_ESTOP_PERIOD_S = 0.1
_SIMULATOR_PERIOD_S = 1.0
_WEB_STOP_S = 2.0
# All workers together; then each that hangs is left behind.
_WORKERS_STOP_S = 3.0
_WORKER_STOP_LEAST_S = 0.2


class Runtime:
    """Everything of one site in one process; nothing else starts a thread, a process or a store.

    show_password: told the one-time password of the first administrator, None without a terminal. environment: of the process
    unless given. ``start`` and ``stop`` belong to one thread; ``stop`` is harmless when nothing runs.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        show_password: Callable[[str], None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = settings
        self.clock = RealClock(settings.process.speed)
        self.cvt = Cvt()
        self.hints: list[str] = []
        self.web_url = ""
        self.opcua_endpoint = ""
        self._show_password = show_password
        self._environment = os.environ if environment is None else environment
        self._stack = ExitStack()
        self._workers: list[Worker] = []
        self._simulators: list[SimulatorProcess] = []
        self._signalled = threading.Event()
        self._apps: Sequence[App] = ()
        self._stopwatch = Stopwatch()
        self.health = Health(self.workers)

    def start(self) -> bool:
        """Build and start everything, and return True; False if a signal came meanwhile.

        What was started is stopped again if a later part fails, or after a signal. Raises ``ConfigError``, ``StorageError`` or
        ``GuardUnavailableError`` naming what is wrong.
        """
        field = (self._load, self._build, self._start_field, self._start_observers)
        parts = (*field, self._start_publishers, self._start_opcua, self._settle)
        try:
            for part in parts:
                if self._signalled.is_set():
                    self.stop()
                    return False
                part()
        except BaseException:
            self.stop()
            raise
        return True

    def stop(self) -> None:
        """Stop everything in reverse order: publishers, machines, historian, alarms, links, guard, stores."""
        self._stopwatch = Stopwatch()
        self._stack.close()

    def heed_signals(self) -> None:
        """Stop in order on SIGTERM and Ctrl-C from now on, also in the midst of starting; main thread only.

        Later signals change nothing, so that stopping is never cut short.
        """

        def note(number: int, _frame: FrameType | None) -> None:
            log.info("stopping on %s", signal.Signals(number).name)
            self._signalled.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, note)

    def wait_for_signal(self) -> None:
        """Return after the first signal of those that are heeded."""
        self._signalled.wait()

    def _load(self) -> None:
        apps = load_apps(self.settings)
        self.stores = self._open_stores()
        self._apps = [with_comms_alarms(app) for app in self._with_simulators(apps)]

    def _build(self) -> None:
        self._build_field(self._apps)
        self._build_observers(self._apps)
        self.commands = Commands(
            tags=self.cvt,
            outputs=self.outputs,
            alarms=self.alarms,
            machines=self.machines,
            accounts=self.stores.accounts,
            authenticator=self.stores.authenticator,
            journal=self.stores.journal,
            clock=self.clock,
        )

    def _settle(self) -> None:
        tune_interpreter(self.settings.process.switch_interval_ms / 1000)
        self._note("runtime.started", f"runtime {package_version()} started with {len(self.cvt)} tags")
        self._stack.callback(self._note, "runtime.stopping", "runtime stops in order")

    def _open_stores(self) -> Stores:
        self._stack.callback(own_data_folder(self.settings.data).close)
        stores = Stores(self.settings, self.clock)
        self._stack.callback(lambda: stores.close(self.clock.now(), hung=any(worker.alive for worker in self._workers)))
        first = stores.first_admin(self._environment, self.clock.now(), self._show_password)
        hint = hint_of(first)
        if hint:
            self.hints.append(hint)
        journal = self._work("journal", stores.journal.step, _JOURNAL_PERIOD_S)
        stores.journal.on_post = journal.wake
        self._work("users", stores.users.step, _USERS_PERIOD_S)
        return stores

    def _with_simulators(self, apps: Sequence[App]) -> list[App]:
        if not self.settings.apps.simulate:
            return list(apps)
        moved: list[App] = []
        for app in apps:
            processes = simulators_of(app)
            for process in processes:
                process.start()
                self._stack.callback(process.stop)
                self._work(f"simulator {process.simulator.link}", process.step, _SIMULATOR_PERIOD_S)
                self.hints.append(
                    f"Simulator of {process.simulator.link}: process {process.pid}, "
                    f"Modbus TCP 127.0.0.1:{process.port}, faults 127.0.0.1:{process.control_port}"
                )
            self._simulators += processes
            moved.append(at_simulators(app, processes))
        return moved

    def _build_field(self, apps: Sequence[App]) -> None:
        self.guard = GuardProcess(guard_config(apps, self.settings))
        client = self.guard.client()
        self._stack.callback(client.close)
        self.acquisition = Acquisition(self.cvt, self.clock)
        for app in apps:
            soft = [tag for tag in app.tags if tag.source is None]
            for tag in soft:
                self.cvt.add([tag], self.clock.now())
            for link in app.links:
                fields = [tag for tag in app.tags if tag.link == link.name]
                self.acquisition.add(setup_of(link, build_driver(link, client)), fields)
        self.outputs = Outputs(self.cvt, self.acquisition, client, self.clock, raw_of=raw_of, words_of=words_of)

    def _build_observers(self, apps: Sequence[App]) -> None:
        definitions = [alarm for app in apps for alarm in app.alarms]
        self.alarms = AlarmManager(definitions, self.cvt, SqlAlarmStore(self.stores.config, self.stores.journal))
        store = SqlHistoryStore(self.stores.history)
        self.recorder = Recorder(self.cvt, store, Spool(self.settings.data / "spool"), capacity=self.settings.history.mailbox)
        self.historian = Historian(self.cvt, store)
        machines = [machine for app in apps for machine in app.machines]
        self.machines = MachineManager(machines, self.cvt, self.outputs, self.clock)

    def _start_field(self) -> None:
        self.guard.start()
        self._stack.callback(self.guard.stop)
        # The guard counts real seconds whatever the plant's clock does.
        self._work("guard", self.guard.step, _GUARD_PERIOD_S, RealClock())
        self.outputs.step(self.clock.now())
        self._latched = self.outputs.estop().latched
        self._stack.callback(self.outputs.on_estop(self._journal_estop))
        self._work("estop", self.outputs.step, _ESTOP_PERIOD_S)
        self.acquisition.start()
        self._stack.callback(self.acquisition.stop)

    def _start_observers(self) -> None:
        alarms = self._work("alarms", self.alarms.step, _ALARM_PERIOD_S)
        self.alarms.on_work = alarms.wake
        self._stack.callback(self._end_history)
        self._historian = self._work("historian", self.recorder.step, self.settings.history.flush_ms / 1000)
        self._stack.callback(self.machines.on_change(lambda _view, event: self.stores.journal.post(event)))
        self.machines.start()
        self._stack.callback(self.machines.stop)

    def _start_publishers(self) -> None:
        self._add_checks()
        gate = Gate(self.stores.authenticator, self.clock)
        traffic = Traffic()
        web = create_app(gate, traffic)
        register_rest(web, gate, self._sources(self._apps))
        live = LivePublisher(web, self._live_sources(), self.clock, Limits(period_s=self.settings.push.period_ms / 1000))
        register_metrics(web, gate, self._metric_sources(traffic, live))
        register_hmi(web, gate, hmi_folder())
        server = WebServer(
            web,
            self.settings.web.host,
            self.settings.web.port,
            tls=tls_context(self.settings.web),
            max_connections=self.settings.web.connections,
        )
        self._stack.callback(server.stop, _WEB_STOP_S)
        self._stack.callback(live.stop, _WEB_STOP_S)
        self._stack.callback(self.alarms.on_transition(live.alarm_changed))
        server.start()
        live.start()
        self._workers += live.workers
        self.web_url = server.url

    def _start_opcua(self) -> None:
        if not self.settings.opcua.enabled:
            return
        island = Island("opcua")
        island.start()
        self._stack.callback(island.stop)
        options = OpcUaOptions(
            site=self.settings.site.id,
            name=self.settings.site.name,
            host=self.settings.opcua.host,
            port=self.settings.opcua.port,
            pki=self.settings.data / "pki",
        )
        authenticate = self.stores.authenticator.authenticate
        opcua = OpcUaPublisher(
            options,
            self.cvt,
            island,
            lambda name, password, origin: authenticate(name, password, origin, self.clock.now()),
            self.clock.now,
            self.stores.standing,
        )
        self._stack.callback(opcua.stop)
        opcua.start()
        self.opcua_endpoint = options.endpoint
        self._work("opcua", opcua.step, self.settings.opcua.publish_ms / 1000)

    def _sources(self, apps: Sequence[App]) -> Sources:
        return Sources(
            site=self.settings.site.name,
            version=package_version(),
            clock=self.clock,
            cvt=self.cvt,
            alarms=self.alarms,
            machines=self.machines,
            history=self.historian,
            journal=self.stores.journal,
            estop=self.outputs,
            guard_up=lambda: self.outputs.guard_up,
            links=self._links,
            commands=self.commands,
            login=self.stores.authenticator,
            apps=lambda: apps,
            checks=self.health.checks,
        )

    def _live_sources(self) -> LiveSources:
        return LiveSources(
            site=self.settings.site.name,
            version=package_version(),
            clock=self.clock,
            cvt=self.cvt,
            authenticator=self.stores.authenticator,
            alarms=self.alarms,
            machines=self.machines,
            estop=self.outputs,
            guard_up=lambda: self.outputs.guard_up,
            links=self._links,
        )

    def _metric_sources(self, traffic: Traffic, live: LivePublisher) -> MetricSources:
        return MetricSources(
            site=self.settings.site.name,
            version=package_version(),
            tags_by_severity=lambda: tags_by_severity(self.cvt),
            workers=self.workers,
            links=self._links,
            alarms=self.alarms.counts,
            http=traffic.counts,
            http_seconds=traffic.seconds,
            estop_latched=lambda: self.outputs.estop().latched,
            guard_up=lambda: self.outputs.guard_up,
            updates=lambda: sum(group.updates for group in self.cvt.groups()),
            overruns=lambda: {"alarms": self.alarms.overruns},
            history=lambda: history_numbers(self.recorder.status()),
            web=lambda: {"live_clients": live.connections},
        )

    def _add_checks(self) -> None:
        self.health.add("guard", lambda: Check(ok=self.outputs.guard_up, message="" if self.outputs.guard_up else "no answer"))
        self.health.add("links", lambda: check_links(self.acquisition.status()))
        self.health.add("history", lambda: check_history(self.recorder.status()))
        self.health.add("alarms", lambda: Check(ok=self.alarms.error is None, message=self.alarms.error or ""))

    def workers(self) -> Sequence[Worker]:
        """Every worker of the runtime, those of links and machines included."""
        links = [link.worker for link in self.acquisition.links()]
        return [*self._workers, *links, *self.machines.workers]

    def _links(self) -> Sequence[LinkFacts]:
        return [facts_of(status) for status in self.acquisition.status()]

    def _work(self, name: str, step: Callable[[float], object], period_s: float | None, clock: RealClock | None = None) -> Worker:
        worker = Worker(name, step, period_s, clock or self.clock, expected=(AutomationError,))
        self._workers.append(worker)
        self._stack.callback(self._end, worker)
        worker.start()
        return worker

    def _end(self, worker: Worker) -> None:
        """Wait for the worker, but not so long that a database that hangs keeps the guard from making the plant safe."""
        worker.stop(max(_WORKER_STOP_LEAST_S, _WORKERS_STOP_S - self._stopwatch.elapsed_s()))

    def _end_history(self) -> None:
        if self._historian.alive:
            self.recorder.abandon()
        else:
            self.recorder.close(self.clock.now())

    def _journal_estop(self, state: EstopState) -> None:
        if state.latched == self._latched:
            return
        self._latched = state.latched
        words = f"emergency stop latched: {state.reason}" if state.latched else "emergency stop clear"
        kind = "estop.latched" if state.latched else "estop.cleared"
        self.stores.journal.post(
            Event(time=self.clock.now(), kind=kind, subject="estop", message=words, actor=state.actor or "system", origin="guard")
        )

    def _note(self, kind: str, message: str) -> None:
        self.stores.journal.post(Event(time=self.clock.now(), kind=kind, subject=self.settings.site.id, message=message))
