"""Tags: what may be declared, and what a tag takes as its value."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.output import Output
from automation.model.quality import Quality, Severity
from automation.model.tag import DataType, Kind, Scale, Tag


@pytest.mark.parametrize("name", ["", "a b", "a/b", "=cmd()", "x" * 129, ".x", "ü"])
def test_a_name_that_could_be_misread_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="a name has 1 to 128"):
        Tag(name=name)


@pytest.mark.parametrize(
    ("field", "value"),
    [("range", (5.0, 5.0)), ("source", "plc"), ("deadband", -1.0), ("deadband", math.nan), ("precision", 10)],
)
def test_a_wrong_field_is_named_with_its_tag(field: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"tag TK101: {field}"):
        Tag(name="TK101", **{field: value})  # type: ignore[arg-type]


def test_an_initial_value_must_fit_the_tag() -> None:
    with pytest.raises(ConfigError, match=r"tag TK101: initial: .*out of range"):
        Tag(name="TK101", range=(0.0, 1.0), initial=2.0)


def test_an_output_cannot_be_declared_without_a_source_or_with_a_safe_value_that_does_not_fit() -> None:
    with pytest.raises(ConfigError, match="output V1: an output needs a source"):
        Output(name="V1", type=DataType.BOOL, safe=False, continuous=True)
    with pytest.raises(ConfigError, match="output V1: safe"):
        Output(name="V1", type=DataType.BOOL, source="plc/coil:1", safe=0.5, continuous=True)
    with pytest.raises(ConfigError, match="max_on_s"):
        Output(name="V1", type=DataType.BOOL, source="plc/coil:1", safe=False, max_on_s=0.0)


def test_the_kind_follows_from_the_declaration() -> None:
    assert Tag(name="A").kind is Kind.SOFT
    assert Tag(name="A", source="plc/holding:1").kind is Kind.FIELD
    assert Output(name="A", source="plc/holding:1", safe=0.0).kind is Kind.OUTPUT
    assert Tag(name="A", system=True).kind is Kind.SYSTEM


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        (DataType.FLOAT, "1"),
        (DataType.FLOAT, True),
        (DataType.FLOAT, None),
        (DataType.FLOAT, math.inf),
        (DataType.FLOAT, 10**400),
        (DataType.INT, 1.0),
        (DataType.INT, False),
        (DataType.INT, 2**63),
        (DataType.BOOL, 1),
        (DataType.STRING, 5),
        (DataType.STRING, "x" * 1025),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_the_tags_name(data_type: DataType, value: object) -> None:
    with pytest.raises(InvalidValueError, match="TK101"):
        Tag(name="TK101", type=data_type).check(value)  # type: ignore[arg-type]


def test_a_text_that_is_too_long_is_refused_with_the_most_that_fits() -> None:
    with pytest.raises(InvalidValueError, match="TK101: a text may have at most 1024 characters, got 1025"):
        Tag(name="TK101", type=DataType.STRING).check("x" * 1025)


def test_a_whole_number_given_to_a_float_tag_becomes_a_float() -> None:
    value = Tag(name="A").check(3)

    assert value == 3.0
    assert isinstance(value, float)


def test_a_value_out_of_range_names_range_and_unit() -> None:
    with pytest.raises(InvalidValueError, match=r"LT: 9\.0 is out of range 0\.0 to 8\.0 m"):
        Tag(name="LT", range=(0.0, 8.0), unit="m").check(9.0)


numbers = st.floats(-1e6, 1e6)


@given(st.tuples(numbers, numbers), st.tuples(numbers, numbers), numbers)
def test_scaling_there_and_back_gives_the_value(raw: tuple[float, float], eng: tuple[float, float], value: float) -> None:
    if abs(raw[0] - raw[1]) < 1e-3 or abs(eng[0] - eng[1]) < 1e-3:
        return
    scale = Scale(raw=raw, eng=eng)

    back = scale.to_raw(scale.to_eng(value))

    assert math.isclose(back, value, rel_tol=1e-3, abs_tol=1e-2 * max(1.0, abs(raw[0]), abs(raw[1])))


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=2000)))
@pytest.mark.parametrize("data_type", list(DataType))
def test_a_checked_value_has_the_tags_type_or_is_refused(data_type: DataType, value: object) -> None:
    kinds = {DataType.FLOAT: float, DataType.INT: int, DataType.BOOL: bool, DataType.STRING: str, DataType.ENUM: int}
    try:
        states = {1: "on", 2: "off"} if data_type is DataType.ENUM else {}
        checked = Tag(name="A", type=data_type, states=states).check(value)  # type: ignore[arg-type]
    except InvalidValueError:
        return

    assert type(checked) is kinds[data_type]
    assert not isinstance(checked, float) or math.isfinite(checked)


@pytest.mark.parametrize("quality", list(Quality))
def test_the_class_of_a_quality_is_told_by_its_two_top_bits(quality: Quality) -> None:
    expected = {0: Severity.GOOD, 1: Severity.UNCERTAIN, 2: Severity.BAD}[int(quality) >> 30]

    assert quality.severity is expected
    assert quality.is_good == (expected is Severity.GOOD)
    assert quality.is_bad == (expected is Severity.BAD)


def test_a_quality_tells_its_reason_in_words() -> None:
    assert Quality.GOOD.reason == ""
    assert str(Quality.GOOD) == "GOOD"
    assert str(Quality.BAD_NOT_CONNECTED) == "BAD (not connected)"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": "plc/1"}, "source: a derived tag is computed"),
        ({"writable": True}, "writable: a derived tag is computed"),
        ({"initial": 1.0}, "initial: a derived tag is computed"),
        ({"scale": Scale(raw=(0, 1), eng=(0, 1))}, "scale: a derived tag is computed"),
        ({"system": True}, "system: a derived tag is computed"),
        ({"inputs": ("A",)}, "inputs: an expression names its tags itself"),
        ({"function": max, "inputs": ("A",)}, "expression and function: a derived tag has one of them"),
        ({"expression": None, "function": max}, "inputs: name the tags"),
        ({"expression": None, "function": max, "inputs": "AB"}, "inputs: name the tags"),
        ({"expression": None, "inputs": ("A",)}, "inputs: only a tag with a function"),
    ],
)
def test_a_derived_tag_is_computed_and_nothing_else(more: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=f"tag D: {words}"):
        Tag(**{"name": "D", "expression": "A", **more})


def test_a_tag_with_an_expression_or_a_function_is_derived() -> None:
    assert Tag(name="D", expression="A").kind is Kind.DERIVED
    assert Tag(name="D", function=max, inputs=("A",)).kind is Kind.DERIVED
