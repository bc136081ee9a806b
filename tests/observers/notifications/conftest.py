"""A desk of notifications on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from automation.observers.notifications.courier import ChannelFacts, Courier
from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.notifier import Notifier
from automation.observers.notifications.plan import Person, Plan, Rule, Step
from automation.observers.notifications.store import Delivery
from automation.system.clock import RealClock
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.journal import MemoryJournal
from automation.testing.notifications import MemoryNotificationStore, MemorySink

ANA = Person(name="Ana", addresses={"mail": "ana@example.org"})
BEN = Person(name="Ben", addresses={"mail": "ben@example.org"})
CHIEF = Person(name="Cleo", addresses={"mail": "cleo@example.org"})
FIRST = Step(channel="mail", roster="operators")


def rule(**given: Any) -> Rule:
    return Rule(**{"name": "night", "first": FIRST, **given})


@dataclass
class Office:
    """A notifier with its couriers, which the clock drives; ``restart`` makes all but store and alarms anew."""

    clock: FakeClock | RealClock
    rules: Sequence[Rule]
    people: dict[str, Sequence[Person]] = field(default_factory=lambda: {"operators": [ANA], "chiefs": [CHIEF]})
    zone: Any = None
    give_up_s: float = 3600.0
    sinks: dict[str, MemorySink] = field(default_factory=lambda: {"mail": MemorySink(), "chat": MemorySink()})

    def __post_init__(self) -> None:
        self.store = MemoryNotificationStore()
        self.journal = MemoryJournal()
        self.alarms: dict[str, AlarmNews] = {}
        self.workers: list[Worker] = []
        self.start()

    def start(self) -> None:
        more = {} if self.zone is None else {"zone": self.zone}
        plan = Plan(site="plant", rules=self.rules, rosters=self.people, personal=frozenset({"mail"}), **more)
        self.couriers = {
            name: Courier(
                ChannelFacts(name=name, kind="smtp", target=name, timeout_s=1.0),
                sink,
                self.store,
                self.journal.post,
                give_up_s=self.give_up_s,
            )
            for name, sink in self.sinks.items()
        }
        self.notifier = Notifier(
            plan,
            self.store,
            lambda: [news for news in self.alarms.values() if news.standing],
            self.journal.post,
            on_queued=lambda: [courier.queued() for courier in self.couriers.values()] and None,
        )
        for name, courier in self.couriers.items():
            worker = self._work(name, courier.step)
            courier.wake = worker.wake
            worker.wake()
        worker = self._work("notifications", self.notifier.step)
        self.notifier.on_work = worker.wake
        worker.wake()
        self.settle()

    def kill(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers = []

    def restart(self) -> None:
        self.kill()
        self.start()

    def news(self, name: str, **change: Any) -> None:
        """Change the alarm, tell the notifier, and let everything run that is due."""
        known = self.alarms.get(name, AlarmNews(name=name, kind="raised", time=0.0, active=False, acked=True))
        self.alarms[name] = replace(known, time=self.clock.now(), **change)
        self.notifier.hear(self.alarms[name])
        self.settle()

    def settle(self) -> None:
        """Let everything run that is due; on a real clock the workers do so by themselves."""
        if isinstance(self.clock, FakeClock):
            self.clock.advance()

    def raised(self, name: str = "A", **more: Any) -> None:
        now = self.clock.now()
        given = {"kind": "raised", "active": True, "acked": False, "occurrence_id": f"{name}@{now}", "raised": now, **more}
        self.news(name, **given)

    def returned(self, name: str = "A") -> None:
        self.news(name, kind="returned", active=False)

    def acknowledged(self, name: str = "A") -> None:
        self.news(name, kind="acknowledged", acked=True)

    def sent(self, channel: str = "mail") -> list[tuple[str, str, str]]:
        """Kind, alarms and recipient of what has gone out."""
        return [summary(delivery) for delivery in self.sinks[channel].sent]

    def _work(self, name: str, step: Callable[[float], object]) -> Worker:
        worker = Worker(name, step, None, self.clock)
        worker.start()
        self.workers.append(worker)
        return worker


def summary(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.kind, ",".join(alarm["name"] for alarm in delivery.data["alarms"]), delivery.recipient


@pytest.fixture
def office(clock: FakeClock) -> Callable[..., Office]:
    def make(*rules: Rule, **more: Any) -> Office:
        return Office(clock, rules or (rule(),), **more)

    return make
