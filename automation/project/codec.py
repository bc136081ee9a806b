"""From the body of an object to what the runtime works with, and back; every body from outside is checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from automation.model.configuration import ConfigObject, InvalidConfigurationError, Json, Mistake, ObjectKind
from automation.model.equipment import Equipment, EquipmentType, Parameter
from automation.model.machine import MachineDeclaration
from automation.project.bodies import CANONICAL, COMPUTED, object_of_alarm, object_of_tag
from automation.project.link_bodies import link_of, model_for, object_of_link
from automation.project.makers import alarm_of, equipment_of, tag_of, type_of
from automation.project.refusals import FAULTS, Fault, machine_faults, other_faults
from automation.project.schema import TEMPLATE, MachineBody
from automation.project.words import Path, path_of, sentence, single_errors, suggestion

__all__ = [
    "COMPUTED", "Path", "Places", "alarm_of", "checked", "checked_machine", "dotted", "equipment_of", "examine", "link_of",
    "object_of_alarm", "object_of_equipment", "object_of_link", "object_of_tag", "object_of_type", "subject_of", "tag_of",
    "type_of",
]  # fmt: skip

_MEANT = re.compile(r"; did you mean (.{1,80})\?$")

Places: TypeAlias = Callable[[Path], str]  # from a field of the body to its place


def checked(kind: ObjectKind, body: object, place: str = "") -> ConfigObject:
    """The object of a body from outside, canonical: equal meaning is equal text.

    place: where it is written. Raises ``InvalidConfigurationError`` with every mistake of the body.
    """
    found, mistakes = examine(kind, body, lambda _path: place)
    if found is None:
        raise InvalidConfigurationError(mistakes)
    return found


def examine(kind: ObjectKind, body: object, places: Places) -> tuple[ConfigObject | None, Sequence[Mistake]]:
    """The object of a body from outside, or None and every mistake in it. places: where a field of the body is written."""
    subject, shape = subject_of(kind, body), model_for(kind, body)
    try:
        model = shape.model_validate(body, context=TEMPLATE if kind is ObjectKind.TYPE else None)
    except ValidationError as error:
        mistakes = [_mistake(shape, subject, body, found, places) for found in single_errors(error)]
        wrong = {mistake.field.partition(".")[0] for mistake in mistakes}
        return None, [*mistakes, *_told(subject, other_faults(kind, body, wrong), places)]
    plain = model.model_dump(exclude_defaults=True, warnings=False)
    faults = _told(subject, FAULTS[kind](plain), places)
    if faults:
        return None, faults
    canonical = CANONICAL[kind](plain)
    return ConfigObject(kind=kind, name=canonical["name"], body=canonical), ()


def object_of_type(kind: EquipmentType) -> ConfigObject:
    """The type as an object. Raises ``InvalidConfigurationError`` with every mistake in its templates."""
    body = {
        "name": kind.name,
        "description": kind.description,
        "parameters": {name: _parameter_body(parameter) for name, parameter in kind.parameters.items()},
        "tags": _plain(kind.tags),
        "alarms": _plain(kind.alarms),
        "machines": _plain(kind.machines),
        "faceplate": [asdict(item) for item in kind.faceplate],
    }
    return checked(ObjectKind.TYPE, body)


def object_of_equipment(equipment: Equipment) -> ConfigObject:
    """The unit of plant as an object. Raises ``InvalidConfigurationError`` with every mistake in it."""
    lists = {"parameters": dict(equipment.parameters), "disabled_alarms": list(equipment.disabled_alarms)}
    return checked(ObjectKind.EQUIPMENT, {**vars(equipment), **lists})


def checked_machine(body: object) -> MachineDeclaration:
    """The machine of a template that was filled in. Raises ``InvalidConfigurationError`` with every mistake of the body."""
    try:
        plain = MachineBody.model_validate(body).model_dump()
    except ValidationError as error:
        raise InvalidConfigurationError(
            [_mistake(MachineBody, "machine", body, found, _nowhere) for found in single_errors(error)]
        ) from error
    mistakes = _told("machine", machine_faults(plain), _nowhere)
    if mistakes:
        raise InvalidConfigurationError(mistakes)
    return MachineDeclaration(**plain)


def _nowhere(_path: Path) -> str:
    return ""


def _parameter_body(parameter: Parameter) -> dict[str, Any]:
    body: dict[str, Any] = {"type": parameter.type.value, "description": parameter.description}
    return body if parameter.default is None else {**body, "default": parameter.default}


def _plain(node: Json) -> Any:
    """The node as files have it: tables and lists whatever they were declared as."""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_plain(value) for value in node]
    return node


def _told(subject: str, faults: Iterable[Fault], places: Places) -> Sequence[Mistake]:
    return [_of_fault(subject, path, words, places) for path, words in dict.fromkeys(faults)]


def _of_fault(subject: str, path: Path, words: str, places: Places) -> Mistake:
    meant = _MEANT.search(words)
    message = words[: meant.start()] if meant else words
    guess = meant[1] if meant else ""
    return Mistake(subject=subject, field=dotted(path), message=message, place=places(path), suggestion=guess)


def subject_of(kind: ObjectKind, body: object) -> str:
    """The object in words, such as ``tag TK101``; only its kind if it has no name."""
    name = body.get("name") if isinstance(body, Mapping) else None
    return f"{kind.value} {_shown(name)}" if isinstance(name, str) and name else kind.value


def dotted(path: Path) -> str:
    """The field's name as it is told."""
    return ".".join(_shown(str(part)) for part in path)


def _shown(text: str) -> str:
    """A text as it may stand in a message: printable and short."""
    return text[:128] if text.isprintable() else ascii(text[:128])[1:-1]


def _mistake(made: type[BaseModel], subject: str, body: object, found: Any, places: Places) -> Mistake:
    path = path_of(found["loc"], body)
    meant = suggestion(made, found)
    return Mistake(subject=subject, field=dotted(path), message=sentence(found), place=places(path), suggestion=meant)
