"""Units inside of formulas: what goes together, what does not, and what comes out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.demo_plant.manifest import APP
from automation.expressions.arithmetic import FUNCTIONS
from automation.expressions.calls import SPECIAL
from automation.expressions.expression import Expression
from automation.expressions.units import RULES, check_units
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.units import quantities
from automation.units.convert import convert

UNITS = {
    "BAR": "bar", "BAR2": "bar", "MBAR": "mbar", "HPA": "hPa", "PSI": "psi", "T.P-1": "bar", "M": "m", "MM": "mm", "S": "s",
    "H": "h", "FLOW": "m3/h", "LMIN": "l/min", "NM3H": "Nm3/h", "M3": "m3", "L": "l", "DM3": "dm3", "KW": "kW", "KWH": "kWh",
    "NM": "N.m", "N": "N", "C": "degC", "C2": "degC", "F": "degF", "K": "K", "PCT": "%", "RPM": "rpm", "V": "V", "A": "A",
    "KGH": "kg/h", "PH": "pH", "X": "", "Y": "", "WRONG": "bananas",
}  # fmt: skip


def comes_out(text: str, wanted: str = "") -> str | None:
    found = check_units(text, UNITS.__getitem__, wanted)
    return None if found is None else found.known()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("BAR", "bar"),
        ("tag('T.P-1') + BAR", "bar"),
        ("BAR + BAR2 - 1.5", "bar"),
        ("5 - BAR", "bar"),
        ("X + BAR", "bar"),
        ("-BAR", "bar"),
        ("+C", "degC"),
        ("MBAR + HPA", "mbar"),
        ("L + DM3", "l"),
        ("BAR % 2", "bar"),
        ("FLOW * H", "m3"),
        ("FLOW * H + M3", "m3"),
        ("M3 / H", "m3/h"),
        ("KW * H", "kWh"),
        ("KW / FLOW", "kWh/m3"),
        ("KW / FLOW if hysteresis(FLOW, 8, 4) else 0.0", "kWh/m3"),
        ("M * M", "m2"),
        ("M ** 2", "m2"),
        ("M ** 2 * M", "m3"),
        ("BAR / BAR2", "1"),
        ("BAR / BAR2 + 1", "1"),
        ("exp(BAR / BAR2)", "1"),
        ("KGH / FLOW", "kg/m3"),
        ("V * A", "W"),
        ("avg(BAR, BAR2, 3, X)", "bar"),
        ("max(1, BAR)", "bar"),
        ("first_good(BAR, BAR2)", "bar"),
        ("clamp(BAR, 0, 10)", "bar"),
        ("abs(round(floor(ceil(BAR)), 1))", "bar"),
        ("delay(BAR, 5)", "bar"),
        ("rate(M, 10)", "m/s"),
        ("rate(M3, 10)", "m3/s"),
        ("totalise(FLOW)", "m3"),
        ("totalise(LMIN, per='min')", "dm3"),
        ("totalise(KW, 'h', reset=BAR > 2)", "kWh"),
        ("convert(PSI, 'psi', 'bar') + BAR", "bar"),
        ("convert(X, 'psi', 'bar')", "bar"),
        ("convert(FLOW * H, 'm3', 'l') + L", "l"),
        ("BAR if X else BAR2", "bar"),
        ("if_(BAR > 3, BAR, 0)", "bar"),
        ("BAR or BAR2", "bar"),
        ("C + (C - C2)", "degC"),
        ("(C - C2) + C", "degC"),
        ("C - 5", "degC"),
        ("avg(C, C2)", "degC"),
        ("rate(C, 60)", "K/s"),
        ("K + K", "K"),
        ("RPM", "rpm"),
        ("FLOW * PCT", "(m3/h)*%"),
    ],
)
def test_a_formula_comes_out_in_a_unit(text: str, unit: str) -> None:
    found = comes_out(text)

    assert found is not None
    assert found.replace("%*(m3/h)", "(m3/h)*%") == unit


@pytest.mark.parametrize(
    "text",
    [
        "1", "X", "X * BAR", "2 * BAR", "BAR / 2", "WRONG", "BAR > BAR2", "not BAR", "good(BAR)", "sqrt(BAR)", "exp(BAR)",
        "C + C2", "-C", "C * M", "C ** 2", "M ** 0.5", "M ** X", "((M ** 100) ** 100) ** 100", "'text'", "BAR and M", "2 ** M",
        "hysteresis(BAR, 2, 1)", "totalise(C)", "log(PH)",
        "M * M * M * M * M * M * M * M * M * M * M * M * M * M", "5 - C", "(C - C2) - C",
    ],
)  # fmt: skip
@pytest.mark.parametrize("wanted", ["bar", "m3/h", "", "bananas"])
def test_of_some_nobody_can_tell_and_any_unit_is_taken(text: str, wanted: str) -> None:
    assert check_units(text, UNITS.__getitem__, wanted) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BAR + PSI", 'column 7: psi does not go with bar without conversion; use convert(..., "psi", "bar")'),
        ("BAR - MBAR", "column 7: mbar does not go with bar"),
        ("BAR + X + PSI", "column 11: psi does not go with bar"),
        ("BAR + M", "column 7: m (length) does not go with bar (pressure)"),
        ("BAR > PSI", "column 7: psi does not go with bar"),
        ("1 < BAR < M", "column 11: m (length) does not go with bar (pressure)"),
        ("BAR == M", "column 8"),
        ("BAR % PSI", "column 7"),
        ("avg(BAR, 1, PSI)", "column 13: psi does not go with bar"),
        ("min(BAR, M)", "column 10: m (length)"),
        ("max(BAR, M)", "column 10"),
        ("first_good(BAR, PSI)", "column 17"),
        ("clamp(BAR, MBAR, 5)", "column 12"),
        ("hysteresis(BAR, M, 2)", "column 17"),
        ("BAR if X else PSI", "column 15"),
        ("BAR if BAR > M else 1", "column 14"),
        ("if_(X, BAR, M)", "column 13"),
        ("good(BAR + PSI)", "column 12"),
        ("exp(BAR + PSI) or 1", "column 11"),
        ("round(1, BAR + PSI)", "column 16"),
        ("delay(BAR + PSI, 5)", "column 13"),
        ("totalise(FLOW, 'h', BAR > M)", "column 27"),
        ("X and BAR > M", "column 13"),
        ("not BAR > M", "column 11"),
        ("FLOW * H + L", 'column 12: l does not go with m3 without conversion; use convert(..., "l", "m3")'),
        ("FLOW * H + M", "column 12: m (length) does not go with m3 (volume)"),
        ("totalise(LMIN) + L", "column 18: l does not go with h*(l/min) without conversion; the factor is 0.0166666666667"),
        ("V * A + BAR", "column 9: bar (pressure) does not go with W (power)"),
        ("NM + KWH", "column 6: kWh (energy) does not go with N.m (torque)"),
        ("FLOW + NM3H", "column 8: Nm3/h (normal volumetric flow) does not go with m3/h (volumetric flow)"),
        ("PCT + PH", "column 7: pH (ph) does not go with % (ratio)"),
        ("C + F", 'column 5: degF does not go with degC without conversion; use convert(..., "degF", "degC")'),
        ("C - K", "column 5: K does not go with degC"),
        ("K > C", "column 5: degC does not go with K"),
        ("C + (F - F)", "column 6: degF does not go with degC without conversion; the factor is 0.555555555556"),
        ("convert(BAR, 'psi', 'bar')", "column 9: this is in bar (pressure), not in psi"),
        ("convert(BAR, 'm', 'mm')", "column 9: this is in bar (pressure), not in m"),
        ("convert(C - C2, 'degC', 'degF')", "this is a difference of temperatures; multiply it by 1.8"),
        ("convert(1, 'bar', 'm')", "column 1: bar cannot be converted to m: bar is a unit of pressure, m of length"),
        ("1 + convert(1, 'barg', 'bar')", "column 16: unknown unit 'barg'; did you mean bar?"),
        ("convert(1, X, 'bar')", "column 12: a unit must be a plain value"),
        ("convert(1, 5, 'bar')", "column 12: a unit is a text"),
        ("convert(1, 'bar')", "convert needs to_unit"),
        ("'é' == X or BAR + M", "column 19"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_column(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=r"^expression: column \d+: ") as refused:
        check_units(text, UNITS.__getitem__)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "wanted", "words"),
    [
        ("BAR", "psi", 'column 1: this comes out in bar, but psi is wanted; use convert(..., "bar", "psi")'),
        ("BAR", "m", "column 1: this comes out in bar (pressure), but m (length) is wanted"),
        ("FLOW * H", "l", 'this comes out in m3, but l is wanted; use convert(..., "m3", "l")'),
        ("totalise(LMIN)", "l", "this comes out in h*(l/min), but l is wanted; the factor is 60"),
        ("BAR / BAR2", "%", 'this comes out in 1, but % is wanted; use convert(..., "1", "%")'),
        ("C", "K", 'use convert(..., "degC", "K")'),
        ("C - C2", "degF", "the factor is 1.8"),
        ("  rate(M, 5)", "m/h", 'column 3: this comes out in m/s, but m/h is wanted; use convert(..., "m/s", "m/h")'),
        ("KW * H", "N.m", "this comes out in kWh, but N.m is wanted; the factor is 3600000"),
        ("RPM * M", "bar", "comes out in m*rpm, but bar (pressure) is wanted"),
    ],
)
def test_a_result_in_another_unit_than_the_tags_is_refused(text: str, wanted: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        check_units(text, UNITS.__getitem__, wanted)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("BAR", "bar"), ("BAR", ""), ("MBAR", "hPa"), ("C - C2", "degC"), ("C - C2", "K"), ("K - K", "degC"), ("A / A", "1"),
        ("V * A", "VA"), ("V * A", "W"), ("RPM * M", "m/min"), ("N * M", "N.m"), ("N * M", "J"), ("rate(C, 5)", "degC/s"),
        ("100 * BAR / BAR2", "%"), ("convert(BAR / BAR2, '1', '%')", "%"), ("9.81 * M", "kPa"), ("FLOW / 3.6", "l/s"),
        ("NM3H * H", "Nm3"), ("totalise(LMIN, 'min')", "l"),
    ],
)  # fmt: skip
def test_a_result_that_can_be_the_tags_unit_is_taken(text: str, wanted: str) -> None:
    check_units(text, UNITS.__getitem__, wanted)


def test_an_expression_is_checked_like_its_text() -> None:
    with pytest.raises(ConfigError, match="psi does not go with bar"):
        check_units(Expression.compile("BAR + PSI"), UNITS.__getitem__)
    with pytest.raises(ConfigError, match="cannot be understood"):
        check_units("BAR +", UNITS.__getitem__)


def test_the_derived_tags_of_the_demo_plant_agree_with_their_units() -> None:
    units = {tag.name: tag.unit for tag in APP.all_tags}
    for tag in APP.all_tags:
        if tag.expression is not None:
            check_units(tag.expression, units.__getitem__, tag.unit)


def test_every_function_of_the_language_has_a_rule() -> None:
    assert set(RULES) == {*FUNCTIONS, *SPECIAL}


ONES = [unit.id for quantity in quantities() for unit in quantity.units]


@given(st.sampled_from(ONES), st.sampled_from(ONES), st.sampled_from(["A + B", "A < B", "min(A, B)", "A - B", "if_(X, A, B)"]))
def test_two_units_go_together_exactly_if_they_are_the_same_size_of_one_quantity(one: str, other: str, text: str) -> None:
    same = {unit.id: quantity.id for quantity in quantities() for unit in quantity.units}
    goes = same[one] == same[other] and all(
        convert(value, one, other) == pytest.approx(value, rel=1e-12, abs=1e-12) for value in (0.0, 1.0)
    )

    if goes:
        check_units(text, {"A": one, "B": other, "X": ""}.__getitem__)
        return
    with pytest.raises(ConfigError, match=re.escape(other)):
        check_units(text, {"A": one, "B": other, "X": ""}.__getitem__)


PAIRS = [(one.id, other.id) for quantity in quantities() for one in quantity.units for other in quantity.units]


@given(st.sampled_from(PAIRS), st.floats(-1e12, 1e12) | st.integers(-(10**9), 10**9))
def test_convert_agrees_with_the_conversion_of_single_values(pair: tuple[str, str], value: float) -> None:
    expression = Expression.compile(f"convert(A, '{pair[0]}', '{pair[1]}')")

    result = expression.evaluate(lambda _name: Sample(value, Quality.GOOD, 0.0, 0.0), expression.memories(), 0.0)

    expected = convert(value, *pair)
    zero = abs(convert(0.0, *pair))
    smallest = 1e-300  # beside it a double has fewer digits
    assert result.value == pytest.approx(expected, rel=4e-16, abs=max(smallest, 4e-16 * zero))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("convert(68, 'degF', 'degC')", 20.0),
        ("convert(293.15, 'K', 'degC')", 20.0),
        ("convert(36.0, 'm3/h', 'l/s')", 10.0),
        ("convert(5, 'bar', 'bar')", 5.0),
        ("convert(0.0, 'degC', 'K')", 273.15),
    ],
)
def test_round_numbers_stay_round(text: str, value: float) -> None:
    expression = Expression.compile(text)

    assert expression.evaluate(lambda _name: Sample(None, Quality.BAD, 0.0, 0.0), expression.memories(), 0.0).value == value


@pytest.mark.parametrize("value", [1e308, float("inf"), float("nan"), "text", None])
def test_what_cannot_be_converted_is_bad(value: float | str | None) -> None:
    expression = Expression.compile("convert(A, 'km', 'mm')")

    result = expression.evaluate(lambda _name: Sample(value, Quality.GOOD, 0.0, 0.0), expression.memories(), 0.0)

    assert result.quality.is_bad
    assert result.value is None


def test_a_memory_inside_of_convert_is_kept_up_to_date() -> None:
    expression = Expression.compile("convert(totalise(A, 's'), 'l', 'ml') if B else 0")
    memories = expression.memories()
    for now, wanted in ((0.0, False), (5.0, False)):
        expression.evaluate(
            {"A": Sample(1.0, Quality.GOOD, 0.0, 0.0), "B": Sample(wanted, Quality.GOOD, 0.0, 0.0)}.__getitem__, memories, now
        )

    result = expression.evaluate(lambda _name: Sample(True, Quality.GOOD, 0.0, 0.0), memories, 6.0)

    assert result.value == 6000.0
