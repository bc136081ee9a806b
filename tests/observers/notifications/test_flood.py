"""Many alarms at a time become one message."""

from __future__ import annotations

from collections.abc import Callable

from automation.observers.notifications.plan import Flood, Step
from automation.testing.clock import FakeClock
from tests.observers.notifications.conftest import ANA, BEN, Office, rule

Make = Callable[..., Office]
FLOOD = Flood(count=3, within_s=60.0, gather_s=2.0)


def burst(one: Office, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        one.raised(f"A{number}", message=f"pump {number} off", priority=1 if number == first + count - 1 else 3)


def test_few_alarms_are_told_one_by_one(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD))

    burst(one, 3)
    clock.advance(2.0)

    assert [alarms for _, alarms, _ in one.sent()] == ["A0", "A1", "A2"]


def test_more_than_the_limit_become_one_message_for_each_who_is_told(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD), people={"operators": [ANA, BEN]})

    burst(one, 100)
    clock.advance(2.0)

    assert len(one.sent()) == 2
    message = one.sinks["mail"].sent[0]
    assert message.subject == "[plant] 100 alarms"
    assert message.data["count"] == 100
    assert message.text.splitlines()[2].endswith("critical  A99: pump 99 off")  # the most urgent first
    assert message.text.endswith("and 50 more")


def test_in_a_flood_one_message_comes_in_each_while_and_it_ends_by_itself(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD))
    burst(one, 4)
    clock.advance(2.0)
    assert len(one.sent()) == 1

    for second in range(1, 11):
        burst(one, 1, first=100 + second)
        clock.advance(5.0)
    assert len(one.sent()) == 1
    clock.advance(10.0)
    assert one.sinks["mail"].sent[1].data["count"] == 10

    clock.advance(120.0)
    burst(one, 1, first=500)
    clock.advance(2.0)
    assert one.sent()[2:] == [("raised", "A500", "Ana")]


def test_alarms_that_come_slowly_over_the_limit_are_counted_over_the_while(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD))

    for number in range(3):
        burst(one, 1, first=number)
        clock.advance(10.0)
    burst(one, 2, first=10)
    clock.advance(2.0)

    assert [alarms for _, alarms, _ in one.sent()] == ["A0", "A1", "A2", "A10,A11"]


def test_steps_and_returns_of_a_flood_become_one_message_too(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD, on_clear=True, steps=[Step(channel="mail", roster="chiefs", after_s=300.0)]))
    burst(one, 10)
    clock.advance(304.0)
    assert [kind for kind, _, _ in one.sent()] == ["raised", "escalated"]

    clock.advance(1000.0)
    for number in range(10):
        one.acknowledged(f"A{number}")
        one.returned(f"A{number}")
    clock.advance(2.0)

    assert [(kind, who) for kind, _, who in one.sent()[2:]] == [("returned", "Ana"), ("returned", "Cleo")]


def test_floods_of_one_rule_do_not_hold_up_another(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD), rule(name="urgent", first=Step(channel="chat"), priorities=frozenset({1})))

    burst(one, 100)

    assert one.sent("chat") == [("raised", "A99", "")]


def test_ten_thousand_alarms_at_once_are_taken_in_one_step(office: Make, clock: FakeClock) -> None:
    one = office(rule(flood=FLOOD))
    one.kill()
    for number in range(9_999):
        one.raised(f"A{number}")

    due = one.notifier.step(clock.now())
    clock.advance(2.0)
    one.notifier.step(due)

    (queued,) = one.store.newest(5)
    assert queued.data["count"] == 9_999
    assert len(queued.data["alarms"]) == 200
