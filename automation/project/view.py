"""What this process runs of the configuration: tags, alarms and machines inside its gate, and what changes there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Effects, Key, ObjectKind
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.output import Output
from automation.model.tag import Tag
from automation.project.making import Made
from automation.project.own_alarms import comms_alarm, mismatch_alarm, owner_of_alarm
from automation.project.running import Item, Running
from automation.project.usage import AGREES_WITH


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Which part of a shared configuration this process runs; empty texts let everything in."""

    manufacturer: str = ""
    segment: str = ""

    @property
    def open(self) -> bool:
        """True if it keeps nothing out."""
        return not (self.manufacturer or self.segment)

    def passes(self, tag: Tag) -> bool:
        """True unless the tag says that it belongs to another part."""
        own = ((self.manufacturer, tag.manufacturer), (self.segment, tag.segment))
        return all(not mine or not its or mine == its for mine, its in own)


@dataclass(frozen=True, kw_only=True)
class View:
    """The running configuration as this process runs it. outside: names of the tags that it leaves out."""

    running: Running = field(default_factory=Running)
    outside: frozenset[str] = frozenset()

    @classmethod
    def through(cls, gate: Gate, running: Running) -> View:
        """What the gate lets in; a derived tag that reads one outside is outside too."""
        return cls(running=running, outside=frozenset() if gate.open else _outside(gate, running))

    def tag(self, key: Key) -> Tag | None:
        """The tag as it runs, None if it does not."""
        item = self.running.items.get(key)
        if item is None or not isinstance(item.model, Tag):
            return None
        if not self.outside:
            return item.model
        return None if item.model.name in self.outside else self._alone(item, item.model)

    def alarm(self, key: Key) -> AlarmDefinition | None:
        """The alarm as it runs, None if it does not."""
        item = self.running.items.get(key)
        if item is None or not isinstance(item.model, AlarmDefinition) or item.model.tag in self.outside:
            return None
        return item.model

    def own_alarm(self, key: Key) -> AlarmDefinition | None:
        """The alarm that the link or output of that key brings with it, None if it does not run."""
        made = _brought(key, self.tag(key), self.running)
        if made is None or (ObjectKind.ALARM, made.name) in self.running.items:
            return None
        users = [self.running.items[user].model for user in self.running.users.get(made.tag, ())]
        watched = any(isinstance(user, AlarmDefinition) and user.tag == made.tag for user in users)
        return None if watched else made

    def machines_of(self, key: Key) -> Sequence[MachineDeclaration]:
        """The machines of the equipment that run: those that need no tag outside."""
        item = self.running.items.get(key)
        if item is None:
            return ()
        return [machine for machine in item.machines if self.outside.isdisjoint(machine.ports.values())]

    def tags(self) -> Sequence[Tag]:
        """All tags that run."""
        return [tag for key in self.running.items if key[0] is ObjectKind.TAG and (tag := self.tag(key)) is not None]

    def alarms(self) -> Sequence[AlarmDefinition]:
        """All alarms that run."""
        return [alarm for key in self.running.items for alarm in (self.alarm(key), self.own_alarm(key)) if alarm is not None]

    def machines(self) -> Sequence[MachineDeclaration]:
        """All machines of equipment that run."""
        keys = dict.fromkeys(equipment for names in self.running.machines.values() for equipment in names)
        return [machine for name in keys for machine in self.machines_of((ObjectKind.EQUIPMENT, name))]

    def _alone(self, item: Item, tag: Tag) -> Tag:
        """The tag without the comparison to a redundant one outside."""
        if tag.checks is None or tag.checks.agrees_with not in self.outside:
            return tag
        return replace(tag, checks=replace(tag.checks, agrees_with=None, within=None))


def own_alarm(name: str, running: Running) -> AlarmDefinition | None:
    """The alarm of that name as a link or an output brings it with it, None if none does."""
    owner = owner_of_alarm(name)
    item = None if owner is None else running.items.get(owner)
    if owner is None or item is None:
        return None
    made = _brought(owner, item.model if isinstance(item.model, Tag) else None, running)
    return made if made is not None and made.name == name else None


def _brought(key: Key, tag: Tag | None, running: Running) -> AlarmDefinition | None:
    """The alarm of the link or output of that key, which may have given way to a configured one."""
    if key[0] is ObjectKind.LINK and running.link(key[1]) is not None:
        return comms_alarm(key[1])
    return mismatch_alarm(tag) if key[0] is ObjectKind.TAG and isinstance(tag, Output) else None


def effects_of(
    before: View, after: View, made: Made, renamed_links: Mapping[str, str], renamed_alarms: Mapping[str, str]
) -> Effects:
    """What becomes of the running parts; a tag of the same id and another name was renamed.

    renamed_links, renamed_alarms: former names by new ones.
    """
    keys = _touched(before, after, made)
    tags = [(before.tag(key), after.tag(key)) for key in keys if key[0] is ObjectKind.TAG]
    rang, ring = (_alarms(view, keys) for view in (before, after))
    called = {name: old for name, old in renamed_alarms.items() if name in ring and old in rang and old not in ring}
    linked, links = (_links(view, keys) for view in (before, after))
    equipment = [key for key in keys if key[0] is ObjectKind.EQUIPMENT]
    had, have = ({one.name: one for key in equipment for one in view.machines_of(key)} for view in (before, after))
    gone = {old.id: old for old, new in tags if old is not None and new is None}
    come = [new for old, new in tags if old is None and new is not None]
    moved = [(gone.pop(new.id), new) for new in come if new.id in gone]
    names = {new.name for _, new in moved}
    return Effects(
        links_added=[link for name, link in links.items() if name not in linked and name not in renamed_links],
        links_changed=[
            (linked[old], link)
            for name, link in links.items()
            if (old := renamed_links.get(name, name)) in linked and linked[old] != link
        ],
        links_removed=[link for name, link in linked.items() if name not in links and name not in renamed_links.values()],
        tags_added=[new for new in come if new.name not in names],
        tags_changed=[*moved, *((old, new) for old, new in tags if old is not None and new is not None and old != new)],
        tags_removed=list(gone.values()),
        alarms_added=[new for name, new in ring.items() if name not in rang and name not in called],
        alarms_changed=[
            (rang[old], new) for name, new in ring.items() if (old := called.get(name, name)) in rang and rang[old] != new
        ],
        alarms_removed=[old for name, old in rang.items() if name not in ring and name not in called.values()],
        machines_added=[new for name, new in have.items() if name not in had],
        machines_changed=[(had[name], new) for name, new in have.items() if name in had and had[name] != new],
        machines_removed=[old for name, old in had.items() if name not in have],
    )


def _alarms(view: View, keys: Iterable[Key]) -> Mapping[str, AlarmDefinition]:
    """The alarms of these keys that run, and those that links and outputs bring with them."""
    found = (alarm for key in keys for alarm in (view.alarm(key), view.own_alarm(key)))
    return {alarm.name: alarm for alarm in found if alarm is not None}


def _links(view: View, keys: Iterable[Key]) -> Mapping[str, LinkDeclaration]:
    found = (view.running.link(name) for kind, name in keys if kind is ObjectKind.LINK)
    return {link.name: link for link in found if link is not None}


def _touched(before: View, after: View, made: Made) -> Iterable[Key]:
    """The keys of everything that may run otherwise than before."""
    keys = dict.fromkeys((*made.gone, *made.new))
    for name in sorted(before.outside ^ after.outside):
        keys[ObjectKind.TAG, name] = None
        for view in (before, after):
            keys.update(dict.fromkeys(view.running.users.get(name, ())))
    for kind, name in list(keys):
        if kind is ObjectKind.ALARM:  # it may take the place of one that a link or an output brings with it
            watched = [alarm.tag for view in (before, after) if (alarm := view.alarm((kind, name))) is not None]
            keys.update(dict.fromkeys(owner for word in (name, *watched) if (owner := owner_of_alarm(word)) is not None))
    return keys


def _outside(gate: Gate, running: Running) -> frozenset[str]:
    waiting = [item.model.name for item in running.items.values() if isinstance(item.model, Tag) and not gate.passes(item.model)]
    found = set(waiting)
    while waiting:
        name = waiting.pop()
        for key in running.users.get(name, ()):
            if key[0] is ObjectKind.TAG and key[1] not in found and _is_computed_from(running.items[key], name):
                found.add(key[1])
                waiting.append(key[1])
    return frozenset(found)


def _is_computed_from(item: Item, name: str) -> bool:
    return any(reference.tag == name and reference.how != AGREES_WITH for reference in item.references)
