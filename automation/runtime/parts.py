"""What a site is made of, built and wired but not yet started."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.diagnostics import Diagnostics
from automation.app import App
from automation.commands.service import Commands, Records
from automation.cvt.derived import DerivedTags
from automation.cvt.derived_sql import SqlDerivedStore
from automation.cvt.override_sql import SqlOverrideStore
from automation.cvt.overrides import Overrides
from automation.cvt.plausibility import Plausibility
from automation.cvt.retained_sql import SqlRetainedStore
from automation.cvt.soft import SoftTags
from automation.cvt.table import Cvt
from automation.events.index import EventIndex
from automation.events.reader import SqlEventLog
from automation.frames.archived import reads_of
from automation.guard.client import GuardClient
from automation.guard.process import GuardProcess
from automation.logbook.plan import LogbookPlan, minutes_of
from automation.model.link import LinkDeclaration
from automation.model.tag import Tag
from automation.observers.alarms.analytics.service import AlarmAnalytics, priorities_of
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.journal.reader import SqlAlarmJournal
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.replay.jobs import ReplayJobs
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.historian.diagnostics import HistoryDiagnostics
from automation.observers.historian.historian import Historian
from automation.observers.historian.plain import PlainRows
from automation.observers.historian.queries.budget import Budget
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.historian.store import HistoryStore
from automation.observers.machines.machine import Machine
from automation.observers.machines.making import made_machine
from automation.observers.machines.manager import MachineManager
from automation.observers.notifications.desk import NotificationDesk
from automation.observers.notifications.sql import SqlNotificationStore
from automation.outputs.outputs import Outputs
from automation.outputs.tag_out_sql import SqlTagOutStore
from automation.outputs.tag_outs import TagOuts
from automation.project.configuration import Configuration
from automation.project.replays import Replays
from automation.project.service import Project
from automation.runtime.analytics import AnalyticsProcesses
from automation.runtime.backups import Backups
from automation.runtime.drivers import Drivers
from automation.runtime.exports import ExportProcesses
from automation.runtime.field import guard_config, is_guarded, raw_values, setup_of, words_of
from automation.runtime.notifications import build_notifications
from automation.runtime.philosophy import philosophy_of
from automation.runtime.replay import bounds_of, running_in, runs_of
from automation.runtime.stores import Stores
from automation.runtime.workbench import Workbench
from automation.settings import Settings
from automation.storage.database import Database
from automation.storage.days import local_day, local_minute
from automation.storage.renames import TagRenames
from automation.system.clock import RealClock

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Parts:
    """One of each; nothing in it runs until the runtime starts it."""

    settings: Settings
    clock: RealClock
    apps: Sequence[App]
    stores: Stores
    cvt: Cvt
    guard: GuardProcess
    guard_client: GuardClient
    drivers: Drivers
    acquisition: Acquisition
    diagnostics: Diagnostics
    soft: SoftTags
    derived: DerivedTags
    overrides: Overrides
    plausibility: Plausibility
    configuration: Configuration
    project: Project
    outputs: Outputs
    alarms: AlarmManager
    replay_jobs: ReplayJobs
    replays: Replays
    backups: Backups
    alarm_journal: SqlAlarmJournal
    alarm_analytics: AlarmAnalytics
    event_index: EventIndex
    event_log: SqlEventLog
    annotations: TagRenames
    displays: TagRenames
    recorder: Recorder
    history_diagnostics: HistoryDiagnostics
    history_store: SqlHistoryStore
    plain_rows: PlainRows | None
    historian: Historian
    machines: MachineManager
    notifications: NotificationDesk
    commands: Commands


def build_parts(
    settings: Settings,
    clock: RealClock,
    stores: Stores,
    apps: Sequence[App],
    configuration: Configuration,
    drivers: Drivers,
    environment: Mapping[str, str],
) -> Parts:
    """The parts that run the configuration, in flow order. environment: has the secrets that settings name.

    Raises ``ConfigError`` naming what does not fit, and ``StorageError``.
    """
    cvt, now = Cvt(), clock.now()
    tags, links = configuration.tags(), [drivers.placed(link) for link in configuration.links()]
    guard = GuardProcess(guard_config(links, tags, settings))
    client = guard.client()
    drivers.gateway.attach(client)
    acquisition = _acquisition(configuration.links(), tags, cvt, clock, drivers)
    diagnostics = Diagnostics(acquisition, cvt)
    diagnostics.follow(now)
    soft = SoftTags(cvt, SqlRetainedStore(stores.config))
    soft.add([tag for tag in tags if SoftTags.owns(tag)], now)
    derived = DerivedTags([tag for tag in tags if DerivedTags.owns(tag)], cvt, SqlDerivedStore(stores.config), now)
    overrides = Overrides(cvt, SqlOverrideStore(stores.config), now)
    project = Project(configuration, settings.data / "cache")
    outputs = Outputs(
        cvt,
        acquisition,
        client,
        clock,
        raw_of=raw_values(configuration.link),
        words_of=words_of,
        tag_outs=TagOuts(SqlTagOutStore(stores.config)),
        guarded=is_guarded(configuration.link),
    )
    outputs.follow(now)
    plain = plain_rows_of(settings, stores.history, clock.now)
    history = SqlHistoryStore(stores.history, plain)
    recorder = _recorder(settings, cvt, history)
    history_diagnostics = HistoryDiagnostics(cvt, recorder.status, now)
    AlarmIndex(stores.config, stores.journal).catch_up()  # before the first alarm of this start adds to it
    event_index = EventIndex(stores.config)
    event_index.begin()
    event_log = SqlEventLog(stores.config, event_index)
    alarms = AlarmManager(
        configuration.alarms(), cvt, SqlAlarmStore(stores.config, stores.journal), philosophy=philosophy_of(settings)
    )
    jobs = ReplayJobs(runs_of(settings), clock, settings.replay.max_minutes * 60)
    replays = Replays(jobs, lambda: running_in(configuration), project, clock, bounds_of(settings))
    notifications = build_notifications(settings, environment, SqlNotificationStore(stores.config), alarms, stores.journal.post)
    backups = Backups(settings, stores.journal.post, now)
    historian = historian_of(settings, cvt, history)
    machines = MachineManager(machines_of(apps, configuration), cvt, outputs, clock)
    return Parts(
        settings=settings,
        clock=clock,
        apps=apps,
        stores=stores,
        cvt=cvt,
        guard=guard,
        guard_client=client,
        drivers=drivers,
        acquisition=acquisition,
        diagnostics=diagnostics,
        soft=soft,
        derived=derived,
        overrides=overrides,
        plausibility=Plausibility(cvt),
        configuration=configuration,
        project=project,
        outputs=outputs,
        alarms=alarms,
        replay_jobs=jobs,
        replays=replays,
        backups=backups,
        alarm_journal=SqlAlarmJournal(stores.config),
        alarm_analytics=AlarmAnalytics(
            stores.config,
            lambda area: priorities_of(alarms.list(), area),
            local_day(settings.site.time_zone),
            settings.alarms.targets,
            AnalyticsProcesses(settings),
        ),
        event_index=event_index,
        event_log=event_log,
        annotations=TagRenames(lambda names, _now: stores.annotations.rename(names)),
        displays=TagRenames(stores.displays.rename),
        recorder=recorder,
        history_diagnostics=history_diagnostics,
        history_store=history,
        plain_rows=plain,
        historian=historian,
        machines=machines,
        notifications=notifications,
        commands=Commands(
            tags=cvt,
            outputs=outputs,
            alarms=alarms,
            machines=machines,
            configuration=configuration,
            project=project,
            replays=replays,
            backups=backups,
            history=historian,
            workbench=Workbench(drivers, acquisition, configuration, settings.data),
            overrides=overrides,
            references=stores.references,
            preferences=stores.preferences,
            notifications=notifications,
            records=Records(
                events=event_log,
                logbook=stores.logbook,
                plan=logbook_plan(settings),
                annotations=stores.annotations,
                displays=stores.displays,
            ),
            accounts=stores.accounts,
            authenticator=stores.authenticator,
            journal=stores.journal,
            clock=clock,
        ),
    )


def plain_rows_of(settings: Settings, database: Database, now: Callable[[], float]) -> PlainRows | None:
    """What keeps samples as plain rows too, None if nothing does."""
    plain = settings.history.plain
    return PlainRows(database, plain.tags, plain.keep_days, now) if plain.keep_days else None


def historian_of(settings: Settings, cvt: Cvt, store: SqlHistoryStore) -> Historian:
    """What answers questions to the history within the bounds of the settings."""
    asked = settings.queries
    budget = Budget(points=asked.points, days=asked.days, samples=asked.samples, seconds=asked.seconds)
    file = replace(budget, points=asked.export_samples, samples=asked.export_samples, seconds=asked.export_seconds)
    archive = settings.history_archive
    return Historian(cvt, store, reads_of(store, archive), ExportProcesses(settings.history_url, file, archive), budget)


def machine_kinds(apps: Sequence[App]) -> Mapping[str, type[Machine]]:
    """The classes of machines that applications offer to equipment."""
    return {name: kind for app in apps for name, kind in app.machine_kinds.items()}


def machines_of(apps: Sequence[App], configuration: Configuration) -> Sequence[Machine]:
    """The applications' own machines, and then those of equipment. Raises ``ConfigError``."""
    kinds = machine_kinds(apps)
    own = [machine for app in apps for machine in app.machines]
    return [*own, *(made_machine(declared, kinds) for declared in configuration.machines())]


def _recorder(settings: Settings, cvt: Cvt, store: HistoryStore) -> Recorder:
    spool = Spool(settings.data / "spool", settings.history.spool_mb * _MIB)
    return Recorder(cvt, store, spool, capacity=settings.history.mailbox)


def logbook_plan(settings: Settings) -> LogbookPlan:
    """How the log book is kept, as the settings say."""
    shifts = {name: minutes_of(begin) for name, begin in settings.logbook.shifts.items()}
    return LogbookPlan(categories=settings.logbook.categories, shifts=shifts, minute_of=local_minute(settings.site.time_zone))


def _acquisition(
    links: Sequence[LinkDeclaration], tags: Sequence[Tag], cvt: Cvt, clock: RealClock, drivers: Drivers
) -> Acquisition:
    acquisition = Acquisition(cvt, clock)
    by_link: dict[str | None, list[Tag]] = {}
    for tag in tags:
        by_link.setdefault(tag.link, []).append(tag)
    made = drivers.take(links)
    for link in links:
        acquisition.add(setup_of(drivers.placed(link), made[link.name]), by_link.get(link.name, ()))
    return acquisition
