"""Outputs: what may be declared and what may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.model.errors import ConfigError
from automation.model.output import Condition, Operate, Output
from automation.model.tag import DataType, Kind

VALVE = Output(name="V1", type=DataType.BOOL, source="plc/coil:1", safe=False, max_on_s=60.0)
DRIVE = Output(name="D1", source="plc/holding:1", safe=0.0, range=(-100.0, 100.0))


def test_an_output_that_switches_on_needs_a_longest_time_or_the_word_that_it_has_none() -> None:
    with pytest.raises(ConfigError, match="output V1: max_on_s: what is switched on needs a longest time"):
        replace(VALVE, max_on_s=None)

    assert replace(VALVE, max_on_s=None, continuous=True).kind is Kind.OUTPUT
    assert DRIVE.max_on_s is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"continuous": True}, "continuous: it has a max_on_s"),
        ({"min_on_s": 61.0}, "min_on_s 61.0: is more than max_on_s"),
        ({"min_off_s": -1.0}, "min_off_s"),
        ({"max_rate": 1.0}, "max_rate 1.0: a number's"),
        ({"zero_hold_s": 1.0}, "zero_hold_s: only an output of a motion group"),
        ({"zone": "hall 2"}, "zone 'hall 2'"),
        ({"zone": "hall", "estop": False}, "zone: an output outside the emergency stop"),
        ({"readback": "V1"}, "readback: is the output itself"),
        ({"readback_timeout_s": 0.0}, "readback_timeout_s"),
        ({"readback_tolerance": float("nan")}, "readback_tolerance"),
        ({"max_on_s": float("inf")}, "max_on_s inf"),
        ({"interlocks": (Condition(expression="true"),) * 17}, "interlocks: at most 16"),
    ],
)
def test_what_makes_no_sense_is_refused_naming_output_and_field(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=r"^output V1: ") as raised:
        replace(VALVE, **changes)  # type: ignore[arg-type]

    assert words in str(raised.value)


@pytest.mark.parametrize(("expression", "text"), [("  ", ""), ("x" * 2001, ""), ("true", "a\nb"), ("true", "x" * 201)])
def test_a_condition_has_an_expression_and_a_printable_text(expression: str, text: str) -> None:
    with pytest.raises(ConfigError):
        Condition(expression=expression, text=text)


def test_a_condition_is_told_by_its_text_or_else_by_its_expression() -> None:
    assert Condition(expression="TK1.LT > 0.2", text="Tank is empty").words == "Tank is empty"
    assert Condition(expression="TK1.LT > 0.2").words == "TK1.LT > 0.2"


def test_a_command_is_direct_unless_it_is_said_otherwise() -> None:
    assert VALVE.operate is Operate.DIRECT
