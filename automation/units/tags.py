"""Units of tags: checked when declared, and converted to when a person gives a value in another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.model.units import check_unit
from automation.units.convert import convert


def unit_mistakes(tags: Iterable[Tag]) -> Iterator[str]:
    """One line for each tag whose unit is not in the catalogue, with the one that was probably meant."""
    for tag in tags:
        try:
            check_unit(tag.unit)
        except ConfigError as error:
            yield f"tag {tag.name}: {error}"


def in_unit_of(tag: Tag, value: Value, unit_id: str) -> Value:
    """The value, given in that unit, as the tag has it.

    Raises ``InvalidValueError`` for a value or a tag that is no number, a tag without a unit, an unknown unit, and one of another
    quantity.
    """
    if tag.type not in (DataType.FLOAT, DataType.INT):
        raise InvalidValueError(f"{tag.name}: a {tag.type.value} has no unit; give the value without one")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValueError(f"{tag.name}: expected {tag.type.value}, got {type(value).__name__}")
    if not tag.unit:
        raise InvalidValueError(f"{tag.name} has no unit; give the value without one")
    if unit_id == tag.unit:
        return value
    try:
        number = convert(value, unit_id, tag.unit)
    except (ConfigError, InvalidValueError) as error:
        raise InvalidValueError(f"{tag.name}: {error}") from error
    return int(number) if tag.type is DataType.INT and number.is_integer() else number
