"""Equipment: what a type and a unit of plant may be, and what a parameter takes."""

from __future__ import annotations

import math

import pytest

from automation.model.equipment import Equipment, EquipmentType, FaceplateItem, Parameter, ParameterType
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.sample import Value

LEVEL = {"name": "{name}.LT", "range": ["{low}", 8.0], "source": "{link}/holding:1"}
PARAMETERS = {"low": Parameter(type=ParameterType.NUMBER, default=0.0), "link": Parameter()}


def test_a_type_may_use_its_parameters_and_the_name_anywhere_in_its_templates() -> None:
    tank = EquipmentType(
        name="tank", parameters=PARAMETERS, tags=[LEVEL], faceplate=[FaceplateItem(tag="{name}.LT", label="Level of {name}")]
    )

    assert tank.tags == [LEVEL]


def test_a_placeholder_that_is_no_parameter_is_named_with_its_place_and_what_was_meant() -> None:
    with pytest.raises(ConfigError, match=r"type tank: tags.0.source: \{link\} is no parameter .* did you mean \{lnik\}"):
        EquipmentType(name="tank", parameters={"low": PARAMETERS["low"], "lnik": Parameter()}, tags=[LEVEL])


def test_every_mistake_of_a_type_is_told() -> None:
    wrong = {"name": Parameter(), "1st": Parameter(), "n": Parameter(type=ParameterType.INTEGER, default=0.5)}

    with pytest.raises(ConfigError) as told:
        EquipmentType(name="a b", parameters=wrong, tags=[{"name": "{name}.A"}, {"name": "{name}.A"}])

    assert [line.split(": ")[1] for line in str(told.value).splitlines()] == [
        "name",
        "parameters.name",
        "parameters.1st",
        "parameters.n.default",
        "tags.1.name",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "taken"),
    [
        (ParameterType.NUMBER, 1, 1.0),
        (ParameterType.INTEGER, 2.0, 2),
        (ParameterType.STRING, "plc1", "plc1"),
        (ParameterType.BOOL, False, False),
    ],
)
def test_a_parameter_gives_a_value_its_type(kind: ParameterType, given: Value, taken: Value) -> None:
    value = Parameter(type=kind).typed(given)

    assert value == taken
    assert type(value) is type(taken)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (ParameterType.NUMBER, True),
        (ParameterType.NUMBER, math.nan),
        (ParameterType.NUMBER, math.inf),
        (ParameterType.NUMBER, 10**400),
        (ParameterType.NUMBER, "1"),
        (ParameterType.INTEGER, 0.5),
        (ParameterType.INTEGER, math.nan),
        (ParameterType.INTEGER, 1e300),
        (ParameterType.INTEGER, 2**63),
        (ParameterType.STRING, 5),
        (ParameterType.STRING, "x" * 501),
        (ParameterType.BOOL, 1),
        (ParameterType.BOOL, None),
    ],
)
def test_a_value_of_another_type_is_refused(kind: ParameterType, given: Value) -> None:
    with pytest.raises(InvalidValueError, match="expected"):
        Parameter(type=kind).typed(given)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "a b"}, "name: a name has"),
        ({"type": ""}, "type: a name has"),
        ({"area": "a//b"}, "area 'a//b'"),
        ({"parameters": {"a b": 1}}, "parameters 'a b'"),
    ],
)
def test_a_unit_of_plant_names_the_field_that_is_wrong(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Equipment(**{"name": "TK101", "type": "tank", **fields})  # type: ignore[arg-type]
