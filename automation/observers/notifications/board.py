"""All alarms under all rules: what is watched, what is due, and what floods become one message."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from automation.model.event import Event
from automation.observers.notifications.message import Message, delivery_of
from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Flood, Plan, Recipient, Rule
from automation.observers.notifications.rules import Call, CallKind, Watch, hear, heard_by, next_call, told
from automation.observers.notifications.store import Delivery
from automation.system.clock import NEVER

Key: TypeAlias = tuple[str, str]
Bucket: TypeAlias = tuple[str, CallKind, int]
Waiting: TypeAlias = tuple[Watch, Call]

_RENAMED = "renamed"
_REMOVED = "removed"


@dataclass
class _Pace:
    """How fast calls of one sort came. told: when each alarm of the last while was told of."""

    told: deque[float] = field(default_factory=deque)
    flooded_at: float | None = None


@dataclass
class Changes:
    """What has to be kept: watches by key, None for one that is forgotten, deliveries to queue, and rows for the journal."""

    watches: dict[Key, Watch | None] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.watches or self.deliveries or self.events)


class Board:
    """The watches of all rules; not for several threads.

    watches: those that were kept; what no rule knows any more is forgotten. changes: what has happened since the caller last took
    them.
    """

    def __init__(self, plan: Plan, watches: Iterable[Watch] = (), new_id: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        self.changes = Changes()
        self._due: float | None = None
        self._plan = plan
        self._rules = {rule.name: rule for rule in plan.rules}
        self._new_id = new_id
        self._watches: dict[Key, Watch] = {}
        self._calls: dict[Key, Call] = {}
        self._paces: dict[Bucket, _Pace] = {}
        for watch in watches:
            self._put(watch.key, watch)
            if watch.rule not in self._rules:
                self._put(watch.key, None)
        self.changes = Changes(watches={key: watch for key, watch in self.changes.watches.items() if watch is None})

    @property
    def due(self) -> float:
        """When ``tick`` has something to do, ``NEVER`` if not before more is heard."""
        if self._due is None:
            self._due = min((self._opens(bucket, waiting) for bucket, waiting in self._buckets(NEVER).items()), default=NEVER)
        return self._due

    @property
    def watches(self) -> Sequence[Watch]:
        """Every watch."""
        return tuple(self._watches.values())

    def take_changes(self) -> Changes:
        """What has happened since the last call."""
        changes, self.changes = self.changes, Changes()
        return changes

    def hear(self, news: AlarmNews, now: float) -> None:
        """Take what happened to one alarm."""
        for rule in self._plan.rules:
            key = rule.name, news.name
            watch = self._watches.get(key)
            if news.kind == _RENAMED and news.new_name:
                if watch is not None:
                    self._put(key, None)
                    self._put((rule.name, news.new_name), replace(watch, news=replace(watch.news, name=news.new_name)))
            elif news.kind == _REMOVED:
                self._put(key, None)
            else:
                self._put(key, hear(rule, watch, news, now))

    def reconcile(self, standing: Iterable[AlarmNews], now: float) -> None:
        """Take every alarm that is not normal at this instant, as after a restart; watched ones that are missing are normal."""
        seen = set()
        for news in standing:
            seen.add(news.name)
            self.hear(news, now)
        missing = {watch.news.name: watch.news for watch in self.watches if watch.news.name not in seen}
        for last in missing.values():
            self.hear(replace(last, kind="returned", time=now, active=False, acked=True, silent=False), now)

    def tick(self, now: float) -> None:
        """Write the messages that are due."""
        if now < self.due:
            return
        for bucket, waiting in self._buckets(now).items():
            if now >= self._opens(bucket, waiting):
                self._tell(bucket, waiting, now)
        self._due = None

    def _tell(self, bucket: Bucket, waiting: Sequence[Waiting], now: float) -> None:
        rule = self._rules[bucket[0]]
        grouped = self._floods(bucket, len(waiting), now)
        by_recipient: dict[Recipient, list[AlarmNews]] = {}
        for watch, call in waiting:
            recipients = heard_by(self._plan, rule, watch, call, now)
            if not recipients and call.kind is not CallKind.RETURNED:
                self.changes.events.append(_nobody(rule, watch, call, now))
            for recipient in recipients:
                by_recipient.setdefault(recipient, []).append(watch.news)
            self._put(watch.key, told(watch, call, recipients, now))
        call = waiting[0][1]
        for recipient, alarms in by_recipient.items():
            for part in [alarms] if grouped else [[news] for news in alarms]:
                message = Message(rule=rule, call=call, alarms=part, recipient=recipient)
                self.changes.deliveries.append(delivery_of(message, self._plan, now, self._new_id()))

    def _floods(self, bucket: Bucket, count: int, now: float) -> bool:
        """True if so many alarms, with those of the last while, are too many to be told one by one."""
        flood, pace = self._flood(bucket), self._paces.setdefault(bucket, _Pace())
        while pace.told and pace.told[0] <= now - flood.within_s:
            pace.told.popleft()
        pace.told.extend([now] * count)
        flooded = len(pace.told) > flood.count
        pace.flooded_at = now if flooded else None
        return flooded

    def _opens(self, bucket: Bucket, waiting: Sequence[Waiting]) -> float:
        """When what waits is told: soon after the first of it, and in a flood not before the while since the last is over."""
        flood, pace = self._flood(bucket), self._paces.get(bucket)
        opens = min(call.due for _, call in waiting) + flood.gather_s
        return opens if pace is None or pace.flooded_at is None else max(opens, pace.flooded_at + flood.within_s)

    def _flood(self, bucket: Bucket) -> Flood:
        return self._rules[bucket[0]].flood

    def _put(self, key: Key, watch: Watch | None) -> None:
        if watch is self._watches.get(key):
            return
        self._due = None
        self.changes.watches[key] = watch
        self._calls.pop(key, None)
        if watch is None:
            del self._watches[key]
            return
        self._watches[key] = watch
        rule = self._rules.get(watch.rule)
        call = None if rule is None else next_call(rule, watch, self._plan.zone)
        if call is not None:
            self._calls[key] = call

    def _buckets(self, until: float) -> dict[Bucket, list[Waiting]]:
        """What is due until then, sorted by what becomes one message in a flood."""
        buckets: dict[Bucket, list[Waiting]] = {}
        for key, call in self._calls.items():
            if call.due <= until:
                buckets.setdefault((key[0], call.kind, call.number), []).append((self._watches[key], call))
        return buckets


def _nobody(rule: Rule, watch: Watch, call: Call, now: float) -> Event:
    more = watch.stage < len(rule.steps) and call.kind is not CallKind.REPEATED
    words = "the next step follows at once" if more else "nobody is told"
    return Event(
        time=now,
        kind="notification.nobody",
        subject=watch.news.name,
        message=f"{rule.name}: nobody is on duty who hears of {watch.news.name} ({call.kind.value}); {words}",
        details={"rule": rule.name, "occurrence_id": watch.news.occurrence_id, "stage": watch.stage},
    )
