"""The catalogue: complete, plain, and right about its codes."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from automation.model.errors import ConfigError
from automation.model.units import Unit, check_unit, known_unit, quantities, symbol, unit

ALL = [found for quantity in quantities() for found in quantity.units]
NEEDED = {
    # the peer's fourteen
    "temperature", "length", "current", "time", "pressure", "mass", "volume", "force", "power", "mass_flow", "volumetric_flow",
    "density", "ratio", "count",
    # and the rest of the issue
    "voltage", "frequency", "energy", "velocity", "rotational_speed", "dynamic_viscosity", "kinematic_viscosity", "conductivity",
    "ph", "angle", "torque", "area", "concentration", "turbidity",
}  # fmt: skip
WITHOUT_CODE = {"Gm", "Tm", "Pm", "mHz", "GN", "gf", "tonf_UK", "cal/h", "TR", "mS/m", "kWh/m3", "ng/l", "NTU", "FNU"}


def test_the_quantities_that_plants_need_are_there() -> None:
    assert {quantity.id for quantity in quantities()} >= NEEDED
    assert "mm/s" in {found.id for found in ALL if found.quantity == "velocity"}


def test_ids_are_plain_and_belong_to_one_unit_only() -> None:
    assert [unit_id for unit_id, times in Counter(found.id for found in ALL).items() if times > 1] == []
    assert all(re.fullmatch(r"[A-Za-z0-9%/._]{1,12}", found.id) for found in ALL)
    assert all(found.symbol and found.name and found.definition for found in ALL)


def test_no_two_units_of_a_quantity_look_the_same() -> None:
    for quantity in quantities():
        symbols = [found.symbol for found in quantity.units]
        assert len(set(symbols)) == len(symbols), quantity.id


def test_common_codes_are_well_formed_and_belong_to_one_unit_only() -> None:
    codes = [found.unece for found in ALL if found.unece]

    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert all(re.fullmatch(r"[A-Z0-9]{2,3}", code) for code in codes)
    assert {found.id for found in ALL if not found.unece} == WITHOUT_CODE


@pytest.mark.parametrize(
    ("unit_id", "code", "number"),
    [
        ("m3/h", "MQH", 5067080),
        ("degC", "CEL", 4408652),
        ("K", "KEL", 4932940),
        ("bar", "BAR", 4342098),
        ("kW", "KWT", 4937556),
        ("kWh", "KWH", 4937544),
        ("rpm", "RPM", 5394509),
        ("%", "P1", 20529),
        ("mg/l", "M1", 19761),
        ("mm/s", "C16", 4403510),
        ("A", "AMP", 4279632),
        ("pH", "Q30", 5321520),
        ("uS/cm", "G42", 4666418),
        ("mA", "4K", 13387),
        ("NTU", "", -1),
    ],
)
def test_the_number_for_opcua_is_made_of_the_codes_characters(unit_id: str, code: str, number: int) -> None:
    """Numbers: OPC Foundation, UNECE_to_OPCUA.csv; that of P1 from its characters 0x50 0x31."""
    assert (unit(unit_id).unece, unit(unit_id).opcua_id) == (code, number)


def test_celsius_and_fahrenheit_are_the_offset_scales() -> None:
    assert {found.id for found in ALL if found.offset} == {"degC", "degF"}


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("degc", "degC"), ("°C", "degC"), ("Celsius", "degC"), ("m³/h", "m3/h"), ("m3/hr", "m3/h"), ("Bar", "bar"),
        ("barg", "bar"),
        ("kwh", "kWh"), ("litres", "l"), ("gpm", "gal/min"), ("percent", "%"), ("µS/cm", "uS/cm"), ("l/sec", "l/s"),
        ("RPM", "rpm"), ("mg/L", "mg/l"), ("Nm", "nm"),
    ],
)  # fmt: skip
def test_an_unknown_unit_is_refused_with_the_one_that_was_meant(wrong: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"unknown unit {wrong!r}; did you mean {meant}?")):
        unit(wrong)


@pytest.mark.parametrize("wrong", ["", "bananas", "x" * 10_000, "'; drop table", "\u202e", "m\n"])
def test_nonsense_is_refused_briefly(wrong: str) -> None:
    with pytest.raises(ConfigError) as refused:
        unit(wrong)

    assert len(str(refused.value)) < 300


def test_a_tag_may_do_without_a_unit() -> None:
    check_unit("")
    assert symbol("") == ""
    with pytest.raises(ConfigError):
        check_unit("bananas")


def test_people_are_shown_the_symbol_and_the_id_of_what_is_not_known() -> None:
    assert [symbol(unit_id) for unit_id in ("degC", "m3/h", "uS/cm", "bananas")] == ["°C", "m³/h", "µS/cm", "bananas"]
    assert known_unit("bananas") is None
    assert isinstance(known_unit("bar"), Unit)
