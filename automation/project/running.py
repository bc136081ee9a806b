"""Everything that runs, made from the objects: by key, with the indices that make one change among 100,000 cheap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, TypeVar, cast

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import ConfigObject, Key, ObjectKind, Usage
from automation.model.equipment import Equipment, EquipmentType
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.output import Output
from automation.model.tag import Tag
from automation.project.usage import Reference

Model: TypeAlias = Tag | AlarmDefinition | EquipmentType | Equipment | LinkDeclaration
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Index: TypeAlias = Mapping[str, tuple[T, ...]]


class Item(NamedTuple):
    """One object that runs. maker: the equipment that it was made from, empty for one of its own. machines: of equipment."""

    object: ConfigObject
    model: Model
    maker: str = ""
    references: Sequence[Reference] = ()
    machines: Sequence[MachineDeclaration] = ()

    @property
    def key(self) -> Key:
        """Kind and name."""
        return self.object.kind, self.object.name

    @property
    def subject(self) -> str:
        """The object in words."""
        return f"{self.object.kind.value} {self.object.name}"


@dataclass(frozen=True, kw_only=True)
class Running:
    """All items by key, never changed: ``after`` makes the next one.

    users: of a tag, by its name, whether it is there or not. outputs: names by source. titles: of tags, by display name.
    instances: names of equipment by type. made: what each equipment made. machines: names of equipment by that of its machine.
    """

    items: Mapping[Key, Item] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    users: Index[Key] = field(default_factory=dict)
    outputs: Index[str] = field(default_factory=dict)
    titles: Index[str] = field(default_factory=dict)
    instances: Index[str] = field(default_factory=dict)
    made: Index[Key] = field(default_factory=dict)
    machines: Index[str] = field(default_factory=dict)

    def after(self, new: Mapping[Key, Item], gone: Collection[Key]) -> Running:
        """The same with new items in place of those of their keys, and without those that are gone."""
        old = [item for key in (*gone, *new) if (item := self.items.get(key)) is not None]
        items = copied(self.items)
        for key in gone:
            items.pop(key, None)
        items.update(new)
        come = list(new.values())
        return Running(
            items=items,
            ids=_with_ids(self.ids, old, come),
            users=_reindexed(self.users, _users(old), _users(come)),
            outputs=_reindexed(self.outputs, _outputs(old), _outputs(come)),
            titles=_reindexed(self.titles, _titles(old), _titles(come)),
            instances=_reindexed(self.instances, _instances(old), _instances(come)),
            made=_reindexed(self.made, _made(old), _made(come)),
            machines=_reindexed(self.machines, _machines(old), _machines(come)),
        )

    def tag(self, name: str) -> Tag | None:
        """The tag of that name, None if there is none."""
        item = self.items.get((ObjectKind.TAG, name))
        return item.model if item is not None and isinstance(item.model, Tag) else None

    def link(self, name: str) -> LinkDeclaration | None:
        """The link of that name, None if there is none."""
        item = self.items.get((ObjectKind.LINK, name))
        return None if item is None else cast("LinkDeclaration", item.model)

    def links(self) -> Sequence[LinkDeclaration]:
        """All links."""
        return [cast("LinkDeclaration", item.model) for (kind, _), item in self.items.items() if kind is ObjectKind.LINK]

    def tags_on(self, links: Collection[str]) -> Iterator[Item]:
        """The items of all tags on these links."""
        return (item for item in self.items.values() if isinstance(item.model, Tag) and item.model.link in links)

    def usages(self, tag: str) -> Sequence[Usage]:
        """Who uses the tag of that name, whether it is there or not."""
        return [
            Usage(kind="machine" if reference.machine else kind.value, name=reference.machine or name, how=reference.how)
            for kind, name in self.users.get(tag, ())
            for reference in self.items[kind, name].references
            if reference.tag == tag
        ]

    def users_in_words(self, tag: str) -> Sequence[str]:
        """The same in words, of a machine also its port."""
        words = (f"{use.kind} {use.name}" + (f", {use.how}" if use.kind == "machine" else "") for use in self.usages(tag))
        return list(dict.fromkeys(words))

    def tag_names(self) -> Sequence[str]:
        """The names of all tags."""
        return [name for kind, name in self.items if kind is ObjectKind.TAG]

    def names(self, kind: ObjectKind) -> Sequence[str]:
        """The names of all objects of the kind."""
        return [name for found, name in self.items if found is kind]


def copied(given: Mapping[K, V]) -> dict[K, V]:
    """A copy; of a dictionary that lost keys since it was made, ``copy`` is ten times as fast as ``dict``."""
    return given.copy() if isinstance(given, dict) else dict(given)


def _with_ids(ids: Mapping[str, str], old: Iterable[Item], new: Iterable[Item]) -> Mapping[str, str]:
    come = {item.model.id: item.model.name for item in new if isinstance(item.model, Tag)}
    gone = [item.model.id for item in old if isinstance(item.model, Tag) and item.model.id not in come]
    if not gone and all(ids.get(tag_id) == name for tag_id, name in come.items()):
        return ids
    changed = copied(ids)
    for tag_id in gone:
        changed.pop(tag_id, None)
    changed.update(come)
    return changed


def _reindexed(index: Index[T], gone: Iterable[tuple[str, T]], come: Iterable[tuple[str, T]]) -> Index[T]:
    changed: dict[str, dict[T, None]] = {}
    for word, value in gone:
        changed.setdefault(word, dict.fromkeys(index.get(word, ()))).pop(value, None)
    for word, value in come:
        changed.setdefault(word, dict.fromkeys(index.get(word, ())))[value] = None
    if not changed:
        return index
    new = copied(index)
    for word, values in changed.items():
        if values:
            new[word] = tuple(values)
        else:
            new.pop(word, None)
    return new


def _users(items: Iterable[Item]) -> Iterable[tuple[str, Key]]:
    return ((reference.tag, item.key) for item in items for reference in item.references)


def _outputs(items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    return ((item.model.source or "", item.model.name) for item in items if isinstance(item.model, Output))


def _titles(items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    return ((item.model.title, item.model.name) for item in items if isinstance(item.model, Tag))


def _instances(items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    return ((item.model.type, item.model.name) for item in items if isinstance(item.model, Equipment))


def _made(items: Iterable[Item]) -> Iterable[tuple[str, Key]]:
    return ((item.maker, item.key) for item in items if item.maker)


def _machines(items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    return ((machine.name, item.object.name) for item in items for machine in item.machines)
