"""Applications: found by entry point, moved to where their devices are, checked together."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points

from automation.app import App
from automation.model.errors import ConfigError
from automation.settings import Settings

GROUP = "automation.apps"


def load_apps(settings: Settings) -> Sequence[App]:
    """The enabled applications, each link where the settings put it.

    Raises ``ConfigError`` with one line per mistake: an unknown application or link, parts that do not fit, names used twice.
    """
    available = {point.name: point for point in entry_points(group=GROUP)}
    apps = [_load(name, available) for name in settings.apps.enabled]
    apps = _moved(apps, settings)
    mistakes = [f"app {app.name}: {mistake}" for app in apps for mistake in app.mistakes()]
    mistakes += _shared_names(apps)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return apps


def _load(name: str, available: Mapping[str, EntryPoint]) -> App:
    point = available.get(name)
    if point is None:
        close = difflib.get_close_matches(name, available, 1)
        hint = f"did you mean {close[0]}?" if close else f"installed: {', '.join(sorted(available)) or 'none'}"
        raise ConfigError(f"apps.enabled: unknown application {name}; {hint}")
    try:
        app = point.load()
    except ImportError as error:
        raise ConfigError(f"app {name}: cannot be imported from {point.value}: {error}") from error
    if not isinstance(app, App):
        raise ConfigError(f"app {name}: {point.value} is not an App")
    return app


def _moved(apps: Sequence[App], settings: Settings) -> list[App]:
    moved = list(apps)
    for link, override in settings.links.items():
        owners = [i for i, app in enumerate(moved) if link in {declared.name for declared in app.links}]
        if not owners:
            raise ConfigError(f"links.{link}: no enabled application declares such a link")
        for i in owners:
            moved[i] = moved[i].with_link(link, **override.model_dump())
    return moved


def _shared_names(apps: Sequence[App]) -> list[str]:
    mistakes: list[str] = []
    for noun, names_of in _NOUNS.items():
        owner: dict[str, str] = {}
        for app in apps:
            for name in names_of(app):
                first = owner.setdefault(name, app.name)
                if first != app.name:
                    mistakes.append(f"{noun} {name}: declared by {first} and by {app.name}")
    return mistakes


_NOUNS: Mapping[str, Callable[[App], Sequence[str]]] = {
    "link": lambda app: [link.name for link in app.links],
    "type": lambda app: [kind.name for kind in app.types],
    "equipment": lambda app: [equipment.name for equipment in app.equipment],
    "tag": lambda app: [tag.name for tag in app.all_tags],
    "alarm": lambda app: [alarm.name for alarm in app.all_alarms],
    "machine": lambda app: [machine.name for machine in app.all_machines],
    "machine kind": lambda app: list(app.machine_kinds),
}
