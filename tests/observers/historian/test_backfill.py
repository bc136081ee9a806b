"""Samples from elsewhere: what is taken, what is there already, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from automation.cvt.table import Cvt
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.backfill import Backfill, BackfillReport, Given
from automation.observers.historian.rows import Row
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads

T0 = 1_800_000_000
S = 1_000_000
TAGS = (
    Tag(name="F"),
    Tag(name="I", type=DataType.INT),
    Tag(name="B", type=DataType.BOOL),
    Tag(name="T", type=DataType.STRING),
    Tag(name="NOT", history=False),
)


@pytest.fixture
def store() -> MemoryHistoryStore:
    store = MemoryHistoryStore()
    store.append([Row("F", DataType.FLOAT, (T0 + i * 10) * S, float(i), 0) for i in range(5)], (T0 + 100) * S)
    return store


@pytest.fixture
def backfill(store: MemoryHistoryStore) -> Backfill:
    cvt = Cvt()
    cvt.add(TAGS, T0)
    return Backfill(cvt, store, MemoryReads(store))


def take(backfill: Backfill, *given: Given, end: float | None = None) -> BackfillReport:
    return backfill.take(given, T0 + 100.0, end)


def given(tag: str, second: float, value: Value, quality: Any = None, row: int = 1) -> Given:
    return Given(row, tag, T0 + second, value, quality)


def test_late_samples_take_their_place_and_those_there_already_stay(backfill: Backfill, store: MemoryHistoryStore) -> None:
    report = take(backfill, given("F", 15, 1.5), given("F", 10, 99.0), given("F", 5, 0.5))

    assert (report.accepted, report.duplicate, report.refused) == (2, 1, 0)
    assert [row.value for row in store.rows("F")][:4] == [0.0, 0.5, 1.0, 1.5]


def test_to_import_again_changes_nothing(backfill: Backfill, store: MemoryHistoryStore) -> None:
    some = [given("F", 5, 0.5), given("I", 5, 7), given("F", 5, 0.6)]
    take(backfill, *some, end=T0 + 50.0)
    before = (store.rows("F"), store.rows("I"))

    report = take(backfill, *some, end=T0 + 50.0)

    assert (report.accepted, report.duplicate, report.closed) == (0, 3, 0)
    assert (store.rows("F"), store.rows("I")) == before


def test_the_mark_of_the_record_is_not_moved(backfill: Backfill, store: MemoryHistoryStore) -> None:
    take(backfill, given("F", 99, 1.0))

    assert store.until == (T0 + 100) * S


def test_what_is_given_ends_where_it_is_said_unless_a_sample_follows(backfill: Backfill, store: MemoryHistoryStore) -> None:
    report = take(backfill, given("F", 5, 0.5), given("I", 5, 7), end=T0 + 20.0)

    assert report.closed == 1
    assert [(row.time, row.quality) for row in store.rows("I")] == [
        ((T0 + 5) * S, 0),
        ((T0 + 20) * S, int(Quality.BAD_NO_COMMUNICATION)),
    ]
    assert len(store.rows("F")) == 6


@pytest.mark.parametrize(
    ("tag", "value", "stored"),
    [
        ("F", "1.5", 1.5),
        ("F", 2, 2.0),
        ("I", "-7", -7),
        ("I", 7.0, 7),
        ("B", "true", True),
        ("B", 0, False),
        ("B", True, True),
        ("T", "7", "7"),
        ("T", "", ""),
    ],
)
def test_values_are_read_as_the_tag_has_them(
    backfill: Backfill, store: MemoryHistoryStore, tag: str, value: Value, stored: Value
) -> None:
    take(backfill, given(tag, 5, value))

    found = next(row.value for row in store.rows(tag) if row.time == (T0 + 5) * S)
    assert (found, type(found)) == (stored, type(stored))


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (given("NONE", 1, 1.0), "unknown tag NONE"),
        (given("NOT", 1, 1.0), "tag NOT has no history"),
        (given("F", 1, "high"), "value 'high': not a float"),
        (given("F", 1, True), "value True: not a float"),
        (given("F", 1, "nan"), "value 'nan': not a float"),
        (given("F", 1, 10**400), "not a float"),
        (given("I", 1, 1.5), "value 1.5: not a int"),
        (given("I", 1, "9" * 40), "not a int"),
        (given("B", 1, 2), "value 2: not a bool"),
        (given("T", 1, 7), "value 7: not a string"),
        (given("F", 1, None), "value: is missing; only a BAD sample has none"),
        (given("F", 1, 1.0, "FINE"), "quality 'FINE': expected GOOD, UNCERTAIN, BAD or a status code"),
        (given("F", 1, 1.0, -1), "quality -1"),
        (given("F", 1, 1.0, 2**32), "quality 4294967296"),
        (given("F", float("nan"), 1.0), "time: expected POSIX seconds"),
        (given("F", 1e12, 1.0), "time: expected POSIX seconds"),
        (given("F", 200, 1.0), "time: lies in the future"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_row_and_reason(
    backfill: Backfill, store: MemoryHistoryStore, one: Given, reason: str
) -> None:
    report = take(backfill, one._replace(row=17), given("F", 7, 1.0))

    assert (report.accepted, report.refused) == (1, 1)
    assert (report.refusals[0].row, report.refusals[0].tag) == (17, one.tag)
    assert reason in report.refusals[0].reason


@pytest.mark.parametrize(
    ("told", "code"),
    [(None, 0), ("", 0), ("GOOD", 0), ("uncertain", 0x40000000), ("BAD", 0x80000000), ("2150694912", 0x80310000), (64, 64)],
)
def test_quality_is_a_word_or_a_code(backfill: Backfill, store: MemoryHistoryStore, told: Any, code: int) -> None:
    take(backfill, given("F", 5, 0.5, told))

    assert store.rows("F")[1].quality == code


def test_a_bad_sample_may_be_without_value(backfill: Backfill, store: MemoryHistoryStore) -> None:
    assert take(backfill, given("F", 5, None, "BAD")).accepted == 1


def test_a_tag_that_was_removed_is_known_by_its_history(backfill: Backfill, store: MemoryHistoryStore) -> None:
    store.append([Row("GONE", DataType.INT, T0 * S, 1, 0)], 0)

    assert take(backfill, given("GONE", 5, 2)).accepted == 1


def test_many_rows_are_stored_in_parts(backfill: Backfill, store: MemoryHistoryStore) -> None:
    report = take(backfill, *(given("I", i / 100, i) for i in range(5_000)))

    assert (report.accepted, len(store.rows("I"))) == (5_000, 5_000)
    assert max(store.batches) <= 2_000


def test_an_end_in_the_future_is_refused(backfill: Backfill) -> None:
    with pytest.raises(InvalidValueError, match="lies in the future"):
        take(backfill, given("F", 5, 1.0), end=T0 + 1_000.0)
