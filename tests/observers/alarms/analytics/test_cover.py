"""Which time counts."""

from __future__ import annotations

import pytest

from automation.observers.alarms.analytics.cover import (
    STARTED,
    STARTING,
    STOPPING,
    Interval,
    Mark,
    Note,
    covered,
    marks_of,
    periods,
)


def notes(*told: tuple[float, str]) -> list[Note]:
    return [Note(seq, time, kind) for seq, (time, kind) in enumerate(told, 1)]


def nothing(_seq: int) -> float | None:
    return None


def test_a_stop_in_order_ends_the_time_that_counts() -> None:
    marks = marks_of(notes((10, STARTING), (12, STARTED), (50, STOPPING), (80, STARTING)), nothing)

    assert covered(marks, 0, 100) == [Interval(10, 50), Interval(80, 100)]


def test_of_a_runtime_that_was_killed_the_last_row_counts() -> None:
    marks = marks_of(notes((10, STARTING), (12, STARTED), (80, STARTING)), lambda seq: 47.0 if seq == 3 else None)

    assert covered(marks, 0, 100) == [Interval(10, 47), Interval(80, 100)]


def test_a_journal_that_tells_of_no_beginning_of_a_start_is_understood() -> None:
    marks = marks_of(notes((10, STARTED), (50, STOPPING), (80, STARTED), (90, STARTED)), lambda _seq: 85.0)

    assert covered(marks, 0, 100) == [Interval(10, 50), Interval(80, 85), Interval(90, 100)]


def test_only_the_time_that_was_asked_for_counts() -> None:
    marks = [Mark(10, up=True), Mark(50, up=False), Mark(80, up=True)]

    assert covered(marks, 20, 40) == [Interval(20, 40)]
    assert covered(marks, 55, 70) == []
    assert covered([], 0, 10) == []
    assert covered(marks, 90, 85) == []


def test_a_clock_that_was_set_back_counts_nothing_twice() -> None:
    marks = [Mark(10, up=True), Mark(50, up=False), Mark(30, up=True), Mark(70, up=False)]

    assert covered(marks, 0, 100) == [Interval(10, 50), Interval(50, 70)]


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([Interval(0, 600)], [0]),
        ([Interval(0, 601)], [0, 1]),
        ([Interval(599, 600), Interval(1300, 1900)], [0, 2, 3]),
        ([], []),
    ],
)
def test_periods_are_those_that_are_touched(intervals: list[Interval], expected: list[int]) -> None:
    assert periods(intervals, 600) == expected
