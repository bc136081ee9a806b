"""What a message says: the usual words, or a template's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automation.model.notification import filled
from automation.observers.notifications.news import PRIORITY_NAMES, AlarmNews
from automation.observers.notifications.plan import Plan, Recipient, Rule
from automation.observers.notifications.rules import Call, CallKind
from automation.observers.notifications.schedule import local_text
from automation.observers.notifications.store import Delivery

_LISTED = 50
_DATA_MAX = 200
_SUBJECT_MAX = 200
_WORDS = {
    CallKind.RAISED: "",
    CallKind.ESCALATED: "Nobody has acknowledged this alarm yet.",
    CallKind.REPEATED: "Nobody has acknowledged this alarm yet.",
    CallKind.RETURNED: "This alarm has returned to normal.",
}
_GROUP_WORDS = {
    CallKind.RAISED: "alarms",
    CallKind.ESCALATED: "alarms not acknowledged",
    CallKind.REPEATED: "alarms not acknowledged",
    CallKind.RETURNED: "alarms returned to normal",
}


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be told to one recipient: of one alarm, or of all that came in a flood."""

    rule: Rule
    call: Call
    alarms: Sequence[AlarmNews]
    recipient: Recipient


def delivery_of(message: Message, plan: Plan, now: float, identity: str) -> Delivery:
    """The message, written and ready to be queued."""
    single = len(message.alarms) == 1
    subject, text = _single(message, plan, now) if single else _group(message, plan)
    return Delivery(
        id=identity,
        channel=message.recipient.channel,
        rule=message.rule.name,
        kind=message.call.kind.value,
        created=now,
        due=now,
        recipient=message.recipient.name,
        address=message.recipient.address,
        subject=one_line(subject),
        text=text,
        data=_data(message, plan, now),
    )


def one_line(text: str) -> str:
    """The text as a subject may have it: no line breaks, not too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= _SUBJECT_MAX else f"{flat[: _SUBJECT_MAX - 1]}…"


def fields_of(news: AlarmNews, rule: str, kind: str, plan: Plan, now: float) -> Mapping[str, str]:
    """What templates may name; see ``model.notification.FIELDS``."""
    return {
        "site": plan.site,
        "rule": rule,
        "event": kind,
        "alarm": news.name,
        "message": news.message,
        "priority": str(news.priority),
        "priority_name": PRIORITY_NAMES.get(news.priority, str(news.priority)),
        "area": news.area,
        "alarm_class": news.alarm_class,
        "tag": news.tag,
        "value": news.value,
        "state": news.state,
        "raised": "" if news.raised is None else local_text(news.raised, plan.zone),
        "time": local_text(now, plan.zone),
        "description": news.description,
        "cause": news.cause,
        "action": news.action,
        "actor": news.actor,
        "comment": news.comment,
        "occurrence_id": news.occurrence_id,
    }


def _single(message: Message, plan: Plan, now: float) -> tuple[str, str]:
    rule, call, (news,) = message.rule, message.call, message.alarms
    fields = fields_of(news, rule.name, call.kind.value, plan, now)
    subject = rule.subject or "[{site}] {priority_name}: {alarm} {event}"
    template = rule.clear_text if call.kind is CallKind.RETURNED else rule.text
    return filled(subject, fields), filled(template, fields) if template else _usual(fields, call)


def _usual(fields: Mapping[str, str], call: Call) -> str:
    facts = [
        ("Alarm", f"{fields['alarm']}, priority {fields['priority']} ({fields['priority_name']})"),
        ("Area", fields["area"]),
        ("Raised", fields["raised"]),
        ("Value", fields["value"]),
        ("Description", fields["description"]),
        ("Cause", fields["cause"]),
        ("Action", fields["action"]),
        ("Comment", f"{fields['comment']} ({fields['actor']})" if fields["comment"] else ""),
    ]
    head = [line for line in (_WORDS[call.kind], fields["message"]) if line]
    return "\n".join([*head, "", *(f"{name}: {value}" for name, value in facts if value)])


def _group(message: Message, plan: Plan) -> tuple[str, str]:
    alarms = sorted(message.alarms, key=lambda news: (news.priority, news.raised or 0.0))
    words = _GROUP_WORDS[message.call.kind]
    subject = f"[{plan.site}] {len(alarms)} {words}"
    lines = [_line(news, plan) for news in alarms[:_LISTED]]
    more = [f"and {len(alarms) - _LISTED} more"] if len(alarms) > _LISTED else []
    return subject, "\n".join([f"{len(alarms)} {words} came together:", "", *lines, *more])


def _line(news: AlarmNews, plan: Plan) -> str:
    raised = "" if news.raised is None else f"{local_text(news.raised, plan.zone)}  "
    area = f" ({news.area})" if news.area else ""
    return f"{raised}{PRIORITY_NAMES.get(news.priority, news.priority)}  {news.name}{area}: {news.message}"


def _data(message: Message, plan: Plan, now: float) -> Mapping[str, Any]:
    return {
        "site": plan.site,
        "rule": message.rule.name,
        "kind": message.call.kind.value,
        "number": message.call.number,
        "time": now,
        "count": len(message.alarms),
        "alarms": [_alarm(news) for news in message.alarms[:_DATA_MAX]],
    }


def _alarm(news: AlarmNews) -> Mapping[str, Any]:
    return {
        "name": news.name,
        "occurrence_id": news.occurrence_id,
        "priority": news.priority,
        "area": news.area,
        "alarm_class": news.alarm_class,
        "tag": news.tag,
        "message": news.message,
        "state": news.state,
        "value": news.value,
        "raised": news.raised,
        "active": news.active,
        "acknowledged": news.acked,
    }
