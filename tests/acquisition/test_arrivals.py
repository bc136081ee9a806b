"""The reports that wait between a driver's thread and the link."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from automation.acquisition.arrivals import Subscription
from automation.drivers.base import Reading

REPORTS = st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99)), min_size=1, max_size=6), max_size=30)


def subscribed(capacity: int) -> Subscription:
    return Subscription(["a", "b", "c", "d"], lambda: 5.0, lambda: None, capacity)


def put(subscription: Subscription, report) -> None:
    subscription.put([(position, Reading(value)) for position, value in report])


def taken(subscription: Subscription) -> list:
    runs = []
    while run := subscription.take_run():
        runs.append([(arrival.position, arrival.reading.value) for arrival in run])
    return runs


@given(REPORTS)
def test_with_room_nothing_is_lost_and_no_run_has_an_address_twice(reports):
    subscription = subscribed(1000)
    for report in reports:
        put(subscription, report)

    runs = taken(subscription)
    assert [each for run in runs for each in run] == [each for report in reports for each in report]
    assert all(max(Counter(position for position, _ in run).values()) == 1 for run in runs)
    assert all(second[0][0] in {position for position, _ in first} for first, second in pairwise(runs))
    assert subscription.dropped == 0


@given(REPORTS)
def test_without_room_the_newest_of_each_address_stays_and_the_rest_is_counted(reports):
    subscription = subscribed(8)
    for report in reports:
        put(subscription, report)

    waiting = len(subscription)
    got = [each for run in taken(subscription) for each in run]
    assert len(got) == waiting <= 8
    assert dict(got) == dict(each for report in reports for each in report)
    assert len(got) + subscription.dropped == sum(len(report) for report in reports)


def test_the_owner_is_woken_once_however_many_wait():
    woken = []
    subscription = Subscription(["a"], lambda: 5.0, lambda: woken.append(1), 100)
    for value in range(5):
        put(subscription, [(0, value)])
    assert woken == [1]

    taken(subscription)
    put(subscription, [(0, 9)])
    assert woken == [1, 1]


def test_an_address_that_is_asked_for_twice_is_subscribed_once():
    assert Subscription(["a", "b", "a"], lambda: 0.0, lambda: None, 10).addresses == ("a", "b")
