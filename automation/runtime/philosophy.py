"""The alarm philosophy of a site, from its settings."""

from __future__ import annotations

from automation.model.errors import ConfigError
from automation.model.philosophy import AlarmClass, Guidance, Philosophy
from automation.security.principal import Permission
from automation.settings import AlarmClassSetting, Settings


def philosophy_of(settings: Settings) -> Philosophy:
    """The classes of alarms and the guidance of areas. Raises ``ConfigError`` naming a class with an unknown permission."""
    return Philosophy(
        classes={name: _class(name, given) for name, given in settings.alarms.classes.items()},
        guidance={path: Guidance(**given.model_dump()) for path, given in settings.alarms.guidance.items()},
    )


def _class(name: str, given: AlarmClassSetting) -> AlarmClass:
    if given.ack_permission:
        try:
            Permission.of(given.ack_permission)
        except ValueError as error:
            raise ConfigError(f"settings: alarms.classes.{name}.ack_permission: {error}") from error
    return AlarmClass(name=name, **given.model_dump())
