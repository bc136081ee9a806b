"""What a definition must fulfil before it watches a tag of the table."""

from __future__ import annotations

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Bool, Comms, High, Low
from automation.model.errors import ConfigError
from automation.model.tag import DataType, Tag

_NUMBERS = (DataType.FLOAT, DataType.INT)


def check_definition(definition: AlarmDefinition, cvt: Cvt) -> None:
    """Do nothing if the definition fits its tag in the table. Raises ``ConfigError`` naming alarm and field."""
    if definition.tag not in cvt:
        raise ConfigError(f"alarm {definition.name}: tag {definition.tag}: unknown tag")
    check_fit(definition, cvt.tag(definition.tag))


def check_fit(definition: AlarmDefinition, tag: Tag) -> None:
    """Do nothing if the definition fits the tag. Raises ``ConfigError`` naming alarm and field."""
    where, condition = f"alarm {definition.name}", definition.condition
    if isinstance(condition, Comms):
        if tag.type is not DataType.BOOL:
            raise ConfigError(f"{where}: comms: tag {tag.name} is {tag.type.value}; it needs the bool tag LINK.<name>.UP")
        return
    if isinstance(condition, Bool):
        if tag.type is not DataType.BOOL:
            raise ConfigError(f"{where}: bool: tag {tag.name} is {tag.type.value}; it needs a bool tag")
        return
    if tag.type not in _NUMBERS:
        side = "high" if isinstance(condition, High) else "low"
        raise ConfigError(f"{where}: {side}: tag {tag.name} is {tag.type.value}; a limit needs a number")
    if tag.range is not None:
        _check_reach(where, condition, tag, tag.range)


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
