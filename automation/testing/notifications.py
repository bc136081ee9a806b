"""Notifications of tests: a queue in memory, and sinks that do what they are told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from automation.observers.notifications.courier import ChannelFacts, Courier
from automation.observers.notifications.desk import NotificationDesk
from automation.observers.notifications.notifier import Notifier
from automation.observers.notifications.plan import Person, Plan, Rule, Step
from automation.observers.notifications.rules import Watch
from automation.observers.notifications.schedule import Shift
from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.store import FAILED, WAITING, Delivery
from automation.testing.journal import MemoryJournal


class MemoryNotificationStore:
    """A store that keeps watches in ``watches`` and deliveries in ``deliveries``; survives its notifier.

    failing: raised by every call while it is set.
    """

    def __init__(self) -> None:
        self.watches: dict[tuple[str, str], Watch] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.failing: Exception | None = None
        self._lock = threading.RLock()
        self._seq = 0

    def load(self) -> Sequence[Watch]:
        """Every watch."""
        self._check()
        return list(self.watches.values())

    def save(self, watches: Sequence[Watch], gone: Collection[tuple[str, str]], deliveries: Sequence[Delivery]) -> None:
        """Keep, forget and queue."""
        self._check()
        with self._lock:
            for key in gone:
                self.watches.pop(key, None)
            self.watches.update({watch.key: watch for watch in watches})
            for delivery in deliveries:
                self._seq += 1
                self.deliveries[delivery.id] = replace(delivery, seq=self._seq)

    def due(self, channel: str, now: float, limit: int) -> Sequence[Delivery]:
        """What waits for the channel and is due, oldest first."""
        return [one for one in self._waiting(channel) if one.due <= now][:limit]

    def next_due(self, channel: str) -> float | None:
        """When the next of them is due."""
        return min((one.due for one in self._waiting(channel)), default=None)

    def record(self, delivery: Delivery) -> None:
        """Keep what came of a delivery."""
        self._check()
        with self._lock:
            if delivery.id in self.deliveries:
                self.deliveries[delivery.id] = replace(delivery, seq=self.deliveries[delivery.id].seq)

    def newest(
        self, limit: int, *, before: int | None = None, channel: str | None = None, state: str | None = None
    ) -> Sequence[Delivery]:
        """Deliveries that match, newest first."""
        self._check()
        found = [
            one
            for one in reversed(list(self.deliveries.values()))
            if (before is None or one.seq < before)
            and (channel is None or one.channel == channel)
            and (state is None or one.state == state)
        ]
        return found[:limit]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many there are by channel and state."""
        self._check()
        return Counter((one.channel, one.state) for one in list(self.deliveries.values()))

    def abandon(self, known: Collection[str], error: str, now: float) -> int:
        """Give up what waits for other channels."""
        self._check()
        lost = [one for one in self.deliveries.values() if one.state == WAITING and one.channel not in known]
        for one in lost:
            self.deliveries[one.id] = replace(one, state=FAILED, error=error, done=now)
        return len(lost)

    def forget(self, before: float) -> None:
        """Forget what was done before the instant."""
        self._check()
        old = [one.id for one in self.deliveries.values() if one.state != WAITING and (one.done or 0.0) < before]
        for identity in old:
            del self.deliveries[identity]

    def _waiting(self, channel: str) -> Sequence[Delivery]:
        self._check()
        with self._lock:
            return [one for one in self.deliveries.values() if one.channel == channel and one.state == WAITING]

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing


class MemorySink:
    """Keeps what was sent in ``sent``. failing: the reason for which nothing goes, None if everything does.

    refused: addresses that are refused, the others go. hangs: sending waits until ``cancel``.
    """

    def __init__(self) -> None:
        self.sent: list[Delivery] = []
        self.failing: str | None = None
        self.refused: set[str] = set()
        self.hangs = False
        self.tries = 0
        self._cancelled = threading.Event()

    def send(self, delivery: Delivery) -> None:
        """Keep it, or do not."""
        self.tries += 1
        if self.hangs:
            self._cancelled.wait(60)
            raise SinkError("cut off")
        if self.failing is not None:
            raise SinkError(self.failing)
        if delivery.address in self.refused:
            raise SinkError(f"no such person {delivery.address}", whole=False)
        self.sent.append(delivery)

    def cancel(self) -> None:
        """Let what hangs fail."""
        self._cancelled.set()


def listed_desk(journal: MemoryJournal) -> NotificationDesk:
    """Notifications by the channels ``mail`` and ``chat`` without workers; Ana is always on duty, Ben never is.

    The sinks are ``desk.couriers[...]``'s own, and nothing goes to any network.
    """
    store = MemoryNotificationStore()
    plan = Plan(
        site="test",
        rules=[
            Rule(
                name="urgent",
                first=Step(channel="mail", roster="operators"),
                steps=[Step(channel="chat", after_s=600.0)],
                priorities=frozenset({1, 2}),
                areas=("north",),
                on_clear=True,
            )
        ],
        rosters={
            "operators": [
                Person(name="Ana", addresses={"mail": "ana@example.org"}),
                Person(name="Ben", addresses={"mail": "ben@example.org"}, shifts=[Shift(days=frozenset(), start=0, end=1440)]),
            ]
        },
        personal=frozenset({"mail"}),
    )
    facts = (
        ChannelFacts(name="mail", kind="smtp", target="mail.example.org:587", timeout_s=1.0, own_address="plant@example.org"),
        ChannelFacts(name="chat", kind="slack", target="chat.example.org:443", timeout_s=1.0),
    )
    couriers = [Courier(one, MemorySink(), store, journal.post, give_up_s=3600.0) for one in facts]
    return NotificationDesk(Notifier(plan, store, list, journal.post), couriers, store)
