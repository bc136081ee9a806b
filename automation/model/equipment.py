"""Equipment: a type that is described once, and the units of plant that are made from it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum

from automation.model.configuration import Body, Json
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.sample import Value
from automation.model.tag import NAME_PATTERN

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
PARAMETER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
INSTANCE_NAME = "name"
_TEXT_MAX = 500
_WHOLE_MAX = 2**63
_FLOAT_MAX = sys.float_info.max


class ParameterType(Enum):
    """What a parameter's value is."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOL = "bool"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What differs from one unit of plant to the next. default: None if every unit must give a value."""

    type: ParameterType = ParameterType.STRING
    default: Value = None
    description: str = ""

    def typed(self, value: Value) -> Value:
        """The value as this parameter has it: a whole number given to a number becomes a float, and the other way round.

        Raises ``InvalidValueError``.
        """
        if self.type is ParameterType.STRING and isinstance(value, str) and len(value) <= _TEXT_MAX:
            return value
        if self.type is ParameterType.BOOL and isinstance(value, bool):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if self.type is ParameterType.NUMBER and -_FLOAT_MAX <= value <= _FLOAT_MAX:
                return float(value)
            if self.type is ParameterType.INTEGER and -_WHOLE_MAX <= value < _WHOLE_MAX and value == int(value):
                return int(value)
        raise InvalidValueError(f"expected {_WORDS[self.type]}, got {value!r:.60}")


@dataclass(frozen=True, kw_only=True)
class FaceplateItem:
    """One line of the faceplate. tag: a name with placeholders; label: for people, the tag's own name if empty."""

    tag: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class EquipmentType:
    """A kind of equipment, described once.

    tags, alarms, machines: bodies as in files, whose texts hold ``{name}``, the name of the unit of plant, and ``{p}``, its
    parameter; a text that is exactly ``{p}`` becomes the parameter's value with its type. machines: the logic of each unit, as
    ``kind``, a class that an application offers, ``name`` and ``ports``, the tag of each. faceplate: what to show. Raises
    ``ConfigError`` with one line per mistake.
    """

    name: str
    description: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    tags: Sequence[Body] = ()
    alarms: Sequence[Body] = ()
    machines: Sequence[Body] = ()
    faceplate: Sequence[FaceplateItem] = ()

    def __post_init__(self) -> None:
        mistakes = [
            f"type {self.name}: {place}: {words}"
            for place, words in type_mistakes(
                self.name, self.parameters, self.faceplate, tags=self.tags, alarms=self.alarms, machines=self.machines
            )
        ]
        if mistakes:
            raise ConfigError("\n".join(mistakes))


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """One unit of plant.

    type: name of its type; parameters: values for the type's. disabled_alarms: names of its alarms that are not judged. Raises
    ``ConfigError``.
    """

    name: str
    type: str
    area: str = ""
    description: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    disabled_alarms: Sequence[str] = ()

    def __post_init__(self) -> None:
        for what, name in (("name", self.name), ("type", self.type)):
            if not NAME_PATTERN.fullmatch(name):
                raise ConfigError(f"equipment {self.name!r}: {what}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        if self.area and not all(part.strip() == part != "" for part in self.area.split("/")):
            raise ConfigError(f"equipment {self.name}: area {self.area!r}: a path such as 'station/pumps'")
        for name in self.parameters:
            if not PARAMETER_NAME.fullmatch(name):
                raise ConfigError(f"equipment {self.name}: parameters {name!r:.80}: {_PARAMETER_NAME_WORDS}")


def type_mistakes(
    name: str,
    parameters: Mapping[str, Parameter],
    faceplate: Sequence[FaceplateItem],
    **templates: Sequence[Body],
) -> Iterator[tuple[str, str]]:
    """Field and words of everything that makes no sense in a type of these parts. templates: of tags, alarms and machines."""
    if not NAME_PATTERN.fullmatch(name):
        yield "name", "a name has 1 to 128 letters, digits, '_', '.' or '-'"
    for key, parameter in parameters.items():
        yield from _parameter_mistakes(key, parameter)
    known = [INSTANCE_NAME, *parameters]
    items: Sequence[Body] = [{"tag": item.tag, "label": item.label} for item in faceplate]
    for what, bodies in (*templates.items(), ("faceplate", items)):
        for i, body in enumerate(bodies):
            for place, text in _texts(body, f"{what}.{i}"):
                yield from _placeholder_mistakes(place, text, known)
    for what, bodies in templates.items():
        yield from _repeated_names(what, bodies)


def _parameter_mistakes(key: str, parameter: Parameter) -> Iterator[tuple[str, str]]:
    if key == INSTANCE_NAME:
        yield f"parameters.{key}", "every unit has a name already; call the parameter otherwise"
    elif not PARAMETER_NAME.fullmatch(key):
        yield f"parameters.{key}", _PARAMETER_NAME_WORDS
    if parameter.default is not None:
        try:
            parameter.typed(parameter.default)
        except InvalidValueError as error:
            yield f"parameters.{key}.default", str(error)


def _placeholder_mistakes(place: str, text: str, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in PLACEHOLDER.findall(text):
        if word not in known:
            near = get_close_matches(word, known, n=1)
            meant = f"; did you mean {{{near[0]}}}?" if near else ""
            yield place, f"{{{word}}} is no parameter of the type{meant}"


def _repeated_names(what: str, bodies: Sequence[Body]) -> Iterator[tuple[str, str]]:
    first: dict[Json, int] = {}
    for i, body in enumerate(bodies):
        name = body.get("name")
        if isinstance(name, str) and first.setdefault(name, i) != i:
            yield f"{what}.{i}.name", f"{name} is there already, as {what}.{first[name]}"


def _texts(node: Json, place: str) -> Iterator[tuple[str, str]]:
    """Every text of a body with its dotted place."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _texts(value, f"{place}.{key}")
    elif isinstance(node, Sequence):
        for i, value in enumerate(node):
            yield from _texts(value, f"{place}.{i}")


_PARAMETER_NAME_WORDS = "a parameter's name has 1 to 64 letters, digits or '_', and does not begin with a digit"
_WORDS = {
    ParameterType.STRING: f"a text of at most {_TEXT_MAX} characters",
    ParameterType.NUMBER: "a finite number",
    ParameterType.INTEGER: "a whole number of 64 bits",
    ParameterType.BOOL: "true or false",
}
