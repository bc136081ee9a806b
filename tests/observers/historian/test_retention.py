"""The end of old history, on every database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from automation.model.event import Event
from automation.model.keeping import KeepGroup, Keeping
from automation.model.tag import DataType
from automation.observers.historian.moving import move_history
from automation.observers.historian.queries.answering import answer
from automation.observers.historian.queries.answers import Answer, Buckets, Samples
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.retention import HistoryRetention
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.databases import DIALECTS, scratch_database
from automation.testing.history_days import DAY, DAY_0, days_of

pytestmark = pytest.mark.contract

S = 1_000_000
NOW = (DAY_0 + 6 * DAY) / S + 3_600.0  # an hour into the seventh day
KEEPING = Keeping(days={"raw": 2, "10s": 3, "1m": 4})


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlHistoryStore]:
    with scratch_database(getattr(request, "param", "sqlite"), tmp_path) as url:
        database = Database(url)
        database.migrate("history")
        store = SqlHistoryStore(database)
        for day in range(6):
            record(store, days_of("A", 1, day), days_of("B", 1, day))
        yield store
        database.close()


def record(store: SqlHistoryStore, *parts: Sequence[Row]) -> None:
    rows = [row for part in parts for row in part]
    store.append(rows, rows[-1].time)
    store.compact_all()


def ask(store: SqlHistoryStore, **asked: object) -> Answer:
    question = Question(**{"tags": ("A",), "low": DAY_0, "high": DAY_0 + 6 * DAY, **asked})  # type: ignore[arg-type]
    return answer(StoreReads(store), question, Meter(Budget()))


def times(store: SqlHistoryStore, tag: str = "A") -> Sequence[int]:
    return store.columns(tag, DAY_0, DAY_0 + 7 * DAY, 100_000).time


def buckets(store: SqlHistoryStore, step: str) -> Buckets:
    found = ask(store, mode=Mode.BUCKETS, step=step, aggregates=(Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.COUNT))
    assert isinstance(found.series[0], Buckets)
    return found.series[0]


def run(store: SqlHistoryStore, keeping: Keeping = KEEPING, now: float = NOW) -> list[Event]:
    told: list[Event] = []
    retention = HistoryRetention(store, keeping, told.append)
    while retention.step(now) <= now:
        pass
    return told


@pytest.mark.parametrize("store", DIALECTS, indirect=True)
def test_what_is_older_than_declared_is_gone_by_tier_and_coarse_figures_stay_as_they_were(store: SqlHistoryStore) -> None:
    before = buckets(store, "6h")

    told = run(store)

    assert store.kept_from("A") == DAY_0 + 4 * DAY
    # The last sample before the beginning is there, with its block, so that the value that holds is known.
    assert times(store)[0] <= DAY_0 + 4 * DAY < times(store)[-1]
    assert len(times(store)) == 3 * 144, "two days, and the block of the day before"
    starts = [store.rollups("A", tier * S, DAY_0, DAY_0 + 6 * DAY)[0][0].start for tier in (10, 60, 600)]
    assert starts == [DAY_0 + 3 * DAY, DAY_0 + 2 * DAY, DAY_0]
    after = buckets(store, "6h")
    assert after.columns[Aggregate.COUNT] == before.columns[Aggregate.COUNT]
    assert after.columns[Aggregate.MEAN] == pytest.approx(before.columns[Aggregate.MEAN])
    assert after.columns[Aggregate.MIN] == before.columns[Aggregate.MIN]
    assert after.quality == before.quality
    assert after.kept_from == DAY_0 + 4 * DAY
    assert [event.kind for event in told] == ["history.removed"]


def test_where_samples_are_gone_a_line_is_made_of_what_is_left(store: SqlHistoryStore) -> None:
    run(store)

    found = ask(store, mode=Mode.PLOT, low=DAY_0 + S, high=DAY_0 + 7_200 * S, width=500).series[0]

    assert isinstance(found, Samples)
    assert len(found.time) >= 40, "two hours in steps of ten minutes, four points each"
    assert all(DAY_0 <= time < DAY_0 + 7_200 * S for time in found.time)
    assert min(value for value in found.value if value is not None) == 0.0
    assert found.kept_from == DAY_0 + 4 * DAY


def test_the_value_that_held_is_told_by_rollups_where_samples_are_gone(store: SqlHistoryStore) -> None:
    noon = DAY_0 + DAY // 2
    expected = store.before("A", noon)

    run(store)

    assert store.before("A", noon) == expected
    assert store.before("A", DAY_0) is None


def test_a_sample_that_comes_when_its_time_is_gone_changes_nothing(store: SqlHistoryStore) -> None:
    run(store)
    before = buckets(store, "6h")

    store.append([Row("A", DataType.FLOAT, DAY_0 + 7, 1e9, 0), Row("A", DataType.FLOAT, DAY_0 + 5 * DAY + 7, 20.0, 0)], 0)
    store.compact_all()

    after = buckets(store, "6h")
    assert after.columns[Aggregate.MAX] == before.columns[Aggregate.MAX]
    assert sum(after.columns[Aggregate.COUNT]) == sum(before.columns[Aggregate.COUNT]) + 1  # type: ignore[arg-type]


def test_groups_end_on_their_own_day_and_a_tag_that_stopped_keeps_its_last(store: SqlHistoryStore) -> None:
    record(store, days_of("LAB.OLD", 1))
    record(store, days_of("LAB.OLD", 1, 1))

    run(store, Keeping(days={"raw": 3}, groups=(KeepGroup(name="lab", tags=("LAB.*", "B"), days={"raw": 1}),)))

    assert [store.kept_from(tag) for tag in ("A", "B", "LAB.OLD")] == [DAY_0 + 3 * DAY, DAY_0 + 5 * DAY, DAY_0 + DAY]
    assert times(store, "LAB.OLD")[-1] == days_of("LAB.OLD", 1, 1)[-1].time


def test_a_second_look_on_the_same_day_does_nothing_and_the_next_is_at_midnight(store: SqlHistoryStore) -> None:
    told: list[Event] = []
    retention = HistoryRetention(store, KEEPING, told.append)
    while (again := retention.step(NOW)) <= NOW:
        pass

    assert again == (DAY_0 + 7 * DAY) / S
    assert retention.step(NOW + 60.0) == again
    assert len(told) == 1
    assert run(store) == []


def test_a_tag_goes_on_after_its_beginning_was_removed(store: SqlHistoryStore) -> None:
    run(store)
    record(store, days_of("A", 1, 6), days_of("A", 1, 7)[:1])

    (day,) = (
        row for part in store.rollups("A", DAY, DAY_0 + 6 * DAY, DAY_0 + 7 * DAY) for row in part if row.start == DAY_0 + 6 * DAY
    )
    assert (day.samples, day.good.low if day.good else None) == (144, 0.0)


@pytest.mark.parametrize("store", DIALECTS, indirect=True)
def test_a_rename_onto_an_old_name_keeps_the_coarse_figures_of_both(store: SqlHistoryStore) -> None:
    for day in range(3):
        record(store, days_of("OLD", 1, day))
    run(store, Keeping(days={"raw": 1}))
    expected = buckets(store, "6h").columns[Aggregate.COUNT]

    store.rename("A", "OLD")

    found = ask(store, tags=("OLD",), mode=Mode.BUCKETS, step="6h", aggregates=(Aggregate.COUNT,)).series[0]
    assert isinstance(found, Buckets)
    assert found.columns[Aggregate.COUNT] == expected


@pytest.mark.parametrize("store", DIALECTS, indirect=True)
def test_a_history_that_moves_takes_what_is_left_along(store: SqlHistoryStore, tmp_path: Path) -> None:
    run(store)
    target = Database(f"sqlite:///{tmp_path / 'moved.db'}")
    target.migrate("history")
    moved = SqlHistoryStore(target)

    move_history(store, moved, lambda part: None)

    assert moved.floors("A") == store.floors("A")
    assert times(moved) == times(store)
    assert buckets(moved, "6h") == buckets(store, "6h")
    target.close()
