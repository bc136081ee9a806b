"""What survives a restart, a database that fails, and a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from automation.model.errors import StorageError
from automation.observers.notifications.notifier import Notifier
from automation.observers.notifications.plan import Plan, Step
from automation.testing.clock import FakeClock
from tests.observers.notifications.conftest import Office, rule

Make = Callable[..., Office]
STEPS = [Step(channel="mail", roster="chiefs", after_s=300.0)]


def test_what_was_told_is_not_told_again_and_steps_go_on(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=STEPS, on_clear=True))
    one.raised()
    clock.advance(100.0)

    one.restart()
    assert one.sent() == [("raised", "A", "Ana")]
    clock.advance(200.0)
    one.restart()
    one.returned()

    assert one.sent()[1:] == [("escalated", "A", "Cleo"), ("returned", "A", "Ana"), ("returned", "A", "Cleo")]


def test_a_delay_goes_on_where_it_was(office: Make, clock: FakeClock) -> None:
    one = office(rule(delay_s=60.0))
    one.raised()
    clock.advance(30.0)

    one.kill()
    clock.advance(20.0)
    one.start()
    clock.advance(9.9)
    assert one.sent() == []
    clock.advance(0.1)

    assert one.sent() == [("raised", "A", "Ana")]


def test_an_alarm_that_was_raised_without_being_heard_is_told_after_the_restart(office: Make) -> None:
    one = office()
    one.kill()
    one.raised("A")  # kept by the alarms, but nobody listened any more
    one.raised("B")
    one.acknowledged("B")

    one.start()

    assert one.sent() == [("raised", "A", "Ana")]


def test_steps_stop_at_the_restart_if_the_acknowledgement_was_not_heard(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=STEPS, on_clear=True))
    one.raised("A")
    one.raised("B")
    one.kill()
    one.acknowledged("A")
    one.acknowledged("B")
    one.returned("B")

    one.start()
    clock.advance(3600.0)

    assert one.sent()[2:] == [("returned", "B", "Ana")]


def test_a_message_that_did_not_go_goes_after_the_restart(office: Make, clock: FakeClock) -> None:
    one = office()
    one.sinks["mail"].failing = "no route"
    one.raised()
    assert one.sent() == []

    one.restart()
    one.sinks["mail"].failing = None
    clock.advance(10.0)

    assert one.sent() == [("raised", "A", "Ana")]


def test_an_alarm_of_a_rule_that_is_gone_is_forgotten_and_a_new_rule_hears_what_stands(office: Make) -> None:
    one = office(rule(name="old"))
    one.raised()
    one.rules = [rule(name="new")]

    one.restart()

    assert [delivery.rule for delivery in one.sinks["mail"].sent] == ["old", "new"]
    assert {key[0] for key in one.store.watches} == {"new"}


def test_nothing_is_sent_before_it_is_in_the_store_and_nothing_is_lost_while_that_fails(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=STEPS))
    one.store.failing = StorageError("disk full")
    one.raised("A")
    clock.advance(1.0)
    one.raised("B")
    assert one.sent() == []

    one.store.failing = None
    clock.advance(10.0)
    assert one.sent() == [("raised", "A", "Ana"), ("raised", "B", "Ana")]

    clock.advance(300.0)
    assert one.sent()[2:] == [("escalated", "A", "Cleo"), ("escalated", "B", "Cleo")]


def test_a_message_is_not_sent_again_because_its_outcome_cannot_be_kept(office: Make, clock: FakeClock) -> None:
    one = office()
    sent = one.sinks["mail"].sent
    send = one.sinks["mail"].send

    def send_and_break(delivery) -> None:
        send(delivery)
        one.store.failing = StorageError("disk full")

    one.sinks["mail"].send = send_and_break  # type: ignore[method-assign]
    one.raised()
    clock.advance(60.0)
    assert len(sent) == 1

    one.store.failing = None
    clock.advance(60.0)

    assert len(sent) == 1
    assert [delivery.state for delivery in one.store.newest(9)] == ["sent"]


def test_a_crash_between_sending_and_keeping_sends_twice_with_the_same_id(office: Make, clock: FakeClock) -> None:
    one = office()
    one.raised()
    (delivery,) = one.store.newest(1)
    one.store.record(replace(delivery, state="waiting", done=None))  # as the crash would have left it

    one.restart()

    assert [sent.id for sent in one.sinks["mail"].sent] == [delivery.id, delivery.id]


def test_after_a_gap_every_alarm_is_looked_at_again(office: Make, clock: FakeClock) -> None:
    one = office(rule(steps=STEPS))
    one.kill()
    one.notifier = Notifier(
        Plan(rules=one.rules, rosters=one.people, personal=frozenset({"mail"})),
        one.store,
        lambda: list(one.alarms.values()),
        one.journal.post,
        capacity=2,
    )
    one.notifier.step(clock.now())
    for name in ("A", "B", "C", "D"):
        one.raised(name)
    one.acknowledged("A")

    one.notifier.step(clock.now())

    assert one.notifier.overruns > 0
    assert {delivery.data["alarms"][0]["name"] for delivery in one.store.newest(9)} == {"B", "C", "D"}


@pytest.mark.parametrize("order", ["raised first", "snapshot first"])
def test_news_that_a_look_at_all_alarms_told_before_changes_nothing(office: Make, clock: FakeClock, order: str) -> None:
    one = office(rule(steps=STEPS))
    one.raised()
    old = one.alarms["A"]
    clock.advance(1.0)
    one.acknowledged()
    one.notifier._unread = True  # a look at everything, which knows of the acknowledgement
    if order == "snapshot first":
        one.notifier.step(clock.now())

    one.notifier.hear(old)
    clock.advance(3600.0)

    assert one.sent() == [("raised", "A", "Ana")]


def test_without_rules_nothing_is_kept(clock: FakeClock) -> None:
    one = Office(clock, [])

    one.raised()

    assert one.store.watches == {}
    assert one.store.deliveries == {}
