"""Conversion: exact, refused between quantities, and costing nothing until it is used."""

from __future__ import annotations

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.units import Quantity, quantities
from automation.units.convert import convert, convert_difference

PAIRS = [(a.id, b.id) for quantity in quantities() for a, b in permutations(quantity.units, 2)]
FIRSTS = [quantity.units[0].id for quantity in quantities()]
LIMIT = 1e-9


@pytest.mark.parametrize("quantity", quantities(), ids=lambda quantity: quantity.id)
def test_every_pair_of_units_of_a_quantity_converts_there_and_back(quantity: Quantity) -> None:
    for source, target in permutations(quantity.units, 2):
        for value in (0.0, 1.0, -17.25, 98.6, 1e-3, 123456.789):
            there = convert(value, source.id, target.id)
            scale = 1e-9 if source.offset or target.offset else 0.0  # a small value next to the offset loses digits
            assert convert(there, target.id, source.id) == pytest.approx(value, rel=1e-15, abs=scale)
            difference = convert_difference(value, source.id, target.id)
            assert convert_difference(difference, target.id, source.id) == pytest.approx(value, rel=1e-15)


@given(pair=st.sampled_from(PAIRS), value=st.floats(-1e12, 1e12))
def test_any_value_comes_back_and_order_is_kept(pair: tuple[str, str], value: float) -> None:
    source, target = pair

    there = convert(value, source, target)

    assert convert(there, target, source) == pytest.approx(value, rel=1e-12, abs=LIMIT)
    assert convert(value + 1 + abs(value) / 8, source, target) > there


@given(pair=st.sampled_from(PAIRS), low=st.integers(-(10**9), 10**9), width=st.integers(0, 10**9))
def test_a_difference_is_that_of_the_converted_values(pair: tuple[str, str], low: int, width: int) -> None:
    source, target = pair
    top, bottom = convert((low + width) / 1000, source, target), convert(low / 1000, source, target)

    wanted = convert_difference(width / 1000, source, target)

    assert top - bottom == pytest.approx(wanted, rel=1e-9, abs=1e-9 * (abs(top) + abs(bottom)))


@pytest.mark.parametrize(("source", "target"), list(pairwise(FIRSTS)))
def test_units_of_different_quantities_are_refused_by_both_names(source: str, target: str) -> None:
    for call in (convert, convert_difference):
        with pytest.raises(InvalidValueError) as refused:
            call(1.0, source, target)

        assert f"{source} cannot be converted to {target}" in str(refused.value)


def test_the_refusal_names_the_quantities() -> None:
    with pytest.raises(InvalidValueError, match="bar is a unit of pressure, m3/h of volumetric flow"):
        convert(1.0, "bar", "m3/h")


@pytest.mark.parametrize("pair", [("degc", "K"), ("K", "degc")])
def test_an_unknown_unit_is_refused_with_a_suggestion(pair: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"unknown unit 'degc'; did you mean degC\?"):
        convert(1.0, *pair)


def test_what_is_not_finite_stays_as_it_is_and_what_is_too_large_is_refused() -> None:
    assert math.isnan(convert(math.nan, "degC", "K"))
    assert convert(-math.inf, "bar", "psi") == -math.inf
    with pytest.raises(InvalidValueError, match="a value in km is too large to be told in mm"):
        convert(1e308, "km", "mm")
    with pytest.raises(InvalidValueError, match="too large"):
        convert(10**400, "km", "mm")


def test_round_numbers_stay_round() -> None:
    assert convert(68, "degF", "degC") == 20.0
    assert convert(20.0, "degC", "K") == 293.15
    assert convert(0.1, "bar", "mbar") == 100.0
    assert convert(36.0, "m3/h", "l/s") == 10.0


def test_nothing_is_loaded_before_the_first_conversion() -> None:
    code = (
        "import sys, automation, automation.units.tags, automation.model.units as u\n"
        "u.unit('bar'); assert 'pint' not in sys.modules\n"
        "from automation.units.convert import convert\n"
        "assert convert(1, 'bar', 'Pa') == 1e5 and 'pint' in sys.modules\n"
    )

    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=30)


def test_many_threads_may_make_the_first_conversion_together() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from automation.units.convert import convert\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    got = list(pool.map(lambda n: convert(n, 'bar', 'kPa'), range(64)))\n"
        "assert got == [n * 100.0 for n in range(64)], got\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: convert(n, "h", "min"), range(100))) == [60.0 * n for n in range(100)]
