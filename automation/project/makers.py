"""From the body of an object, which was checked, to what the runtime works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from automation.model.alarm import (
    LEVEL_NAMES,
    AckMode,
    AlarmDefinition,
    BadQuality,
    Bool,
    Comms,
    Condition,
    Discrete,
    High,
    Level,
    Levels,
    Low,
    OnBad,
    Plausibility,
    Priority,
    RateOfChange,
    Stale,
)
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group, Side
from automation.model.conditioning import FILTER_KINDS, Checks, Filter
from automation.model.configuration import Body
from automation.model.equipment import Equipment, EquipmentType, FaceplateItem, Parameter, ParameterType
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.estop import EstopInput, OnLoss
from automation.model.output import Condition as BlockingCondition
from automation.model.output import OnReturn, Operate, Output
from automation.model.scale import Curve, Scale
from automation.model.tag import DataType, Tag, Width
from automation.units.convert import convert, convert_difference


def tag_of(body: Body, tag_id: str = "") -> Tag:
    """The tag, or output, of a body that was checked. Raises ``ConfigError`` as the tag's own declaration."""
    given: dict[str, Any] = dict(body)
    output = given.pop("output", None)
    if "type" in given:
        given["type"] = DataType(given["type"])
    if "range" in given:
        given["range"] = tuple(given["range"])
    if "scale" in given:
        given["scale"] = scale_of(given["scale"])
    if "filters" in given:
        given["filters"] = tuple(_filter_of(part) for part in given["filters"])
    if "checks" in given:
        given["checks"] = Checks(**given["checks"])
    if "width" in given:
        given["width"] = Width(given["width"])
    if "states" in given:
        given["states"] = {int(number): text for number, text in given["states"].items()}
    if "estop_input" in given:
        given["estop_input"] = _estop_input_of(given["name"], given["estop_input"])
    if output is None:
        return Tag(id=tag_id, **given)
    return Output(id=tag_id, **given, **_output_of(given["name"], output))


def alarm_of(body: Body, tag_unit: str = "") -> AlarmDefinition:
    """The alarm of a body that was checked, its limit and deadband in the tag's unit if that is given.

    Raises ``ConfigError``, also for a condition whose unit is not of the tag's quantity.
    """
    given: dict[str, Any] = dict(body)
    given["condition"] = _condition_of(given["name"], given["condition"], tag_unit)
    given.setdefault("tag", "")
    if "priority" in given:
        given["priority"] = Priority(given["priority"])
    if "ack_mode" in given:
        given["ack_mode"] = AckMode(given["ack_mode"])
    if "on_bad" in given:
        given["on_bad"] = OnBad(given["on_bad"])
    if "supersedes" in given:
        given["supersedes"] = tuple(given["supersedes"])
    for field in ("realarm_s", "response_s"):
        if field in given:
            given[field] = float(given[field])
    return AlarmDefinition(**given)


def type_of(body: Body) -> EquipmentType:
    """The equipment type of a body that was checked. Raises ``ConfigError``."""
    given: dict[str, Any] = dict(body)
    given["parameters"] = {name: parameter_of(part) for name, part in given.get("parameters", {}).items()}
    given["faceplate"] = tuple(FaceplateItem(**part) for part in given.get("faceplate", ()))
    return EquipmentType(**given)


def equipment_of(body: Body) -> Equipment:
    """The unit of plant of a body that was checked. Raises ``ConfigError``."""
    given = cast("dict[str, Any]", dict(body))
    return Equipment(**{**given, "disabled_alarms": tuple(given.get("disabled_alarms", ()))})


def scale_of(part: Mapping[str, Any]) -> Scale:
    """The scale of a part that was checked. Raises ``ConfigError``."""
    limits = part.get("limits")
    return Scale(
        raw=part["raw"],
        eng=part["eng"],
        curve=Curve(part.get("curve", Curve.LINEAR)),
        limits=None if limits is None else (limits[0], limits[1]),
        clamp=part.get("clamp", False),
    )


def _filter_of(part: Mapping[str, Any]) -> Filter:
    return FILTER_KINDS[part["kind"]](**{key: value for key, value in part.items() if key != "kind"})


def _output_of(name: str, part: Mapping[str, Any]) -> Mapping[str, Any]:
    given = dict(part)
    for field in ("restart", "comm_loss"):
        if field in given:
            given[field] = OnReturn(given[field])
    if "operate" in given:
        given["operate"] = Operate(given["operate"])
    for field in ("permissives", "interlocks"):
        if field in given:
            given[field] = tuple(_blocking(name, field, one) for one in given[field])
    return given


def _blocking(name: str, field: str, part: Mapping[str, Any]) -> BlockingCondition:
    try:
        return BlockingCondition(**part)
    except ConfigError as error:
        raise ConfigError(f"output {name}: {field}: {error}") from error


def _estop_input_of(name: str, part: Mapping[str, Any]) -> EstopInput:
    try:
        return EstopInput(**{**part, "on_loss": OnLoss(part.get("on_loss", OnLoss.TRIP))})
    except ConfigError as error:
        raise ConfigError(f"tag {name}: estop_input: {error}") from error


def parameter_of(part: Mapping[str, Any]) -> Parameter:
    """The parameter of a part that was checked."""
    given = {**part, "type": ParameterType(part.get("type", ParameterType.STRING))}
    return Parameter(**given)


def _discrete(name: str, values: Sequence[Any]) -> Discrete:
    wrong = [value for value in values if isinstance(value, bool | float)]
    if wrong:
        raise ConfigError(f"alarm {name}: condition.values: {wrong[0]}: expected whole numbers, or texts of states")
    return Discrete(values=tuple(values))


def _condition_of(name: str, part: Mapping[str, Any], tag_unit: str) -> Condition:
    return _CONDITIONS[part["kind"]](name, part, tag_unit)


def _limited(name: str, part: Mapping[str, Any], tag_unit: str) -> High | Low:
    limit, deadband, given = _limit_of(name, part, part.get("unit", ""), tag_unit)
    made: type[High | Low] = High if part["kind"] == "high" else Low
    return made(limit=limit, limit_tag=part.get("limit_tag", ""), deadband=deadband, unit=given)


def _rate(part: Mapping[str, Any]) -> RateOfChange:
    given: dict[str, Any] = {name: part[name] for name in ("rising", "falling", "window_s") if part.get(name) is not None}
    numbers: dict[str, Any] = {name: float(value) for name, value in given.items()}
    return RateOfChange(**numbers, min_samples=part.get("min_samples", 3))


def _levels(name: str, part: Mapping[str, Any], tag_unit: str) -> Levels:
    found: dict[str, Level] = {}
    unit = part.get("unit", "")
    given = unit
    for key in LEVEL_NAMES:
        one = part.get(key)
        if one is None:
            continue
        limit, deadband, given = _limit_of(name, one, unit, tag_unit)
        priority = one.get("priority")
        found[key] = Level(
            limit=limit,
            limit_tag=one.get("limit_tag", ""),
            deadband=deadband,
            priority=None if priority is None else Priority(priority),
        )
    return Levels(**found, unit=given)


def _deviation(name: str, part: Mapping[str, Any], tag_unit: str) -> Deviation:
    unit = part.get("unit", "")
    given = {"limit": part.get("setpoint"), "limit_tag": part.get("setpoint_tag", "")}
    setpoint, _, made = _limit_of(name, given, unit, tag_unit, "setpoint")
    sides: dict[str, Side | None] = {}
    for key in ("high", "low"):
        one = part.get(key)
        if one is None:
            continue
        _, limit, _ = _limit_of(name, {"limit": 0.0, "deadband": one["limit"]}, unit, tag_unit)
        _, deadband, _ = _limit_of(name, {"limit": 0.0, "deadband": one.get("deadband", 0.0)}, unit, tag_unit)
        sides[key] = Side(limit=float(limit), deadband=float(deadband))
    return Deviation(
        high=sides.get("high"), low=sides.get("low"), setpoint=setpoint, setpoint_tag=part.get("setpoint_tag", ""), unit=made
    )


def _limit_of(
    name: str, part: Mapping[str, Any], given: str, tag_unit: str, field: str = "limit"
) -> tuple[float | None, float | str, str]:
    """Limit, deadband and their unit, which is the tag's if that is given and another; percent stay percent."""
    limit, deadband = part.get("limit"), part.get("deadband", 0.0)
    if (limit is None) is not bool(part.get("limit_tag")):
        raise ConfigError(f"alarm {name}: condition: either {field} or {field}_tag is needed, not both")
    if given and tag_unit and given != tag_unit:
        try:
            limit = None if limit is None else convert(limit, given, tag_unit)
            if not isinstance(deadband, str):
                deadband = convert_difference(deadband, given, tag_unit)
        except (ConfigError, InvalidValueError) as error:
            raise ConfigError(f"alarm {name}: condition.unit: {error}") from error
        given = tag_unit
    return limit, deadband, given


_CONDITIONS: Mapping[str, Callable[[str, Mapping[str, Any], str], Condition]] = {
    "high": _limited,
    "low": _limited,
    "levels": _levels,
    "rate_of_change": lambda _name, part, _unit: _rate(part),
    "bool": lambda _name, part, _unit: Bool(alarm_value=part.get("alarm_value", True)),
    "discrete": lambda name, part, _unit: _discrete(name, part["values"]),
    "bad_quality": lambda _name, _part, _unit: BadQuality(),
    "stale": lambda _name, part, _unit: Stale(timeout_s=float(part["timeout_s"])),
    "plausibility": lambda _name, part, _unit: Plausibility(faults=tuple(part.get("faults", ()))),
    "deviation": _deviation,
    "discrepancy": lambda _name, part, _unit: Discrepancy(other=part["other"], tolerance=part.get("tolerance", 0.0)),
    "group": lambda _name, part, _unit: Group(members=tuple(part["members"]), reflash=part.get("reflash", True)),
    "correlated": lambda _name, part, _unit: Correlated(
        members=tuple(part["members"]),
        count=part["count"],
        window_s=float(part["window_s"]),
        cooldown_s=float(part.get("cooldown_s", 0.0)),
    ),
    "comms": lambda _name, _part, _unit: Comms(),
}
