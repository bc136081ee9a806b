"""What a definition must fulfil before it watches a tag, and its limits in the tag's unit."""

from __future__ import annotations

from dataclasses import replace

from automation.model.alarm import (
    CONDITION_KINDS,
    AlarmDefinition,
    BadQuality,
    Bool,
    Comms,
    Discrete,
    High,
    Level,
    Levels,
    Low,
    Plausibility,
    RateOfChange,
    Stale,
)
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.tag import DataType, Tag
from automation.units.convert import convert, convert_difference


def check_fit(definition: AlarmDefinition, tag: Tag) -> None:
    """Do nothing if the definition fits the tag. Raises ``ConfigError`` naming alarm and field."""
    condition = in_tag_unit(definition, tag).condition
    if tag.range is None:
        return
    where = f"alarm {definition.name}"
    if isinstance(condition, High | Low):
        _check_reach(where, condition, tag, tag.range)
    if isinstance(condition, Levels):
        for name, level in condition.given.items():
            side = High if name.startswith("high") else Low
            _check_reach(f"{where}: {name}", side(limit=level.limit, deadband=level.deadband), tag, tag.range)


def in_tag_unit(definition: AlarmDefinition, tag: Tag) -> AlarmDefinition:
    """The definition with limit and deadband in the tag's unit. Raises ``ConfigError`` if type or unit do not fit the tag."""
    where, condition = f"alarm {definition.name}", definition.condition
    if isinstance(condition, Comms):
        if tag.type is not DataType.BOOL:
            raise ConfigError(f"{where}: comms: tag {tag.name} is {tag.type.value}; it needs the bool tag LINK.<name>.UP")
        return definition
    if isinstance(condition, Bool):
        if tag.type is not DataType.BOOL:
            raise ConfigError(f"{where}: bool: tag {tag.name} is {tag.type.value}; it needs a bool tag")
        return definition
    if isinstance(condition, BadQuality | Stale | Plausibility):
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
    converted = _levels_converted(where, condition, tag) if isinstance(condition, Levels) else _converted(where, condition, tag)
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


def _converted(where: str, condition: High | Low, tag: Tag) -> High | Low:
    if condition.unit in ("", tag.unit):
        return condition
    if not tag.unit:
        raise ConfigError(f"{where}: unit {condition.unit}: tag {tag.name} has no unit; give the limit without one")
    try:
        limit = convert(condition.limit, condition.unit, tag.unit)
        deadband = convert_difference(condition.deadband, condition.unit, tag.unit)
    except (ConfigError, InvalidValueError) as error:
        raise ConfigError(f"{where}: unit: {error}") from error
    return replace(condition, limit=limit, deadband=deadband, unit=tag.unit)


def _levels_converted(where: str, condition: Levels, tag: Tag) -> Levels:
    if condition.unit in ("", tag.unit):
        return condition
    found: dict[str, Level] = {}
    for name, level in condition.given.items():
        one = _converted(where, High(limit=level.limit, deadband=level.deadband, unit=condition.unit), tag)
        found[name] = replace(level, limit=one.limit, deadband=one.deadband)
    return Levels(**found, unit=tag.unit)


def _check_reach(where: str, condition: High | Low, tag: Tag, span: tuple[float, float]) -> None:
    """A limit that the tag never crosses would look like protection; a deadband that it never leaves would stand for ever."""
    unit = f" {tag.unit}".rstrip()
    low, high = span
    if not low <= condition.limit <= high:
        raise ConfigError(f"{where}: limit {condition.limit:g}{unit}: out of the range {low:g} to {high:g} of {tag.name}")
    leave = condition.limit + (-condition.deadband if isinstance(condition, High) else condition.deadband)
    if not low <= leave <= high:
        raise ConfigError(
            f"{where}: deadband {condition.deadband:g}{unit}: {tag.name} would have to reach {leave:g} to return, "
            f"which is out of its range {low:g} to {high:g}"
        )
