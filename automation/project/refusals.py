"""What the declarations of the model refuse of a body, field by field, not only the first of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeAlias, cast

from pydantic import BaseModel, ValidationError

from automation.model.alarm import AlarmDefinition
from automation.model.conditioning import Checks
from automation.model.configuration import Body, Json, ObjectKind
from automation.model.deadband import Deadband
from automation.model.equipment import INSTANCE_NAME, PLACEHOLDER, FaceplateItem, type_mistakes
from automation.model.errors import ConfigError
from automation.model.recording import Recording
from automation.model.sample import Value
from automation.model.scale import Scale
from automation.model.tag import Tag
from automation.model.units import unit
from automation.project.bodies import OUTPUT_FIELDS
from automation.project.link_bodies import link_faults, model_for
from automation.project.makers import alarm_of, equipment_of, parameter_of, scale_of, tag_of
from automation.project.schema import TEMPLATE, TEMPLATES
from automation.project.words import Path, path_of, sentence, single_errors

Fault: TypeAlias = tuple[Path, str]


def _tag_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that the tag's own declaration refuses, field by field, and its units."""
    yield from _unit_faults(body, ("unit",), ("display_unit",))
    yield from _display_faults(body)
    if _refusal(tag_of, body):
        rest, faults = _without_broken_parts(body)
        yield from faults
        yield from _model_faults(tag_of, rest)


def _without_broken_parts(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], Sequence[Fault]]:
    """The body without the parts that are refused on their own."""
    faults: list[Fault] = []
    rest = dict(body)
    makers: Mapping[str, Callable[[Any], object]] = {"scale": scale_of, "checks": lambda part: Checks(**part)}
    for name, make in makers.items():
        if name in rest:
            words = _refusal(make, rest[name])
            if words:
                faults.append(_fault_in((name,), words))
                del rest[name]
    return rest, faults


def _refusal(make: Callable[[Any], object], part: object) -> str:
    try:
        make(part)
    except ConfigError as error:
        return str(error)
    return ""


def _fault_in(path: Path, words: str) -> Fault:
    """The fault of a part; words that begin with the part's own name do not repeat it."""
    words = re.sub(rf"^{path[-1]}:? ", "", words)
    found = re.match(r"([a-z_]+)(?= (?!and)|: )", words)
    if found and found[1] in _PART_FIELDS:
        return (*path, found[1]), words[found.end() :].lstrip(": ")
    return path, words


_PART_FIELDS = {f.name for made in (Scale, Checks) for f in fields(made)}


def _model_faults(make: Callable[[Mapping[str, Any]], object], body: Mapping[str, Any]) -> Iterator[Fault]:
    """What the declaration refuses, until without the refused fields it takes the rest."""
    rest = dict(body)
    while True:
        try:
            make(rest)
        except ConfigError as error:
            path, words = _told(str(error))
            yield path, words
            name = str(path[0]) if path else ""
            if name not in rest or name in _FOUNDATIONS:
                return
            rest = without(rest, [name])
        else:
            return


def without(body: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The body without these fields, and without those that cannot be judged alone."""
    gone = {leaning for name in names for leaning in (name, *_LEAN_ON.get(name, ()))}
    return {name: value for name, value in body.items() if name not in gone}


_FOUNDATIONS = ("name", "type", "states")  # without them nothing else can be judged
_LEAN_ON: Mapping[str, Sequence[str]] = {
    "source": ("output", "filters", "retained"),
    "range": ("deadband", "history_deadband", "history", "initial", "output"),
    "width": ("initial", "output"),
    "unit": ("display_unit",),
}


def _told(text: str) -> Fault:
    """Field and words of a declaration's error, ``tag TK101: range (5, 1): ...``."""
    _, _, words = text.partition(": ")
    found = re.match(r"([a-z_]+)(?=[ :])", words)
    name = found[1] if found else ""
    if name in OUTPUT_FIELDS:
        return ("output", name), words[len(name) :].lstrip(": ")
    if name not in _TOLD_FIELDS:
        return (), words
    words = re.sub(rf"^(?:{name}[: ]+)+", "", words)
    inner = re.match(r"([a-z_]+): ", words)
    if name == "checks" and inner and inner[1] in _PART_FIELDS:
        return (name, inner[1]), words[inner.end() :]
    if name == "history" and inner and inner[1] in _RECORDING_FIELDS:
        return (name, inner[1]), words[inner.end() :]
    state = re.match(r"(-?[0-9]+): ", words)
    return ((name, state[1]), words[state.end() :]) if name == "states" and state else ((name,), words)


_RECORDING_FIELDS = {f.name for f in fields(Recording)}
_TOLD_FIELDS = {f.name for f in fields(Tag)} | {f.name for f in fields(AlarmDefinition)}


def _unit_faults(body: Mapping[str, Any], *paths: Path) -> Iterator[Fault]:
    for path in paths:
        given = body.get(str(path[-1]), "")
        if given:
            words = _refusal(unit, given)
            if words:
                yield path, words


def _display_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    shown, own = body.get("display_unit", ""), body.get("unit", "")
    if not shown or _refusal(unit, shown) or (own and _refusal(unit, own)):
        return
    if not own:
        yield ("display_unit",), "a tag without a unit is shown without one"
    elif unit(shown).quantity != unit(own).quantity:
        quantities = [unit(one).quantity.replace("_", " ") for one in (shown, own)]
        yield ("display_unit",), f"{shown} is a unit of {quantities[0]}, the tag's {own} of {quantities[1]}"


def _alarm_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _unit_faults(body["condition"], ("condition", "unit"))
    yield from _band_faults(body["condition"], ("condition",))
    yield from _area_faults(body)
    yield from _limit_faults(body["condition"])
    without = {name: value for name, value in body.items() if name != "condition"}
    stand_in = {"kind": "comms"} if body.get("tag") else {"kind": "group", "members": ["X"]}
    yield from _model_faults(lambda given: alarm_of({**given, "condition": stand_in}), without)


def _limit_faults(condition: Mapping[str, Any]) -> Iterator[Fault]:
    """A limit, or a setpoint, is a number or what a tag says, one of both."""
    field = "setpoint" if condition["kind"] == "deviation" else "limit"
    parts: list[tuple[Path, Mapping[str, Any]]] = []
    if condition["kind"] == "levels":
        parts = [(("condition", name), part) for name, part in condition.items() if isinstance(part, Mapping)]
    elif condition["kind"] in ("high", "low", "deviation"):
        parts = [(("condition",), condition)]
    for place, part in parts:
        told, tag = part.get(field) is not None, bool(part.get(f"{field}_tag"))
        if told is tag:
            yield (*place, field), f"either {field} or {field}_tag is needed, not both" if told else "is missing"


def _band_faults(part: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """What is refused of the deadbands of a condition and of its levels."""
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _band_faults(value, (*path, name))
        elif name == "deadband" and isinstance(value, str):
            words = _refusal(Deadband.of, value)
            if words:
                yield (*path, name), words.removeprefix("deadband ")


def _equipment_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _model_faults(equipment_of, body)


def _type_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    parameters = {name: parameter_of(part) for name, part in body.get("parameters", {}).items()}
    faceplate = [FaceplateItem(**part) for part in body.get("faceplate", ())]
    templates = {key: body.get(key, ()) for key in TEMPLATES}
    found = list(type_mistakes(body["name"], parameters, faceplate, **templates))
    for place, words in found:
        yield tuple(int(part) if part.isdecimal() else part for part in place.split(".")), words
    if found:
        return
    values = {INSTANCE_NAME: "X", **{name: parameter.default for name, parameter in parameters.items()}}
    for key, faults in (("tags", _tag_faults), ("alarms", _alarm_faults), ("machines", machine_faults)):
        for i, template in enumerate(templates[key]):
            yield from _template_faults(TEMPLATES[key], template, values, faults, (key, i))


def machine_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    """What is refused of a machine's body beyond what its schema says."""
    yield from _area_faults(body)


def _area_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    area = body.get("area", "")
    if area and not all(part.strip() == part != "" for part in area.split("/")):
        yield ("area",), f"{area!r}: a path such as 'station/pumps'"


def _template_faults(
    made: type[BaseModel],
    template: Body,
    values: Mapping[str, Value],
    faults: Callable[[Mapping[str, Any]], Iterator[Fault]],
    path: Path,
) -> Iterator[Fault]:
    """What is refused of a template whose placeholders all have values already; others are checked in each unit of plant."""
    try:
        trial = cast("Mapping[str, Any]", _filled(template, values))
    except KeyError:
        return
    try:
        model = made.model_validate(trial)
    except ValidationError as error:
        for found in single_errors(error):
            yield (*path, *path_of(found["loc"], trial)), sentence(found)
        return
    for field, words in faults(model.model_dump(exclude_defaults=True, warnings=False)):
        yield (*path, *field), words


def _filled(node: Json, values: Mapping[str, Value]) -> Json:
    """A template with values in place of its placeholders. Raises ``KeyError`` for a parameter without one."""
    if isinstance(node, str):
        return _filled_text(node, values)
    if isinstance(node, Mapping):
        return {key: _filled(value, values) for key, value in node.items()}
    if isinstance(node, Sequence):
        return [_filled(value, values) for value in node]
    return node


def _filled_text(text: str, values: Mapping[str, Value]) -> Value:
    whole = PLACEHOLDER.fullmatch(text)
    names = [whole[1]] if whole else PLACEHOLDER.findall(text)
    for name in names:
        if values[name] is None:
            raise KeyError(name)
    return values[whole[1]] if whole else PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def other_faults(kind: ObjectKind, body: object, wrong: Iterable[str]) -> Iterator[Fault]:
    """What the model refuses of the fields that are not wrong already."""
    gone = set(wrong)
    if not isinstance(body, Mapping) or gone & {*_FOUNDATIONS, ""}:
        return
    try:
        model = model_for(kind, body).model_validate(without(body, gone), context=TEMPLATE if kind is ObjectKind.TYPE else None)
    except ValidationError:
        return
    yield from FAULTS[kind](model.model_dump(exclude_defaults=True, warnings=False))


FAULTS: Mapping[ObjectKind, Callable[[Mapping[str, Any]], Iterator[Fault]]] = {
    ObjectKind.LINK: link_faults,
    ObjectKind.TYPE: _type_faults,
    ObjectKind.EQUIPMENT: _equipment_faults,
    ObjectKind.TAG: _tag_faults,
    ObjectKind.ALARM: _alarm_faults,
}
