"""What the bodies of objects look like: every field with its limit and its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
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
TEMPLATE_MAX = 500
_WHOLE_MAX = 2**63
_PLAIN = (bool, int, float, str)
_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}$"
_PARAMETER = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
IN_CODE = r"^[A-Za-z][A-Za-z0-9_]{0,127}$"


def _or_template(value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    """The value as checked; in a template, a text with placeholders as it is."""
    if info.context == TEMPLATE and isinstance(value, str) and len(value) <= TEMPLATE_MAX and PLACEHOLDER.search(value):
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
NameInCode: TypeAlias = Annotated[str, StringConstraints(pattern=IN_CODE)]  # never a template
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
Interval: TypeAlias = Annotated[float, Field(ge=0.01, le=31_536_000), WrapValidator(_number)]
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


class StrictBody(BaseModel):
    """A body that takes what it knows and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ScaleBody(StrictBody):
    """From what a device counts to the engineering unit."""

    raw: Points = Field(description="Raw counts of the points, ascending or descending")
    eng: Points = Field(description="Engineering values of the same points")
    curve: Annotated[Literal["linear", "square_root"], _Leaf] = Field("linear", description="How it runs between the points")
    limits: Pair | None = Field(None, description="Lowest and highest raw value of a healthy device; beyond is UNCERTAIN")
    clamp: Switch = Field(False, description="A value beyond the limits stays at the nearest")


class FirstOrderBody(StrictBody):
    """A lag: after the time constant the value has followed 63 % of a step."""

    kind: Literal["first_order"]
    time_constant_s: Annotated[float, Field(gt=0, le=86_400), WrapValidator(_number)] = Field(description="Seconds")


class MovingAverageBody(StrictBody):
    """The mean of the last samples."""

    kind: Literal["moving_average"]
    samples: _whole(2, 1000) = Field(description="How many")  # type: ignore[valid-type]


class MedianBody(StrictBody):
    """The middle one of the last samples."""

    kind: Literal["median"]
    samples: _whole(3, 1000) = Field(description="How many; an odd count is usual")  # type: ignore[valid-type]


class KalmanBody(StrictBody):
    """A Kalman filter of a value that wanders."""

    kind: Literal["kalman"]
    process_noise: Above = Field(description="Variance that the true value gains per second, unit squared")
    measurement_noise: Above = Field(description="Variance of one measurement, unit squared")


class OutlierBody(StrictBody):
    """Rejects a sample that lies too far from the median of the last samples."""

    kind: Literal["outlier"]
    samples: _whole(5, 1000) = Field(11, description="How many samples give the median")  # type: ignore[valid-type]
    threshold: Annotated[float, Field(gt=0, le=100), WrapValidator(_number)] = Field(4.0, description="Scaled deviations")
    least: NotBelow = Field(0.0, description="A distance that is never an outlier, in the tag's unit")


FilterBody: TypeAlias = Annotated[
    FirstOrderBody | MovingAverageBody | MedianBody | KalmanBody | OutlierBody, Field(discriminator="kind")
]


class ChecksBody(StrictBody):
    """When a value is not plausible."""

    max_rate: Above | None = Field(None, description="Fastest credible change, unit per second")
    frozen_s: Above | None = Field(None, description="An identical raw value for so long is frozen, s")
    stale_s: Above | None = Field(None, description="No update for so long is stale, s")
    agrees_with: Name | None = Field(None, description="The redundant tag")
    within: Above | None = Field(None, description="Largest difference to the redundant tag, in the tag's unit")
    for_s: Delay = Field(0.0, description="How long a larger difference is tolerated, s")


class BlockingConditionBody(StrictBody):
    """An expression that stands in the way of an output."""

    expression: Formula = Field(description="Over tags; true or false")
    text: Annotated[str, StringConstraints(max_length=200), WrapValidator(_line)] = Field(
        "", description="What an operator reads when it stands in the way; the expression if empty"
    )


class RecordingBody(StrictBody):
    """Which samples are kept; changes of quality always are."""

    mode: Annotated[Literal["change", "swinging_door", "periodic", "all"], _Leaf] = Field(
        "change", description="On change, as a line needs them, one in each interval, or all"
    )
    deadband: Size | None = Field(None, description="Of mode change: smallest change worth recording; as history_deadband")
    deviation: Size | None = Field(None, description="Of mode swinging_door: by how much a line may miss a sample")
    interval_s: Interval | None = Field(None, description="Of mode periodic, s")
    min_interval_s: Interval | None = Field(None, description="Of samples closer together the newest is kept, s")
    max_interval_s: Interval | None = Field(None, description="Kept again after so long though nothing changed, s")


class OutputBody(StrictBody):
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


class EstopInputBody(StrictBody):
    """What makes a tag an emergency-stop button, which the guard watches by itself."""

    pressed: Switch = Field(False, description="The value that means pressed; false for a normally closed contact")
    zone: NameOrNone = Field("", description="Zone that it trips; the whole plant if empty")
    on_loss: Annotated[Literal["trip", "ignore"], _Leaf] = Field(
        "trip", description="What happens when it can not be read any more"
    )


def _recorded(value: object) -> str:
    return "table" if isinstance(value, Mapping | BaseModel) else "switch"


Recorded: TypeAlias = Annotated[
    Annotated[Switch, Tag("switch")] | Annotated[RecordingBody, Tag("table")], Discriminator(_recorded)
]


class TagBody(StrictBody):
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
    history: Recorded = Field(True, description="Recorded on change, not at all, or as the table says")
    history_deadband: Size | None = Field(None, description="Smallest change worth recording; as for displays if absent")
    output: OutputBody | None = Field(None, description="Present if it drives equipment")
    estop_input: EstopInputBody | None = Field(None, description="Present if it is an emergency-stop button")
    manufacturer: Short = Field("", description="Part of a shared configuration that it belongs to")
    segment: Short = Field("", description="Part of a shared configuration that it belongs to")
    kilometre_post: Number | None = Field(None, description="Place along the line, km")
    metadata: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")], Text
    ] = Field({}, max_length=32, description="Texts of your own")  # fmt: skip


class HighBody(StrictBody):
    """Abnormal above the limit."""

    kind: Literal["high"]
    limit: Number | None = Field(None, description="In the unit below; or limit_tag")
    limit_tag: Name | None = Field(None, description="The tag that has the limit")
    deadband: Size = Field(0.0, description="Normal again so far below the limit, or percent of the tag's span")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field(
        "", description="Of limit and deadband; the tag's if empty"
    )


class LowBody(StrictBody):
    """Abnormal below the limit."""

    kind: Literal["low"]
    limit: Number | None = Field(None, description="In the unit below; or limit_tag")
    limit_tag: Name | None = Field(None, description="The tag that has the limit")
    deadband: Size = Field(0.0, description="Normal again so far above the limit, or percent of the tag's span")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field(
        "", description="Of limit and deadband; the tag's if empty"
    )


class BoolBody(StrictBody):
    """Abnormal while a bool tag has the alarm value."""

    kind: Literal["bool"]
    alarm_value: Switch = Field(True, description="The abnormal value")


class DiscreteBody(StrictBody):
    """Abnormal while an enum or a whole number is one of the values."""

    kind: Literal["discrete"]
    values: list[Scalar] = Field(min_length=1, max_length=64, description="Numbers, or texts of the states of an enum")


class BadQualityBody(StrictBody):
    """Abnormal while the tag is BAD."""

    kind: Literal["bad_quality"]


class CommsBody(StrictBody):
    """Abnormal while a link is down; the tag is LINK.<name>.UP."""

    kind: Literal["comms"]


class LevelBody(StrictBody):
    """One limit of several."""

    limit: Number | None = Field(None, description="In the unit of the condition; or limit_tag")
    limit_tag: Name | None = Field(None, description="The tag that has the limit")
    deadband: Size = Field(0.0, description="Left so far inside the limit, or percent of the tag's span")
    priority: _whole(1, 5) | None = Field(None, description="While at this level; the alarm's if absent")  # type: ignore[valid-type]


class LevelsBody(StrictBody):
    """Abnormal beyond any of up to four limits, at one level at a time."""

    kind: Literal["levels"]
    low_low: LevelBody | None = Field(None, description="The lowest")
    low: LevelBody | None = Field(None, description="Above low_low")
    high: LevelBody | None = Field(None, description="Above low")
    high_high: LevelBody | None = Field(None, description="The highest")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field("", description="Of all limits; the tag's if empty")


class RateOfChangeBody(StrictBody):
    """Abnormal while the value rises or falls too fast."""

    kind: Literal["rate_of_change"]
    rising: Number | None = Field(None, description="Fastest rise, the tag's unit per second")
    falling: Number | None = Field(None, description="Fastest fall, the tag's unit per second, above 0")
    window_s: Delay = Field(10.0, description="Over how long the slope is taken, s")
    min_samples: _whole(2, 32) = Field(3, description="Fewer in the window tell nothing")  # type: ignore[valid-type]


class StaleBody(StrictBody):
    """Abnormal while nobody updates the tag."""

    kind: Literal["stale"]
    timeout_s: Delay = Field(description="How long without an update, s")


class PlausibilityBody(StrictBody):
    """Abnormal while a check of the tag finds its value implausible."""

    kind: Literal["plausibility"]
    faults: list[Literal["rate", "frozen", "stale", "under_range", "over_range", "disagreement"]] = Field(
        [], max_length=6, description="Of these checks only; of all if empty"
    )


class SideBody(StrictBody):
    """How far from the setpoint on one side."""

    limit: Number = Field(description="Above 0, in the unit of the condition")
    deadband: NotBelow = Field(0.0, description="So much nearer before it is normal again")


class DeviationBody(StrictBody):
    """Abnormal too far above or below a setpoint."""

    kind: Literal["deviation"]
    high: SideBody | None = Field(None, description="Above the setpoint")
    low: SideBody | None = Field(None, description="Below the setpoint")
    setpoint: Number | None = Field(None, description="A number; or setpoint_tag")
    setpoint_tag: Name | None = Field(None, description="The tag that has the setpoint")
    unit: Annotated[str, StringConstraints(max_length=32), _Leaf] = Field("", description="Of all of them; the tag's if empty")


class DiscrepancyBody(StrictBody):
    """Abnormal while two tags disagree."""

    kind: Literal["discrepancy"]
    other: Name = Field(description="The second tag")
    tolerance: NotBelow = Field(0.0, description="Of numbers, in the tag's unit")


class GroupBody(StrictBody):
    """Abnormal while any member alarm is active."""

    kind: Literal["group"]
    members: list[Name] = Field(min_length=1, max_length=500, description="Names of alarms")
    reflash: Switch = Field(True, description="Another member that joins must be acknowledged anew")


class CorrelatedBody(StrictBody):
    """Abnormal while several different alarms were raised within a time."""

    kind: Literal["correlated"]
    members: list[Name] = Field(min_length=2, max_length=500, description="Names of alarms")
    count: _whole(2, 500) = Field(description="How many of them")  # type: ignore[valid-type]
    window_s: Delay = Field(description="Within how long, s")
    cooldown_s: Delay = Field(0.0, description="Not again so long after it has returned, s")


ConditionBody: TypeAlias = Annotated[
    HighBody
    | LowBody
    | LevelsBody
    | DeviationBody
    | DiscrepancyBody
    | GroupBody
    | CorrelatedBody
    | RateOfChangeBody
    | BoolBody
    | DiscreteBody
    | BadQualityBody
    | StaleBody
    | PlausibilityBody
    | CommsBody,
    Field(discriminator="kind"),
]


class AlarmBody(StrictBody):
    """An abnormal state that needs a response."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    tag: Name | None = Field(None, description="The tag that is watched; absent for group and correlated")
    condition: ConditionBody = Field(description="When it is abnormal")
    priority: _whole(1, 5) = Field(3, description="1 is the most urgent, 5 is for diagnostics")  # type: ignore[valid-type]
    on_delay_s: Delay = Field(0.0, description="How long the condition must hold, s")
    off_delay_s: Delay = Field(0.0, description="How long it must be gone, s")
    latching: Switch = Field(False, description="Stays until a person resets it")
    ack_mode: Annotated[Literal["required", "auto_on_rtn", "none"], _Leaf] = Field(
        "required", description="Acknowledged by a person, also by its return, or always"
    )
    on_bad: Annotated[Literal["hold", "active", "normal"], _Leaf] = Field(
        "hold", description="What it does while the tag cannot be judged"
    )
    restore_ack: Switch = Field(False, description="Still acknowledged after it was kept silent")
    realarm_s: Delay = Field(0.0, description="Announced again so long after it was acknowledged, s; never if 0")
    area: Area = Field("", description="Path such as 'station/pumps'")
    alarm_class: Short = Field("", description="A class of the settings, by which it is managed and people are told of it")
    description: Text = Field("", description="What is abnormal")
    consequence: Prose = Field("", description="What happens if nobody responds")
    cause: Prose = Field("", description="Why it happens")
    action: Prose = Field("", description="What the operator should do")
    reack_on_escalation: Switch = Field(True, description="A worse level must be acknowledged anew")
    supersedes: list[Name] = Field([], max_length=16, description="Alarms that are silent while this one is active")
    first_out: Name | None = Field(None, description="Group of which the first alarm is marked")
    enabled: Switch = Field(True, description="Judged at all")
    enabled_when: Annotated[str, StringConstraints(max_length=2000), WrapValidator(_prose)] = Field(
        "", description="Over tags; silent while it is false"
    )
    response_s: Delay = Field(0.0, description="How long the operator has, s; not told if 0")
    display: Annotated[str, StringConstraints(max_length=200), WrapValidator(_line)] = Field(
        "", description="Where the operator looks: a path of the HMI such as /overview, or a name"
    )


class MachineBody(StrictBody):
    """Logic that runs in a thread of its own."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    kind: NameInCode = Field(description="Name under which an application offers its class")
    description: Text = Field("", description="What it does; what its class says if empty")
    area: Area = Field("", description="Path such as 'station/pumps'")
    ports: dict[NameInCode, Name] = Field({}, max_length=64, description="The tag of each port of the class")


class ParameterBody(StrictBody):
    """What differs from one unit of plant to the next."""

    type: Literal["string", "number", "integer", "bool"] = Field("string", description="Type of the value")
    default: Scalar | None = Field(None, description="Absent if every unit must give a value")
    description: Text = Field("", description="What it is")


class FaceplateBody(StrictBody):
    """One line of the faceplate."""

    tag: Name = Field(description="Name of the tag, such as '{name}.LT'")
    label: Short = Field("", description="For people")


class TypeBody(StrictBody):
    """A kind of equipment; its texts hold {name} and {parameter}."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    description: Text = Field("", description="What it is")
    parameters: dict[ParameterName, ParameterBody] = Field({}, max_length=64, description="What differs between units")
    tags: list[TagBody] = Field([], max_length=500, description="Templates of its tags")
    alarms: list[AlarmBody] = Field([], max_length=500, description="Templates of its alarms")
    machines: list[MachineBody] = Field([], max_length=64, description="Templates of its machines")
    faceplate: list[FaceplateBody] = Field([], max_length=64, description="What its faceplate shows")


class EquipmentBody(StrictBody):
    """One unit of plant, made from a type."""

    name: Name = Field(description="Letters, digits, '_', '.' or '-'")
    type: Name = Field(description="Name of its type")
    area: Area = Field("", description="Path such as 'station/pumps'")
    description: Text = Field("", description="What it is")
    parameters: dict[ParameterName, Scalar] = Field({}, max_length=64, description="Values for the type's parameters")
    disabled_alarms: list[Name] = Field([], max_length=500, description="Names of its alarms that are not judged")


class LinkBody(BaseModel):
    """A device, and how it is spoken to. The other fields are those of its kind."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)

    name: Name = Field(description="Letters, digits, '_', '.' or '-'; begins the source of its tags")
    kind: Short = Field(description="Kind of link, such as modbus")


MODELS: Mapping[ObjectKind, type[BaseModel]] = {
    ObjectKind.LINK: LinkBody,
    ObjectKind.TYPE: TypeBody,
    ObjectKind.EQUIPMENT: EquipmentBody,
    ObjectKind.TAG: TagBody,
    ObjectKind.ALARM: AlarmBody,
}

TEMPLATES: Mapping[str, type[BaseModel]] = {"tags": TagBody, "alarms": AlarmBody, "machines": MachineBody}
