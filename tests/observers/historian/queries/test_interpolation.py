from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Point
from automation.observers.historian.queries.interpolation import at_instants
from automation.testing.samples import MemorySamples

S = 1_000_000
GOOD, UNCERTAIN, BAD = int(Quality.GOOD), int(Quality.UNCERTAIN), int(Quality.BAD)
NOTHING = int(Quality.BAD_WAITING_FOR_INITIAL_DATA)


def ask(
    given: Sequence[Point], *seconds: float, until: int = 1_000 * S, kind: DataType = DataType.FLOAT, linear: bool = True
) -> list[tuple[object, int]]:
    source = MemorySamples({"T": given}, until, {"T": kind})
    found = at_instants(source, "T", [round(second * S) for second in seconds], Meter(Budget()), linear=linear)
    return [(point.value, point.quality) for point in found]


def test_a_float_lies_on_the_line_between_the_samples_around() -> None:
    given = [Point(0, 10.0, GOOD), Point(10 * S, 20.0, GOOD)]

    assert ask(given, 0, 2.5, 10) == [(10.0, GOOD), (12.5, GOOD), (20.0, GOOD)]


def test_a_neighbour_that_is_uncertain_makes_what_lies_between_uncertain() -> None:
    assert ask([Point(0, 10.0, GOOD), Point(10 * S, 20.0, UNCERTAIN)], 5) == [(15.0, UNCERTAIN)]


def test_no_line_is_drawn_across_an_outage() -> None:
    given = [Point(0, 10.0, GOOD), Point(4 * S, None, BAD), Point(8 * S, 20.0, GOOD)]

    assert ask(given, 2, 4, 6, 8) == [(10.0, UNCERTAIN), (None, BAD), (None, BAD), (20.0, GOOD)]


def test_after_the_last_sample_the_value_holds_as_uncertain_until_the_record_ends() -> None:
    assert ask([Point(0, 10.0, GOOD)], 3, 6, until=5 * S) == [(10.0, UNCERTAIN), (None, NOTHING)]


def test_before_the_first_sample_nothing_is_known() -> None:
    assert ask([Point(5 * S, 10.0, GOOD)], 3) == [(None, NOTHING)]


@pytest.mark.parametrize(
    ("kind", "low", "high"), [(DataType.INT, 1, 3), (DataType.BOOL, False, True), (DataType.STRING, "a", "b")]
)
def test_what_is_no_float_holds(kind: DataType, low: object, high: object) -> None:
    given = [Point(0, low, GOOD), Point(10 * S, high, GOOD)]  # type: ignore[arg-type]

    assert ask(given, 5, 10, kind=kind) == [(low, GOOD), (high, GOOD)]


def test_a_float_holds_when_steps_are_asked_for() -> None:
    assert ask([Point(0, 10.0, GOOD), Point(10 * S, 20.0, GOOD)], 5, linear=False) == [(10.0, GOOD)]


def test_far_apart_instants_do_not_read_all_between_them() -> None:
    source = MemorySamples({"T": [Point(i * S, float(i), GOOD) for i in range(10_000)]}, 10_000 * S)

    found = list(at_instants(source, "T", [i * 1_000 * S for i in range(10)], Meter(Budget())))

    assert [point.value for point in found] == [float(i * 1_000) for i in range(10)]
    assert source.touched < 500


def test_instants_side_by_side_are_read_in_pages() -> None:
    source = MemorySamples({"T": [Point(i * S, float(i), GOOD) for i in range(10_000)]}, 10_000 * S)

    found = list(at_instants(source, "T", range(0, 10_000 * S, S), Meter(Budget())))

    assert [point.value for point in found] == [float(i) for i in range(10_000)]
    assert source.reads < 50


@given(
    given=st.lists(
        st.builds(Point, st.integers(0, 300), st.floats(-10, 10), st.sampled_from((GOOD, GOOD, UNCERTAIN, BAD))),
        max_size=80,
        unique_by=lambda point: point.time,
    ),
    instants=st.lists(st.integers(-5, 320), max_size=60).map(sorted),
    until=st.integers(0, 330),
)
def test_instants_in_any_pattern_find_the_samples_around_them(given: list[Point], instants: list[int], until: int) -> None:
    source = MemorySamples({"T": given}, until)

    found = list(at_instants(source, "T", instants, Meter(Budget())))

    for instant, point in zip(instants, found, strict=True):
        before = max((p for p in given if p.time <= instant), default=None, key=lambda p: p.time)
        after = min((p for p in given if p.time > instant), default=None, key=lambda p: p.time)
        assert point.time == instant
        if before is None or before.quality >= BAD or instant > max(until, before.time):
            assert point.value is None
            assert point.quality >= BAD
        elif after is None or after.quality >= BAD or before.time == instant:
            assert point.value == before.value
        else:
            part = (instant - before.time) / (after.time - before.time)
            assert point.value == pytest.approx(before.value + part * (after.value - before.value))  # type: ignore[operator]
