"""The configuration of an installation: what its applications declare, and what is kept in its database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.app import App
from automation.project.apps import AppObjects, app_objects
from automation.project.codec import object_of_alarm
from automation.project.configuration import Configuration, Context
from automation.project.sql import SqlConfigStore
from automation.project.store import ConfigStore
from automation.runtime.drivers import Drivers
from automation.runtime.field import site_alarms
from automation.runtime.philosophy import philosophy_of
from automation.runtime.stores import Stores
from automation.settings import Settings

SITE = "site"  # owner of what the runtime itself brings into the configuration


def load_configuration(settings: Settings, stores: Stores, apps: Sequence[App], drivers: Drivers, now: float) -> Configuration:
    """The configuration, loaded. Raises ``ConfigError`` for a screen that cannot be read, and ``StorageError``."""
    return configuration_in(SqlConfigStore(stores.config, stores.journal), settings, apps, drivers, now)


def configuration_in(store: ConfigStore, settings: Settings, apps: Sequence[App], drivers: Drivers, now: float) -> Configuration:
    """The configuration kept in that store, loaded. Raises as ``load_configuration``."""
    gate = settings.acquisition
    context = Context(
        manufacturer=gate.manufacturer,
        segment=gate.segment,
        philosophy=philosophy_of(settings),
        check_link=drivers.check_link,
        check_source=drivers.check,
    )
    site = AppObjects(name=SITE, objects=[object_of_alarm(alarm) for alarm in site_alarms()])
    brought = [_brought(app, simulate=settings.apps.simulate) for app in apps]
    configuration = Configuration(store, [*brought, site], context=context)
    configuration.load(now)
    return configuration


def _brought(app: App, *, simulate: bool) -> AppObjects:
    """What the application brings. simulate: its simulators stand in for devices."""
    simulated = [app.simulator.link] if simulate and app.simulator is not None else []
    return replace(app_objects(app), simulated=simulated)
