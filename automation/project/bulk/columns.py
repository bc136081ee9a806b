"""The columns of a table: dotted fields of a body, each with its way to write a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from automation.model.configuration import Json, ObjectKind
from automation.model.errors import ConfigError
from automation.project.bulk.cells import BAND, BOOL, BY_TYPE, INTEGER, JSON, NUMBER, NUMBERS, SCALAR, STATES, SWITCH, TEXT, Cell

_TYPED = SCALAR  # replaced by the way of the tag's type
_TAG: Mapping[str, Cell] = {
    "name": TEXT,
    "type": TEXT,
    "width": TEXT,
    "states": STATES,
    "display_name": TEXT,
    "description": TEXT,
    "area": TEXT,
    "unit": TEXT,
    "display_unit": TEXT,
    "range": NUMBERS,
    "precision": INTEGER,
    "source": TEXT,
    "scan": TEXT,
    "scale.raw": NUMBERS,
    "scale.eng": NUMBERS,
    "scale.curve": TEXT,
    "scale.limits": NUMBERS,
    "scale.clamp": BOOL,
    "filters": JSON,
    "checks.max_rate": NUMBER,
    "checks.frozen_s": NUMBER,
    "checks.stale_s": NUMBER,
    "checks.agrees_with": TEXT,
    "checks.within": NUMBER,
    "checks.for_s": NUMBER,
    "expression": TEXT,
    "initial": _TYPED,
    "writable": BOOL,
    "write_role": TEXT,
    "retained": BOOL,
    "deadband": BAND,
    "history": SWITCH,
    "history_deadband": BAND,
    "output.safe": _TYPED,
    "output.max_on_s": NUMBER,
    "output.estop": BOOL,
    "output.continuous": BOOL,
    "output.zone": TEXT,
    "output.restart": TEXT,
    "output.comm_loss": TEXT,
    "output.permissives": JSON,
    "output.interlocks": JSON,
    "output.min_on_s": NUMBER,
    "output.min_off_s": NUMBER,
    "output.max_rate": NUMBER,
    "output.motion": TEXT,
    "output.zero_hold_s": NUMBER,
    "output.operate": TEXT,
    "output.readback": TEXT,
    "output.readback_timeout_s": NUMBER,
    "output.readback_tolerance": NUMBER,
    "estop_input.pressed": BOOL,
    "estop_input.zone": TEXT,
    "estop_input.on_loss": TEXT,
    "manufacturer": TEXT,
    "segment": TEXT,
    "kilometre_post": NUMBER,
}
_ALARM: Mapping[str, Cell] = {
    "name": TEXT,
    "tag": TEXT,
    "condition.kind": TEXT,
    "condition.limit": NUMBER,
    "condition.deadband": BAND,
    "condition.unit": TEXT,
    "condition.alarm_value": BOOL,
    "condition.values": JSON,
    "condition.low_low": JSON,
    "condition.low": JSON,
    "condition.high": JSON,
    "condition.high_high": JSON,
    "condition.rising": NUMBER,
    "condition.falling": NUMBER,
    "condition.window_s": NUMBER,
    "condition.min_samples": INTEGER,
    "condition.timeout_s": NUMBER,
    "condition.faults": JSON,
    "condition.limit_tag": TEXT,
    "condition.setpoint": NUMBER,
    "condition.setpoint_tag": TEXT,
    "condition.other": TEXT,
    "condition.tolerance": NUMBER,
    "condition.members": JSON,
    "condition.reflash": BOOL,
    "condition.count": INTEGER,
    "condition.cooldown_s": NUMBER,
    "priority": INTEGER,
    "on_delay_s": NUMBER,
    "off_delay_s": NUMBER,
    "latching": BOOL,
    "ack_mode": TEXT,
    "on_bad": TEXT,
    "restore_ack": BOOL,
    "realarm_s": NUMBER,
    "area": TEXT,
    "alarm_class": TEXT,
    "description": TEXT,
    "consequence": TEXT,
    "cause": TEXT,
    "action": TEXT,
    "response_s": NUMBER,
    "reack_on_escalation": BOOL,
    "supersedes": JSON,
    "first_out": TEXT,
    "enabled": BOOL,
    "enabled_when": TEXT,
    "display": TEXT,
}
_EQUIPMENT: Mapping[str, Cell] = {
    "name": TEXT,
    "type": TEXT,
    "area": TEXT,
    "description": TEXT,
    "disabled_alarms": JSON,
}
_FIXED: Mapping[ObjectKind, Mapping[str, Cell]] = {
    ObjectKind.TAG: _TAG,
    ObjectKind.ALARM: _ALARM,
    ObjectKind.EQUIPMENT: _EQUIPMENT,
}
_FREE: Mapping[ObjectKind, tuple[str, Cell]] = {
    ObjectKind.TAG: ("metadata", TEXT),
    ObjectKind.EQUIPMENT: ("parameters", SCALAR),
}


def fixed(kind: ObjectKind) -> Sequence[str]:
    """The columns that every table of that kind may have. Raises ``ConfigError`` for types, which do not fit into rows."""
    if kind not in _FIXED:
        raise ConfigError(f"a {kind.value} does not fit into the rows of a table; use a file")
    return tuple(_FIXED[kind])


def known(kind: ObjectKind, column: str) -> bool:
    """True for a column that means something."""
    free, _, key = column.partition(".")
    return column in _FIXED[kind] or (kind in _FREE and free == _FREE[kind][0] and bool(key))


def cell_of(kind: ObjectKind, column: str, tag_type: Json) -> Cell:
    """The way in which the column's values are written. tag_type: of the row's tag; it decides about its values."""
    cell = _FIXED[kind].get(column)
    if cell is None:
        return _FREE[kind][1]
    if cell is _TYPED:
        return BY_TYPE.get(tag_type, SCALAR) if isinstance(tag_type, str) else SCALAR
    return cell


def path_of(kind: ObjectKind, column: str) -> Sequence[str]:
    """Where in the body the column's value is; the key of a free column may itself have dots."""
    if kind in _FREE and column.startswith(f"{_FREE[kind][0]}."):
        return _FREE[kind][0], column.removeprefix(f"{_FREE[kind][0]}.")
    return column.split(".")


def columns_of(kind: ObjectKind, bodies: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The columns that at least one of the bodies needs; all fixed ones if there are none, as a form to fill in."""
    if not bodies:
        return fixed(kind)
    used = {column for body in bodies for column in fixed(kind) if value_at(body, path_of(kind, column)) is not None}
    free = _FREE[kind][0] if kind in _FREE else ""
    keys = sorted({f"{free}.{key}" for body in bodies for key in body.get(free, {})})
    return ["name", *(column for column in fixed(kind) if column in used and column != "name"), *keys]


def value_at(body: Mapping[str, Any], path: Sequence[str]) -> Json:
    """The value at the path, None if there is none."""
    node: Any = body
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    found: Json = node
    return found


def set_at(body: dict[str, Any], path: Sequence[str], value: Json) -> None:
    """Put the value at the path; None takes it away, and a table that is empty then."""
    *outer, last = path
    if not outer:
        if value is None:
            body.pop(last, None)
        else:
            body[last] = value
        return
    inner = dict(body.get(outer[0]) or {})
    set_at(inner, path[1:], value)
    if inner:
        body[outer[0]] = inner
    else:
        body.pop(outer[0], None)
