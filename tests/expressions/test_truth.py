"""Conditions come out true or false."""

from __future__ import annotations

import pytest

from automation.expressions.expression import Expression
from automation.expressions.truth import check_truth
from automation.model.errors import ConfigError
from automation.model.tag import DataType

TYPES = {"LT1": DataType.FLOAT, "ON": DataType.BOOL, "MODE": DataType.ENUM, "TK1.LT": DataType.FLOAT}


@pytest.mark.parametrize(
    "text",
    ["LT1 > 4", "ON", "not ON", "ON and LT1 < 3", "true", "MODE == 2", "hysteresis(LT1, 4, 3)", "good(LT1)", "UNKNOWN"],
)
def test_what_comes_out_true_or_false_is_a_condition(text: str) -> None:
    check_truth(Expression.compile(text), TYPES.get)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LT1", "LT1 is no bool"),
        ("TK1.LT", "TK1.LT is no bool"),
        ("LT1 - 4", "comes out as a number"),
        ("-LT1", "comes out as a number"),
        ("max(LT1, 3)", "max comes out as a number"),
        ("4", "neither true nor false"),
        ("LT1 if ON else ON", "LT1 is no bool"),
    ],
)
def test_what_comes_out_as_a_number_is_not(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        check_truth(Expression.compile(text), TYPES.get)
