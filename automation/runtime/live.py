"""How the running parts follow a change of the configuration: looked at first, then carried out in the order of the flow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from automation.acquisition.diagnostics import diagnostic_tags
from automation.acquisition.link import LinkSetup
from automation.acquisition.reshaping import LinkChange, Reshaping
from automation.cvt.derived import DerivedTags
from automation.cvt.soft import SoftTags
from automation.guard.config import GuardTables
from automation.model.configuration import Effects
from automation.model.errors import AutomationError, ConflictError
from automation.model.link import LinkDeclaration, up_tag
from automation.model.output import Output
from automation.model.tag import DataType, Tag
from automation.observers.machines.making import made_machine
from automation.observers.machines.manager import MachineChange
from automation.outputs.companions import companions_of
from automation.project.live import Offline, Prepared
from automation.runtime.field import guard_tables, setup_of
from automation.runtime.parts import Parts, machine_kinds

log = logging.getLogger(__name__)

_SOFT, _DERIVED = "soft", "derived"
_LINK = "link "


@dataclass
class _Share:
    """What of a change belongs to one writer of tags. gone: removed, or on their way to another writer."""

    added: list[Tag] = field(default_factory=list)
    changed: list[tuple[Tag, Tag]] = field(default_factory=list)
    gone: list[Tag] = field(default_factory=list)


class LiveParts:
    """The running parts of a site as the configuration changes them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def prepare(self, effects: Effects) -> Prepared:
        """The change, ready to be carried out.

        Raises ``ConfigError`` naming what cannot be done, ``ConflictError`` if an output would go or change that is not confirmed
        safe, and ``GuardUnavailableError``.
        """
        return Offline() if effects.empty else _PreparedChange(self._parts, effects)


class Stopping:
    """A runtime that stops: it takes no change any more."""

    def prepare(self, effects: Effects) -> Prepared:
        """Refuse whatever touches what runs. Raises ``ConflictError``."""
        raise ConflictError("the runtime is stopping", "stopping")


class _PreparedChange:
    """One change; it was looked at when it was made."""

    restart: Sequence[str] = ()

    def __init__(self, parts: Parts, effects: Effects) -> None:
        self._parts = parts
        self._effects = effects
        self._shares = _shares(effects)
        self._renamed = {new.name: old.name for old, new in effects.tags_changed if new.name != old.name}
        self._machines = _prepared_machines(parts, effects)
        self._tables = _tables_after(parts, effects, self._machines.released)
        self._links = self._prepared_links()
        self._check_derived()
        self._change_alarms = self._prepared_alarms()

    def commit(self, now: float) -> None:
        """Carry the change out: machines that go stop first; then the guard, tags in the order of the flow, who watches them."""
        self._machines.stop(now)
        parts, soft, derived = self._parts, self._share(_SOFT), self._share(_DERIVED)
        self._links.halt()
        if self._tables is not None:
            self._tell_guard(self._tables)
        parts.drivers.take(_links_after(parts, self._effects))
        with parts.alarms.held(), parts.derived.held():
            moving = {tag.name for tag in _moved(self._effects)}
            parts.soft.change((), (), [tag for tag in soft.gone if tag.name in moving], now)
            parts.derived.change((), (), [tag for tag in derived.gone if tag.name in moving], now)
            self._links.commit(now)
            parts.diagnostics.follow(now)
            parts.soft.change(soft.added, soft.changed, [tag for tag in soft.gone if tag.name not in moving], now)
            new_names = {old: new for new, old in self._renamed.items()}
            left = [tag for tag in derived.gone if tag.name not in moving]
            parts.derived.change(derived.added, derived.changed, left, now, new_names)
            parts.overrides.change(self._effects.tags_changed, self._effects.tags_removed, now)
            if _concerns_outputs(self._effects):
                for new, old in self._renamed.items():
                    parts.outputs.tag_outs.rename(old, new)
                parts.outputs.follow(now)
            self._change_alarms(now)
        self._machines.start()
        for new, old in self._renamed.items():
            parts.recorder.rename(old, new)
            parts.annotations.rename(old, new)
            parts.displays.rename(old, new)

    def _tell_guard(self, tables: GuardTables) -> None:
        try:
            self._parts.guard.configure(tables)
        except AutomationError:
            self._links.resume()
            raise

    def _share(self, place: str) -> _Share:
        return self._shares.get(place) or _Share()

    def _prepared_links(self) -> Reshaping:
        effects, parts = self._effects, self._parts
        change = LinkChange(
            added=[self._setup(link) for link in effects.links_added],
            changed=[(old.name, self._setup(new)) for old, new in effects.links_changed],
            removed=[link.name for link in effects.links_removed],
        )
        former = {setup.name: name for name, setup in change.changed}
        ended = {*change.removed, *(name for name, setup in change.changed if name != setup.name)}
        named = [place.removeprefix(_LINK) for place in self._shares if place.startswith(_LINK)]
        names = dict.fromkeys((*named, *former, *(setup.name for setup in change.added)))
        wanted = {name: self._tags_of(name, former.get(name, name)) for name in names if name not in ended}
        freed = {tag.name for place in (_SOFT, _DERIVED) for tag in self._share(place).gone}
        return parts.acquisition.prepare_links(change, wanted, self._renamed, freed)

    def _tags_of(self, link: str, former: str) -> Sequence[Tag]:
        """All tags that the link will have. former: its name now."""
        share = self._share(f"{_LINK}{link}")
        newer = {old.name: new for old, new in share.changed}
        gone = {tag.name for tag in (*share.gone, *self._share(f"{_LINK}{former}").gone)}
        known = {each.name: each for each in self._parts.acquisition.links()}.get(former)
        there = () if known is None else known.tags()
        return [*(newer.get(tag.name, tag) for tag in there if tag.name not in gone), *share.added]

    def _setup(self, link: LinkDeclaration) -> LinkSetup:
        drivers = self._parts.drivers
        return setup_of(drivers.placed(link), drivers.of(link))

    def _check_derived(self) -> None:
        share = self._share(_DERIVED)
        if share.added or share.changed or share.gone:
            self._parts.derived.check(share.added, share.changed, share.gone, self._names_after())

    def _names_after(self) -> set[str]:
        gone = {tag.name for tag in self._effects.tags_removed} | set(self._renamed.values())
        coming = {tag.name for tag in self._effects.tags_added} | {new.name for _, new in self._effects.tags_changed}
        return {name for name in self._parts.cvt.names() if name not in gone} | coming

    def _prepared_alarms(self) -> Callable[[float], None]:
        effects, alarms = self._effects, self._parts.alarms
        if not (effects.alarms_added or effects.alarms_changed or effects.alarms_removed or effects.tags_changed):
            return lambda _now: None
        after = self._tags_after()
        removed = [definition.name for definition in effects.alarms_removed]
        return alarms.prepare_change(
            effects.alarms_added,
            effects.alarms_changed,
            removed,
            effects.actor,
            effects.origin,
            tag_of=after,
            reason=effects.reason,
        )

    def _tags_after(self) -> Callable[[str], Tag | None]:
        effects, cvt = self._effects, self._parts.cvt
        gone = {tag.name for tag in effects.tags_removed} | set(self._renamed.values())
        coming = {tag.name: tag for tag in (*effects.tags_added, *(new for _, new in effects.tags_changed))}
        coming |= {tag.name: tag for tag in _companions(effects, list(coming.values()))}

        def find(name: str) -> Tag | None:
            if name in coming:
                return coming[name]
            return None if name in gone or name not in cvt else cvt.tag(name)

        return find


def _prepared_machines(parts: Parts, effects: Effects) -> MachineChange:
    kinds = machine_kinds(parts.apps)
    return parts.machines.prepare_change(
        [made_machine(declared, kinds) for declared in effects.machines_added],
        [made_machine(declared, kinds) for _, declared in effects.machines_changed],
        [declared.name for declared in effects.machines_removed],
    )


def _place(tag: Tag) -> str:
    """Who writes the tag."""
    if SoftTags.owns(tag):
        return _SOFT
    return _DERIVED if DerivedTags.owns(tag) else f"{_LINK}{tag.link}"


def _moved(effects: Effects) -> Sequence[Tag]:
    """The tags that another writer takes over."""
    return [old for old, new in effects.tags_changed if _place(old) != _place(new)]


def _shares(effects: Effects) -> Mapping[str, _Share]:
    shares: dict[str, _Share] = {}

    def share(tag: Tag) -> _Share:
        return shares.setdefault(_place(tag), _Share())

    for tag in effects.tags_added:
        share(tag).added.append(tag)
    for tag in effects.tags_removed:
        share(tag).gone.append(tag)
    for old, new in effects.tags_changed:
        if _place(old) == _place(new):
            share(new).changed.append((old, new))
        else:
            share(old).gone.append(old)
            share(new).added.append(new)
    return shares


def _touched(effects: Effects) -> Sequence[Tag]:
    return (*effects.tags_added, *effects.tags_removed, *(tag for pair in effects.tags_changed for tag in pair))


def _links_after(parts: Parts, effects: Effects) -> Sequence[LinkDeclaration]:
    """All links once the change is made. The configuration has it by then, or not yet: the change says the same."""
    gone = {link.name for link in (*effects.links_removed, *(old for old, _ in effects.links_changed))}
    coming = {link.name: link for link in (*effects.links_added, *(new for _, new in effects.links_changed))}
    staying = [link for link in parts.configuration.links() if link.name not in gone and link.name not in coming]
    return [*staying, *coming.values()]


def _companions(effects: Effects, coming: Sequence[Tag]) -> Sequence[Tag]:
    """The tags that come with links, outputs and zones."""
    links = (*effects.links_added, *(new for _, new in effects.links_changed))
    outputs = [tag for tag in coming if isinstance(tag, Output)]
    zones = {zone for tag in coming if (zone := _zone_of(tag))}
    ups = [Tag(name=up_tag(link.name), type=DataType.BOOL, system=True) for link in links]
    ups += [tag for link in links for tag in diagnostic_tags(link.name)]
    return [*ups, *companions_of([output.name for output in outputs], zones)]


def _zone_of(tag: Tag) -> str:
    if isinstance(tag, Output):
        return tag.zone
    return "" if tag.estop_input is None else tag.estop_input.zone


def _concerns_outputs(effects: Effects) -> bool:
    """True if the guard or what watches over outputs has to hear of it."""
    links = (*effects.links_added, *effects.links_removed, *(link for pair in effects.links_changed for link in pair))
    tags = _touched(effects)
    return any(link.guarded for link in links) or any(isinstance(tag, Output) or tag.estop_input is not None for tag in tags)


def _tables_after(parts: Parts, effects: Effects, released: Collection[str]) -> GuardTables | None:
    """What the guard is to know, None if that is what it knows. released: outputs of machines that will put them to safe."""
    if not _concerns_outputs(effects):
        return None
    gone = {tag.name for tag in effects.tags_removed} | {old.name for old, _ in effects.tags_changed}
    before = parts.cvt.tags()
    after = [*(tag for tag in before if tag.name not in gone), *effects.tags_added, *(new for _, new in effects.tags_changed)]
    links = [parts.drivers.placed(link) for link in _links_after(parts, effects)]
    wanted = guard_tables(links, after)
    if _by_name(wanted) == _by_name(parts.guard.tables):
        return None
    parts.guard.check(wanted, released)
    return wanted


def _by_name(tables: GuardTables) -> Sequence[Mapping[str, object]]:
    return [{one.name: one for one in part} for part in (tables.links, tables.outputs, tables.inputs)]
