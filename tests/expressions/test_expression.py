"""Expressions: what they come to, with which quality, and what they remember."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation import ConfigError, Quality, Sample, Value
from automation.expressions.expression import Expression
from automation.expressions.result import Result

GOOD, UNCERTAIN, BAD = Quality.GOOD, Quality.UNCERTAIN, Quality.BAD_NOT_CONNECTED


def table(**values: Value | Sample) -> Mapping[str, Sample]:
    """Samples by name, ``__`` in place of a dot."""
    made = {name.replace("__", "."): value for name, value in values.items()}
    return {name: value if isinstance(value, Sample) else Sample(value, GOOD, 1.0, 1.0) for name, value in made.items()}


def result_of(text: str, **values: Value | Sample) -> Result:
    expression = Expression.compile(text)
    return expression.evaluate(table(**values).__getitem__, expression.memories(), 0.0)


class Run:
    """One expression over time; x is its only input."""

    def __init__(self, text: str) -> None:
        self.expression = Expression.compile(text)
        self.memories = self.expression.memories()

    def at(self, now: float, x: Value = 0.0, quality: Quality = GOOD) -> Result:
        return self.expression.evaluate(lambda _name: Sample(x, quality, now, now), self.memories, now)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 // 2 + 7 % 4 - -1", 7),
        ("2 ** 10", 1024),
        ("1 / 4", 0.25),
        (".5 + 1e3 + 2.", 1002.5),
        ("TK101.LT * 2", 5.0),
        ("tag('TK-101.LT') + 1", 4.0),
        ('tag("TK101.LT")', 2.5),
        ("1 < 2 < 3", True),
        ("TK101.LT > 2 and not STOPPED", True),
        ("STOPPED or TK101.LT", 2.5),
        ("'high' if TK101.LT >= 3 else 'low'", "low"),
        ("if_(TK101.LT >= 2, 'high', 'low')", "high"),
        ("MODE == 'AUTO'", True),
        ("MODE != 'AUTO'", False),
        ("'UT' in MODE", True),
        ("'x' not in MODE", True),
        ("MODE + '!'", "AUTO!"),
        ("avg(1, 2, 6)", 3.0),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("abs(-2.5)", 2.5),
        ("round(2.345, 1)", 2.3),
        ("round(2.6)", 3),
        ("sqrt(16)", 4.0),
        ("floor(2.7) + ceil(2.2)", 5),
        ("exp(0) + log(1) + log10(100)", 3.0),
        ("clamp(7, 0, 5)", 5),
        ("clamp(x=7, high=5, low=0)", 5),
        ("True + True", 2),
        ("  1\n  + 2  ", 3),
        ("'a\"b' + \"c'd\"", "a\"bc'd"),
        ("+".join(["1"] * 250), 250),
    ],
)
def test_a_formula_comes_to_its_value(text: str, value: Value) -> None:
    result = result_of(text, TK101__LT=2.5, **{"TK-101__LT": 3.0}, STOPPED=False, MODE="AUTO")

    assert (result.value, result.quality) == (value, GOOD)
    assert type(result.value) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / X", "division by zero"),
        ("1 % X", "division by zero"),
        ("1e308 * (X + 10)", "the number is too large"),
        ("4611686018427387904 * (X + 4)", "the number is too large"),
        ("sqrt(X - 1)", "sqrt of a negative number"),
        ("(X - 8) ** 0.5", "a power of a negative number"),
        ("2 ** (X + 101)", "an exponent is at most 100"),
        ("X + 'a'", "text where a number is needed"),
        ("'a' < X", "text where a number is needed"),
        ("'a' in X", "'in' looks for a text in a text"),
        ("clamp(X, 2, 1)", "clamp: low is above high"),
        ("round(X, 0.5 + X)", "round: digits"),
        ("log(X)", "math domain error"),
    ],
)
def test_what_cannot_be_computed_is_bad_and_says_why(text: str, words: str) -> None:
    result = result_of(text, X=0)

    assert result.quality is Quality.BAD
    assert result.value is None
    assert words in result.why


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_input_that_is_not_finite_is_bad(value: float) -> None:
    assert result_of("X", X=value).quality is Quality.BAD


def test_an_input_without_a_value_waits() -> None:
    assert result_of("X", X=None).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_only_what_is_used_counts_for_quality() -> None:
    bad = Sample(1.0, BAD, 1.0, 1.0)

    assert result_of("A if C else B", A=1.0, B=bad, C=True) == Result(1.0, GOOD, 1.0)
    assert result_of("A if C else B", A=1.0, B=bad, C=False).quality is BAD
    assert result_of("C and B", B=bad, C=False).quality is GOOD
    assert result_of("B and C", B=bad, C=False).quality is BAD
    assert result_of("A if B else A", A=1.0, B=bad).quality is BAD


def test_quality_selects() -> None:
    bad, doubtful = Sample(1.0, BAD, 1.0, 1.0), Sample(2.0, UNCERTAIN, 2.0, 2.0)

    assert result_of("first_good(A, B, C)", A=bad, B=doubtful, C=3.0) == Result(3.0, GOOD, 1.0)
    assert result_of("first_good(A, B)", A=bad, B=doubtful) == Result(2.0, UNCERTAIN, 2.0)
    assert result_of("first_good(A, A)", A=bad).quality is BAD
    assert result_of("good(A)", A=bad) == Result(False, GOOD, 1.0)
    assert result_of("good(A)", A=3.0).value is True
    assert result_of("A if good(A) else -1", A=bad).value == -1


samples = st.builds(
    Sample, st.floats(-100, 100), st.sampled_from(list(Quality)), st.floats(0, 1e9, allow_nan=False), st.just(0.0)
)


@given(st.lists(samples, min_size=1, max_size=6), st.sampled_from(["avg({})", "max({})", "first_good({}) + avg({})", "0 + {}"]))
def test_a_result_is_of_the_worst_class_of_its_inputs_with_one_of_their_reasons(inputs: Sequence[Sample], form: str) -> None:
    names = {f"T{i}": sample for i, sample in enumerate(inputs)}
    joined = " + ".join(names) if form.startswith("0") else ", ".join(names)

    result = result_of(form.replace("{}", joined), **names)

    ranks = {"GOOD": 0, "UNCERTAIN": 1, "BAD": 2}
    worst = max(inputs, key=lambda sample: ranks[sample.quality.severity.value]).quality.severity
    assert result.quality.severity is worst
    assert result.quality in {sample.quality for sample in inputs}
    assert result.time == max(sample.source_time for sample in inputs)
    assert (result.value is None) == result.quality.is_bad


trees = st.recursive(
    st.integers(-50, 50).map(str) | st.floats(-50, 50).map(lambda number: repr(round(number, 3))) | st.sampled_from(["A", "B"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "==", ">="]), inner)
        | st.builds("(-{})".format, inner)
        | st.builds("({} if {} else {})".format, inner, inner, inner)
        | st.builds("max({}, {})".format, inner, inner)
    ),
    max_leaves=12,
)


@given(trees, st.integers(-5, 5), st.floats(-5, 5))
def test_arithmetic_is_pythons(text: str, a: int, b: float) -> None:
    try:
        expected = eval(text, {"__builtins__": {"max": max}}, {"A": a, "B": b})  # noqa: S307 - the measure of ours
    except (ZeroDivisionError, OverflowError):
        expected = None
    try:
        result = result_of(text, A=a, B=b)
    except ConfigError as error:
        assert "division by zero" in str(error) or "nested deeper" in str(error) or "too large" in str(error)  # noqa: PT017
        return

    if expected is None or abs(expected) > 2**62:
        assert result.quality is Quality.BAD or abs(expected or 0) > 2**62
    else:
        assert result.value == expected
        assert type(result.value) is type(expected)


def test_the_tags_that_it_reads_are_known_before() -> None:
    expression = Expression.compile("A.B + tag('X-1') * A.B + delay(C, 5)")

    assert expression.tags == ("A.B", "X-1", "C")
    assert expression.stateful
    assert not Expression.compile("good(A) + first_good(B, 1)").stateful


def test_a_total_is_the_integral_of_what_was_held() -> None:
    run = Run("totalise(x, per='min')")

    assert run.at(0.0, 6.0).value == 0.0
    assert run.at(30.0, 60.0).value == 3.0
    assert run.at(90.0, 0.0).value == 63.0
    assert run.at(500.0, 5.0).value == 63.0


@given(st.lists(st.tuples(st.floats(0.001, 100), st.floats(-1e3, 1e3)), min_size=1, max_size=30))
def test_a_total_agrees_with_the_sum_of_rectangles(steps: list[tuple[float, float]]) -> None:
    run, now, expected, held = Run("totalise(x, 's')"), 0.0, 0.0, 0.0
    for seconds, value in steps:
        expected += held * seconds if now else 0.0
        now, held = now + seconds, value
        total = run.at(now, value).value

    assert total == pytest.approx(expected, abs=1e-3)


def test_a_total_is_reset() -> None:
    run = Run("totalise(x, 's', reset=x > 10)")
    run.at(0.0, 5.0)

    assert run.at(1.0, 6.0).value == 5.0
    assert run.at(2.0, 11.0).value == 0.0
    assert run.at(3.0, 1.0).value == 11.0


def test_a_total_goes_on_while_it_is_not_asked_for() -> None:
    run = Run("totalise(1, 's') if x else 0")
    run.at(0.0, True)
    run.at(5.0, False)

    assert run.at(8.0, True).value == 8.0


def test_a_delay_shows_what_was() -> None:
    run = Run("delay(x, 10)")

    assert run.at(0.0, 1.0).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA
    assert run.at(5.0, 2.0).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA
    assert run.at(10.0, 3.0).value == 1.0
    assert run.at(14.0, 4.0, BAD).value == 1.0
    assert run.at(15.0, 5.0).value == 2.0
    assert run.at(24.0, 5.0).quality is BAD
    assert run.at(26.0, 5.0).value == 5.0


def test_a_rate_is_per_second_over_its_window() -> None:
    run = Run("rate(x, 10)")

    assert run.at(0.0, 0.0).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA
    assert run.at(4.0, 2.0).value == 0.5
    for second in range(5, 30):
        result = run.at(second, 3.0 * second)
    assert result.value == pytest.approx(3.0)
    assert run.at(30.0, 0.0, BAD).quality is BAD
    assert run.at(31.0, 50.0).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_a_window_remembers_a_bounded_number_of_points() -> None:
    run = Run("delay(x, 100)")
    for i in range(30_000):
        result = run.at(i / 100, float(i))

    assert isinstance(result.value, float)
    assert result.value == pytest.approx(19_999, abs=30)
    assert len(run.memories.all[0]._points) < 2_100


def test_hysteresis_keeps_its_side_between_the_thresholds() -> None:
    rising, falling = Run("hysteresis(x, 8, 4)"), Run("hysteresis(x, 4, 8)")

    assert [rising.at(0.0, x).value for x in (5, 8, 5, 4, 5)] == [False, True, True, False, False]
    assert [falling.at(0.0, x).value for x in (5, 4, 5, 8, 5)] == [False, True, True, False, False]
    assert rising.at(0.0, 9.0, BAD).quality is BAD
    assert rising.at(0.0, 5.0).value is False


def test_each_place_in_the_text_has_its_own_memory() -> None:
    run = Run("totalise(x, 's') + 10 * totalise(x, 's')")
    run.at(0.0, 1.0)
    run.at(2.0, 1.0)
    assert sorted(run.memories.kept()) == ["totalise(x, 's') #1", "totalise(x, 's') #2"]

    again = Run("totalise(x, 's') + 10 * totalise(x, 's')")
    again.memories.restore(run.memories.kept())

    assert again.at(0.0, 1.0).value == 22.0


@pytest.mark.parametrize("kept", [math.nan, True, math.inf])
def test_a_kept_total_that_is_none_is_ignored(kept: float) -> None:
    run = Run("totalise(x)")
    run.memories.restore({"totalise(x) #1": kept})

    assert run.at(0.0, 1.0).value == 0.0
