"""Questions of every mode over several tags."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from automation.model.errors import BudgetError, InvalidValueError
from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.answering import answer
from automation.observers.historian.queries.answers import Answer, Bounds, Buckets, Samples
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Point
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Mode, Question, question_of_text, question_text
from automation.testing.samples import MemorySamples

S = 1_000_000
T0 = 1_800_000_000 * S
GOOD, BAD = int(Quality.GOOD), int(Quality.BAD)


@pytest.fixture
def source() -> MemorySamples:
    """A: a ramp, one sample a second; B: a bool that toggles every 10 s; SILENT has nothing."""
    return MemorySamples(
        {
            "A": [Point(T0 + i * S, float(i), GOOD) for i in range(100)],
            "B": [Point(T0 + i * 10 * S, i % 2 == 1, GOOD) for i in range(10)],
        },
        T0 + 100 * S,
        {"B": DataType.BOOL},
    )


def question(mode: Mode, *tags: str, **more: Any) -> Question:
    return Question(**{"mode": mode, "tags": tags or ("A", "B"), "low": T0, "high": T0 + 100 * S, **more})


def ask(source: MemorySamples, asked: Question, budget: Budget | None = None) -> Answer:
    return answer(source, asked, Meter(budget or Budget()))


def seconds(series: Any) -> list[float]:
    return [(time - T0) / S for time in series.time]


def test_raw_pages_of_several_tags_go_on_until_all_are_told(source: MemorySamples) -> None:
    asked = question(Mode.RAW, limit=30, bounds=Bounds(before=True))
    found: dict[str, list[float]] = {"A": [], "B": []}
    pages = 0
    while True:
        page = ask(source, asked)
        for series in page.series:
            found[series.tag] += seconds(series)
        pages += 1
        if not page.next:
            break
        asked = replace(asked, token=page.next, low=0, high=1)

    assert pages == 4
    assert found == {"A": [float(i) for i in range(100)], "B": [i * 10.0 for i in range(10)]}


def test_a_token_keeps_its_range_and_refuses_other_tags(source: MemorySamples) -> None:
    token = ask(source, question(Mode.RAW, limit=30)).next

    with pytest.raises(InvalidValueError, match="belongs to another question"):
        ask(source, question(Mode.RAW, "B", "A", limit=30, token=token))


def test_several_tags_share_their_buckets(source: MemorySamples) -> None:
    a, b = ask(
        source, question(Mode.BUCKETS, count=2, aggregates=(Aggregate.MEAN, Aggregate.DURATION_IN_STATE), tags=("B", "B"))
    ).series

    assert isinstance(a, Buckets)
    assert (a.time, a.columns, a.states) == (b.time, {Aggregate.MEAN: [0.4, 0.6]}, {False: [30.0, 20.0], True: [20.0, 30.0]})


def test_buckets_of_a_step_begin_where_the_clock_of_the_zone_says(source: MemorySamples) -> None:
    (a,) = ask(source, question(Mode.BUCKETS, "A", step="1m", aggregates=(Aggregate.COUNT,))).series

    assert isinstance(a, Buckets)
    assert [time % (60 * S) for time in a.time] == [0] * len(a.time)
    assert sum(a.columns[Aggregate.COUNT]) == 100  # type: ignore[arg-type]


def test_interpolated_tags_lie_on_one_time_base(source: MemorySamples) -> None:
    found = ask(source, question(Mode.INTERPOLATED, low=T0 + 2 * S, step="2.5", linear=True))
    a, b = found.series

    assert isinstance(a, Samples)
    assert isinstance(b, Samples)
    assert list(a.time) == list(b.time) == list(found.time or ())
    assert [time % (2.5 * S) for time in a.time] == [0.0] * len(a.time)
    assert a.value[:3] == [2.5, 5.0, 7.5]
    assert set(b.value) == {True, False}


def test_a_table_comes_in_pages_of_rows(source: MemorySamples) -> None:
    asked = question(Mode.TABLE, step="10s", limit=4)
    rows: list[tuple[float, object, object]] = []
    while True:
        page = ask(source, asked)
        a, b = page.series
        assert isinstance(a, Samples)
        assert isinstance(b, Samples)
        rows += zip(seconds(a), a.value, b.value, strict=True)
        if not page.next:
            break
        asked = replace(asked, token=page.next)

    assert rows == [(i * 10.0, i * 10.0, i % 2 == 1) for i in range(10)]


def test_a_table_of_equal_parts_comes_in_pages_too(source: MemorySamples) -> None:
    asked = question(Mode.TABLE, "A", count=10, limit=7)
    first = ask(source, asked)
    rest = ask(source, replace(asked, token=first.next))

    assert [*seconds(first.series[0]), *seconds(rest.series[0])] == [i * 10.0 for i in range(10)]
    assert rest.next == ""


def test_values_at_one_instant_are_told_of_many_tags(source: MemorySamples) -> None:
    a, b, silent = ask(source, question(Mode.AT, "A", "B", "SILENT", low=T0 + 25_500_000, high=T0 + 25_500_001)).series

    assert [one.value for one in (a, b, silent) if isinstance(one, Samples)] == [[25.0], [False], [None]]
    assert list(silent.quality) == [int(Quality.BAD_WAITING_FOR_INITIAL_DATA)]


def test_a_plot_of_little_is_what_was_recorded(source: MemorySamples) -> None:
    (a,) = ask(source, question(Mode.PLOT, "A", low=T0 + 10 * S, high=T0 + 20 * S, width=100)).series

    assert isinstance(a, Samples)
    assert (a.method, seconds(a), a.before, a.after) == ("raw", [float(i) for i in range(9, 21)], True, True)


@pytest.mark.parametrize("method", ["minmax", "lttb"])
def test_a_plot_of_much_is_down_sampled(source: MemorySamples, method: str) -> None:
    (a,) = ask(source, question(Mode.PLOT, "A", width=5, method=method)).series

    assert isinstance(a, Samples)
    assert a.method == method
    assert len(a.time) <= 20
    assert (a.value[0], a.value[-1]) == (0.0, 99.0)


def test_a_step_that_does_not_fit_the_range_is_refused(source: MemorySamples) -> None:
    with pytest.raises(InvalidValueError, match="no step of 1d begins in the range"):
        ask(source, question(Mode.INTERPOLATED, step="1d"))


def test_steps_that_are_too_many_are_refused_before_they_are_made(source: MemorySamples) -> None:
    with pytest.raises(BudgetError, match="the answer would have 200000000 points"):
        ask(source, question(Mode.BUCKETS, step="1ms", low=T0 - 99_900 * S, aggregates=(Aggregate.MIN,)), Budget(points=1_000))


def test_a_question_goes_to_another_process_and_is_the_same_there() -> None:
    asked = question(
        Mode.BUCKETS, aggregates=(Aggregate.MEAN, Aggregate.DELTA), step="1d", zone="Europe/Berlin", bounds=Bounds(after=True)
    )

    assert question_of_text(json.loads(json.dumps(question_text(asked)))) == asked


def test_a_plot_of_a_long_range_is_made_of_rollups(source: MemorySamples) -> None:
    spiky = MemorySamples(
        {"A": [Point(T0 + i * S, 99.0 if i == 7_777 else float(i % 7), GOOD) for i in range(20_000)]}, T0 + 20_000 * S
    )
    spiky.rolled_range = (T0, T0 + 20_000 * S)
    meter = Meter(Budget())

    (a,) = answer(spiky, question(Mode.PLOT, "A", low=T0 + 3 * S, high=T0 + 20_000 * S, width=50), meter).series

    assert isinstance(a, Samples)
    assert a.method == "minmax"
    assert len(a.time) <= 4 * 50 + 2
    assert list(a.time) == sorted(a.time)
    assert max(a.value) == 99.0  # type: ignore[type-var]
    assert meter.samples < 1_000


def test_a_plot_made_of_rollups_keeps_its_breaks() -> None:
    given = [Point(T0 + i * S, 1.0, GOOD) for i in range(5_000)]
    given += [Point(T0 + 5_000 * S, None, BAD), *(Point(T0 + i * S, 2.0, GOOD) for i in range(9_000, 14_000))]
    broken = MemorySamples({"A": given}, T0 + 14_000 * S)
    broken.rolled_range = (T0, T0 + 14_000 * S)

    (a,) = ask(broken, question(Mode.PLOT, "A", high=T0 + 14_000 * S, width=100)).series

    assert isinstance(a, Samples)
    place = a.value.index(None)
    assert a.quality[place] == BAD
    assert (set(a.value[:place]), set(a.value[place + 1 :])) == ({1.0}, {2.0})
