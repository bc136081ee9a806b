"""Where the rest of the runtime meets notifications: pictures, deliveries, tests and counters."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from automation.model.errors import InvalidValueError, NotFoundError, StorageError
from automation.observers.notifications.courier import Courier, Tried
from automation.observers.notifications.notifier import Notifier
from automation.observers.notifications.plan import Plan, Rule
from automation.observers.notifications.store import FAILED, SENT, WAITING, Delivery, NotificationStore
from automation.observers.notifications.view import (
    ChannelView,
    NotificationsView,
    PersonView,
    RosterView,
    RuleView,
    StepView,
)

log = logging.getLogger(__name__)

_ALL = (1, 2, 3, 4, 5)
_REMOVED = "the channel is not in the settings any more"


class NotificationDesk:
    """The notifier and the couriers of all channels, to look at and to test; from any thread."""

    def __init__(self, notifier: Notifier, couriers: Sequence[Courier], store: NotificationStore) -> None:
        self.notifier = notifier
        self.couriers = tuple(couriers)
        self._by_name = {courier.facts.name: courier for courier in couriers}
        self._store = store

    @property
    def enabled(self) -> bool:
        """True if there is a channel."""
        return bool(self.couriers)

    def open(self, now: float) -> None:
        """Give up what waits for channels that are gone. Raises ``StorageError``."""
        given_up = self._store.abandon(list(self._by_name), _REMOVED, now)
        if given_up:
            log.warning("%d notifications given up: %s", given_up, _REMOVED)

    def view(self, now: float) -> NotificationsView:
        """Channels, rosters and rules at this instant. Raises ``StorageError``."""
        plan = self.notifier.plan
        waiting = {channel: count for (channel, state), count in self._store.counts().items() if state == WAITING}
        watched = Counter(watch.rule for watch in self.notifier.watched)
        return NotificationsView(
            channels=[_channel(courier, waiting.get(courier.facts.name, 0)) for courier in self.couriers],
            rosters=[_roster(name, plan, now) for name in plan.rosters],
            rules=[_rule(rule, plan, watched[rule.name], now) for rule in plan.rules],
            waiting=sum(waiting.values()),
            watched=sum(watched.values()),
        )

    def deliveries(
        self, limit: int, before: int | None = None, channel: str | None = None, state: str | None = None
    ) -> Sequence[Delivery]:
        """What was and is to be sent, newest first. Raises ``StorageError``."""
        return self._store.newest(limit, before=before, channel=channel, state=state)

    def test(self, channel: str, person: str, actor: str, now: float) -> Tried:
        """What came of a message that says it is a test. person: of a roster, empty for the channel's own address.

        Answers within about twice the channel's time limit. Raises ``NotFoundError``, ``InvalidValueError`` for a person without
        an address there, ``ConflictError`` while others test.
        """
        courier = self._by_name.get(channel)
        if courier is None:
            raise NotFoundError(f"unknown channel {channel}")
        delivery = self._test_delivery(courier, person, actor, now)
        tried = courier.test(delivery)
        error = "" if tried.ok else tried.message
        done = replace(delivery, state=SENT if tried.ok else FAILED, attempts=1, error=error, done=now + tried.seconds)
        try:
            self._store.save((), (), (done,))
        except StorageError as failure:
            log.warning("a test of channel %s is not listed: %s", channel, failure)
        return tried

    def numbers(self) -> Mapping[tuple[str, str], int]:
        """What has happened since the start, by channel and outcome."""
        return {
            (courier.facts.name, outcome): count
            for courier in self.couriers
            for outcome, count in (
                ("sent", courier.status.sent),
                ("failed_attempt", courier.status.failed_attempts),
                ("given_up", courier.status.given_up),
            )
        }

    def waiting(self) -> Mapping[str, int]:
        """How many messages wait, by channel; nothing while the database is away."""
        try:
            counts = self._store.counts()
        except StorageError:
            return {}
        return {courier.facts.name: counts.get((courier.facts.name, WAITING), 0) for courier in self.couriers}

    def failing(self) -> Sequence[str]:
        """What is wrong with the channels by which nothing goes."""
        return [f"{one.facts.name}: {one.status.error}" for one in self.couriers if one.status.failing]

    def _test_delivery(self, courier: Courier, person: str, actor: str, now: float) -> Delivery:
        facts, plan = courier.facts, self.notifier.plan
        address = facts.own_address
        if person:
            people = (one for roster in plan.rosters.values() for one in roster if one.name == person)
            address = next((one.addresses[facts.name] for one in people if facts.name in one.addresses), "")
            if not address:
                raise InvalidValueError(f"person: {person!r:.60} has no address for channel {facts.name}")
        return Delivery(
            id=uuid.uuid4().hex,
            channel=facts.name,
            rule="",
            kind="test",
            created=now,
            due=now,
            recipient=person,
            address=address,
            subject=f"[{plan.site}] Test of notifications",
            text=f"{actor} tests the channel {facts.name}. Nothing has happened in the plant.",
            data={"site": plan.site, "kind": "test", "time": now, "count": 0, "alarms": []},
        )


def _channel(courier: Courier, waiting: int) -> ChannelView:
    facts, status = courier.facts, courier.status
    return ChannelView(
        name=facts.name,
        kind=facts.kind,
        target=facts.target,
        state="failing" if status.failing else "unused" if status.last_sent is None else "ok",
        waiting=waiting,
        sent=status.sent,
        failed_attempts=status.failed_attempts,
        given_up=status.given_up,
        error=status.error,
        last_sent=status.last_sent,
        last_failed=status.last_failed,
    )


def _roster(name: str, plan: Plan, now: float) -> RosterView:
    people = [
        PersonView(
            name=person.name,
            channels=sorted(person.addresses),
            on_duty=person.on_duty(now, plan.zone),
            always=not person.shifts,
        )
        for person in plan.rosters[name]
    ]
    return RosterView(name=name, people=people)


def _rule(rule: Rule, plan: Plan, watched: int, now: float) -> RuleView:
    steps = [StepView(channel=step.channel, roster=step.roster, after_s=step.after_s) for step in (rule.first, *rule.steps)]
    return RuleView(
        name=rule.name,
        priorities=sorted(rule.priorities) or _ALL,
        areas=list(rule.areas),
        classes=sorted(rule.classes),
        alarms=list(rule.alarms),
        steps=steps,
        delay_s=rule.delay_s,
        until="returned" if rule.until_returned else "acknowledged",
        repeat_s=rule.repeat_s,
        on_clear=rule.on_clear,
        quiet=any(shift.until(now, plan.zone) is not None for quiet in rule.quiet for shift in quiet.shifts),
        watched=watched,
    )
