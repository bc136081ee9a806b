"""What equipment comes to: the tags, alarms and machines that its type describes, with names and parameters filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from automation.model.configuration import Body, ConfigObject, InvalidConfigurationError, Json, Mistake, ObjectKind
from automation.model.equipment import INSTANCE_NAME, PLACEHOLDER, Equipment, EquipmentType
from automation.model.errors import InvalidValueError
from automation.model.machine import MachineDeclaration
from automation.model.sample import Value
from automation.project.codec import checked, checked_machine
from automation.project.suggest import meant

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """The objects and machines that equipment is made of, and what is wrong with it; what has mistakes is not among them."""

    objects: Sequence[ConfigObject] = ()
    machines: Sequence[MachineDeclaration] = ()
    mistakes: Sequence[Mistake] = ()


def expand(kind: EquipmentType, equipment: Equipment) -> Expansion:
    """What the equipment is made of, tags first; each mistake names the equipment and the place in its type."""
    values, wrong = _parameters(kind, equipment)
    if wrong:
        return Expansion(mistakes=wrong)
    filling = _Filling(kind, equipment, values)
    tags = filling.made("tags", kind.tags, partial(checked, ObjectKind.TAG))
    alarms = filling.made("alarms", kind.alarms, partial(checked, ObjectKind.ALARM))
    objects = [*tags, *(_disabled(alarm) if alarm.name in equipment.disabled_alarms else alarm for alarm in alarms)]
    machines = tuple(filling.made("machines", kind.machines, checked_machine))
    named = [*(f"{one.kind.value} {one.name}" for one in objects), *(f"machine {one.name}" for one in machines)]
    wrong = [*filling.mistakes, *_repeated(equipment, named), *_not_made(equipment, [alarm.name for alarm in alarms])]
    return Expansion(objects=objects, machines=machines, mistakes=wrong)


class _Filling:
    """The templates of a type with the values of one unit of plant; mistakes: those of what was made so far."""

    def __init__(self, kind: EquipmentType, equipment: Equipment, values: Mapping[str, Value]) -> None:
        self.mistakes: list[Mistake] = []
        self._kind = kind
        self._equipment = equipment
        self._values = values

    def made(self, what: str, templates: Sequence[Body], make: Callable[[Body], T]) -> Sequence[T]:
        """What can be made of the templates, in the area of the equipment unless they say otherwise."""
        found: list[T] = []
        area = self._equipment.area
        for i, template in enumerate(templates):
            body = _filled(template, self._values)
            if area and "area" not in body:
                body = {**body, "area": area}
            try:
                found.append(make(body))
            except InvalidConfigurationError as error:
                self.mistakes += [_told(self._equipment, self._kind, f"{what}.{i}", mistake) for mistake in error.mistakes]
        return found


def _parameters(kind: EquipmentType, equipment: Equipment) -> tuple[Mapping[str, Value], Sequence[Mistake]]:
    values: dict[str, Value] = {INSTANCE_NAME: equipment.name}
    mistakes: list[Mistake] = []
    for name in equipment.parameters:
        if name not in kind.parameters:
            words, near = f"type {kind.name} has no such parameter", meant(name, kind.parameters)
            mistakes.append(_mistake(equipment, f"parameters.{name}", words, near))
    for name, parameter in kind.parameters.items():
        value = equipment.parameters.get(name, parameter.default)
        if value is None:
            mistakes.append(_mistake(equipment, f"parameters.{name}", f"type {kind.name} needs a value"))
            continue
        try:
            values[name] = parameter.typed(value)
        except InvalidValueError as error:
            mistakes.append(_mistake(equipment, f"parameters.{name}", str(error)))
    return values, mistakes


def _filled(template: Body, values: Mapping[str, Value]) -> Body:
    return {key: _filled_in(value, values) for key, value in template.items()}


def _filled_in(node: Json, values: Mapping[str, Value]) -> Json:
    """The node with its placeholders filled in; a text that is one placeholder becomes the value with its type."""
    if isinstance(node, str):
        whole = PLACEHOLDER.fullmatch(node)
        if whole is not None:
            return values[whole[1]]
        return PLACEHOLDER.sub(lambda found: _text(values[found[1]]), node) if "{" in node else node
    if isinstance(node, Mapping):
        return _filled(node, values)
    if isinstance(node, Sequence):
        return [_filled_in(part, values) for part in node]
    return node


def _text(value: Value) -> str:
    """The value within a text: as an expression or a name has it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _disabled(alarm: ConfigObject) -> ConfigObject:
    return checked(ObjectKind.ALARM, {**alarm.body, "enabled": False})


def _not_made(equipment: Equipment, alarms: Sequence[str]) -> Sequence[Mistake]:
    """What is wrong with the names of alarms that shall not be judged."""
    return [
        _mistake(equipment, "disabled_alarms", f"it makes no alarm {name}", meant(name, alarms))
        for name in equipment.disabled_alarms
        if name not in alarms
    ]


def _repeated(equipment: Equipment, named: Sequence[str]) -> Sequence[Mistake]:
    twice = [name for name, times in Counter(named).items() if times > 1]
    return [_mistake(equipment, "", f"it makes {name} twice") for name in twice]


def _told(equipment: Equipment, kind: EquipmentType, place: str, mistake: Mistake) -> Mistake:
    """The mistake of something made, told of the equipment and of the place in its type."""
    where = f"{place}.{mistake.field}" if mistake.field else place
    words = f"type {kind.name}: {where}: {mistake.message}"
    return replace(mistake, subject=f"equipment {equipment.name}", field="", message=words, place="")


def _mistake(equipment: Equipment, field: str, message: str, suggestion: str = "") -> Mistake:
    return Mistake(subject=f"equipment {equipment.name}", field=field, message=message, suggestion=suggestion)
