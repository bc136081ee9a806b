"""Blocks, batches and rollups as bytes, and what packing makes of samples in any order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from automation.model.errors import DataRefusedError, StorageError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.packing import pack, pack_batch, unpack, unpack_batch
from automation.observers.historian.queries.columns import TIERS, Columns, Rollup
from automation.observers.historian.rolled_packing import pack_rollups, unpack_rollups
from automation.observers.historian.rolling import joined, rollup_of, rollups_of, spans
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.observers.historian.tables import read_rollups, samples_table, tags_table
from automation.storage.database import Database
from automation.testing.contracts.history import buckets

T0 = 1_800_000_000_000_000
GOOD, BAD = int(Quality.GOOD), int(Quality.BAD_NO_COMMUNICATION)
QUALITIES = st.sampled_from((GOOD, GOOD, GOOD, int(Quality.UNCERTAIN), BAD))
VALUES = st.one_of(
    st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**70), 2**70), st.booleans(), st.text(max_size=9)
)


def columns_of(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Columns]:
    sample = st.tuples(st.integers(-(2**40), 2**40), values, QUALITIES)
    samples = st.lists(sample, min_size=1, max_size=50, unique_by=lambda one: one[0])
    return samples.map(lambda found: Columns(*map(list, zip(*sorted(found, key=lambda one: one[0]), strict=True))))  # type: ignore[arg-type]


def same(one: Columns, other: Columns) -> bool:
    kinds = [list(map(type, columns.value)) for columns in (one, other)]
    return (list(one.time), list(one.value), list(one.quality)) == (
        list(other.time),
        list(other.value),
        list(other.quality),
    ) and kinds[0] == kinds[1]


@given(st.one_of(columns_of(VALUES), columns_of(st.floats(-1e9, 1e9)), columns_of(st.one_of(st.none(), st.integers(-9, 9)))))
def test_a_block_gives_back_what_was_packed(columns: Columns) -> None:
    assert same(unpack(pack(columns)), columns)


@given(columns_of(VALUES), st.data())
def test_a_batch_gives_back_what_was_packed(columns: Columns, data: st.DataObject) -> None:
    ids = [data.draw(st.integers(1, 2**31 - 1)) for _ in columns.time]
    found_ids, *rest = unpack_batch(pack_batch(ids, columns.time, columns.value, columns.quality))
    assert found_ids == ids
    assert same(Columns(*rest), columns)  # type: ignore[arg-type]


@given(st.one_of(columns_of(VALUES), columns_of(st.floats(-1e9, 1e9)), columns_of(st.booleans()), columns_of(st.integers(-9, 9))))
def test_rollups_give_back_what_was_packed(columns: Columns) -> None:
    rows = [rollup_of(start, part) for start, part in spans(columns, TIERS[1])]
    found = unpack_rollups(rows[0].start, TIERS[1], pack_rollups(rows))

    assert list(found) == rows
    assert [row.start for row in rows] == list(found.starts)
    assert found[-1] == rows[-1]
    assert [type(row.known[0]) for row in found] == [type(row.known[0]) for row in rows]


@given(st.one_of(columns_of(VALUES), columns_of(st.floats(-1e3, 1e3)), columns_of(st.integers(-9, 9))))
def test_rollups_made_together_are_those_made_one_by_one(columns: Columns) -> None:
    expected = [rollup_of(start, part) for start, part in spans(columns, TIERS[0])]
    found = rollups_of(columns, TIERS[0])

    assert len(found) == len(expected)
    assert all(map(close, found, expected))


def test_rollups_of_values_beyond_what_can_be_squared_are_kept(store: SqlHistoryStore) -> None:
    values = [1e300, -1e300, 1.7e308, 1.7e308]
    store.append([row(T0 + i * 7_000_000, value) for i, value in enumerate(values)], 0)
    store.append([row(T0 + 40_000_000, 1e300, int(Quality.UNCERTAIN)), row(T0 + 41_000_000, 1e300), row(T0 + 60_000_000)], 0)
    store.compact_all()

    assert [one.good.high for one in rollups(store, TIERS[0]) if one.good] == [1e300, 1.7e308, 1.7e308, 1e300]
    assert buckets(store, "T", T0 / 1e6, T0 / 1e6 + 61, 1).max == [1.7e308]


@pytest.mark.parametrize("data", [b"", b"x", pack(Columns([1], [2.0], [0]))[:-1], b"\x09" + pack(Columns([1], [2.0], [0]))[1:]])
def test_a_damaged_block_is_told(data: bytes) -> None:
    with pytest.raises(StorageError, match="history"):
        unpack(data)


def close(one: Rollup, other: Rollup) -> bool:
    for mine, yours in ((one.good, other.good), (one.uncertain, other.uncertain)):
        if (mine is None) is not (yours is None):
            return False
        if mine is not None and yours is not None:
            floats = ("total", "spread", "weighted")
            if any(getattr(mine, f) != pytest.approx(getattr(yours, f), rel=1e-6, abs=1e-3) for f in floats):
                return False
            if any(getattr(mine, f) != getattr(yours, f) for f in mine._fields if f not in floats):
                return False
    return one._replace(good=None, uncertain=None) == other._replace(good=None, uncertain=None)


@given(columns_of(st.floats(-1e3, 1e3)))
def test_rollups_of_longer_spans_are_the_same_from_shorter_ones_and_from_samples(columns: Columns) -> None:
    for place in range(1, len(TIERS)):
        for start, part in spans(columns, TIERS[place]):
            rows = [rollup_of(at, one) for at, one in spans(part, TIERS[place - 1])]
            assert close(joined(start, rows), rollup_of(start, part))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlHistoryStore]:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    yield SqlHistoryStore(database)
    database.close()


def row(time: int, value: Value = 1.0, quality: int = GOOD, tag: str = "T") -> Row:
    return Row(tag, DataType.FLOAT, time, value, quality)


def rollups(store: SqlHistoryStore, tier: int) -> list[Rollup]:
    return [one for rolled in store.rollups("T", tier, 0, 2**62) for one in rolled]


# Seconds in any order, some of them close together, some days apart, in appends between which everything is packed or not.
STEPS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(
                st.one_of(st.integers(0, 120), st.integers(0, 200_000)), st.one_of(st.none(), st.floats(-1e3, 1e3)), QUALITIES
            ),
            max_size=12,
        ),
        st.booleans(),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS)
@example([([(second, 0.0 if second == 40 else None, 0) for second in (10, 30, 40, 50, 90, 100)], False)])
def test_whatever_the_order_the_samples_and_their_rollups_are_those_of_the_first_of_each_instant(
    store: SqlHistoryStore, steps: list[tuple[list[tuple[int, float | None, int]], bool]]
) -> None:
    store.forget_all()
    first: dict[int, tuple[float | None, int]] = {}
    for samples, packed in steps:
        for second, value, quality in samples:
            first.setdefault(T0 + second * 1_000_000, (value, quality))
        store.append([row(T0 + second * 1_000_000, value, quality) for second, value, quality in samples], 0)
        if packed:
            store.compact_all()
    expected = Columns(sorted(first), [first[t][0] for t in sorted(first)], [first[t][1] for t in sorted(first)])

    assert same(store.columns("T", 0, 2**62, 10**6), expected)
    store.compact_all()
    assert same(store.columns("T", 0, 2**62, 10**6), expected)
    for tier in TIERS:
        ended = [(at, one) for at, one in spans(expected, tier) if at < expected.time[-1] // tier * tier]
        found = rollups(store, tier)
        assert [one.start for one in found] == [at for at, _ in ended]
        for one, (at, part) in zip(found, ended, strict=True):
            assert close(one, rollup_of(at, part)), (one, rollup_of(at, part))


def test_after_a_restart_packing_goes_on_where_it_was(store: SqlHistoryStore) -> None:
    for minute in range(200):
        store.append([row(T0 + minute * 60_000_000 + second * 1_000_000, float(second)) for second in range(0, 60, 20)], 0)
        if minute % 7 == 0:
            store.compact_all()
            store = SqlHistoryStore(store._database)
    store.compact_all()
    every = store.columns("T", 0, 2**62, 10**6)
    for tier in TIERS[:4]:
        expected = [rollup_of(at, part) for at, part in spans(every, tier) if at < every.time[-1] // tier * tier]
        found = rollups(store, tier)
        assert len(found) == len(expected)
        assert all(close(one, other) for one, other in zip(found, expected, strict=True))


def test_much_that_waits_of_one_tag_is_packed_in_steps_and_found_at_each(
    store: SqlHistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.observers.historian.sql._STEP_SAMPLES", 7)
    store.append([row(T0 + 500_000_000, 1.0)], 0)
    store.compact_all()
    given = [row(T0 + (i * 37 % 50) * 10_000_000, float(i)) for i in range(60)]  # the last ten are of instants that are there
    store.append([*given, row(T0 + 600_000_000, 2.0), *(row(T0 + i, 3.0, tag="U") for i in range(9))], 0)
    whole = store.columns("T", 0, 2**62, 999)
    assert len(whole) == 52

    steps = 0
    while store.compact(1e12) and store._pending.sealed is not None:
        steps += 1
        assert store.columns("T", 0, 2**62, 999) == whole
        assert len(store.columns("U", 0, 2**62, 999)) == 9
    assert steps >= 8
    assert SqlHistoryStore(store._database).columns("T", 0, 2**62, 999) == whole
    assert sum(one.samples for one in rollups(store, TIERS[0])) == 51, "but for the newest, whose span has not ended"


def test_much_of_one_tag_is_packed_at_once_and_goes_on(store: SqlHistoryStore) -> None:
    store.append_columns("T", DataType.FLOAT, Columns([T0 + i * 1_000_000 for i in range(3_000)], [1] * 3_000, [0] * 3_000))
    store.append([row(T0 + i * 1_000_000, 2.0) for i in range(2_990, 3_010)], 0)
    store.compact_all()
    store.append_columns("T", DataType.FLOAT, Columns([T0 + 4_000_000_000], [3.0], [0]))

    found = store.columns("T", 0, 2**62, 10**6)
    assert list(found.value) == [1.0] * 3_000 + [2.0] * 10 + [3.0]
    assert {type(value) for value in found.value} == {float}
    assert sum(one.samples for one in rollups(store, TIERS[1])) == 3_010


def test_of_one_instant_what_waits_stays_when_much_of_its_tag_is_packed_at_once(store: SqlHistoryStore) -> None:
    store.append([row(T0 + 5, 5.0)], 0)
    store.append_columns("T", DataType.FLOAT, Columns([T0 + i for i in range(9)], [1.0] * 9, [0] * 9))

    assert list(store.columns("T", 0, 2**62, 99).value) == [1.0] * 5 + [5.0] + [1.0] * 3


def test_much_that_no_database_holds_is_refused_and_nothing_is_kept(store: SqlHistoryStore) -> None:
    with pytest.raises(DataRefusedError):
        store.append_columns("T", DataType.FLOAT, Columns([T0, 2**64], [1.0, 1.0], [0, 0]))

    assert not store.knows("T")


def test_rollups_that_come_few_at_a_time_come_into_one_row_at_last(store: SqlHistoryStore) -> None:
    for minute in range(50):
        store.append([row(T0 + minute * 60_000_000 + second * 1_000_000) for second in range(0, 60, 10)], 0)
        store.compact_all()
    with store._database.begin() as connection:
        counts = connection.exec_driver_sql("SELECT count(*) FROM history_rolled WHERE tier = 10 GROUP BY start / 1200000000")
        found = [row[0] for row in counts]

    assert found[:2] == [1, 1]
    assert len(rollups(store, TIERS[0])) == 299


def test_what_another_process_appends_is_read_before_and_after_it_is_packed(store: SqlHistoryStore) -> None:
    reader = SqlHistoryStore(store._database)
    store.append([row(T0), row(T0 + 1)], 0)
    assert list(reader.columns("T", 0, 2**62, 9).time) == [T0, T0 + 1]
    store.compact_all()
    store.append([row(T0 + 2)], 0)
    assert list(reader.columns("T", 0, 2**62, 9).time) == [T0, T0 + 1, T0 + 2]
    assert reader.before("T", T0 + 2) == (T0 + 1, 1.0, GOOD)


def test_packing_waits_until_there_is_enough_or_it_has_waited_long(store: SqlHistoryStore) -> None:
    assert store.compact(1000.0) is False
    store.append([row(T0)], 0)
    assert store.compact(1001.0) is False
    assert store.compact(1700.0) is True
    assert store.compact(1701.0) is False
    with store._database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM history_tail").scalar() == 0
        assert connection.exec_driver_sql("SELECT sum(samples) FROM history_blocks").scalar() == 1


def test_a_row_that_no_database_holds_is_refused_and_nothing_is_kept(store: SqlHistoryStore) -> None:
    with pytest.raises(DataRefusedError):
        store.append([row(T0), row(2**64)], 0)
    assert len(store.columns("T", 0, 2**62, 9)) == 0


def test_rows_of_an_earlier_version_are_read_and_packed_by_and_by(store: SqlHistoryStore) -> None:
    store.append([row(T0 + 5, 5.0)], 0)
    old = [{"tag_id": 1, "ts": T0 + i, "value": float(i), "text": None, "quality": GOOD} for i in range(5)]
    with store._database.begin() as connection:
        connection.execute(samples_table.insert(), old)
    again = SqlHistoryStore(store._database)
    assert list(again.columns("T", 0, 2**62, 9).value) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert again.rolled("T", TIERS[0]) is None

    while again.compact(0.0):
        pass

    assert list(again.columns("T", 0, 2**62, 9).value) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    with store._database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM history_samples").scalar() == 0
        assert read_rollups(connection, 1, TIERS[0], 0, 2**62) == []


def test_appending_packing_renaming_and_asking_at_once_lose_nothing(store: SqlHistoryStore) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def again(call: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                while not stop.is_set():
                    call()
            except BaseException as error:  # noqa: BLE001 - told by the test
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def ask() -> None:
        found = store.columns("T", 0, 2**62, 10**6).time
        assert list(found) == sorted(set(found))

    threads = [again(store.compact_all), again(lambda: (store.rename("A", "B"), store.rename("B", "A"))), again(ask)]
    try:
        for i in range(150):
            store.append([row(T0 + i * 1_000_000), row(T0 + i * 1_000_000, tag="A")], 0)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert len(store.columns("T", 0, 2**62, 10**6)) == 150
    both = {*store.columns("A", 0, 2**62, 10**6).time, *store.columns("B", 0, 2**62, 10**6).time}
    assert len(both) == 150


def test_the_ends_that_a_crash_left_open_are_closed_wherever_the_last_sample_is(store: SqlHistoryStore) -> None:
    store.append([row(T0, tag="PACKED"), row(T0, tag="BAD"), row(T0 + 1, None, BAD, tag="BAD")], T0 + 5)
    store.compact_all()
    store.append([row(T0 + 2, tag="WAITING"), row(T0 + 3, tag="PACKED")], T0 + 5)
    with store._database.begin() as connection:
        connection.execute(tags_table.insert(), [{"id": 99, "name": "OLD", "type": "float"}])
        connection.execute(samples_table.insert(), [{"tag_id": 99, "ts": T0, "value": 1.0, "text": None, "quality": GOOD}])

    again = SqlHistoryStore(store._database)
    again.close_ends(T0 + 10)

    ends = {tag: again.before(tag, 2**62) for tag in ("PACKED", "WAITING", "OLD", "BAD")}
    assert ends == {
        "PACKED": (T0 + 5, 1.0, BAD),
        "WAITING": (T0 + 5, 1.0, BAD),
        "OLD": (T0 + 5, 1.0, BAD),
        "BAD": (T0 + 1, None, BAD),
    }
