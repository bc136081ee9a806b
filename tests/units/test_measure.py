"""Measures: products of units, and which of them go together."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from automation.units.measure import Fit, Measure, fit


def of(unit_id: str) -> Measure:
    found = Measure.of(unit_id)
    assert found is not None
    return found


def product(*factors: tuple[str, int]) -> Measure:
    found = Measure(())
    for unit_id, power in factors:
        grown = found.times(of(unit_id), power)
        assert grown is not None
        found = grown
    return found


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (of("bar"), of("bar"), Fit.SAME),
        (of("bar"), of("psi"), Fit.OTHER_UNIT),
        (of("bar"), of("m"), Fit.OTHER_QUANTITY),
        (of("N.m"), of("J"), Fit.OTHER_QUANTITY),
        (of("ml"), of("cm3"), Fit.SAME),
        (of("degC"), of("K"), Fit.OTHER_UNIT),
        (of("degC").apart(), of("K"), Fit.SAME),
        (of("degC").apart(), of("degF").apart(), Fit.OTHER_UNIT),
        (product(("m3/h", 1), ("h", 1)), of("m3"), Fit.SAME),
        (product(("m3/h", 1), ("min", 1)), of("m3"), Fit.OTHER_UNIT),
        (product(("N", 1), ("m", 1)), of("N.m"), Fit.SAME),
        (product(("N", 1), ("m", 1)), of("J"), Fit.SAME),
        (product(("rpm", 1), ("min", 1)), of("rev"), Fit.SAME),
        (product(("rpm", 1), ("min", 1)), of("1"), Fit.UNKNOWN),
        (product(("rpm", 1), ("m", 1)), of("bar"), Fit.OTHER_QUANTITY),
        (product(("bar", 1), ("bar", -1)), of("1"), Fit.SAME),
        (product(("bar", 1), ("bar", -1)), of("%"), Fit.OTHER_UNIT),
    ],
)
def test_measures_go_together_by_size_and_quantity(one: Measure, other: Measure, wanted: Fit) -> None:
    assert fit(one, other) is fit(other, one) is wanted


@pytest.mark.parametrize(
    ("measure", "name", "known"),
    [
        (of("m3/h"), "m3/h", "m3/h"),
        (product(("m3/h", 1), ("h", 1)), "h*(m3/h)", "m3"),
        (product(("kW", 1), ("m3/h", -1)), "kW/(m3/h)", "kWh/m3"),
        (product(("m", 2)), "m^2", "m2"),
        (product(("s", -2)), "1/s^2", "1/s^2"),
        (Measure(()), "1", "1"),
    ],
)
def test_a_measure_has_a_name_and_perhaps_a_unit_of_the_catalogue(measure: Measure, name: str, known: str) -> None:
    assert measure.name == name
    assert measure.known() == known


def test_no_unit_and_an_unknown_one_have_no_measure() -> None:
    assert Measure.of("") is None
    assert Measure.of("bananas") is None


def test_what_makes_no_sense_as_a_product_is_none() -> None:
    assert of("degC").times(of("m")) is None
    assert of("m").times(of("degF"), -1) is None
    assert of("m").times(of("m"), 1000) is None
    assert of("degC").apart().times(of("m")) is not None


def test_size_and_dimensions_are_those_of_the_root_units() -> None:
    speed = product(("km", 1), ("h", -1))

    assert speed.size == Fraction(1000, 3600)
    assert speed.dimensions == {"[length]": 1, "[time]": -1}


def test_equal_units_need_no_library() -> None:
    code = (
        "import sys\n"
        "from automation.expressions.units import check_units\n"
        "check_units('A + B - 2 * C', {'A': 'bar', 'B': 'bar', 'C': 'degC'}.__getitem__, 'bar')\n"
        "assert 'pint' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=30)
