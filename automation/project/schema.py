"""What the bodies of objects look like: every field with its limit and its description, also as JSON Schema for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from automation.model.configuration import ObjectKind
from automation.model.equipment import PLACEHOLDER

TEMPLATE: Final = "template"  # context of a validation whose texts may hold placeholders
FORMAT: Final = 1
_TEMPLATE_MAX = 500
_WHOLE_MAX = 2**63
_PLAIN = (bool, int, float, str)
_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}$"
_PARAMETER = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
_IN_CODE = r"^[A-Za-z][A-Za-z0-9_]{0,127}$"


def _or_template(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    """The value as checked; in a template, a text with placeholders as it is."""
    if info.context == TEMPLATE and isinstance(value, str) and len(value) <= _TEMPLATE_MAX and PLACEHOLDER.search(value):
        return value
    return check(value)


def _number(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    checked = _or_template(value, check, info)
    return checked + 0.0 if isinstance(checked, float) else checked  # there is no negative zero


def _scalar(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    if not isinstance(value, _PLAIN):
        raise PydanticCustomError("scalar", "expected a number, a text, true or false")
    if isinstance(value, int) and not -_WHOLE_MAX <= value < _WHOLE_MAX:
        raise PydanticCustomError("scalar", "a whole number has at most 64 bits")
    checked = _or_template(value, check, info)
    return checked + 0.0 if isinstance(checked, float) else checked


def _size(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("deadband", "expected a number, or percent of span such as '0.5 %'")
    checked = _or_template(value, check, info)
    return checked + 0.0 if isinstance(checked, float) else checked


def _line(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    checked = _or_template(value, check, info)
    if isinstance(checked, str) and not checked.isprintable():
        raise PydanticCustomError("printable", "expected printable characters in one line")
    return checked


def _prose(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    checked = _or_template(value, check, info)
    if isinstance(checked, str) and not checked.replace("\n", "").isprintable():
        raise PydanticCustomError("printable", "expected printable characters")
    return checked


_Leaf = WrapValidator(_or_template)
Name: TypeAlias = Annotated[str, StringConstraints(pattern=_NAME), _Leaf]
NameOrNone: TypeAlias = Annotated[str, StringConstraints(pattern=r"^$|" + _NAME), _Leaf]
ParameterName: TypeAlias = Annotated[str, StringConstraints(pattern=_PARAMETER)]
NameInCode: TypeAlias = Annotated[str, StringConstraints(pattern=_IN_CODE)]  # never a template
StateNumber: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(0|-?[1-9][0-9]{0,9})$")]
Short: TypeAlias = Annotated[str, StringConstraints(max_length=128), WrapValidator(_line)]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=500), WrapValidator(_line)]
Prose: TypeAlias = Annotated[str, StringConstraints(max_length=1000), WrapValidator(_prose)]
Area: TypeAlias = Annotated[str, StringConstraints(max_length=200), WrapValidator(_line)]
Formula: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2000), WrapValidator(_prose)]
Source: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=256), WrapValidator(_line)]
Number: TypeAlias = Annotated[float, WrapValidator(_number)]
Above: TypeAlias = Annotated[float, Field(gt=0), WrapValidator(_number)]
NotBelow: TypeAlias = Annotated[float, Field(ge=0), WrapValidator(_number)]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=31_536_000), WrapValidator(_number)]
NotBelowSeconds: TypeAlias = Annotated[float, Field(ge=0, le=31_536_000), WrapValidator(_number)]
Delay: TypeAlias = Annotated[float, Field(ge=0, le=86_400), WrapValidator(_number)]
Switch: TypeAlias = Annotated[bool, _Leaf]
Scalar: TypeAlias = Annotated[
    bool | int | float | Annotated[str, StringConstraints(max_length=1024)],
    WrapValidator(_scalar),
    WithJsonSchema({"type": ["boolean", "integer", "number", "string"]}),
]
Size: TypeAlias = Annotated[
    Annotated[float, Field(ge=0)] | Annotated[str, StringConstraints(max_length=40)],
    WrapValidator(_size),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.eE+\-]+\s*%\s*$"}]}),
]
Pair: TypeAlias = Annotated[list[Number], Field(min_length=2, max_length=2)]
Points: TypeAlias = Annotated[list[Number], Field(min_length=2, max_length=64)]


def _whole(least: int, most: int) -> Any:
    return Annotated[int, Field(ge=least, le=most), _Leaf]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ScaleBody(_Body):
    """From what a device counts to the engineering unit."""

    raw: Points = Field(description="Raw counts of the points, ascending or descending")
    eng: Points = Field(description="Engineering values of the same points")
    curve: Annotated[Literal["linear", "square_root"], _Leaf] = Field("linear", description="How it runs between the points")
    limits: Pair | None = Field(None, description="Lowest and highest raw value of a healthy device; beyond is UNCERTAIN")
    clamp: Switch = Field(False, description="A value beyond the limits stays at the nearest")


class FirstOrderBody(_Body):
    """A lag: after the time constant the value has followed 63 % of a step."""

    kind: Literal["first_order"]
    time_constant_s: Annotated[float, Field(gt=0, le=86_400), WrapValidator(_number)] = Field(description="Seconds")


class MovingAverageBody(_Body):
    """The mean of the last samples."""

    kind: Literal["moving_average"]
    samples: _whole(2, 1000) = Field(description="How many")  # type: ignore[valid-type]


class MedianBody(_Body):
    """The middle one of the last samples."""

    kind: Literal["median"]
    samples: _whole(3, 1000) = Field(description="How many; an odd count is usual")  # type: ignore[valid-type]


class KalmanBody(_Body):
    """A Kalman filter of a value that wanders."""

    kind: Literal["kalman"]
    process_noise: Above = Field(description="Variance that the true value gains per second, unit squared")
    measurement_noise: Above = Field(description="Variance of one measurement, unit squared")


class OutlierBody(_Body):
    """Rejects a sample that lies too far from the median of the last samples."""

    kind: Literal["outlier"]
    samples: _whole(5, 1000) = Field(11, description="How many samples give the median")  # type: ignore[valid-type]
    threshold: Annotated[float, Field(gt=0, le=100), WrapValidator(_number)] = Field(4.0, description="Scaled deviations")
    least: NotBelow = Field(0.0, description="A distance that is never an outlier, in the tag's unit")


FilterBody: TypeAlias = Annotated[
    FirstOrderBody | MovingAverageBody | MedianBody | KalmanBody | OutlierBody, Field(discriminator="kind")
]


class ChecksBody(_Body):
    """When a value is not plausible."""

    max_rate: Above | None = Field(None, description="Fastest credible change, unit per second")
    frozen_s: Above | None = Field(None, description="An identical raw value for so long is frozen, s")
    stale_s: Above | None = Field(None, description="No update for so long is stale, s")
    agrees_with: Name | None = Field(None, description="The redundant tag")
    within: Above | None = Field(None, description="Largest difference to the redundant tag, in the tag's unit")
    for_s: Delay = Field(0.0, description="How long a larger difference is tolerated, s")


class BlockingConditionBody(_Body):
    """An expression that stands in the way of an output."""

    expression: Formula = Field(description="Over tags; true or false")
    text: Annotated[str, StringConstraints(max_length=200), WrapValidator(_line)] = Field(
        "", description="What an operator reads when it stands in the way; the expression if empty"
    )


class OutputBody(_Body):
    """What makes a tag one that drives equipment."""

    safe: Scalar = Field(description="Written on every stop, loss of the runtime and emergency stop")
    max_on_s: Seconds | None = Field(None, description="Longest time away from safe, s")
    continuous: Switch = Field(False, description="It has no longest time; a bool output needs one or this")
    estop: Switch = Field(True, description="The global emergency stop covers it")
    zone: NameOrNone = Field("", description="Zone of the emergency stop, beside the global one")
    restart: Annotated[Literal["safe", "hold"], _Leaf] = Field(
        "safe", description="What becomes of it when the runtime stops in order and starts again"
    )
    comm_loss: Annotated[Literal["safe", "hold"], _Leaf] = Field(
        "safe", description="What becomes of it when the connection was lost and is back"
    )
    permissives: list[BlockingConditionBody] = Field([], max_length=16, description="Must be true for it to leave safe")
    interlocks: list[BlockingConditionBody] = Field([], max_length=16, description="Force it to safe while one is true")
    min_on_s: NotBelowSeconds = Field(0.0, description="Shortest time on, s")
    min_off_s: NotBelowSeconds = Field(0.0, description="Shortest time off, s")
    max_rate: Above | None = Field(None, description="Fastest change, unit per second")
    motion: NameOrNone = Field("", description="Group of outputs that move one thing, one at a time")
    zero_hold_s: NotBelowSeconds = Field(0.0, description="How long the group rests before another direction, s")
    operate: Annotated[Literal["direct", "confirm", "select"], _Leaf] = Field(
        "direct", description="How a person gives a command: at once, confirmed, or selected first"
    )
    readback: NameOrNone = Field("", description="The tag that shows what the device does; its own address if empty")
    readback_timeout_s: Annotated[float, Field(gt=0, le=60), WrapValidator(_number)] = Field(
        2.0, description="In so many seconds the device must show what was written"
    )
    readback_tolerance: NotBelow = Field(0.0, description="Difference that is none, in the tag's unit")


class EstopInputBody(_Body):
    """What makes a tag an emergency-stop button, which the guard watches by itself."""

    pressed: Switch = Field(False, description="The value that means pressed; false for a normally closed contact")
    zone: NameOrNone = Field("", description="Zone that it trips; the whole plant if empty")
    on_loss: Annotated[Literal["trip", "ignore"], _Leaf] = Field(
        "trip", description="What happens when it can not be read any more"
    )


class TagBody(_Body):
    """A named point with a type, a unit and a source."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'; dots as hierarchy")
    type: Annotated[Literal["float", "int", "bool", "string", "enum"], _Leaf] = Field("float", description="Type of the value")
    width: Annotated[Literal["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"], _Leaf] | None = Field(
        None, description="Bits of a whole number"
    )
    states: dict[StateNumber, Annotated[str, StringConstraints(min_length=1, max_length=64), WrapValidator(_line)]] = Field(
        {}, max_length=256, description="Texts of an enum's values"
    )
    display_name: Short = Field("", description="For people; the name if empty")
    description: Text = Field("", description="What it measures or does")
    area: Area = Field("", description="Path such as 'station/pumps'")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field("", description="Id of the catalogue of units")
    display_unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field("", description="Unit that people see")
    range: Pair | None = Field(None, description="Lowest and highest value, in the tag's unit")
    precision: _whole(0, 9) = Field(2, description="Decimals that are shown")  # type: ignore[valid-type]
    source: Source | None = Field(None, description="link/address; a tag without one is soft")
    scan: Annotated[str, StringConstraints(min_length=1, max_length=64), _Leaf] = Field("normal", description="Scan class")
    scale: ScaleBody | None = Field(None, description="From raw counts to the unit")
    filters: list[FilterBody] = Field([], max_length=8, description="In order, after scaling")
    checks: ChecksBody | None = Field(None, description="When a value is not plausible")
    expression: Formula | None = Field(None, description="Formula of a derived tag")
    initial: Scalar | None = Field(None, description="Value of a soft tag at the first start")
    writable: Switch | None = Field(None, description="A person may put it; an output's default is true")
    write_role: Annotated[Literal["", "operator", "supervisor", "engineer", "admin"], _Leaf] = Field(
        "", description="Least role that may put it; an operator if empty"
    )
    retained: Switch = Field(False, description="A soft tag that keeps its value over a restart")
    deadband: Size = Field(0.0, description="Smallest change worth telling a display, in the unit or percent of span")
    history: Switch = Field(True, description="Recorded")
    history_deadband: Size | None = Field(None, description="Smallest change worth recording; as for displays if absent")
    output: OutputBody | None = Field(None, description="Present if it drives equipment")
    estop_input: EstopInputBody | None = Field(None, description="Present if it is an emergency-stop button")
    manufacturer: Short = Field("", description="Part of a shared configuration that it belongs to")
    segment: Short = Field("", description="Part of a shared configuration that it belongs to")
    kilometre_post: Number | None = Field(None, description="Place along the line, km")
    metadata: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")], Text
    ] = Field({}, max_length=32, description="Texts of your own")  # fmt: skip


class HighBody(_Body):
    """Abnormal above the limit."""

    kind: Literal["high"]
    limit: Number = Field(description="In the unit below")
    deadband: NotBelow = Field(0.0, description="Normal again so far below the limit")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field(
        "", description="Of limit and deadband; the tag's if empty"
    )


class LowBody(_Body):
    """Abnormal below the limit."""

    kind: Literal["low"]
    limit: Number = Field(description="In the unit below")
    deadband: NotBelow = Field(0.0, description="Normal again so far above the limit")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field(
        "", description="Of limit and deadband; the tag's if empty"
    )


class BoolBody(_Body):
    """Abnormal while a bool tag has the alarm value."""

    kind: Literal["bool"]
    alarm_value: Switch = Field(True, description="The abnormal value")


class CommsBody(_Body):
    """Abnormal while a link is down; the tag is LINK.<name>.UP."""

    kind: Literal["comms"]


ConditionBody: TypeAlias = Annotated[HighBody | LowBody | BoolBody | CommsBody, Field(discriminator="kind")]


class AlarmBody(_Body):
    """An abnormal state that needs a response."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    tag: Name = Field(description="The tag that is watched")
    condition: ConditionBody = Field(description="When it is abnormal")
    priority: _whole(1, 5) = Field(3, description="1 is the most urgent, 5 is for diagnostics")  # type: ignore[valid-type]
    on_delay_s: Delay = Field(0.0, description="How long the condition must hold, s")
    off_delay_s: Delay = Field(0.0, description="How long it must be gone, s")
    area: Area = Field("", description="Path such as 'station/pumps'")
    description: Text = Field("", description="What is abnormal")
    cause: Prose = Field("", description="Why it happens")
    action: Prose = Field("", description="What the operator should do")


class MachineBody(_Body):
    """Logic that runs in a thread of its own."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    kind: NameInCode = Field(description="Name under which an application offers its class")
    description: Text = Field("", description="What it does; what its class says if empty")
    area: Area = Field("", description="Path such as 'station/pumps'")
    ports: dict[NameInCode, Name] = Field({}, max_length=64, description="The tag of each port of the class")


class ParameterBody(_Body):
    """What differs from one unit of plant to the next."""

    type: Literal["string", "number", "integer", "bool"] = Field("string", description="Type of the value")
    default: Scalar | None = Field(None, description="Absent if every unit must give a value")
    description: Text = Field("", description="What it is")


class FaceplateBody(_Body):
    """One line of the faceplate."""

    tag: Name = Field(description="Name of the tag, such as '{name}.LT'")
    label: Short = Field("", description="For people")


class TypeBody(_Body):
    """A kind of equipment; its texts hold {name} and {parameter}."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    description: Text = Field("", description="What it is")
    parameters: dict[ParameterName, ParameterBody] = Field({}, max_length=64, description="What differs between units")
    tags: list[TagBody] = Field([], max_length=500, description="Templates of its tags")
    alarms: list[AlarmBody] = Field([], max_length=500, description="Templates of its alarms")
    machines: list[MachineBody] = Field([], max_length=64, description="Templates of its machines")
    faceplate: list[FaceplateBody] = Field([], max_length=64, description="What its faceplate shows")


class EquipmentBody(_Body):
    """One unit of plant, made from a type."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    type: Name = Field(description="Name of its type")
    area: Area = Field("", description="Path such as 'station/pumps'")
    description: Text = Field("", description="What it is")
    parameters: dict[ParameterName, Scalar] = Field({}, max_length=64, description="Values for the type's parameters")


MODELS: Mapping[ObjectKind, type[BaseModel]] = {
    ObjectKind.TYPE: TypeBody,
    ObjectKind.EQUIPMENT: EquipmentBody,
    ObjectKind.TAG: TagBody,
    ObjectKind.ALARM: AlarmBody,
}

TEMPLATES: Mapping[str, type[BaseModel]] = {"tags": TagBody, "alarms": AlarmBody, "machines": MachineBody}


def json_schema(kind: ObjectKind) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one object's body."""
    schema: dict[str, Any] = json.loads(_text(kind))
    return schema


def file_schema() -> dict[str, Any]:
    """The JSON Schema of a project's file: lists of objects, and in ``project.toml`` the format and what is removed."""
    properties: dict[str, Any] = {
        "format": {"const": FORMAT, "description": "Version of the format, in project.toml"},
        "remove": {
            "type": "object",
            "description": "Names of objects of applications that shall not run, in project.toml",
            "properties": {kind.value: {"type": "array", "items": {"type": "string"}} for kind in ObjectKind},
            "additionalProperties": False,
        },
    }
    definitions: dict[str, Any] = {}
    for kind in ObjectKind:
        schema = json.loads(_text(kind).replace('"#/$defs/', f'"#/$defs/{kind.value}.'))
        definitions |= {f"{kind.value}.{name}": part for name, part in schema.pop("$defs", {}).items()}
        definitions[kind.value] = schema
        properties[kind.value] = {"type": "array", "items": {"$ref": f"#/$defs/{kind.value}"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Project file",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


@cache
def _text(kind: ObjectKind) -> str:
    schema = MODELS[kind].model_json_schema()
    definitions = schema.get("$defs", {})
    if kind is ObjectKind.TYPE:
        for name, part in definitions.items():
            if name != ParameterBody.__name__:
                _allow_templates(part)
    _tidy(schema)
    return json.dumps(schema)


def _allow_templates(node: dict[str, Any]) -> None:
    """Let every plain value of a template be a text with a placeholder too."""
    for key, part in list(node.get("properties", {}).items()):
        node["properties"][key] = _with_template(part)


def _with_template(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("pattern") == _IN_CODE:
        return part
    if "const" in part or "$ref" in part or part.get("type") == "object":
        for key, value in part.get("patternProperties", {}).items():
            part["patternProperties"][key] = _with_template(value)
        return part
    if part.get("type") == "array":
        if "$ref" not in part["items"] and "discriminator" not in part["items"]:
            part["items"] = _with_template(part["items"])
        return part
    if any("$ref" in choice or choice.get("type") == "array" for choice in part.get("anyOf", [])):
        part["anyOf"] = [_with_template(choice) for choice in part["anyOf"] if choice != {"type": "null"}]
        return part
    notes: dict[str, Any] = {key: part.pop(key) for key in ("title", "description", "default") if key in part}
    return {"anyOf": [part, {"type": "string", "pattern": PLACEHOLDER.pattern, "maxLength": _TEMPLATE_MAX}], **notes}


def _tidy(node: Any) -> None:
    """Take away what is of no use in a file: null, which TOML does not have, and titles that only repeat the name."""
    if isinstance(node, list):
        for part in node:
            _tidy(part)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    choices = node.get("anyOf")
    if isinstance(choices, list):
        node["anyOf"] = choices = [choice for choice in choices if choice != {"type": "null"}]
        if len(choices) == 1:
            del node["anyOf"]
            node.update({key: value for key, value in choices[0].items() if key not in node})
    if "default" in node and node["default"] is None:
        del node["default"]
    if "patternProperties" in node:
        node["additionalProperties"] = False
    for part in node.values():
        _tidy(part)
