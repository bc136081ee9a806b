"""What each alarm did, and the difference between two courses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from automation.model.event import Event
from automation.observers.alarms.replay.course import OPEN, Course, Courses, differences
from automation.observers.alarms.replay.metrics import metrics_of

Spans = list[tuple[float, float]]


def course(*spans: tuple[float, float], end: float = 10_000.0) -> Course:
    made = Course(0.0, end, active=False)
    for raised, returned in spans:
        made.raise_(raised, announced=True)
        if returned != OPEN:
            made.return_(returned)
    return made


def test_three_times_in_a_minute_is_chattering_and_in_61_s_is_not() -> None:
    assert course((0, 1), (30, 31), (59, 60)).numbers().chatters
    assert not course((0, 1), (30, 31), (61, 62)).numbers().chatters


def test_less_than_ten_seconds_is_fleeting() -> None:
    assert course((0, 9.9), (100, 110), (200, OPEN)).numbers().fleeting == 1


def test_what_has_not_returned_stands_until_the_end() -> None:
    assert course((10, 20), (50, OPEN), end=100.0).numbers().standing_s == 60.0


def test_an_end_that_was_never_written_is_the_next_beginning() -> None:
    assert [tuple(one) for one in course((10, OPEN), (20, 30))] == [(10, 20), (20, 30)]


def test_an_alarm_that_is_removed_is_over() -> None:
    courses = Courses(["A"], {}, 0.0, 100.0, 10)
    for time, kind in ((10.0, "alarm.raised"), (20.0, "alarm.acknowledged"), (30.0, "alarm.removed")):
        courses.take(Event(time=time, kind=kind, subject="A", message=""))
    assert courses.by_name["A"].numbers().standing_s == 20.0


def test_short_ones_that_became_a_long_one_are_gone_but_one() -> None:
    gone, new = differences(course((1, 2), (3, 4), (5, 6)), course((1, 6)))
    assert ([one.raised for one in gone], list(new)) == ([3, 5], [])


def test_a_long_one_that_fell_apart_has_new_ones() -> None:
    gone, new = differences(course((0, 10)), course((1, 2), (3, 4)))
    assert (list(gone), [one.raised for one in new]) == ([], [3])


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    times = sorted(draw(st.sets(st.integers(0, 200), max_size=30)))
    return [(float(a), float(b)) for a, b in zip(times[::2], times[1::2], strict=False)]


@given(spans(), spans())
def test_gone_and_new_account_for_the_whole_difference(old: Spans, new: Spans) -> None:
    gone, added = differences(course(*old), course(*new))
    assert len(old) - len(gone) == len(new) - len(added)
    assert differences(course(*old), course(*old)) == ([], [])


def test_a_flood_opens_with_the_eleventh_and_is_over_under_five() -> None:
    eleven = course(*((float(i * 10), float(i * 10 + 1)) for i in range(11)), end=5_000.0)
    ten = course(*((float(i * 10), float(i * 10 + 1)) for i in range(10)), end=5_000.0)
    assert metrics_of({"A": ten}, 0.0, 5_000.0).floods == 0
    # the 11th is at 100 s; at 660 s the seventh leaves, and four are left
    found = metrics_of({"A": eleven}, 0.0, 5_000.0)
    assert (found.floods, found.flood_s) == (1, 560.0)
    assert metrics_of({"A": eleven}, 0.0, 300.0).flood_s == 200.0


def test_the_figures_of_a_period() -> None:
    courses = {"A": course((0, 5), (700, 800), (710, 900), end=1_200.0), "B": course((650, OPEN), end=1_200.0)}
    found = metrics_of(courses, 0.0, 1_200.0)
    assert (found.count, found.mean_10_min, found.peak_10_min, found.peak_at) == (4, 2.0, 3, 650.0)
    assert [(bad.alarm, bad.count, bad.share) for bad in found.top] == [("A", 3, 0.75), ("B", 1, 0.25)]
    assert (found.chattering, found.fleeting, found.floods) == (0, 1, 0)
