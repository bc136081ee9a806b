from __future__ import annotations

import json

import pytest

from automation.bench.report import Figure, Result, json_line, number, table

RATE = Figure(bench="cvt", name="update_per_s", unit="samples/s", method="how it is measured", at_least=1_000_000)
DELAY = Figure(bench="cvt", name="p99_ms", unit="ms", method="how that is", below=250)


def test_a_json_line_has_every_field_of_the_form():
    line = json.loads(json_line(Result(figure=RATE, values=[3.0e6, 1.0e6, 2.0e6], limit=2.5e6)))

    assert line == {
        "bench": "cvt", "figure": "update_per_s", "value": 2e6, "unit": "samples/s", "limit": 2.5e6, "ratio": 0.8, "runs": 3,
        "min": 1e6, "max": 3e6,
    }  # fmt: skip


def test_without_a_limit_there_is_no_ratio():
    line = json.loads(json_line(Result(figure=DELAY, values=[12.3456789])))

    assert (line["limit"], line["ratio"], line["value"]) == (None, None, 12.346)


def test_the_table_tells_goal_limit_and_method():
    text = table([Result(figure=RATE, values=[2e6], limit=1e6), Result(figure=DELAY, values=[300.0])])

    rate, delay = text.splitlines()[1:3]
    assert rate.split()[1:8] == ["2,000,000", "samples/s", ">=", "1,000,000", "reached", "1,000,000", "2.00"]
    assert "MISSED" in delay
    assert "update_per_s: how it is measured" in text
    assert "p99_ms: how that is" in text


@pytest.mark.parametrize(
    ("goal", "value", "limit", "reached"),
    [
        ({"at_least": 10}, 10, None, True),
        ({"at_least": 10}, 9.9, None, False),
        ({"below": 10}, 10, None, False),
        ({"below": 10}, 9.9, None, True),
        ({"ratio_at_least": 0.7}, 7, 10, True),
        ({"ratio_at_least": 0.7}, 6.9, 10, False),
        ({"ratio_at_least": 0.7}, 7, None, False),
        ({}, 7, None, True),
    ],
)
def test_a_goal_is_reached_or_missed(goal, value, limit, reached):
    figure = Figure(bench="b", name="f", unit="", method="m", **goal)

    assert Result(figure=figure, values=[value], limit=limit).reached is reached


def test_numbers_are_readable():
    assert [number(value) for value in (0.1234, 12.34, 123.4, 1234567.8)] == ["0.12", "12.3", "123", "1,234,568"]
