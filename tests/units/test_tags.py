"""Units of tags: known, and converted to."""

from __future__ import annotations

import pytest

from apps.demo_plant.manifest import APP
from automation.model.errors import InvalidValueError
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.units.tags import in_unit_of, unit_mistakes

TEMPERATURE = Tag(name="TT", unit="degC")
COUNTER = Tag(name="N", type=DataType.INT, unit="s")


def test_a_tag_with_an_unknown_unit_is_named_with_the_unit_that_was_meant() -> None:
    tags = [TEMPERATURE, Tag(name="FT", unit="m3/hr"), Tag(name="NOTE"), Tag(name="X", unit="bananas per fortnight")]

    assert list(unit_mistakes(tags)) == [
        "tag FT: unknown unit 'm3/hr'; did you mean m3/h?",
        "tag X: unknown unit 'bananas per fortnight'",
    ]


def test_every_unit_of_the_demo_plant_is_known() -> None:
    assert list(unit_mistakes(APP.all_tags)) == []


@pytest.mark.parametrize(
    ("tag", "value", "unit", "wanted"),
    [
        (TEMPERATURE, 68, "degF", 20.0),
        (TEMPERATURE, 293.15, "K", 20.0),
        (TEMPERATURE, 20, "degC", 20),
        (COUNTER, 2, "min", 120),
        (COUNTER, 2**60 + 1, "s", 2**60 + 1),
    ],
)
def test_a_value_in_another_unit_becomes_the_tags(tag: Tag, value: Value, unit: str, wanted: Value) -> None:
    converted = in_unit_of(tag, value, unit)

    assert converted == wanted
    assert isinstance(converted, int) or tag.type is DataType.FLOAT


def test_an_integer_that_does_not_come_out_whole_is_left_for_the_tag_to_refuse() -> None:
    with pytest.raises(InvalidValueError, match="expected int"):
        COUNTER.check(in_unit_of(COUNTER, 1500, "ms"))


@pytest.mark.parametrize(
    ("tag", "value", "unit", "words"),
    [
        (TEMPERATURE, 1.0, "bar", "TT: bar cannot be converted to degC"),
        (TEMPERATURE, 1.0, "degX", "TT: unknown unit 'degX'"),
        (TEMPERATURE, "1", "degF", "TT: expected float, got str"),
        (TEMPERATURE, True, "degF", "TT: expected float, got bool"),
        (TEMPERATURE, None, "degF", "TT: expected float, got NoneType"),
        (Tag(name="RATIO"), 1.0, "%", "RATIO has no unit"),
        (Tag(name="ON", type=DataType.BOOL), True, "%", "ON: a bool has no unit"),
        (Tag(name="NOTE", type=DataType.STRING), "a", "m", "NOTE: a string has no unit"),
        (Tag(name="LT", unit="mm"), 1e308, "km", "LT: a value in km is too large"),
    ],
)
def test_what_cannot_be_converted_is_refused_naming_the_tag(tag: Tag, value: Value, unit: str, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        in_unit_of(tag, value, unit)
