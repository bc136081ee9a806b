from __future__ import annotations

import math

import pytest

from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.rows import TEXT_LIMIT, Row, restored, row_of, stored


def row(value: Value, kind: DataType = DataType.FLOAT) -> Row:
    return row_of("T", kind, 7, value, Quality.GOOD)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_that_no_database_holds_is_recorded_as_bad(value):
    assert row(value) == ("T", DataType.FLOAT, 7, None, Quality.BAD)


def test_text_that_no_database_holds_is_made_storable():
    assert row("a\0b\ud800c", DataType.STRING).value == "a\ufffdb\ufffdc"
    assert len(str(row("x" * 10_000, DataType.STRING).value)) == TEXT_LIMIT


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DataType.INT, 2**53 + 1),
        (DataType.INT, -(2**63)),
        (DataType.INT, 7),
        (DataType.FLOAT, 7.0),
        (DataType.BOOL, True),
        (DataType.BOOL, False),
        (DataType.STRING, "7"),
        (DataType.STRING, ""),
        (DataType.FLOAT, None),
    ],
)
def test_a_stored_value_is_restored(kind, value):
    back = restored(kind, *stored(value))

    assert back == value
    assert type(back) is type(value)


def test_a_number_that_does_not_suit_the_type_stays_as_it_is():
    assert restored(DataType.BOOL, 7.0, None) == 7.0
    assert restored(DataType.INT, 7.5, None) == 7.5
