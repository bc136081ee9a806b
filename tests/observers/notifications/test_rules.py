"""Who is told what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Person, Quiet, Step
from automation.observers.notifications.schedule import Shift
from automation.testing.clock import FakeClock
from tests.observers.notifications.conftest import ANA, BEN, CHIEF, Office, rule

Make = Callable[..., Office]
VIENNA = ZoneInfo("Europe/Vienna")
EVERY_DAY = frozenset(range(7))
NIGHT = Shift(days=EVERY_DAY, start=22 * 60, end=6 * 60)
DAY = Shift(days=EVERY_DAY, start=6 * 60, end=22 * 60)
NEWS = AlarmNews(
    name="TK101.LT.HI",
    kind="raised",
    time=1.0,
    active=True,
    acked=False,
    priority=2,
    area="north/tanks",
    alarm_class="safety",
)


def at(text: str) -> FakeClock:
    return FakeClock(datetime.fromisoformat(text).replace(tzinfo=VIENNA).timestamp())


@pytest.mark.parametrize(
    ("given", "matches"),
    [
        ({}, True),
        ({"priorities": frozenset({1, 2})}, True),
        ({"priorities": frozenset({1})}, False),
        ({"areas": ("north",)}, True),
        ({"areas": ("north/tanks",)}, True),
        ({"areas": ("south", "north/")}, True),
        ({"areas": ("nor",)}, False),
        ({"areas": ("north/tanks/one",)}, False),
        ({"classes": frozenset({"safety"})}, True),
        ({"classes": frozenset({"quality"})}, False),
        ({"alarms": ("TK*.HI",)}, True),
        ({"alarms": ("tk*",)}, False),
        ({"alarms": ("TK10?.LT.HI", "P*")}, True),
        ({"priorities": frozenset({2}), "areas": ("south",)}, False),
    ],
)
def test_a_rule_matches_if_all_that_it_names_matches(given: dict, matches: bool) -> None:
    assert rule(**given).matches(NEWS) is matches


def test_a_raised_alarm_is_told_at_once_to_everybody_of_the_roster(office: Make) -> None:
    one = office(people={"operators": [ANA, BEN]})

    one.raised()

    assert one.sent() == [("raised", "A", "Ana"), ("raised", "A", "Ben")]
    assert [sent.address for sent in one.sinks["mail"].sent] == ["ana@example.org", "ben@example.org"]


def test_an_alarm_that_no_rule_matches_is_told_to_nobody(office: Make) -> None:
    one = office(rule(priorities=frozenset({1})))

    one.raised(priority=2)

    assert one.sent() == []
    assert one.store.watches == {}


def test_two_rules_tell_of_one_alarm_each(office: Make) -> None:
    one = office(rule(), rule(name="chat", first=Step(channel="chat")))

    one.raised()

    assert one.sent() == [("raised", "A", "Ana")]
    assert one.sent("chat") == [("raised", "A", "")]


def test_a_delay_is_waited_for(office: Make, clock: FakeClock) -> None:
    one = office(rule(delay_s=60.0))

    one.raised()
    clock.advance(59.9)
    assert one.sent() == []

    clock.advance(0.1)
    assert one.sent() == [("raised", "A", "Ana")]


@pytest.mark.parametrize("end", ["returned", "acknowledged"])
def test_what_is_over_before_its_delay_is_told_to_nobody(office: Make, clock: FakeClock, end: str) -> None:
    one = office(rule(delay_s=60.0, on_clear=True))

    one.raised()
    clock.advance(30.0)
    getattr(one, end)()
    clock.advance(3600.0)

    assert one.sent() == []
    assert one.store.watches == {}


def test_without_a_delay_also_what_returned_at_once_is_told(office: Make) -> None:
    one = office(rule())
    one.kill()  # so that both arrive in one step
    one.raised()
    one.returned()

    one.notifier.step(one.clock.now())

    assert [delivery.kind for delivery in one.store.newest(9)] == ["raised"]


def test_steps_follow_until_somebody_acknowledges(office: Make, clock: FakeClock) -> None:
    steps = [Step(channel="mail", roster="chiefs", after_s=300.0), Step(channel="chat", after_s=900.0)]
    one = office(rule(delay_s=10.0, steps=steps))

    one.raised()
    clock.advance(309.9)
    assert one.sent() == [("raised", "A", "Ana")]
    clock.advance(0.1)
    assert one.sent()[1:] == [("escalated", "A", "Cleo")]
    clock.advance(600.0)
    assert one.sent("chat") == [("escalated", "A", "")]
    clock.advance(86_400.0)
    assert (len(one.sent()), len(one.sent("chat"))) == (2, 1)


def test_the_acknowledgement_stops_the_steps(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))

    one.raised()
    clock.advance(299.0)
    one.acknowledged()
    clock.advance(3600.0)

    assert one.sent() == [("raised", "A", "Ana")]


def test_an_alarm_that_returned_unacknowledged_is_still_escalated(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))

    one.raised()
    one.returned()
    clock.advance(300.0)

    assert one.sent()[1:] == [("escalated", "A", "Cleo")]


def test_a_rule_may_end_with_the_return(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=[Step(channel="mail", roster="chiefs", after_s=300.0)], until_returned=True, repeat_s=60.0))

    one.raised()
    one.returned()
    clock.advance(3600.0)

    assert one.sent() == [("raised", "A", "Ana")]


def test_repeats_come_until_their_number_is_reached(office: Make, clock: FakeClock) -> None:
    one = office(rule(repeat_s=60.0, repeat_times=3))

    one.raised()
    clock.advance(60.0)
    assert one.sent()[1:] == [("repeated", "A", "Ana")]

    clock.advance(3600.0)
    assert len(one.sent()) == 4


def test_a_repeat_goes_to_all_steps_that_were_reached(office: Make, clock: FakeClock) -> None:
    one = office(rule(repeat_s=100.0, repeat_times=1, steps=[Step(channel="mail", roster="chiefs", after_s=50.0)]))

    one.raised()
    clock.advance(100.0)

    assert one.sent()[2:] == [("repeated", "A", "Ana"), ("repeated", "A", "Cleo")]


def test_who_was_told_hears_that_it_is_over(office: Make, clock: FakeClock) -> None:
    one = office(rule(on_clear=True, steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))

    one.raised()
    clock.advance(300.0)
    one.acknowledged()
    assert len(one.sent()) == 2
    one.returned()

    assert one.sent()[2:] == [("returned", "A", "Ana"), ("returned", "A", "Cleo")]
    assert one.store.watches == {}


def test_the_return_is_told_once_though_the_acknowledgement_comes_later(office: Make) -> None:
    one = office(rule(on_clear=True))

    one.raised()
    one.returned()
    one.acknowledged()

    assert one.sent()[1:] == [("returned", "A", "Ana")]
    assert one.store.watches == {}


def test_each_occurrence_is_told(office: Make, clock: FakeClock) -> None:
    one = office()

    for _ in range(3):
        one.raised()
        one.acknowledged()
        one.returned()
        clock.advance(100.0)

    assert one.sent() == [("raised", "A", "Ana")] * 3


def test_an_alarm_that_calls_again_after_its_acknowledgement_is_told_again(office: Make) -> None:
    one = office()

    one.raised()
    one.acknowledged()
    one.news("A", kind="realarmed", acked=False)

    assert one.sent() == [("raised", "A", "Ana")] * 2


def test_a_silent_alarm_is_told_to_nobody_and_again_once_it_may_be_heard(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))

    one.raised(silent=True)
    assert one.sent() == []
    one.news("A", kind="unshelved", silent=False)
    assert one.sent() == [("raised", "A", "Ana")]

    one.news("A", kind="shelved", silent=True)
    clock.advance(3600.0)
    assert len(one.sent()) == 1


def test_a_removed_alarm_is_forgotten(office: Make, clock: FakeClock) -> None:
    one = office(rule(on_clear=True, repeat_s=60.0))

    one.raised()
    one.news("A", kind="removed", active=False, acked=True)
    clock.advance(3600.0)

    assert len(one.sent()) == 1
    assert one.store.watches == {}


def test_a_renamed_alarm_is_not_told_twice_and_escalates_under_its_new_name(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))
    one.raised()
    old = one.alarms.pop("A")

    one.notifier.hear(replace(old, kind="renamed", new_name="B"))
    one.alarms["B"] = replace(old, name="B")
    one.news("B", kind="changed")
    clock.advance(300.0)

    assert one.sent() == [("raised", "A", "Ana"), ("escalated", "B", "Cleo")]


def test_only_those_on_duty_are_told_also_across_midnight() -> None:
    clock = at("2026-11-27 23:30")
    people = {"operators": [replace(ANA, shifts=[DAY]), replace(BEN, shifts=[NIGHT])]}
    one = Office(clock, [rule()], people, VIENNA)

    one.raised("A")
    clock.advance(3600.0)
    one.raised("B")
    clock.advance(5.5 * 3600.0)  # 06:00
    one.raised("C")

    assert one.sent() == [("raised", "A", "Ben"), ("raised", "B", "Ben"), ("raised", "C", "Ana")]


def test_if_nobody_is_on_duty_the_next_step_follows_at_once_and_the_journal_says_so() -> None:
    clock = at("2026-11-27 23:30")
    people = {"operators": [replace(ANA, shifts=[DAY])], "chiefs": [CHIEF]}
    one = Office(clock, [rule(steps=[Step(channel="mail", roster="chiefs", after_s=900.0)])], people, VIENNA)

    one.raised()

    assert one.sent() == [("escalated", "A", "Cleo")]
    (event,) = [event for event in one.journal.events if event.kind == "notification.nobody"]
    assert (event.subject, event.details["rule"]) == ("A", "night")
    assert "nobody is on duty" in event.message


def test_a_room_hears_who_is_on_duty_and_nothing_if_nobody_is() -> None:
    clock = at("2026-11-27 12:00")
    people = {"operators": [Person(name="Ana", addresses={"chat": "<@U1>"}, shifts=[DAY]), replace(BEN, shifts=[DAY])]}
    one = Office(clock, [rule(first=Step(channel="chat", roster="operators"))], people, VIENNA)

    one.raised()
    clock.advance(12 * 3600.0)
    one.raised("B")

    (sent,) = one.sinks["chat"].sent
    assert (sent.recipient, sent.address) == ("Ana, Ben", "<@U1>")


QUIET = Quiet(shifts=[NIGHT], except_priorities=frozenset({1}))


def test_quiet_hours_hold_messages_until_their_end_except_for_the_most_urgent() -> None:
    clock = at("2026-11-27 23:30")
    one = Office(clock, [rule(quiet=[QUIET])], zone=VIENNA)

    one.raised("A", priority=2)
    one.raised("B", priority=1)
    assert one.sent() == [("raised", "B", "Ana")]

    clock.advance(6.5 * 3600.0 - 1)
    assert len(one.sent()) == 1
    clock.advance(1)
    assert one.sent()[1:] == [("raised", "A", "Ana")]


def test_what_is_acknowledged_in_quiet_hours_is_not_told_after_them() -> None:
    clock = at("2026-11-27 23:30")
    one = Office(clock, [rule(quiet=[QUIET])], zone=VIENNA)

    one.raised("A")
    clock.advance(3600.0)
    one.acknowledged("A")
    clock.advance(12 * 3600.0)

    assert one.sent() == []


def test_quiet_hours_end_by_the_clock_on_the_wall_in_the_night_in_which_clocks_change() -> None:
    clock = at("2026-03-28 23:00")  # 02:00 becomes 03:00
    one = Office(clock, [rule(quiet=[QUIET])], zone=VIENNA)

    one.raised("A")
    clock.advance(6 * 3600.0 - 1)
    assert one.sent() == []
    clock.advance(1)

    assert one.sent() == [("raised", "A", "Ana")]


def test_steps_and_returns_wait_for_the_end_of_quiet_hours_too() -> None:
    clock = at("2026-11-27 21:50")
    one = Office(
        clock, [rule(quiet=[QUIET], on_clear=True, steps=[Step(channel="mail", roster="chiefs", after_s=1200.0)])], zone=VIENNA
    )

    one.raised("A")
    one.raised("B")
    clock.advance(3600.0)
    one.acknowledged("B")
    one.returned("B")
    assert one.sent() == [("raised", "A", "Ana"), ("raised", "B", "Ana")]
    clock.advance(8 * 3600.0)

    assert sorted(one.sent()[2:]) == [("escalated", "A", "Cleo"), ("returned", "B", "Ana")]
