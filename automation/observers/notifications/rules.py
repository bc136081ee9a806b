"""One alarm under one rule: what becomes of it, and what is due when; nothing but arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Plan, Recipient, Rule, Step


class CallKind(Enum):
    """Why somebody is told."""

    RAISED = "raised"
    ESCALATED = "escalated"
    REPEATED = "repeated"
    RETURNED = "returned"


class Call(NamedTuple):
    """A message that is due. number: of the step or repeat, from 1; 0 for the others."""

    due: float
    kind: CallKind
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Watch:
    """An alarm that a rule cares for, from when it is raised until there is nothing more to say.

    since: when it was heard of. told_at, repeated_at: when the first message and the last repeat went, None before. told: who got
    any. stage: how many steps were told, the first included. unheard: the last of them found nobody, so the next does not wait.
    stopped: no more steps and repeats. returned_at: when it was heard to have returned, as long as nobody was told; said: they
    were.
    """

    rule: str
    news: AlarmNews
    since: float
    told_at: float | None = None
    told: tuple[Recipient, ...] = ()
    stage: int = 0
    repeats: int = 0
    repeated_at: float | None = None
    unheard: bool = False
    stopped: bool = False
    returned_at: float | None = None
    said: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Rule and alarm; at most one watch has them."""
        return self.rule, self.news.name


def hear(rule: Rule, watch: Watch | None, news: AlarmNews, now: float) -> Watch | None:
    """The watch after the news, None if the rule does not care for the alarm, or no longer does."""
    if watch is not None:
        same = watch.news.occurrence_id == news.occurrence_id
        if same and news.time < watch.news.time:  # a look at all alarms has told of it before
            return watch
        if not news.calling or (same and not watch.stopped):
            return _followed(rule, watch, news, now)
    # A new occurrence, or one that calls again after it was acknowledged.
    return Watch(rule=rule.name, news=news, since=now) if news.calling and rule.matches(news) else None


def _followed(rule: Rule, watch: Watch, news: AlarmNews, now: float) -> Watch | None:
    if news.silent or (watch.told_at is None and _needless(rule, watch, news, now)):
        return None
    stopped = watch.stopped or news.acked or (not news.active and rule.until_returned)
    watch = replace(watch, news=news, stopped=stopped)
    if news.active:
        return replace(watch, returned_at=None, said=False)
    if rule.on_clear and watch.returned_at is None and not watch.said:
        return replace(watch, returned_at=now)
    return watch if news.standing or watch.returned_at is not None else None


def _needless(rule: Rule, watch: Watch, news: AlarmNews, now: float) -> bool:
    """True if nobody has to be told any more: acknowledged, or gone before its delay was over."""
    return news.acked or (not news.active and (rule.until_returned or now < watch.since + rule.delay_s))


def next_call(rule: Rule, watch: Watch, zone: ZoneInfo) -> Call | None:
    """What is to be told next, and when, None if nothing is until more is heard."""
    calls = [(rule.loud_from(call.due, watch.news.priority, zone), call) for call in _calls(rule, watch)]
    if not calls:
        return None
    due, call = min(calls, key=lambda pair: pair[0])
    return call._replace(due=due)


def _calls(rule: Rule, watch: Watch) -> Iterator[Call]:
    if watch.told_at is None:
        yield Call(watch.since + rule.delay_s, CallKind.RAISED)
        return
    if watch.returned_at is not None:
        yield Call(watch.returned_at, CallKind.RETURNED)
    if watch.stopped:
        return
    if watch.stage <= len(rule.steps):
        after_s = 0.0 if watch.unheard else rule.steps[watch.stage - 1].after_s
        yield Call(watch.told_at + after_s, CallKind.ESCALATED, watch.stage)
    if rule.repeat_s is not None and watch.repeats < rule.repeat_times:
        last = watch.told_at if watch.repeated_at is None else watch.repeated_at
        yield Call(last + rule.repeat_s, CallKind.REPEATED, watch.repeats + 1)


def heard_by(plan: Plan, rule: Rule, watch: Watch, call: Call, now: float) -> Sequence[Recipient]:
    """Who hears the call: those of its step on duty, for a repeat those of all steps so far, at the end who was told before."""
    if call.kind is CallKind.RETURNED:
        return watch.told
    steps: Sequence[Step] = (rule.first, *rule.steps)
    begin, end = (0, watch.stage) if call.kind is CallKind.REPEATED else (watch.stage, watch.stage + 1)
    reached = steps[begin:end]
    found = [recipient for step in reached for recipient in plan.recipients(step, now)]
    return tuple(dict.fromkeys(found))


def told(watch: Watch, call: Call, recipients: Sequence[Recipient], now: float) -> Watch | None:
    """The watch after its call went to the recipients, None if that was the last of it."""
    if call.kind is CallKind.RETURNED:
        return replace(watch, returned_at=None, said=True) if watch.news.standing else None
    all_told = tuple(dict.fromkeys((*watch.told, *recipients)))
    if call.kind is CallKind.REPEATED:
        return replace(watch, told=all_told, repeats=watch.repeats + 1, repeated_at=now)
    first = now if watch.told_at is None else watch.told_at
    return replace(watch, told=all_told, told_at=first, stage=watch.stage + 1, unheard=not recipients)
