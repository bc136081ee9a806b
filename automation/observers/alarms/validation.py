"""What a definition must fulfil before it watches a tag, and its limits in the tag's unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from automation.model.alarm import (
    CONDITION_KINDS,
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
    Plausibility,
    RateOfChange,
    Size,
    Stale,
    inputs_of,
)
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group, Side
from automation.model.deadband import Deadband
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.tag import DataType, Tag
from automation.units.convert import convert, convert_difference


def check_fit(definition: AlarmDefinition, tag: Tag) -> None:
    """Do nothing if the definition fits the tag. Raises ``ConfigError`` naming alarm and field."""
    condition = in_tag_unit(definition, tag).condition
    if tag.range is None:
        return
    where = f"alarm {definition.name}"
    if isinstance(condition, High | Low) and not condition.limit_tag:
        _check_reach(where, condition, tag, tag.range)
    if isinstance(condition, Levels):
        for name, level in condition.given.items():
            if level.limit_tag:
                continue
            side = High if name.startswith("high") else Low
            _check_reach(f"{where}: {name}", side(limit=level.limit, deadband=level.gap), tag, tag.range)


def check_inputs(definition: AlarmDefinition, tag: Tag, tag_of: Callable[[str], Tag | None]) -> None:
    """Do nothing if the other tags that the condition looks at are there and fit.

    Raises ``ConfigError`` naming alarm and field.
    """
    for field, name in inputs_of(definition.condition).items():
        where, other = f"alarm {definition.name}: {field}", tag_of(name)
        if other is None:
            raise ConfigError(f"{where}: {name}: unknown tag")
        if name == definition.tag:
            raise ConfigError(f"{where}: {name} is the tag that is watched")
        if isinstance(definition.condition, Discrepancy):
            if other.type is not tag.type and not (other.type.is_number and tag.type.is_number):
                raise ConfigError(f"{where}: {name} is {other.type.value} and {tag.name} is {tag.type.value}; they never agree")
        elif not other.type.is_number:
            raise ConfigError(f"{where}: {name} is {other.type.value}; it needs a number")
        if other.unit != tag.unit:
            raise ConfigError(f"{where}: {name} is in {other.unit or 'no unit'} and {tag.name} in {tag.unit or 'no unit'}")


def in_tag_unit(definition: AlarmDefinition, tag: Tag) -> AlarmDefinition:
    """The definition with limit and deadband in the tag's unit. Raises ``ConfigError`` if type or unit do not fit the tag."""
    where, condition = f"alarm {definition.name}", definition.condition
    if isinstance(condition, Comms | Bool):
        if tag.type is not DataType.BOOL:
            kind, needed = CONDITION_KINDS[type(condition)], "the bool tag LINK.<name>.UP"
            needs = needed if isinstance(condition, Comms) else "a bool tag"
            raise ConfigError(f"{where}: {kind}: tag {tag.name} is {tag.type.value}; it needs {needs}")
        return definition
    if isinstance(condition, BadQuality | Stale | Plausibility | Discrepancy | Group | Correlated):
        return definition
    if isinstance(condition, Discrete):
        numbers = _numbers(where, condition, tag)
        return definition if numbers == condition.values else replace(definition, condition=Discrete(values=numbers))
    if not tag.type.is_number:
        side = CONDITION_KINDS[type(condition)]
        why = "its states have no order" if tag.type is DataType.ENUM else "a limit needs a number"
        raise ConfigError(f"{where}: {side}: tag {tag.name} is {tag.type.value}; {why}")
    if isinstance(condition, RateOfChange):
        return definition
    if isinstance(condition, Levels):
        converted: Condition = _levels_converted(where, condition, tag)
    elif isinstance(condition, Deviation):
        converted = _deviation_converted(where, condition, tag)
    else:
        converted = _converted(where, condition, tag)
    return definition if converted is condition else replace(definition, condition=converted)


def _numbers(where: str, condition: Discrete, tag: Tag) -> tuple[int, ...]:
    """The values as the tag has them. Raises ``ConfigError`` for one that it never has."""
    if tag.type not in (DataType.ENUM, DataType.INT):
        raise ConfigError(f"{where}: discrete: tag {tag.name} is {tag.type.value}; it needs an enum or a whole number")
    by_text = {text: number for number, text in tag.states.items()}
    found: list[int] = []
    for value in condition.values:
        number = by_text.get(value) if isinstance(value, str) else value
        if number is None or (tag.type is DataType.ENUM and number not in tag.states):
            told = ", ".join(tag.states.values()) or "whole numbers"
            raise ConfigError(f"{where}: values {value!r}: tag {tag.name} has {told}")
        found.append(number)
    return tuple(found)


def resolved(where: str, deadband: Size, tag: Tag) -> float:
    """The deadband as a number, percent as a part of the span of the tag. Raises ``ConfigError`` if the tag has no range."""
    if not isinstance(deadband, str | Deadband):
        return deadband
    band = Deadband.of(deadband)
    try:
        return band.absolute(tag.range)
    except ConfigError as error:
        if tag.range is not None:
            raise ConfigError(f"{where}: {error}") from error
        raise ConfigError(
            f"{where}: deadband {band.plain()}: percent of span needs a range, and tag {tag.name} has none"
        ) from error


def _converted(where: str, condition: High | Low, tag: Tag) -> High | Low:
    if isinstance(condition.deadband, str | Deadband):  # of the span, so in the unit of the tag whatever that of the limit
        gap = resolved(where, condition.deadband, tag)
        return replace(_converted(where, replace(condition, deadband=0.0), tag), deadband=gap)
    if condition.unit in ("", tag.unit):
        return condition
    if not tag.unit:
        raise ConfigError(f"{where}: unit {condition.unit}: tag {tag.name} has no unit; give the limit without one")
    try:
        limit = None if condition.limit is None else convert(condition.limit, condition.unit, tag.unit)
        deadband = convert_difference(condition.gap, condition.unit, tag.unit)
    except (ConfigError, InvalidValueError) as error:
        raise ConfigError(f"{where}: unit: {error}") from error
    return replace(condition, limit=limit, deadband=deadband, unit=tag.unit)


def _deviation_converted(where: str, condition: Deviation, tag: Tag) -> Deviation:
    if condition.unit in ("", tag.unit):
        return condition
    setpoint = _converted(where, High(limit=condition.setpoint, limit_tag=condition.setpoint_tag, unit=condition.unit), tag).limit
    sides = {"high": condition.high, "low": condition.low}  # their limits are differences, as deadbands are
    found: dict[str, Side | None] = {}
    for name, side in sides.items():
        one = side and _converted(where, High(limit=0.0, deadband=side.limit, unit=condition.unit), tag)
        two = side and _converted(where, High(limit=0.0, deadband=side.deadband, unit=condition.unit), tag)
        found[name] = Side(limit=one.gap, deadband=two.gap) if one and two else None
    return replace(condition, high=found["high"], low=found["low"], setpoint=setpoint, unit=tag.unit)


def _levels_converted(where: str, condition: Levels, tag: Tag) -> Levels:
    numbers = not any(isinstance(level.deadband, str) for level in condition.given.values())
    if numbers and condition.unit in ("", tag.unit):
        return condition
    found: dict[str, Level] = {}
    for name, level in condition.given.items():
        limited = High(limit=level.limit, limit_tag=level.limit_tag, deadband=level.deadband, unit=condition.unit)
        one = _converted(f"{where}: {name}", limited, tag)
        found[name] = replace(level, limit=one.limit, deadband=one.deadband)
    try:
        return Levels(**found, unit=tag.unit)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def _check_reach(where: str, condition: High | Low, tag: Tag, span: tuple[float, float]) -> None:
    """A limit that the tag never crosses would look like protection; a deadband that it never leaves would stand for ever."""
    unit = f" {tag.unit}".rstrip()
    low, high = span
    if condition.limit is None:
        return
    if not low <= condition.limit <= high:
        raise ConfigError(f"{where}: limit {condition.limit:g}{unit}: out of the range {low:g} to {high:g} of {tag.name}")
    leave = condition.limit + (-condition.gap if isinstance(condition, High) else condition.gap)
    if not low <= leave <= high:
        raise ConfigError(
            f"{where}: deadband {condition.gap:g}{unit}: {tag.name} would have to reach {leave:g} to return, "
            f"which is out of its range {low:g} to {high:g}"
        )
