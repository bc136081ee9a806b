from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import InvalidValueError
from automation.observers.historian.queries.answers import Bounds
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Point
from automation.observers.historian.queries.paging import Place, digest_of, place_of, token_of
from automation.observers.historian.queries.raw import raw
from automation.testing.samples import MemorySamples


def points(*times: int) -> MemorySamples:
    return MemorySamples({"T": [Point(time, float(time), 0) for time in times]}, 10**6)


@pytest.mark.parametrize(
    ("bounds", "times"),
    [
        (Bounds(), [2, 3]),
        (Bounds(before=True), [1, 2, 3]),
        (Bounds(after=True), [2, 3, 4]),
        (Bounds(before=True, after=True), [1, 2, 3, 4]),
    ],
)
def test_the_range_is_given_with_the_bounds_asked_for(bounds: Bounds, times: list[int]) -> None:
    found = raw(points(0, 1, 2, 3, 4, 5), "T", 2, 4, 10, bounds, Meter(Budget()))

    assert list(found.time) == times
    assert (found.before, found.after, found.more) == (bounds.before, bounds.after, False)


def test_a_page_that_is_not_the_last_has_nothing_after_it() -> None:
    found = raw(points(0, 1, 2, 3), "T", 0, 3, 2, Bounds(after=True), Meter(Budget()))

    assert (list(found.time), found.after, found.more) == ([0, 1], False, True)


@given(
    times=st.lists(st.integers(0, 200), unique=True), limit=st.integers(1, 20), low=st.integers(0, 100), span=st.integers(1, 120)
)
def test_pages_neither_repeat_nor_lose_a_sample(times: list[int], limit: int, low: int, span: int) -> None:
    found: list[int] = []
    position = low
    while True:
        page = raw(points(*times), "T", position, low + span, limit, Bounds(), Meter(Budget()))
        found.extend(page.time)
        if not page.more:
            break
        position = page.time[-1] + 1

    assert found == [time for time in sorted(times) if low <= time < low + span]


def test_a_token_tells_the_place_again() -> None:
    place = Place(low=5, high=10**15, at=(7, None, 9))

    assert place_of(token_of(place, digest_of("a")), digest_of("a"), 3) == place


@pytest.mark.parametrize("token", ["", "x", "!!!", "bnVsbA", "W10", "A" * 5_000, "WzEsMiwzLFs0XV0"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidValueError, match=r"next: (not a token|it belongs to another)"):
        place_of(token, digest_of("a"), 1)


def test_a_token_of_another_question_is_refused() -> None:
    token = token_of(Place(low=0, high=1, at=(0,)), digest_of("a", 1))

    with pytest.raises(InvalidValueError, match="belongs to another question"):
        place_of(token, digest_of("a", 2), 1)


def test_a_token_with_other_numbers_of_series_is_refused() -> None:
    token = token_of(Place(low=0, high=1, at=(0,)), digest_of("a"))

    with pytest.raises(InvalidValueError, match="not a token"):
        place_of(token, digest_of("a"), 2)
