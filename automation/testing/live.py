"""Running parts of a plant without devices, which follow the configuration as those of the runtime do."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cvt.overrides import Overrides
from automation.cvt.table import Cvt, Group
from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Effects
from automation.model.errors import ConfigError
from automation.observers.alarms.manager import AlarmManager


class PlantLive:
    """A table, its overrides and its alarms; all the tags are in one group.

    refusing: raised by every ``prepare`` while it is set. restart: what each change would need a restart for.
    """

    def __init__(self, cvt: Cvt, group: Group, overrides: Overrides, alarms: AlarmManager) -> None:
        self.refusing: ConfigError | None = None
        self.restart: Sequence[str] = ()
        self._cvt = cvt
        self._group = group
        self._overrides = overrides
        self._alarms = alarms

    def prepare(self, effects: Effects) -> _Prepared:
        """The change, ready to be carried out."""
        if self.refusing is not None:
            raise self.refusing
        return _Prepared(self, effects)

    def carry_out(self, effects: Effects, now: float) -> None:
        """Have table, overrides and alarms follow."""
        newer = {old.name: new for old, new in effects.tags_changed}
        gone = {tag.name for tag in effects.tags_removed}
        tags = [newer.get(tag.name, tag) for tag in self._group.tags if tag.name not in gone]
        renamed = {new.name: old.name for old, new in effects.tags_changed if new.name != old.name}
        (self._group,) = self._cvt.replace([self._group], [[*tags, *effects.tags_added]], now, renamed)
        self._overrides.change(effects.tags_changed, effects.tags_removed, now)
        removed = [alarm.name for alarm in effects.alarms_removed if not watches_parts(alarm, self._cvt)]
        added = [alarm for alarm in effects.alarms_added if not watches_parts(alarm, self._cvt)]
        by = (effects.actor, effects.origin, effects.reason)
        self._alarms.change(added, effects.alarms_changed, removed, now, *by)
        self._alarms.step(now)


def watches_parts(alarm: AlarmDefinition, cvt: Cvt) -> bool:
    """True for an alarm on a tag of links or outputs, which only the running ones have."""
    return alarm.tag not in cvt and alarm.tag.startswith(("LINK.", "OUTPUT."))


class _Prepared:
    """A change that waits for its commit."""

    def __init__(self, live: PlantLive, effects: Effects) -> None:
        self.restart = live.restart
        self._live = live
        self._effects = effects

    def commit(self, now: float) -> None:
        """Carry it out."""
        self._live.carry_out(self._effects, now)
