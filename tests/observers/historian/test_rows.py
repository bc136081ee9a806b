from __future__ import annotations

import math

import pytest

from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.rows import TEXT_LIMIT, RowMaker, restored, stored

TAG = Tag(name="T")
T0 = 1_800_000_000.0


def good(value: Value, time: float = T0, server_time: float | None = None) -> Sample:
    return Sample(value, Quality.GOOD, time, time if server_time is None else server_time)


def test_a_row_is_dated_by_its_source():
    (row,) = RowMaker().rows([(TAG, good(1.5, T0 + 0.25, T0 + 9))])

    assert row == ("T", DataType.FLOAT, 1_800_000_000_250_000, 1.5, 0)


def test_a_loss_is_dated_when_it_was_noticed():
    lost = Sample(1.5, Quality.BAD_NOT_CONNECTED, T0, T0 + 3)

    (row,) = RowMaker().rows([(TAG, lost)])

    assert row.time == 1_800_000_003_000_000


def test_a_tag_without_history_has_no_rows():
    assert RowMaker().rows([(Tag(name="T", history=False), good(1.0))]) == []


def test_the_same_sample_again_is_left_out():
    maker = RowMaker()

    assert len(maker.rows([(TAG, good(1.0)), (TAG, good(1.0))])) == 1
    assert maker.rows([(TAG, good(1.0))]) == []


def test_two_values_of_one_instant_are_both_kept_in_order():
    rows = RowMaker().rows([(TAG, good(1.0)), (TAG, good(2.0)), (TAG, good(3.0))])

    assert [row.value for row in rows] == [1.0, 2.0, 3.0]
    assert [row.time - rows[0].time for row in rows] == [0, 1, 2]


def test_a_late_sample_keeps_its_own_time():
    rows = RowMaker().rows([(TAG, good(1.0, T0)), (TAG, good(2.0, T0 - 60, T0 + 1))])

    assert rows[1].time == round((T0 - 60) * 1e6)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_that_no_database_holds_is_recorded_as_bad(value):
    (row,) = RowMaker().rows([(TAG, good(value))])

    assert (row.value, row.quality) == (None, Quality.BAD)


def test_text_that_no_database_holds_is_made_storable():
    (row,) = RowMaker().rows([(Tag(name="T", type=DataType.STRING), good("a\0b\ud800c"))])
    (long,) = RowMaker().rows([(Tag(name="T", type=DataType.STRING), good("x" * 10_000))])

    assert row.value == "a\ufffdb\ufffdc"
    assert len(str(long.value)) == TEXT_LIMIT


def test_a_source_time_that_is_no_time_is_replaced_by_the_server_time():
    (row,) = RowMaker().rows([(TAG, good(1.0, math.nan, T0))])

    assert row.time == round(T0 * 1e6)


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
