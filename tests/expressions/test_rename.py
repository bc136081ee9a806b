"""A tag's new name in the expressions that read it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automation.expressions.expression import Expression
from automation.expressions.rename import renamed, renamed_memories
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.sample import Sample


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        ("A + 1", "A", "B", "B + 1"),
        ("A.B * A + A.B.C", "A", "X", "A.B * X + A.B.C"),
        ("A.B * A + A.B.C", "A.B", "X.Y", "X.Y * A + A.B.C"),
        ("AA + A + A1 + B.A", "A", "X", "AA + X + A1 + B.A"),
        ("'A' + tag('A') + \"A\"", "A", "X", "'A' + tag('X') + \"A\""),
        ('tag("A-1") + A', "A-1", "B-2", 'tag("B-2") + A'),
        ("tag('A-1') + A", "A-1", "B", "tag('B') + A"),
        ("A + 1", "A", "B-2", 'tag("B-2") + 1'),
        ("A + 1", "A", "101.LT", 'tag("101.LT") + 1'),
        ("A + 1", "A", "P.if", 'tag("P.if") + 1'),
        ("tag(name='A')", "A", "X", "tag(name='X')"),
        ("  A\n  + \tA ", "A", "LONGER.NAME", "  LONGER.NAME\n  + \tLONGER.NAME "),
        ("'é' == B and A or 'ü' == A", "A", "X", "'é' == B and X or 'ü' == X"),
        ("(A).B + A . B", "A.B", "X", "X + X"),
        ("tag('A' '.B')", "A.B", "X", "tag('X')"),
        ("avg(avg, 1)", "avg", "mean", "avg(mean, 1)"),
        ("delay(x=A, s=5)", "x", "y", "delay(x=A, s=5)"),
        ("+".join(["A"] * 250), "A", "B", "+".join(["B"] * 250)),
    ],
)
def test_every_reference_gets_the_new_name_and_nothing_else_is_touched(text: str, old: str, new: str, wanted: str) -> None:
    assert renamed(text, old, new) == wanted
    assert renamed(renamed(text, old, new), old, new) == wanted


@pytest.mark.parametrize("new", ["", "a b", "__init__", "A.__class__", "é", 'X" + eval("1', "X" * 129, "X\n"])
def test_a_name_that_no_expression_can_read_is_refused(new: str) -> None:
    with pytest.raises(ConfigError, match="not a name that an expression can read"):
        renamed("A + 1", "A", new)


def test_a_text_that_is_no_expression_or_becomes_too_long_is_refused() -> None:
    with pytest.raises(ConfigError, match="this cannot be understood"):
        renamed("A +", "A", "B")
    with pytest.raises(ConfigError, match="at most 2000"):
        renamed("+".join(["A"] * 250), "A", "X" * 100)


NAMES = ["A", "B", "A.B", "AB", "A-B", "x", "if", "1.A", "tag", "avg", "name", "A.in", "_", "match"]
WRITTEN = {"A": "A", "B": "B", "A.B": "A.B", "AB": "AB", "x": "x", "tag": "tag", "avg": "avg", "name": "name", "match": "match"}


def reference(name: str) -> st.SearchStrategy[str]:
    quoted = [f'tag("{name}")', f"tag('{name}')", f"tag(name='{name}')"]
    return st.sampled_from([*quoted, WRITTEN[name]] if name in WRITTEN else quoted)


names = st.sampled_from(NAMES)
trees = st.recursive(
    names.flatmap(reference) | st.sampled_from(["1", "'A'", '"tag(A)"', "'é A-B'"]),
    lambda inner: (
        st.builds("{} + {}".format, inner, inner)
        | st.builds("(-{})".format, inner)
        | st.builds("avg({},{})".format, inner, inner)
        | st.builds("delay({}, 5)".format, inner)
        | st.builds("if_({} == 'A', {}, {})".format, inner, inner, inner)
    ),
    max_leaves=10,
)


@given(trees, names, names)
def test_the_tags_of_the_result_are_those_of_the_text_with_the_new_name(text: str, old: str, new: str) -> None:
    try:
        before = Expression.compile(text)
    except ConfigError:
        assume(False)
        return

    after = Expression.compile(renamed(text, old, new))

    assert set(after.tags) == {new if name == old else name for name in before.tags}
    assert [place.name for place in after.references] == [new if place.name == old else place.name for place in before.references]
    if old != new:
        assert renamed(after.text, old, new) == after.text
    if new not in before.tags:
        assert Expression.compile(renamed(after.text, new, old)).tags == before.tags


@given(st.text(max_size=60) | trees, st.text(max_size=20) | names, st.text(max_size=20) | names)
def test_any_text_and_names_give_an_expression_or_are_refused(text: str, old: str, new: str) -> None:
    try:
        result = renamed(text, old, new)
    except ConfigError:
        return

    Expression.compile(result)


def test_totals_go_on_under_the_new_name() -> None:
    text = "totalise(F.A, 's') + totalise(B, 's')"
    expression = Expression.compile(text)
    memories = expression.memories()
    for now in (0.0, 10.0):
        expression.evaluate(lambda _name: Sample(1.0, Quality.GOOD, 0.0, 0.0), memories, now)

    after = Expression.compile(renamed(text, "F.A", "F-1"))
    again = after.memories()
    again.restore(renamed_memories(text, "F.A", "F-1", memories.kept()))

    assert after.evaluate(lambda _name: Sample(0.0, Quality.GOOD, 0.0, 0.0), again, 20.0).value == 20.0
