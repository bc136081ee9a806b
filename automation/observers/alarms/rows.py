"""Journal rows of alarms: one per transition or change of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from automation.model.alarm import AlarmDefinition, Bool, Discrete, Levels, Plausibility, Priority, RateOfChange, Stale
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group
from automation.model.event import SYSTEM, Event
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.facts import AlarmState, Facts, Transition, TransitionKind, priority_of
from automation.observers.alarms.view import condition_name, limits, message

RAISED = "alarm.raised"
RETURNED = "alarm.returned"
ACKNOWLEDGED = "alarm.acknowledged"
ADDED = "alarm.added"
CHANGED = "alarm.changed"
RENAMED = "alarm.renamed"
RESET = "alarm.reset"
REALARMED = "alarm.realarmed"
REMOVED = "alarm.removed"
RESYNC = "alarm.resync"

SUBJECT = "alarms"
_WITH_TERMS = (Levels, RateOfChange, Stale, Plausibility, Deviation, Discrepancy, Group, Correlated)

Watched: TypeAlias = tuple[AlarmDefinition, Tag]


def transition_row(watched: Watched, transition: Transition, sample: Sample, longest_s: float, origin: str) -> Event:
    """The row of a transition. sample: what caused it, or the tag's newest where a delay or a person did.

    longest_s: how long the alarm may be shelved.
    """
    definition, tag = watched
    facts, before = transition.facts, transition.before
    details: dict[str, Value] = {
        "occurrence_id": facts.occurrence_id,
        "from": before.shown.value,
        "to": facts.shown.value,
        "core_state": facts.state.value,
        "suppressed": facts.overlay.silent,
        **_definition(definition, tag),
        **_level(definition, facts, before),
        "value": sample.value,
        "quality": str(sample.quality),
        "source_time": sample.source_time,
        "annunciated": _announces(transition) and priority_of(definition, facts) is not Priority.DIAGNOSTIC,
        "condition_time": facts.condition_time,
        "active_time": facts.active_time,
        "duration_s": _since(before, transition.time),
        **({"first_out": facts.first_out, "first_out_group": definition.first_out} if definition.first_out else {}),
    }
    if transition.kind not in (TransitionKind.RAISED, TransitionKind.RETURNED):
        details["comment"] = transition.comment
    if transition.kind is TransitionKind.REALARMED:
        details["realarms"] = facts.realarms
    shelf, out = facts.overlay.shelf, facts.overlay.out
    if transition.kind is TransitionKind.SHELVED and shelf is not None:
        details |= {"until": shelf.until, "one_shot": shelf.one_shot, "longest_s": longest_s}
    if transition.kind is TransitionKind.OUT_OF_SERVICE and out is not None:
        details["work_order"] = out.work_order
    return Event(
        time=transition.time,
        kind=f"alarm.{transition.kind.value}",
        subject=definition.name,
        message=f"{message(definition, tag, AlarmState.UNACK, facts.level)}: {transition.kind.value.replace('_', ' ')}",
        actor=transition.actor,
        origin=origin,
        details=details,
    )


def _level(definition: AlarmDefinition, facts: Facts, before: Facts) -> Mapping[str, Value]:
    """What differs at a level of several: its name, limit, deadband, and the priority before and after."""
    level = definition.condition.given.get(facts.level) if isinstance(definition.condition, Levels) else None
    if level is None:
        return {}
    return {
        "level": facts.level,
        "limit": level.limit,
        "deadband": level.gap,
        "priority": int(priority_of(definition, facts)),
        "last_priority": int(priority_of(definition, before)),
    }


def _announces(transition: Transition) -> bool:
    """True if people hear of an abnormal state: a new one, or one that was kept silent until now."""
    if transition.facts.overlay.silent:
        return False
    if transition.kind in (TransitionKind.RAISED, TransitionKind.REALARMED, TransitionKind.REFLASHED):
        return True
    if transition.kind is TransitionKind.ESCALATED:
        return transition.facts.state is AlarmState.UNACK
    return transition.before.overlay.silent and transition.facts.state is AlarmState.UNACK


def added_row(definition: AlarmDefinition, tag: Tag, now: float, actor: str, origin: str) -> Event:
    """The row of a definition that joins while the runtime is up."""
    return Event(
        time=now,
        kind=ADDED,
        subject=definition.name,
        message=f"alarm {definition.name} added: {message(definition, tag, AlarmState.UNACK)}",
        actor=actor,
        origin=origin,
        details=_definition(definition, tag),
    )


def changed_row(before: Watched, after: Watched, now: float, actor: str, origin: str) -> Event:
    """The row of a definition that replaces another while the runtime is up; ``old_...`` tells what it was, where it differs."""
    (old, old_tag), (new, tag) = before, after
    was, now_is = _all_of(old, old_tag), _all_of(new, tag)
    changed = [key for key, value in now_is.items() if was[key] != value]
    told = ", ".join(f"{key} {_told(was[key])} -> {_told(now_is[key])}" for key in changed)
    return Event(
        time=now,
        kind=CHANGED,
        subject=new.name,
        message=f"alarm {new.name} changed: {told or 'nothing that it tells of'}",
        actor=actor,
        origin=origin,
        details={**now_is, **{f"old_{key}": was[key] for key in changed}},
    )


def switched_row(watched: Watched, facts: Facts, reason: str, now: float, actor: str, origin: str) -> Event:
    """The row of an alarm that is judged from now on, or no more. watched: as it is now."""
    definition, tag = watched
    shown, disabled = facts.shown.value, AlarmState.DSBLD.value
    word = "enabled" if definition.enabled else "disabled"
    return Event(
        time=now,
        kind=f"alarm.{word}",
        subject=definition.name,
        message=f"{message(definition, tag, AlarmState.UNACK, facts.level)}: {word}",
        actor=actor,
        origin=origin,
        details={
            "occurrence_id": facts.occurrence_id,
            "from": disabled if definition.enabled else shown,
            "to": shown if definition.enabled else disabled,
            "core_state": facts.state.value,
            "suppressed": facts.overlay.silent,
            **_definition(definition, tag),
            "annunciated": False,
            "condition_time": facts.condition_time,
            "active_time": facts.active_time,
            "comment": reason,
            "enabled": definition.enabled,
        },
    )


def renamed_row(old: str, new: str, facts: Facts, now: float, actor: str, origin: str) -> Event:
    """The last row of an alarm under its old name; it goes on in the same state under the new one."""
    return Event(
        time=now,
        kind=RENAMED,
        subject=old,
        message=f"alarm {old} is now {new}",
        actor=actor,
        origin=origin,
        details={"new_name": new, "occurrence_id": facts.occurrence_id, "state": facts.state.value},
    )


def removed_row(name: str, facts: Facts, now: float, actor: str = SYSTEM, origin: str = "runtime") -> Event:
    """The row that closes an alarm for good, whatever its state."""
    return Event(
        time=now,
        kind=REMOVED,
        subject=name,
        message=f"alarm {name} removed in state {facts.state.value}",
        actor=actor,
        origin=origin,
        details={
            "occurrence_id": facts.occurrence_id,
            "from": facts.state.value,
            "to": AlarmState.NORM.value,
            "condition_time": facts.condition_time,
            "active_time": facts.active_time,
            "duration_s": _since(facts, now),
        },
    )


def resync_row(lost: int, now: float) -> Event:
    """The row of a gap: changes that arrived faster than they could be judged."""
    return Event(
        time=now,
        kind=RESYNC,
        subject=SUBJECT,
        message=f"{lost} updates were lost to the alarms; every alarm was judged by the newest values again",
        details={"lost": lost},
    )


def _definition(definition: AlarmDefinition, tag: Tag) -> Mapping[str, Value]:
    limit, deadband = limits(definition.condition)
    return {
        "tag": definition.tag,
        "condition": condition_name(definition.condition),
        "limit": limit,
        "deadband": deadband,
        "unit": tag.unit,
        "priority": int(definition.priority),
        "area": definition.area or tag.area,
        "alarm_class": definition.alarm_class,
    }


def _all_of(definition: AlarmDefinition, tag: Tag) -> Mapping[str, Value]:
    condition = definition.condition
    return {
        "name": definition.name,
        **_definition(definition, tag),
        "on_delay_s": definition.on_delay_s,
        "off_delay_s": definition.off_delay_s,
        "latching": definition.latching,
        "ack_mode": definition.ack_mode.value,
        "on_bad": definition.on_bad.value,
        "restore_ack": definition.restore_ack,
        "realarm_s": definition.realarm_s,
        "description": definition.description,
        "consequence": definition.consequence,
        "response_s": definition.response_s,
        "cause": definition.cause,
        "action": definition.action,
        "display": definition.display,
        "supersedes": ", ".join(definition.supersedes),
        "first_out": definition.first_out,
        "enabled": definition.enabled,
        "enabled_when": definition.enabled_when,
        "terms": str(condition) if isinstance(condition, _WITH_TERMS) else None,
        "alarm_value": definition.condition.alarm_value if isinstance(definition.condition, Bool) else None,
        "values": ", ".join(map(str, definition.condition.values)) if isinstance(definition.condition, Discrete) else None,
    }


def _told(value: Value) -> str:
    return f"{value:.12g}" if isinstance(value, float) else repr(value) if isinstance(value, str) else str(value)


def _since(facts: Facts, now: float) -> float | None:
    """Seconds that the state lasted which ends now, None where nothing is known of its beginning."""
    match facts.state:
        case AlarmState.UNACK:
            start = facts.active_time
        case AlarmState.ACKED:
            start = facts.ack_time
        case AlarmState.RTNUN | AlarmState.LUNACK:
            start = facts.rtn_time
        case _:
            times = (facts.rtn_time, facts.ack_time)
            start = max((time for time in times if time is not None), default=None)
    return None if start is None else max(0.0, round(now - start, 6))
