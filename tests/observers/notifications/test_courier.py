"""A channel: what goes, what is tried again, what is given up."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import pytest

from automation.model.errors import ConflictError
from automation.observers.notifications.courier import ChannelFacts, Courier
from automation.observers.notifications.plan import Step
from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.store import Delivery
from automation.system.clock import RealClock
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.journal import MemoryJournal
from automation.testing.notifications import MemoryNotificationStore, MemorySink
from automation.testing.waiting import wait_until
from tests.observers.notifications.conftest import ANA, BEN, Office, rule

Make = Callable[..., Office]


def delivery(identity: str = "1", channel: str = "mail", now: float = 0.0) -> Delivery:
    return Delivery(id=identity, channel=channel, rule="r", kind="raised", created=now, due=now, data={"alarms": []})


def test_what_was_sent_is_journalled_and_counted(office: Make) -> None:
    one = office()

    one.raised()

    (event,) = one.journal.events
    assert (event.kind, event.subject) == ("notification.sent", "A")
    assert event.message == "A (raised) sent to Ana by mail"
    assert event.details["recipient"] == "Ana"
    assert event.details["occurrence_id"] == one.alarms["A"].occurrence_id
    assert one.couriers["mail"].status.sent == 1


def test_a_channel_that_fails_is_tried_ever_more_seldom(office: Make, clock: FakeClock) -> None:
    one = office(give_up_s=1e9)
    one.sinks["mail"].failing = "mail cannot be reached"
    one.raised()

    tries = []
    for _ in range(12):
        tries.append(one.sinks["mail"].tries)
        clock.advance(300.0)

    gaps = [later - sooner for sooner, later in itertools.pairwise(tries)]
    assert tries[0] == 1
    assert gaps[0] > gaps[-1]
    status = one.couriers["mail"].status
    assert status.failing
    assert status.error == "mail cannot be reached"
    assert one.journal.kinds == ["notification.failed"]  # once for each message

    one.sinks["mail"].failing = None
    clock.advance(900.0)
    assert one.sent() == [("raised", "A", "Ana")]
    assert not one.couriers["mail"].status.failing


def test_a_message_that_is_too_old_is_given_up_with_a_row(office: Make, clock: FakeClock) -> None:
    one = office(give_up_s=600.0)
    one.sinks["mail"].failing = "mail cannot be reached"

    one.raised()
    clock.advance(3600.0)

    (kept,) = one.store.newest(9)
    assert (kept.state, kept.error) == ("failed", "mail cannot be reached")
    assert one.journal.kinds == ["notification.failed", "notification.given_up"]
    assert "given up after" in one.journal.events[-1].message
    assert one.couriers["mail"].status.given_up == 1
    tries = one.sinks["mail"].tries
    clock.advance(86_400.0)
    assert one.sinks["mail"].tries == tries


def test_one_address_that_is_refused_keeps_nobody_else_waiting(office: Make, clock: FakeClock) -> None:
    one = office(people={"operators": [ANA, BEN]})
    one.sinks["mail"].refused = {"ana@example.org"}

    one.raised()

    assert one.sent() == [("raised", "A", "Ben")]
    assert not one.couriers["mail"].status.failing


def test_the_other_side_may_say_when_it_wants_to_be_asked_again(clock: FakeClock) -> None:
    class Busy(MemorySink):
        def send(self, delivery: Delivery) -> None:
            self.tries += 1
            raise SinkError("429", retry_after_s=120.0)

    store, sink = MemoryNotificationStore(), Busy()
    courier = Courier(
        ChannelFacts(name="mail", kind="smtp", target="x", timeout_s=1.0), sink, store, MemoryJournal().post, give_up_s=3600.0
    )
    store.save((), (), [delivery(now=clock.now())])

    assert courier.step(clock.now()) == clock.now() + 120.0


def test_a_test_says_in_words_what_came_of_it(office: Make) -> None:
    courier = office().couriers["mail"]
    courier.wake = None  # without a worker it is done at once

    assert courier.test(delivery()).ok
    courier._sink.failing = "mail.example.org:587 cannot be reached: its name is not known"  # type: ignore[attr-defined]
    tried = courier.test(delivery())

    assert not tried.ok
    assert tried.message == "mail.example.org:587 cannot be reached: its name is not known"


def test_a_test_that_works_ends_the_pause_of_the_channel(office: Make, clock: FakeClock) -> None:
    one = office()
    one.sinks["mail"].failing = "away"
    one.raised()
    one.sinks["mail"].failing = None
    clock.advance(1.0)  # long before the next try
    courier = one.couriers["mail"]
    courier.wake = None

    courier.test(delivery())
    courier.step(clock.now() + 5.0)

    assert [kind for kind, _, _ in one.sent()] == ["raised", "raised"]


@pytest.fixture
def hanging() -> tuple[Courier, MemoryNotificationStore]:
    store, sink = MemoryNotificationStore(), MemorySink()
    sink.hangs = True
    facts = ChannelFacts(name="mail", kind="smtp", target="x", timeout_s=0.1)
    return Courier(facts, sink, store, MemoryJournal().post, give_up_s=3600.0), store


def test_a_test_of_a_channel_that_hangs_ends_all_the_same(hanging: tuple[Courier, MemoryNotificationStore], monkeypatch) -> None:
    monkeypatch.setattr("automation.observers.notifications.courier._GRACE_S", 0.1)
    courier, _ = hanging
    worker = Worker("notify mail", courier.step, None, RealClock())
    worker.start()
    courier.wake = worker.wake
    try:
        tried = courier.test(delivery())
        assert not tried.ok
        assert "no answer within 0.3 s" in tried.message
    finally:
        courier.cancel()
        assert worker.stop()


def test_only_so_many_may_test_at_a_time(hanging: tuple[Courier, MemoryNotificationStore]) -> None:
    courier, _ = hanging
    courier.wake = lambda: None
    waiting = [threading.Thread(target=courier.test, args=(delivery(str(n)),)) for n in range(4)]
    for thread in waiting:
        thread.start()
    wait_until(lambda: len(courier._errands) == 4)

    with pytest.raises(ConflictError, match="being tested"):
        courier.test(delivery())

    courier._sink.cancel()
    courier._run_errands()
    for thread in waiting:
        thread.join(5)


def test_what_is_cut_off_by_the_stop_waits_for_the_next_start(hanging: tuple[Courier, MemoryNotificationStore]) -> None:
    courier, store = hanging
    clock = RealClock()
    store.save((), (), [delivery(now=clock.now())])
    worker = Worker("notify mail", courier.step, None, clock)
    worker.start()
    worker.wake()
    wait_until(lambda: courier._sink.tries > 0)  # type: ignore[attr-defined]

    courier.cancel()

    assert worker.stop(2.0)
    (kept,) = store.newest(9)
    assert (kept.state, kept.attempts) == ("waiting", 0)


def test_a_channel_that_hangs_delays_neither_alarms_nor_other_channels() -> None:
    clock = RealClock()
    sinks = {"mail": MemorySink(), "chat": MemorySink()}
    sinks["mail"].hangs = True
    office = Office(clock, [rule(), rule(name="chat", first=Step(channel="chat"))], sinks=sinks)
    try:
        took = []
        for number in range(50):
            began = clock.now()
            office.raised(f"A{number}")
            took.append(clock.now() - began)
        wait_until(lambda: bool(sinks["chat"].sent))
        assert sinks["mail"].sent == []
        assert max(took) < 0.5
    finally:
        for courier in office.couriers.values():
            courier.cancel()
        office.kill()
