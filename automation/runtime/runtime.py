"""The runtime: one site's links, observers and publishers, started in flow order and stopped in reverse."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial

from automation.acquisition.diagnostics import PERIOD_S as DIAGNOSTICS_S
from automation.app import App
from automation.cvt.derived import SAVE_S, TICK_S, DerivedTags
from automation.cvt.plausibility import PERIOD_S
from automation.cvt.soft import SAVE_S as SOFT_SAVE_S
from automation.cvt.soft import SoftTags
from automation.model.errors import AutomationError
from automation.model.estop import EstopState
from automation.model.event import Event
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.historian.diagnostics import PERIOD_S as HISTORY_S
from automation.observers.historian.sql import SqlHistoryStore
from automation.runtime.apps import load_apps
from automation.runtime.configuration import load_configuration
from automation.runtime.drivers import Drivers
from automation.runtime.faces import WebFace, opcua_face
from automation.runtime.health import Health
from automation.runtime.keeping import history_retention
from automation.runtime.live import LiveParts, Stopping
from automation.runtime.notifications import follow
from automation.runtime.parts import Parts, build_parts
from automation.runtime.retention import PERIOD_S as RETENTION_S
from automation.runtime.retention import Retention
from automation.runtime.signals import StopSignal
from automation.runtime.simulators import Simulated, simulators_of
from automation.runtime.stores import Stores, hint_of, own_data_folder
from automation.settings import Settings
from automation.system.clock import RealClock, Stopwatch
from automation.system.island import Island
from automation.system.process import package_version, tune_interpreter
from automation.system.worker import Worker

_PACK_S = 1.0  # between looks whether there is history to pack
_ALARM_PERIOD_S = 0.05
_JOURNAL_PERIOD_S = 0.5
_USERS_PERIOD_S = 2.0
_GUARD_PERIOD_S = 0.25
_ESTOP_PERIOD_S = 0.1
_SIMULATOR_PERIOD_S = 1.0
# All workers together; then each that hangs is left behind.
_WORKERS_STOP_S = 3.0
_WORKER_STOP_LEAST_S = 0.2
_SAVE_POLL_S = 0.02


class Runtime:
    """Everything of one site in one process; nothing else starts a thread, a process or a store.

    show_password: told the one-time password of the first administrator, None without a terminal. environment: of the process
    unless given. ``start`` and ``stop`` belong to one thread; ``stop`` is harmless when nothing runs. hints: what the person at
    the terminal should know.
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
        self.health = Health(self.workers)
        self.hints: list[str] = []
        self._simulated = Simulated()
        self.web_url = ""
        self.opcua_endpoint = ""
        self._show_password = show_password
        self._environment = os.environ if environment is None else environment
        self._stack = ExitStack()
        self._workers: list[Worker] = []
        self._parts: Parts | None = None
        self._signal = StopSignal()
        self._latched: set[str] = set()
        self._stopwatch = Stopwatch()

    def start(self) -> bool:
        """Build and start everything, and return True; False if a signal came meanwhile.

        What was started is stopped again if a later part fails, or after a signal. Raises ``ConfigError``, ``StorageError`` or
        ``GuardUnavailableError`` naming what is wrong.
        """
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything in reverse order: publishers, machines, historian, alarms, links, guard, stores."""
        self._stopwatch = Stopwatch()
        self._stack.close()

    def heed_signals(self) -> None:
        """Stop in order on SIGTERM and Ctrl-C from now on, also in the midst of starting; main thread only.

        Later signals change nothing, so that stopping is never cut short.
        """
        self._signal.heed()

    def wait_for_signal(self) -> None:
        """Return after the first signal of those that are heeded."""
        self._signal.wait()

    def workers(self) -> Sequence[Worker]:
        """Every worker of the runtime, those of links and machines included."""
        if self._parts is None:
            return tuple(self._workers)
        links = [link.worker for link in self._parts.acquisition.links()]
        return [*self._workers, *links, *self._parts.machines.workers]

    def _start(self) -> bool:
        apps = load_apps(self.settings)
        stores = self._open_stores()
        if self.settings.apps.simulate:
            self._start_simulators(apps)
        now = self.clock.now()
        drivers = Drivers(self.settings, self._environment, now, simulated=self._simulated)
        for link in (link for app in apps for link in app.links):
            drivers.check_link(link)
        configuration = load_configuration(self.settings, stores, apps, drivers, now)
        self._parts = parts = build_parts(self.settings, self.clock, stores, apps, configuration, drivers, self._environment)
        self.health.watch(parts)
        # Ports are taken before anything moves: a start that cannot succeed must not touch the plant.
        web = WebFace(parts, self.health, self.workers)
        self._stack.callback(parts.guard_client.close)
        self._stack.callback(web.stop)
        steps: list[Callable[[], None]] = [
            lambda: self._start_field(parts),
            lambda: self._start_tags(parts),
            lambda: self._start_observers(parts),
            lambda: self._start_web(web),
            *self._opcua_steps(parts),
            lambda: self._settle(parts),
        ]
        for step in steps:
            if self._signal.received:
                self._signal.wait()  # returns at once and logs which signal it was
                self.stop()
                return False
            step()
        return True

    def _open_stores(self) -> Stores:
        self._stack.callback(own_data_folder(self.settings.data).close)
        stores = Stores(self.settings, self.clock)
        self._stack.callback(lambda: stores.close(self.clock.now(), hung=any(worker.alive for worker in self._workers)))
        starting = f"runtime {package_version()} starts"
        stores.journal.append([self._event("runtime.starting", starting)])  # the first row of this process
        hint = hint_of(stores.first_admin(self._environment, self.clock.now(), self._show_password))
        if hint:
            self.hints.append(hint)
        journal = self._work("journal", stores.journal.step, _JOURNAL_PERIOD_S)
        stores.journal.on_post = journal.wake
        self._work("users", stores.users.step, _USERS_PERIOD_S)
        return stores

    def _start_simulators(self, apps: Sequence[App]) -> None:
        links = {link.name: link for app in apps for link in app.links}
        for process in (process for app in apps for process in simulators_of(app, self.settings.process.speed)):
            process.start()
            self._stack.callback(process.stop)
            name = process.simulator.link
            self._work(f"simulator {name}", process.step, _SIMULATOR_PERIOD_S)
            self._simulated.add(links[name], process.port)
            self.hints.append(
                f"Simulator of {name}: process {process.pid}, "
                f"Modbus TCP 127.0.0.1:{process.port}, faults 127.0.0.1:{process.control_port}"
            )

    def _start_field(self, parts: Parts) -> None:
        parts.guard.start()
        self._stack.callback(parts.guard.stop)
        # The guard counts real seconds whatever the plant's clock does.
        self._work("guard", parts.guard.step, _GUARD_PERIOD_S, RealClock())
        self._stack.callback(parts.outputs.on_estop(self._journal_estop))
        self._stack.callback(parts.outputs.on_rest(parts.commands.outputs.rested))
        parts.outputs.step(self.clock.now())
        self._work("estop", parts.outputs.step, _ESTOP_PERIOD_S)
        parts.acquisition.start()
        self._stack.callback(parts.acquisition.stop)
        self._work("diagnostics", parts.diagnostics.step, DIAGNOSTICS_S)
        self._stack.callback(self._end_unguarded, parts)
        self._work("unguarded outputs", parts.outputs.unguarded.step, _ESTOP_PERIOD_S)

    def _start_tags(self, parts: Parts) -> None:
        """Compute derived tags, judge what is plausible, and keep totals and retained values."""
        for kept, name, period_s in ((parts.soft, "retained values", SOFT_SAVE_S), (parts.derived, "derived totals", SAVE_S)):
            self._stack.callback(kept.close)
            saver = self._work(name, kept.save, period_s)
            self._stack.callback(self._save_last, kept, saver)
        parts.derived.on_work = self._work("derived", parts.derived.step, TICK_S).wake
        self._work("plausibility", parts.plausibility.step, PERIOD_S)

    def _start_observers(self, parts: Parts) -> None:
        if self.settings.journal.keep_days:
            index = AlarmIndex(parts.stores.config, parts.stores.journal)
            indexes = (index.prune, parts.event_index.prune)
            retention = Retention(parts.stores.journal, indexes, self.settings.journal.keep_days)
            self._work("journal retention", retention.step, RETENTION_S)
        parts.alarm_analytics.begin([view.name for view in parts.alarms.list()], self.clock.now())
        self._stack.callback(parts.alarms.on_transition(parts.alarm_analytics.heard))
        alarms = self._work("alarms", parts.alarms.step, _ALARM_PERIOD_S)
        parts.alarms.on_work = alarms.wake
        parts.annotations.on_work = self._work("annotations", parts.annotations.step, None).wake
        parts.displays.on_work = self._work("displays", parts.displays.step, None).wake
        parts.stores.journal.on_kept = self._work_events(parts)
        self._start_notifications(parts)
        self._stack.callback(self._end_history, parts)
        self._work("history packing", partial(_pack, parts.history_store), None, RealClock()).wake()
        history_end = history_retention(parts)
        if history_end is not None:
            self._work("history retention", history_end.step, None).wake()
        if parts.plain_rows is not None:
            self._work("plain history rows", parts.plain_rows.step, None).wake()
        self._historian = self._work("historian", parts.recorder.step, self.settings.history.flush_ms / 1000)
        if self.settings.history.durability == "sync":
            parts.recorder.wake_on_change(self._historian.wake)
        self._work("history diagnostics", parts.history_diagnostics.step, HISTORY_S)
        self._stack.callback(parts.machines.on_change(lambda _view, event: parts.stores.journal.post(event)))
        self._stack.callback(parts.replay_jobs.close)
        parts.replay_jobs.on_work = self._work("replay", parts.replay_jobs.step, None, RealClock()).wake
        self._stack.callback(parts.replay_jobs.halt)
        self._start_backups(parts)
        parts.machines.start()
        self._stack.callback(parts.machines.stop)
        parts.configuration.attach(LiveParts(parts))  # before anybody can ask for a change

    def _work_events(self, parts: Parts) -> Callable[[], None]:
        """Have the index of events follow the journal; gives what wakes its worker."""
        worker = self._work("events", parts.event_index.step, None)
        worker.wake()
        return worker.wake

    def _start_backups(self, parts: Parts) -> None:
        worker = self._work("backups", parts.backups.step, None, RealClock())  # by the people's day, not the plant's
        self._stack.callback(parts.backups.halt)
        parts.backups.on_work = worker.wake
        worker.wake()  # so that it looks when the first is due

    def _start_notifications(self, parts: Parts) -> None:
        """Tell people of alarms; each channel has a worker, so that one that hangs holds up nothing else."""
        desk = parts.notifications
        desk.open(self.clock.now())
        if not desk.enabled:
            return
        self._stack.callback(follow(desk, parts.alarms))
        for courier in desk.couriers:
            courier.wake = self._work(f"notify {courier.facts.name}", courier.step, None).wake
            courier.wake()
        for courier in desk.couriers:  # all of them, before the first is waited for
            self._stack.callback(courier.cancel)
        notifier = self._work("notifications", desk.notifier.step, None)
        desk.notifier.on_work = notifier.wake
        notifier.wake()

    def _start_web(self, web: WebFace) -> None:
        self._stack.callback(web.stop)
        web.start()
        self._workers += web.live.workers
        self.web_url = web.url

    def _opcua_steps(self, parts: Parts) -> list[Callable[[], None]]:
        if not self.settings.opcua.enabled:
            return []
        island = Island("opcua")
        opcua = opcua_face(parts, island)

        def start() -> None:
            island.start()
            self._stack.callback(island.stop)
            self._stack.callback(opcua.stop)
            opcua.start()
            self.opcua_endpoint = opcua.options.endpoint
            self._work("opcua", opcua.step, self.settings.opcua.publish_ms / 1000)

        return [start]

    def _settle(self, parts: Parts) -> None:
        self._stack.callback(parts.configuration.attach, Stopping())
        tune_interpreter(self.settings.process.switch_interval_ms / 1000)
        self._note("runtime.started", f"runtime {package_version()} started with {len(parts.cvt)} tags")
        self._stack.callback(self._note, "runtime.stopping", "runtime stops in order")

    def _work(self, name: str, step: Callable[[float], object], period_s: float | None, clock: RealClock | None = None) -> Worker:
        worker = Worker(name, step, period_s, clock or self.clock, expected=(AutomationError,))
        self._workers.append(worker)
        self._stack.callback(self._end, worker)
        worker.start()
        return worker

    def _end(self, worker: Worker) -> None:
        """Wait for the worker, but not so long that a database that hangs keeps the guard from making the plant safe."""
        worker.stop(max(_WORKER_STOP_LEAST_S, _WORKERS_STOP_S - self._stopwatch.elapsed_s()))

    def _save_last(self, kept: SoftTags | DerivedTags, saver: Worker) -> None:
        """Have the last values saved, by their own worker: a database that hangs must not hold up the stop."""
        begun = self._stopwatch.elapsed_s()
        limit = max(_WORKER_STOP_LEAST_S, _WORKERS_STOP_S - begun)
        pause = threading.Event()
        while kept.unsaved and self._stopwatch.elapsed_s() - begun < limit:
            saver.wake()
            pause.wait(_SAVE_POLL_S)

    def _end_unguarded(self, parts: Parts) -> None:
        """Write the last safe values where no guard does."""
        parts.outputs.unguarded.end(self.clock.now())

    def _end_history(self, parts: Parts) -> None:
        if self._historian.alive:
            parts.recorder.abandon()
        else:
            parts.recorder.close(self.clock.now())

    def _journal_estop(self, state: EstopState) -> None:
        """Keep each change of the latch, also one that was there before the runtime."""
        for latch in state.latches():
            if latch.latched == (latch.zone in self._latched):
                continue
            self._latched ^= {latch.zone}
            name = f"emergency stop of zone {latch.zone}" if latch.zone else "emergency stop"
            words = f"{name} latched: {latch.reason}" if latch.latched else f"{name} clear"
            kind, subject = "estop.latched" if latch.latched else "estop.cleared", latch.zone or "estop"
            self._post(Event(time=self.clock.now(), kind=kind, subject=subject, message=words, actor=latch.actor, origin="guard"))

    def _note(self, kind: str, message: str) -> None:
        self._post(self._event(kind, message))

    def _event(self, kind: str, message: str) -> Event:
        return Event(time=self.clock.now(), kind=kind, subject=self.settings.site.id, message=message)

    def _post(self, event: Event) -> None:
        if self._parts is not None:
            self._parts.stores.journal.post(event)


def _pack(store: SqlHistoryStore, now: float) -> float:
    """Pack a part of the history; when to look again."""
    return now if store.compact(now) else now + _PACK_S
