"""Aggregates, held against pandas on random data with gaps and bad quality."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.errors import BudgetError, InvalidValueError
from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries import rollups
from automation.observers.historian.queries.aggregates import STATES_MAX, aggregate
from automation.observers.historian.queries.answers import Buckets
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Point
from automation.observers.historian.queries.edges import Edges, equal
from automation.observers.historian.queries.fold import Aggregate
from automation.testing.samples import MemorySamples

TICK = 100_000  # microseconds; every time of the random data is a whole number of these
GOOD, UNCERTAIN, BAD = int(Quality.GOOD), int(Quality.UNCERTAIN), int(Quality.BAD_NO_COMMUNICATION)
ALL = tuple(one for one in Aggregate if one is not Aggregate.DURATION_IN_STATE)
S = 1_000_000

points = st.lists(
    st.builds(
        Point,
        st.integers(-20, 120).map(lambda ticks: ticks * TICK),
        st.one_of(st.none(), st.floats(-1e6, 1e6)),
        st.sampled_from((GOOD, GOOD, GOOD, int(Quality.GOOD_LOCAL_OVERRIDE), UNCERTAIN, UNCERTAIN, BAD)),
    ),
    max_size=60,
    unique_by=lambda point: point.time,
)
edges = st.lists(st.integers(0, 100), min_size=2, max_size=12, unique=True).map(
    lambda some: Edges([tick * TICK for tick in sorted(some)[:-1]], max(some) * TICK)
)


def ask(
    given: Sequence[Point], cut: Edges, *wanted: Aggregate, until: int = 200 * TICK, kind: DataType = DataType.FLOAT
) -> Buckets:
    source = MemorySamples({"T": given}, until, {"T": kind})
    return aggregate(source, "T", cut, wanted, Meter(Budget()))


def expected(given: Sequence[Point], cut: Edges, until: int) -> list[dict[str, object]]:
    """The same with pandas: samples grouped by bucket, and the step function looked at once in every tick."""
    samples = pd.DataFrame(sorted(given), columns=["time", "value", "quality"]).astype({"time": "int64", "value": "float64"})
    ticks = pd.DataFrame({"tick": range(cut.start, cut.end, TICK)})
    held = pd.merge_asof(ticks, samples, left_on="tick", right_on="time")
    reach = held["time"].clip(lower=until)
    bad = held["quality"].isna() | (held["quality"] >= int(Quality.BAD)) | (held["tick"] >= reach)
    held["good"] = ~bad & (held["quality"] < UNCERTAIN)
    held["known"] = ~bad
    return [_bucket(samples, held, cut.starts[i], cut.end_of(i), until) for i in range(len(cut))]


def _bucket(samples: pd.DataFrame, held: pd.DataFrame, low: int, high: int, until: int) -> dict[str, object]:
    inside = samples[(samples["time"] >= low) & (samples["time"] < high)]
    before = samples[samples["time"] < low].tail(1)
    holds = len(before) == 1 and before["quality"].iloc[0] < int(Quality.BAD) and low <= max(until, before["time"].iloc[0])
    valued = inside[inside["value"].notna()]
    best = valued[valued["quality"] < UNCERTAIN]["value"]
    if best.empty:
        best = valued[valued["quality"] < int(Quality.BAD)]["value"]
    if inside.empty and holds:
        best = before["value"].dropna()
    ticks = held[(held["tick"] >= low) & (held["tick"] < high)]
    over = ticks[ticks["good"] & ticks["value"].notna()]["value"]
    if over.empty:
        over = ticks[ticks["known"] & ticks["value"].notna()]["value"]
    line = [*(before["value"].dropna() if holds else ()), *valued[valued["quality"] < int(Quality.BAD)]["value"]]
    return {
        "min": best.min(),
        "max": best.max(),
        "mean": best.mean(),
        "stddev": math.nan if inside.empty else best.std(),
        "first": best.iloc[0] if len(best) else math.nan,
        "last": best.iloc[-1] if len(best) else math.nan,
        "count": len(inside),
        "time_weighted_mean": over.mean(),
        "duration_good": ticks["good"].sum() * TICK / S,
        "percent_good": 100.0 * ticks["good"].mean(),
        "delta": line[-1] - line[0] if line else math.nan,
    }


@settings(deadline=None)
@given(given=points, cut=edges, until=st.integers(-10, 120))
def test_every_aggregate_equals_the_one_of_pandas(given: list[Point], cut: Edges, until: int) -> None:
    found = ask(given, cut, *ALL, until=until * TICK)

    for i, bucket in enumerate(expected(given, cut, until * TICK)):
        for name, value in bucket.items():
            told = found.columns[Aggregate(name)][i]
            if pd.isna(value):
                assert told is None, (name, i)
            else:
                assert told == pytest.approx(value, rel=1e-9, abs=1e-6), (name, i)


@settings(deadline=None)
@given(given=points, cut=edges, complete=st.tuples(st.integers(-5, 40), st.integers(30, 110)))
def test_what_rollups_give_is_what_the_samples_give(given: list[Point], cut: Edges, complete: tuple[int, int]) -> None:
    source = MemorySamples({"T": given}, 120 * TICK)
    whole = aggregate(source, "T", cut, ALL, Meter(Budget()))
    source.rolled_range = (complete[0] * TICK, complete[1] * TICK)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollups, "TIERS", (2 * TICK, 6 * TICK, 12 * TICK))
        patch.setattr(rollups, "_PAGE_LEAST", 1)
        found = aggregate(source, "T", cut, ALL, Meter(Budget()))

    assert found.quality == whole.quality
    for name in ALL:
        for told, right in zip(found.columns[name], whole.columns[name], strict=True):
            assert told == (right if right is None else pytest.approx(right, rel=1e-9, abs=1e-6)), name


def test_a_long_range_is_read_from_rollups_and_its_ends_from_samples() -> None:
    source = MemorySamples({"T": [Point(i * S, float(i % 100), GOOD) for i in range(20_000)]}, 20_000 * S)
    whole = aggregate(source, "T", Edges([7 * S], 19_993 * S), ALL, Meter(Budget()))
    source.rolled_range, source.touched = (0, 20_000 * S), 0
    meter = Meter(Budget())

    found = aggregate(source, "T", Edges([7 * S], 19_993 * S), ALL, meter)

    assert found.columns == {name: pytest.approx(column) for name, column in whole.columns.items()}
    assert meter.samples < 300


def test_states_are_read_from_samples() -> None:
    source = MemorySamples({"T": [Point(i * S, i % 2, GOOD) for i in range(100)]}, 100 * S, {"T": DataType.ENUM})
    source.rolled_range = (0, 100 * S)

    aggregate(source, "T", equal(0, 100 * S, 1), (Aggregate.DURATION_IN_STATE,), Meter(Budget()))

    assert (source.rollup_reads, source.touched) == (0, 100)


def test_a_value_holds_until_the_next_sample_and_a_bad_one_ends_it() -> None:
    given = [Point(0, 10.0, GOOD), Point(4 * S, 20.0, GOOD), Point(6 * S, None, BAD)]

    found = ask(given, Edges([0, 8 * S], 16 * S), *ALL)

    assert found.columns[Aggregate.TIME_WEIGHTED_MEAN] == [pytest.approx(80 / 6), None]
    assert found.columns[Aggregate.DURATION_GOOD] == [6.0, 0.0]
    assert found.columns[Aggregate.PERCENT_GOOD] == [75.0, 0.0]
    assert found.columns[Aggregate.COUNT] == [3, 0]
    assert list(found.quality) == [BAD, BAD]


def test_the_end_of_the_record_ends_what_is_known() -> None:
    found = ask([Point(0, 10.0, GOOD)], Edges([0, 10 * S, 20 * S], 30 * S), Aggregate.DURATION_GOOD, Aggregate.LAST, until=14 * S)

    assert found.columns[Aggregate.DURATION_GOOD] == [10.0, 4.0, 0.0]
    assert found.columns[Aggregate.LAST] == [10.0, 10.0, None]
    assert list(found.quality) == [GOOD, GOOD, int(Quality.BAD_WAITING_FOR_INITIAL_DATA)]


def test_a_text_has_a_first_and_a_last_but_no_numbers() -> None:
    given = [Point(0, "on", GOOD), Point(S, "off", GOOD)]

    found = ask(given, equal(0, 4 * S, 2), *ALL, kind=DataType.STRING)

    assert found.columns[Aggregate.FIRST] == ["on", "off"]
    assert found.columns[Aggregate.LAST] == ["off", "off"]
    assert found.columns[Aggregate.MEAN] == found.columns[Aggregate.TIME_WEIGHTED_MEAN] == [None, None]
    assert found.columns[Aggregate.DURATION_GOOD] == [2.0, 2.0]


@pytest.mark.parametrize(("kind", "on", "off"), [(DataType.BOOL, True, False), (DataType.ENUM, 1, 0)])
def test_durations_in_state_are_told_for_every_value(kind: DataType, on: object, off: object) -> None:
    given = [Point(0, on, GOOD), Point(3 * S, off, UNCERTAIN), Point(8 * S, None, BAD), Point(9 * S, on, GOOD)]  # type: ignore[arg-type]

    found = ask(given, equal(0, 10 * S, 2), Aggregate.DURATION_IN_STATE, kind=kind)

    assert found.states == {off: [2.0, 3.0], on: [3.0, 1.0]}


def test_a_float_has_no_states() -> None:
    with pytest.raises(InvalidValueError, match="duration_in_state of T: a float has no states"):
        ask([Point(0, 1.0, GOOD)], equal(0, S, 1), Aggregate.DURATION_IN_STATE)


def test_too_many_states_are_refused() -> None:
    given = [Point(i, i, GOOD) for i in range(STATES_MAX + 2)]

    with pytest.raises(BudgetError, match="duration_in_state of T: it has more than 100 different values"):
        ask(given, equal(0, S, 1), Aggregate.DURATION_IN_STATE, kind=DataType.INT)


def test_deltas_of_buckets_side_by_side_add_up() -> None:
    given = [Point(i * S, float(i * i), GOOD) for i in range(100)]

    found = ask(given, equal(0, 100 * S, 7), Aggregate.DELTA, until=100 * S).columns[Aggregate.DELTA]

    assert sum(found) == 99.0**2  # type: ignore[arg-type]


def test_a_bucket_of_several_pages_is_the_same_as_one_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [Point(i * TICK, float(i % 17), (GOOD, GOOD, UNCERTAIN, BAD)[i % 4]) for i in range(95)]
    whole = ask(given, equal(0, 100 * TICK, 3), *ALL)
    monkeypatch.setattr("automation.observers.historian.queries.columns.PAGE", 7)

    paged = ask(given, equal(0, 100 * TICK, 3), *ALL)

    assert paged.quality == whole.quality
    for name in ALL:
        assert paged.columns[name] == pytest.approx(whole.columns[name]), name


def test_more_samples_than_the_budget_are_refused_with_what_to_do() -> None:
    source = MemorySamples({"T": [Point(i, 1.0, GOOD) for i in range(11)]}, S)

    with pytest.raises(BudgetError, match=r"more than 10 raw samples .* choose a shorter range, fewer tags, or coarser buckets"):
        aggregate(source, "T", equal(0, S, 1), (Aggregate.MEAN,), Meter(Budget(samples=10)))


def test_more_points_than_the_budget_are_refused_before_anything_is_read() -> None:
    source = MemorySamples({"T": [Point(0, 1.0, GOOD)]}, S)

    with pytest.raises(BudgetError, match=r"would have 20 points or more, and may have 19; choose a larger step"):
        aggregate(source, "T", equal(0, S, 10), (Aggregate.MIN, Aggregate.MAX), Meter(Budget(points=19)))
    assert source.reads == 0


def test_a_question_that_takes_too_long_is_refused() -> None:
    source = MemorySamples({"T": [Point(0, 1.0, GOOD)]}, S)

    with pytest.raises(BudgetError, match="takes longer than 5 s"):
        aggregate(source, "T", equal(0, S, 1), (Aggregate.MEAN,), Meter(Budget(seconds=5.0), lambda: 5.1))


def test_a_range_longer_than_the_budget_is_refused() -> None:
    with pytest.raises(BudgetError, match="the range is 2 days long, and a question may span 1"):
        Meter(Budget(days=1.0)).span(0, 2 * 86_400 * S)
