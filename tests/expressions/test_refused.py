"""What an expression must not hold is refused at once, naming the column; nothing else is ever raised."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automation import ConfigError, Quality, Sample
from automation.expressions.expression import Expression

REFUSED_WITHIN_S = 0.05


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        (" \n ", "it is empty"),
        ("1 +", "column"),
        ("A B", "column"),
        ("().__class__", "column 1: a dot joins"),
        ("().__class__.__bases__", "column 1: a dot joins"),
        ("'a'.join(A)", "column 1: only the named functions"),
        ("A.__class__", "is not the name of a tag"),
        ("__import__('os')", "column 1: unknown function __import__"),
        ("eval('1')", "unknown function eval"),
        ("open('x')", "unknown function open"),
        ("1 + avrg(A)", "column 5: unknown function avrg; did you mean avg?"),
        ("import os", "column"),
        ("[x for x in A]", "column 1: unexpected '['"),
        ("avg(x for x in A)", "a comprehension is not allowed"),
        ("(1, 2)", "a list of values is not allowed"),
        ("{1: 2}", "unexpected '{'"),
        ("lambda: 1", "unexpected ':'"),
        ("(A := 1)", "unexpected ':'"),
        ("f'{A}'", "column 2: a quote must not follow"),
        ("b'a'", "column 2: a quote"),
        ("'''a'''", "a quote must not follow"),
        ("'\\x41'", "unexpected"),
        ("'open", "unexpected"),
        ("A[0]", "unexpected '['"),
        ("A; B", "unexpected ';'"),
        ("A @ B", "unexpected '@'"),
        ("~A", "unexpected '~'"),
        ("A & B", "unexpected '&'"),
        ("A << 2", "column"),
        ("A is B", "Is is not allowed"),
        ("None", "None is not allowed"),
        ("...", "column"),
        ("1j", "not a number"),
        ("0x1F", "not a number"),
        ("1_000", "not a number"),
        ("101.LT", 'a tag name that begins with a digit is written as tag("...")'),
        ("007", "column"),
        ("1e999", "the number is too large"),
        ("99999999999999999999", "the number is too large"),
        ("9" * 1500, "the number is too large"),
        ("9**9**9", "an exponent is at most 100"),
        ("10 ** -101", "an exponent is at most 100"),
        ("9**99", "the number is too large"),
        ("'a' * 10**9", "text where a number is needed"),
        ("'a' % 1", "text where a number is needed"),
        ("1 + 1 / 0", "column 5: division by zero"),
        ("é + 1", "column 1: unexpected '\\xe9'"),
        ("ＡＢ + 1", "column 1: unexpected"),
        ("'é' + ª", "column 7: unexpected"),
        ("'é' + foo()", "column 7: unknown function foo"),
        ("A\x00B", "unexpected '\\x00'"),
        ("A\\\n", "unexpected"),
        ("A # comment", "unexpected '#'"),
        ("avg(*A)", "column 5: Starred is not allowed"),
        ("avg(**A)", "avg takes one or more values"),
        ("avg()", "avg takes one or more values"),
        ("sqrt()", "sqrt needs x"),
        ("sqrt(1, 2)", "sqrt takes at most 1"),
        ("sqrt(y=1)", "sqrt takes x"),
        ("clamp(1, 2, x=3)", "clamp takes x, low, high, each once"),
        ("tag(A)", "must be a plain value"),
        ("tag(1)", "the name of a tag is a text"),
        ("tag('a b')", "is not the name of a tag"),
        ("delay(A)", "delay needs s"),
        ("delay(A, 0)", "the seconds of delay are a number above 0"),
        ("delay(A, 1e9)", "at most 86400"),
        ("rate(A, 'x')", "the seconds of rate"),
        ("rate(A, B)", "the seconds of rate must be a plain value"),
        ("totalise(A, per='week')", "per is one of s, min, h, d"),
        ("1" + "+1" * 999, "more than 600 words"),
        ("A" * 2001, "it has 2001 characters"),
        ("(" * 50 + "1" + ")" * 50, "column 21: brackets are nested deeper than 20"),
        ("(1", "a '(' is never closed"),
        ("1)", "column 2: ')' without '('"),
        ("not " * 300 + "A", "nested deeper than"),
        ("-" * 300 + "A", "nested deeper than"),
        ("A-" * 200 + "A", "nested deeper than"),
        ("A if B else " * 100 + "1", "nested deeper than"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_column(text: str, words: str) -> None:
    begin = time.perf_counter()

    with pytest.raises(ConfigError) as refused:
        Expression.compile(text)

    assert words in str(refused.value)
    assert time.perf_counter() - begin < REFUSED_WITHIN_S * 4  # a machine at work elsewhere


def test_a_million_element_bomb_is_refused_before_it_is_parsed() -> None:
    begin = time.perf_counter()

    with pytest.raises(ConfigError, match="at most 2000"):
        Expression.compile("avg(" + "1," * 1_000_000 + "1)")

    assert time.perf_counter() - begin < REFUSED_WITHIN_S


def test_a_text_that_grows_at_runtime_is_bad() -> None:
    expression = Expression.compile("A + A + A")

    result = expression.evaluate(lambda _name: Sample("a" * 1000, Quality.GOOD, 0.0, 0.0), expression.memories(), 0.0)

    assert result.quality is Quality.BAD


WORDS = [
    "A", "TK101.LT", "1", "2.5", "9", "'a'", '"b"', "(", ")", ",", "+", "-", "*", "**", "/", "//", "%", "<", "==", "and", "or",
    "not", "if", "else", "in", "is", "avg(", "delay(", "rate(", "totalise(", "hysteresis(", "tag(", "first_good(", "if_(", "=",
    "x", "per", "lambda", "for", "await", "yield", "None", "True", ".", " ", "\n", "f", "clamp(", "round(",
]  # fmt: skip
words = st.lists(st.sampled_from(WORDS), max_size=80)
texts = st.text(max_size=300) | words.map(" ".join) | words.map("".join)


@given(texts)
@example("\ud800")
@example("f(" * 20 + "1 1" + ")" * 20)
@example("(" * 20 + "1 1" + ")" * 20)
@example("a if b else " * 120 + "c d")
def test_any_text_is_compiled_or_refused_with_its_place_and_in_no_time(text: str) -> None:
    begin = time.thread_time()
    try:
        expression = Expression.compile(text)
    except ConfigError as error:
        assert str(error).startswith("expression: ")  # noqa: PT017 - either is right
        expression = None
    assert time.thread_time() - begin < REFUSED_WITHIN_S

    if expression is not None:
        memories = expression.memories()
        for now, value in enumerate((1.0, "text", True, 0, None)):
            expression.evaluate(lambda _name, value=value: Sample(value, Quality.GOOD, 0.0, 0.0), memories, float(now))
