"""Windows that slide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from automation.observers.alarms.analytics.rates import FloodWatch, Peak, peak_of

times = st.lists(st.integers(0, 4000).map(float), max_size=60).map(sorted)


def test_no_times_have_no_peak() -> None:
    assert peak_of([], 600.0) == Peak(0, None)


def test_a_window_does_not_hold_what_is_as_old_as_it_is_long() -> None:
    assert peak_of([0.0, 600.0], 600.0).alarms == 1
    assert peak_of([0.0, 599.9], 600.0).alarms == 2


@given(times)
def test_the_peak_is_that_of_every_window(moments: list[float]) -> None:
    best = max((sum(end - 600 < time <= end for time in moments) for end in moments), default=0)

    assert peak_of(moments, 600.0).alarms == best


@given(times, st.lists(st.integers(0, 4000).map(float), max_size=10))
def test_floods_do_not_depend_on_when_somebody_looks(moments: list[float], looks: list[float]) -> None:
    asked, quiet = FloodWatch(4, 2), FloodWatch(4, 2)
    looks = sorted(looks)
    for time in moments:
        while looks and looks[0] <= time:
            asked.flooded(looks.pop(0))
        asked.add(time, "A")
        quiet.add(time, "A")

    assert asked.all(5000.0) == quiet.all(5000.0)
    for flood in quiet.floods:
        assert flood.end is not None
        assert sum(flood.start - 600 < time <= flood.start for time in moments) > 4
        assert sum(flood.end - 600 < time <= flood.end for time in moments) < 2


def test_the_watch_tells_of_now() -> None:
    watch = FloodWatch(10, 5)
    for number in range(11):
        watch.add(float(number), f"A{number}")

    assert (watch.count(10.0), watch.flooded(10.0)) == (11, True)
    assert (watch.count(606.0), watch.flooded(606.0)) == (4, False)
    assert watch.count(2000.0) == 0
