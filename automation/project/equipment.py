"""What equipment comes to: the tags and alarms that its type describes, with names and parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from automation.model.configuration import Body, ConfigObject, InvalidConfigurationError, Json, Mistake, ObjectKind
from automation.model.equipment import INSTANCE_NAME, PLACEHOLDER, Equipment, EquipmentType
from automation.model.errors import InvalidValueError
from automation.model.sample import Value
from automation.project.codec import checked
from automation.project.suggest import meant


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """The objects that equipment is made of, and what is wrong with it; what has mistakes is not among the objects."""

    objects: Sequence[ConfigObject] = ()
    mistakes: Sequence[Mistake] = ()


def expand(kind: EquipmentType, equipment: Equipment) -> Expansion:
    """The tags and alarms of the equipment, tags first; each mistake names the equipment and the place in its type."""
    values, wrong = _parameters(kind, equipment)
    if wrong:
        return Expansion(mistakes=wrong)
    objects: list[ConfigObject] = []
    mistakes: list[Mistake] = []
    for what, object_kind, bodies in (("tags", ObjectKind.TAG, kind.tags), ("alarms", ObjectKind.ALARM, kind.alarms)):
        for i, template in enumerate(bodies):
            body = _filled(template, values)
            if equipment.area and "area" not in body:
                body = {**body, "area": equipment.area}
            try:
                objects.append(checked(object_kind, body))
            except InvalidConfigurationError as error:
                mistakes += [_told(equipment, kind, f"{what}.{i}", mistake) for mistake in error.mistakes]
    return Expansion(objects=objects, mistakes=[*mistakes, *_repeated(equipment, objects)])


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


def _repeated(equipment: Equipment, objects: Sequence[ConfigObject]) -> Sequence[Mistake]:
    seen: set[tuple[ObjectKind, str]] = set()
    mistakes: list[Mistake] = []
    for made in objects:
        if made.key in seen:
            mistakes.append(_mistake(equipment, "", f"it makes {made.kind.value} {made.name} twice"))
        seen.add(made.key)
    return mistakes


def _told(equipment: Equipment, kind: EquipmentType, place: str, mistake: Mistake) -> Mistake:
    """The mistake of something made, told of the equipment and of the place in its type."""
    where = f"{place}.{mistake.field}" if mistake.field else place
    words = f"type {kind.name}: {where}: {mistake.message}"
    return replace(mistake, subject=f"equipment {equipment.name}", field="", message=words, place="")


def _mistake(equipment: Equipment, field: str, message: str, suggestion: str = "") -> Mistake:
    return Mistake(subject=f"equipment {equipment.name}", field=field, message=message, suggestion=suggestion)
