"""What a site is made of, built and wired but not yet started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.acquisition.acquisition import Acquisition
from automation.app import App
from automation.commands.service import Commands
from automation.cvt.derived import DerivedTags
from automation.cvt.derived_sql import SqlDerivedStore
from automation.cvt.table import Cvt
from automation.drivers.modbus.build import build_driver
from automation.guard.client import GuardClient
from automation.guard.process import GuardProcess
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.historian.historian import Historian
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.machines.manager import MachineManager
from automation.outputs.outputs import Outputs
from automation.runtime.field import guard_config, raw_of, setup_of, words_of
from automation.runtime.stores import Stores
from automation.settings import Settings
from automation.system.clock import RealClock


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
    acquisition: Acquisition
    derived: DerivedTags
    outputs: Outputs
    alarms: AlarmManager
    recorder: Recorder
    historian: Historian
    machines: MachineManager
    commands: Commands


def build_parts(settings: Settings, clock: RealClock, stores: Stores, apps: Sequence[App]) -> Parts:
    """The parts of the applications, in flow order. Raises ``ConfigError`` naming what does not fit, and ``StorageError``."""
    cvt = Cvt()
    guard = GuardProcess(guard_config(apps, settings))
    client = guard.client()
    acquisition = _acquisition(apps, cvt, clock, client)
    tags = [tag for app in apps for tag in app.tags if tag.derived]
    derived = DerivedTags(tags, cvt, SqlDerivedStore(stores.config), clock.now())
    outputs = Outputs(cvt, acquisition, client, clock, raw_of=raw_of, words_of=words_of)
    alarms = AlarmManager([alarm for app in apps for alarm in app.alarms], cvt, SqlAlarmStore(stores.config, stores.journal))
    history = SqlHistoryStore(stores.history)
    machines = MachineManager([machine for app in apps for machine in app.machines], cvt, outputs, clock)
    return Parts(
        settings=settings,
        clock=clock,
        apps=apps,
        stores=stores,
        cvt=cvt,
        guard=guard,
        guard_client=client,
        acquisition=acquisition,
        derived=derived,
        outputs=outputs,
        alarms=alarms,
        recorder=Recorder(cvt, history, Spool(settings.data / "spool"), capacity=settings.history.mailbox),
        historian=Historian(cvt, history),
        machines=machines,
        commands=Commands(
            tags=cvt,
            outputs=outputs,
            alarms=alarms,
            machines=machines,
            accounts=stores.accounts,
            authenticator=stores.authenticator,
            journal=stores.journal,
            clock=clock,
        ),
    )


def _acquisition(apps: Sequence[App], cvt: Cvt, clock: RealClock, client: GuardClient) -> Acquisition:
    acquisition = Acquisition(cvt, clock)
    for app in apps:
        for tag in app.tags:
            if tag.source is None and not tag.derived:
                cvt.add([tag], clock.now())
        for link in app.links:
            tags = [tag for tag in app.tags if tag.link == link.name]
            acquisition.add(setup_of(link, build_driver(link, client)), tags)
    return acquisition
