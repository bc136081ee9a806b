"""Mistakes of a condition are told at their field."""

from __future__ import annotations

import pytest

from automation.model.configuration import Mistake
from automation.project.condition_words import placed


@pytest.mark.parametrize(
    ("kind", "field", "words", "place"),
    [
        ("high", "condition", "limit 99 m: out of the range 0 to 5 of LT1", "condition.limit"),
        ("high", "", "high: deadband 2x: expected a number", "condition.deadband"),
        ("high", "condition", "limit_tag: FT1 is in m3/h and LT1 in m", "condition.limit_tag"),
        ("low", "", "condition.unit: bar cannot be converted to m", "condition.unit"),
        ("levels", "condition", "high: limit 99 m: out of the range 0 to 5 of LT1", "condition.high.limit"),
        ("levels", "condition", "low_low.limit_tag: unknown tag", "condition.low_low.limit_tag"),
        ("levels", "", "levels: high 1: must be above low 2", "condition.high.limit"),
        ("levels", "", "levels: high_high: deadband 1: must end before high", "condition.high_high.deadband"),
        ("deviation", "condition", "setpoint_tag: FT1 is in m3/h and LT1 in m", "condition.setpoint_tag"),
        ("correlated", "", "correlated: count 3: must be 2 to 2, the number of members", "condition.count"),
        ("discrete", "condition", "values 'ajar': tag MODE has off, on", "condition.values"),
    ],
)
def test_words_that_begin_with_a_field_are_told_at_it(kind: str, field: str, words: str, place: str) -> None:
    found = placed(Mistake(subject="alarm A", field=field, message=words), kind)

    assert (found.field, found.message, found.subject) == (place, words.removeprefix(f"{place}: "), "alarm A")


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [
        ("high", "condition", "high: tag V1 is bool; a limit needs a number"),
        ("levels", "condition", "levels: tag V1 is bool; a limit needs a number"),
        ("levels", "", "levels: at least one of low_low, low, high and high_high"),
        ("discrete", "condition", "discrete: tag LT1 is float; it needs an enum or a whole number"),
        ("high", "", "first_out 'a b': expected the name of a group"),
        ("high", "tag", "limit of what is not a tag"),
    ],
)
def test_what_is_wrong_with_more_than_a_field_stays_where_it_is(kind: str, field: str, words: str) -> None:
    mistake = Mistake(subject="alarm A", field=field, message=words)

    assert placed(mistake, kind) == mistake
