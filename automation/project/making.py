"""From objects to what runs: bodies become tags and alarms, equipment becomes its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import ConfigObject, Key, Mistake, ObjectKind
from automation.model.equipment import Equipment, EquipmentType
from automation.model.errors import AutomationError, ConfigError
from automation.model.tag import Tag
from automation.project.codec import alarm_of, equipment_of, link_of, tag_of, type_of
from automation.project.condition_words import placed
from automation.project.equipment import Expansion, expand
from automation.project.running import Item, Model, Running
from automation.project.usage import references, references_of_machines


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An object that shall run. id: of a tag."""

    object: ConfigObject
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a change of objects comes to. new: items that were not there, or were otherwise; mistakes: by the object's own key."""

    running: Running
    new: Mapping[Key, Item] = field(default_factory=dict)
    gone: Sequence[Key] = ()
    mistakes: Mapping[Key, Sequence[Mistake]] = field(default_factory=dict)


class Making:
    """One change of objects on its way to what runs; ``made`` carries it out.

    wanted: own objects by key, None for what shall not run any more. functions: tags that apps compute, as declared. made_id: the
    id of a tag that equipment makes, by its name.
    """

    def __init__(
        self,
        before: Running,
        wanted: Mapping[Key, Wanted | None],
        functions: Mapping[str, Tag],
        made_id: Callable[[str], str],
    ) -> None:
        self._before = before
        self._wanted = wanted
        self._functions = functions
        self._made_id = made_id
        self._new: dict[Key, Item] = {}
        self._gone: dict[Key, None] = {}
        self._mistakes: dict[Key, list[Mistake]] = {}

    def made(self) -> Made:
        """What the change comes to. Where there are mistakes, what could not be made is missing."""
        alarms: list[ConfigObject] = []
        for key, given in self._wanted.items():
            if given is None:
                if self._is_own(key):
                    self._gone[key] = None
            elif key[0] is ObjectKind.ALARM:
                alarms.append(given.object)
            else:
                self._make(given.object, key, partial(self._model, given.object, given.id))
        parts = self._expanded()
        self._make_alarms((alarm, "") for alarm in alarms)
        self._make_alarms(parts)
        self._refuse_taken()
        self._convert_limits()
        gone = [key for key in self._gone if key in self._before.items and key not in self._new]
        return Made(running=self._before.after(self._new, gone), new=self._new, gone=gone, mistakes=self._mistakes)

    def _model(self, given: ConfigObject, tag_id: str) -> Model:
        if given.kind is ObjectKind.LINK:
            return link_of(given.body)
        if given.kind is ObjectKind.TYPE:
            return type_of(given.body)
        if given.kind is ObjectKind.EQUIPMENT:
            return equipment_of(given.body)
        if not given.body.get("function"):
            return tag_of(given.body, tag_id)
        declared = self._functions.get(given.name)
        if declared is None:
            raise ConfigError(f"tag {given.name}: no enabled application has its function")
        return replace(declared, id=tag_id)

    def _make(self, given: ConfigObject, owner: Key, model: Callable[[], Model], maker: str = "") -> None:
        """Make the item, or note against its owner why it cannot be made."""
        try:
            self._new[given.key] = Item(given, model(), maker, references(given))
        except ConfigError as error:
            mistake = mistake_of(f"{given.kind.value} {given.name}", error)
            self._note(owner, placed(mistake, _condition_kind(given)) if given.kind is ObjectKind.ALARM else mistake)
            self._gone[given.key] = None

    def _note(self, key: Key, *mistakes: Mistake) -> None:
        self._mistakes.setdefault(key, []).extend(mistakes)

    def _is_own(self, key: Key) -> bool:
        item = self._before.items.get(key)
        return item is not None and not item.maker

    # equipment

    def _expanded(self) -> Sequence[tuple[ConfigObject, str]]:
        """Make the tags of all equipment that the change concerns; the alarms are left, each with its maker."""
        concerned = self._concerned()
        parts = {name: self._parts(name) for name in concerned}
        makers: dict[Key, str] = {}
        alarms: list[tuple[ConfigObject, str]] = []
        for name, expansion in parts.items():
            self._give_machines(name, expansion)
            for part in expansion.objects:
                other = self._other_maker(part.key, name, concerned, makers)
                if other is not None:
                    self._note((ObjectKind.EQUIPMENT, name), _clash(name, part, other))
                    continue
                makers[part.key] = name
                if part.kind is ObjectKind.ALARM:
                    alarms.append((part, name))
                else:
                    self._make_part(part, name)
        for name in concerned:
            for key in self._before.made.get(name, ()):
                if key not in makers:
                    self._gone[key] = None
        return alarms

    def _concerned(self) -> Mapping[str, None]:
        """Names of the equipment whose parts may change."""
        names: dict[str, None] = {}
        for kind, name in self._wanted:
            if kind is ObjectKind.EQUIPMENT:
                names[name] = None
            elif kind is ObjectKind.TYPE:
                names.update(dict.fromkeys(self._before.instances.get(name, ())))
        return names

    def _give_machines(self, name: str, expansion: Expansion) -> None:
        """Have the item of the equipment hold its machines; nobody refers to a machine, so it is no item of its own."""
        key = (ObjectKind.EQUIPMENT, name)
        item = self._item(key)
        if item is not None and item.machines != expansion.machines:
            references = references_of_machines(expansion.machines)
            self._new[key] = item._replace(machines=expansion.machines, references=references)

    def _parts(self, name: str) -> Expansion:
        equipment = self._item((ObjectKind.EQUIPMENT, name))
        if equipment is None or not isinstance(equipment.model, Equipment):
            return Expansion()
        kind = self._item((ObjectKind.TYPE, equipment.model.type))
        if kind is None or not isinstance(kind.model, EquipmentType):
            return Expansion()
        expansion = expand(kind.model, equipment.model)
        if expansion.mistakes:
            self._note((ObjectKind.EQUIPMENT, name), *expansion.mistakes)
        return expansion

    def _item(self, key: Key) -> Item | None:
        """The item as it will be."""
        found = self._new.get(key)
        return found if found is not None or key in self._gone else self._before.items.get(key)

    def _other_maker(self, key: Key, name: str, concerned: Mapping[str, None], makers: Mapping[Key, str]) -> str | None:
        """Who else makes an object of that key: the name of equipment, empty for an object of its own, None for nobody."""
        if key in self._wanted:
            if self._wanted[key] is not None:
                return ""
        elif self._is_own(key):
            return ""
        if key in makers:
            return makers[key]
        item = self._before.items.get(key)
        if item is not None and item.maker not in ("", name) and item.maker not in concerned:
            return item.maker
        return None

    def _refuse_taken(self) -> None:
        """Note objects of their own whose names belong to equipment that the change does not concern."""
        concerned = self._concerned()
        for key, given in self._wanted.items():
            item = self._before.items.get(key)
            if given is not None and item is not None and item.maker and item.maker not in concerned:
                self._note(key, Mistake(subject=item.subject, field="name", message=f"equipment {item.maker} makes it"))
                self._new.pop(key, None)

    def _make_part(self, part: ConfigObject, maker: str) -> None:
        old = self._before.items.get(part.key)
        if old is not None and old.maker == maker and old.object.hash == part.hash:
            return
        self._make(part, (ObjectKind.EQUIPMENT, maker), lambda: tag_of(part.body, self._made_id(part.name)), maker)

    # alarms, whose limits are in the unit of their tag

    def _make_alarms(self, alarms: Iterable[tuple[ConfigObject, str]]) -> None:
        for given, maker in alarms:
            old = self._before.items.get(given.key)
            if maker and old is not None and old.maker == maker and old.object.hash == given.hash:
                continue
            owner = (ObjectKind.EQUIPMENT, maker) if maker else given.key
            self._make(given, owner, partial(self._alarm, given), maker)

    def _alarm(self, given: ConfigObject) -> AlarmDefinition:
        return alarm_of(given.body, self._unit(given))

    def _unit(self, alarm: ConfigObject) -> str:
        """The unit of the alarm's tag; that of its own limit if there is no such tag, which is told elsewhere."""
        item = self._item((ObjectKind.TAG, str(alarm.body.get("tag", ""))))
        return item.model.unit if item is not None and isinstance(item.model, Tag) else _own_unit(alarm)

    def _convert_limits(self) -> None:
        """Make anew the alarms whose own limit is in another unit than their tag's is now."""
        for key in [*self._new, *self._gone]:
            if key[0] is not ObjectKind.TAG:
                continue
            for user in self._before.users.get(key[1], ()):
                item = self._before.items[user]
                if user[0] is ObjectKind.ALARM and user not in self._new and user not in self._gone and _own_unit(item.object):
                    owner = (ObjectKind.EQUIPMENT, item.maker) if item.maker else user
                    self._make(item.object, owner, partial(self._alarm, item.object), item.maker)


def mistake_of(subject: str, error: AutomationError, field: str = "") -> Mistake:
    """The error of the subject as a mistake, which does not say twice what it is about."""
    words = str(error).removeprefix(f"{subject}: ")
    return Mistake(subject=subject, field=field, message=words.removeprefix(f"{field}: ") if field else words)


def _condition_kind(alarm: ConfigObject) -> str:
    condition = alarm.body["condition"]
    return str(condition.get("kind", "")) if isinstance(condition, Mapping) else ""


def _own_unit(alarm: ConfigObject) -> str:
    condition = alarm.body["condition"]
    return str(condition.get("unit", "")) if isinstance(condition, Mapping) else ""


def _clash(name: str, part: ConfigObject, other: str) -> Mistake:
    words = f"equipment {other} makes it too" if other else "there is one of that name already"
    return Mistake(subject=f"equipment {name}", message=f"it would make {part.kind.value} {part.name}; {words}")
