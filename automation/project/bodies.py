"""Bodies as they are kept: one text for each meaning, whatever they were written or declared as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from enum import Enum
from typing import Any, Final

from automation.model.alarm import (
    CONDITION_KINDS,
    AlarmDefinition,
    BadQuality,
    Bool,
    Comms,
    Condition,
    Discrete,
    Levels,
    Plausibility,
    Priority,
)
from automation.model.alarm_kinds import Correlated, Group
from automation.model.conditioning import FILTER_KINDS
from automation.model.configuration import ConfigObject, ObjectKind
from automation.model.deadband import Deadband
from automation.model.equipment import PLACEHOLDER
from automation.model.estop import EstopInput
from automation.model.output import Output
from automation.model.recording import Mode, Recording
from automation.model.sample import Value
from automation.model.scale import Curve, Scale
from automation.model.tag import DataType, Tag
from automation.project.link_bodies import canonical_link
from automation.project.makers import parameter_of
from automation.project.schema import MODELS

COMPUTED: Final = ("function", "inputs")  # fields of a tag with a Python function, which only its app can declare
OUTPUT_FIELDS: Final = (
    "safe", "max_on_s", "continuous", "estop", "zone", "restart", "comm_loss", "permissives", "interlocks", "min_on_s",
    "min_off_s", "max_rate", "motion", "zero_hold_s", "operate", "readback", "readback_timeout_s", "readback_tolerance",
)  # fmt: skip
_OUTPUT_FLOATS = ("max_on_s", "min_on_s", "min_off_s", "max_rate", "zero_hold_s", "readback_timeout_s", "readback_tolerance")
_OUTPUT_DEFAULTS: Mapping[str, object] = {
    f.name: () if f.name in ("permissives", "interlocks") else f.default for f in fields(Output) if f.name in OUTPUT_FIELDS
}
_FILTER_NAMES = {made: kind for kind, made in FILTER_KINDS.items()}
_ESTOP_INPUT_DEFAULTS: Mapping[str, object] = {f.name: f.default for f in fields(EstopInput)}
_EXACT = 2**53
_PLAIN_FIELDS = (
    "name", "display_name", "description", "area", "unit", "display_unit", "precision", "source", "scan", "expression",
    "initial", "write_role", "retained", "manufacturer", "segment", "kilometre_post",
)  # fmt: skip
_DEFAULTS: Mapping[str, object] = {f.name: f.default for f in fields(Tag) if f.name in _PLAIN_FIELDS}
_TAG_ORDER = (*MODELS[ObjectKind.TAG].model_fields, *COMPUTED)


def object_of_tag(tag: Tag) -> ConfigObject:
    """The tag as an object; a Python function is only told by ``function = true``."""
    body: dict[str, Any] = {name: value for name in _PLAIN_FIELDS if (value := getattr(tag, name)) != _DEFAULTS.get(name)}
    body |= {"type": tag.type.value, "writable": tag.writable, "deadband": tag.deadband, "metadata": dict(tag.metadata)}
    optional: Mapping[str, tuple[object, Callable[[Any], object]]] = {
        "width": (tag.width, lambda width: width.value),
        "states": (tag.states or None, lambda states: {str(number): text for number, text in states.items()}),
        "range": (tag.range, _floats),
        "scale": (tag.scale, _scale_body),
        "filters": (
            tag.filters or None,
            lambda filters: [{"kind": _FILTER_NAMES[type(one)], **_changed(one)} for one in filters],
        ),
        "checks": (tag.checks, _changed),
        "history": (tag.history, lambda given: given if isinstance(given, bool) else _recording_body(given)),
        "history_deadband": (tag.history_deadband, lambda band: band),
        "output": (tag if isinstance(tag, Output) else None, _output_body),
        "estop_input": (tag.estop_input, _estop_input_body),
    }
    body |= {name: write(value) for name, (value, write) in optional.items() if value is not None}
    if tag.function is not None:
        body |= {"function": True, "inputs": list(tag.inputs)}
    return ConfigObject(kind=ObjectKind.TAG, name=tag.name, body=_canonical_tag(body))


_ALARM_TIMES = ("on_delay_s", "off_delay_s", "realarm_s", "response_s")
_ALARM_SWITCHES = ("latching", "restore_ack", "reack_on_escalation", "enabled")


def object_of_alarm(definition: AlarmDefinition) -> ConfigObject:
    """The alarm as an object."""
    body: dict[str, Any] = {"name": definition.name, "condition": _condition_body(definition.condition)}
    if definition.tag:
        body["tag"] = definition.tag
    if definition.priority is not Priority.MEDIUM:
        body["priority"] = int(definition.priority)
    body |= _behaviour_body(definition)
    texts = ("area", "alarm_class", "first_out", "description", "consequence", "cause", "action", "display", "enabled_when")
    for name in texts:
        if getattr(definition, name):
            body[name] = getattr(definition, name)
    return ConfigObject(kind=ObjectKind.ALARM, name=definition.name, body=body)


def _behaviour_body(definition: AlarmDefinition) -> dict[str, Any]:
    delays = {name: float(getattr(definition, name)) for name in _ALARM_TIMES if getattr(definition, name)}
    modes = {name: getattr(definition, name).value for name in ("ack_mode", "on_bad") if _differs(definition, name)}
    switches = {name: getattr(definition, name) for name in _ALARM_SWITCHES if _differs(definition, name)}
    more = {"supersedes": list(definition.supersedes)} if definition.supersedes else {}
    return {**delays, **modes, **switches, **more}


def _output_body(tag: Output) -> dict[str, Any]:
    body = {name: getattr(tag, name) for name in OUTPUT_FIELDS if name == "safe" or _differs(tag, name)}
    for name in ("permissives", "interlocks"):
        if name in body:
            body[name] = [_changed(condition) for condition in body[name]]
    return {name: value.value if isinstance(value, Enum) else value for name, value in body.items()}


def _estop_input_body(given: EstopInput) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in _changed(given).items()}


def _recording_body(recording: Recording) -> dict[str, Any]:
    body = {f.name: value for f in fields(recording) if (value := getattr(recording, f.name)) is not None}
    return {**body, "mode": recording.mode.value}


def _scale_body(scale: Scale) -> dict[str, Any]:
    body: dict[str, Any] = {"raw": _floats(scale.raw), "eng": _floats(scale.eng)}
    if scale.curve is not Curve.LINEAR:
        body["curve"] = scale.curve.value
    if scale.limits is not None:
        body["limits"] = _floats(scale.limits)
    if scale.clamp:
        body["clamp"] = True
    return body


def _floats(numbers: Iterable[float]) -> list[float]:
    return [float(number) + 0.0 for number in numbers]


def _condition_body(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Comms | BadQuality):
        return {"kind": CONDITION_KINDS[type(condition)]}
    if isinstance(condition, Discrete):
        return {"kind": "discrete", "values": list(condition.values)}
    if isinstance(condition, Bool):
        return {"kind": "bool"} if condition.alarm_value else {"kind": "bool", "alarm_value": False}
    if isinstance(condition, Levels):
        return _levels_body(condition)
    if isinstance(condition, Plausibility):
        return {"kind": "plausibility", **({"faults": list(condition.faults)} if condition.faults else {})}
    members = {"members": list(condition.members)} if isinstance(condition, Group | Correlated) else {}
    return {"kind": CONDITION_KINDS[type(condition)], **_changed(condition), **members}


def _levels_body(condition: Levels) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": "levels"}
    for name, level in condition.given.items():
        body[name] = _changed(replace(level, priority=None))
        if level.priority is not None:
            body[name]["priority"] = int(level.priority)
    return {**body, "unit": condition.unit} if condition.unit else body


def _changed(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults; all its numbers but samples are floats."""
    changed = {f.name: getattr(value, f.name) for f in fields(value) if _differs(value, f.name)}
    return {
        name: float(given) + 0.0
        if isinstance(given, int | float) and not isinstance(given, bool) and name not in ("samples", "min_samples")
        else given
        for name, given in changed.items()
    }


def _differs(value: Any, name: str) -> bool:
    default = next(f.default for f in fields(value) if f.name == name)
    return bool(default is MISSING or getattr(value, name) != default)


def _canonical_tag(body: Mapping[str, Any]) -> dict[str, Any]:
    canonical = {name: body[name] for name in _TAG_ORDER if name in body}
    for name in ("deadband", "history_deadband"):
        if name in canonical:
            canonical[name] = _plain_band(canonical[name])
    if isinstance(canonical.get("history"), Mapping):
        canonical["history"] = _canonical_recording(canonical["history"])
    if "output" in canonical:
        canonical["output"] = _canonical_output(canonical["output"])
    if "estop_input" in canonical:
        canonical["estop_input"] = _without_defaults(canonical["estop_input"], _ESTOP_INPUT_DEFAULTS)
    _as_float(canonical, "kilometre_post")
    _type_values(canonical)
    return {name: value for name, value in canonical.items() if not _is_default(name, value, canonical)}


def _canonical_recording(body: Mapping[str, Any]) -> dict[str, Any] | bool:
    """The table without what goes without saying; true if nothing is left."""
    recording = {
        name: value for name, value in body.items() if value is not None and (name, value) != ("mode", Mode.CHANGE.value)
    }
    for name in ("deadband", "deviation"):
        if name in recording:
            recording[name] = _plain_band(recording[name])
    for name in ("interval_s", "min_interval_s", "max_interval_s"):
        _as_float(recording, name)
    return recording or True


def _canonical_output(body: Mapping[str, Any]) -> dict[str, Any]:
    output = dict(body)
    for name in _OUTPUT_FLOATS:
        _as_float(output, name)
    for name in ("permissives", "interlocks"):
        if name in output:
            output[name] = [_without_defaults(condition, {"text": ""}) for condition in output[name]]
    return _without_defaults(output, _OUTPUT_DEFAULTS)


def _without_defaults(body: Mapping[str, Any], defaults: Mapping[str, object]) -> dict[str, Any]:
    """The fields that say something; an empty list is as good as none."""
    return {name: value for name, value in body.items() if (value if value != [] else ()) != defaults.get(name, MISSING)}


def _is_default(name: str, value: object, body: Mapping[str, Any]) -> bool:
    if name == "writable":
        return value is ("output" in body) or value is None
    if name == "history":
        return value is True
    if name in ("checks", "filters", "metadata"):
        return not value
    return (name == "deadband" and value == 0) or (name == "type" and value == DataType.FLOAT.value)


def _type_values(body: dict[str, Any]) -> None:
    """Give initial and safe value the type of the tag: a float's are floats, an enum's the numbers of its states."""
    kind = body.get("type", DataType.FLOAT.value)
    if kind == DataType.FLOAT.value:
        _as_float(body, "initial")
        _as_float(body.get("output", {}), "safe")
    if kind == DataType.ENUM.value:
        _as_states(body)


def _as_float(body: dict[str, Any], name: str) -> None:
    value = body.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        body[name] = float(value) + 0.0


def _as_states(body: dict[str, Any]) -> None:
    """An enum's states in the order of their numbers, its values as numbers."""
    states = body["states"] = dict(sorted(body["states"].items(), key=lambda item: int(item[0])))
    numbers = {text: int(number) for number, text in states.items()}
    if isinstance(body.get("initial"), str):
        body["initial"] = numbers.get(body["initial"], body["initial"])
    if isinstance(body.get("output", {}).get("safe"), str):
        body["output"]["safe"] = numbers.get(body["output"]["safe"], body["output"]["safe"])


def _plain_band(given: float | str | Deadband) -> float | str:
    """A deadband as one of several equal ways to write it; a template's placeholder stays."""
    if isinstance(given, str) and PLACEHOLDER.search(given):
        return given
    band = Deadband.of(given)
    size = float(band.size) + 0.0
    return f"{repr(size).removesuffix('.0')} %" if band.percent and size else size


def _canonical_type(body: Mapping[str, Any]) -> dict[str, Any]:
    canonical = dict(body)
    for key, make in (("tags", _canonical_template), ("alarms", _canonical_alarm)):
        if key in canonical:
            canonical[key] = [make(part) for part in canonical[key]]
    parameters = {name: _canonical_parameter(part) for name, part in canonical.get("parameters", {}).items()}
    if parameters:
        canonical["parameters"] = parameters
    return canonical


def _canonical_template(body: Mapping[str, Any]) -> dict[str, Any]:
    if PLACEHOLDER.search(body.get("type", "")):  # nobody knows yet whether its numbers are whole
        return dict(body)
    return _canonical_tag(body)


def _canonical_parameter(body: Mapping[str, Any]) -> dict[str, Any]:
    if "default" not in body:
        return dict(body)
    return {**body, "default": parameter_of(body).typed(body["default"])}


def _canonical_alarm(body: Mapping[str, Any]) -> dict[str, Any]:
    condition = body.get("condition")
    return {**body, "condition": _canonical_condition(condition)} if isinstance(condition, Mapping) else dict(body)


def _canonical_condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    """The condition, and each of its levels, with a deadband as one of several equal ways to write it; none if it is zero."""
    found: dict[str, Any] = {}
    for name, value in condition.items():
        if isinstance(value, Mapping):
            found[name] = _canonical_condition(value)
        elif name != "deadband":
            found[name] = value
        elif (band := _plain_band(value)) != 0.0:
            found[name] = band
    return found


def _canonical_equipment(body: Mapping[str, Any]) -> dict[str, Any]:
    canonical = dict(body)
    if "parameters" in canonical:
        canonical["parameters"] = {name: _whole(value) for name, value in canonical["parameters"].items()}
    if "disabled_alarms" in canonical:
        canonical["disabled_alarms"] = sorted(set(canonical["disabled_alarms"]))
    return canonical


def _whole(value: Value) -> Value:
    """A number without a fraction as a whole one; the parameter's type says what it becomes."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


CANONICAL: Mapping[ObjectKind, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    ObjectKind.LINK: canonical_link,
    ObjectKind.TYPE: _canonical_type,
    ObjectKind.EQUIPMENT: _canonical_equipment,
    ObjectKind.TAG: _canonical_tag,
    ObjectKind.ALARM: _canonical_alarm,
}
