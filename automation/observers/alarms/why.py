"""Why an alarm is in its state, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from automation.model.alarm import AckMode, AlarmDefinition, High, OnBad, inputs_of, members_of
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.overlay import ENABLED_WHEN, Overlay
from automation.observers.alarms.view import limits, message, plain, shown
from automation.system.clock import NEVER


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A delay that runs: what happens at its end, and when, POSIX seconds."""

    what: str
    due: float


@dataclass(frozen=True, kw_only=True)
class Why:
    """An explanation. sentences: in the order in which a person would ask; overlays: what keeps the alarm silent, one each."""

    state: str
    sentences: Sequence[str]
    pending: Pending | None
    overlays: Sequence[str]


def explain(
    alarm: Alarm,
    tag: Tag,
    sample: Sample,
    watched: bool,
    now: float,
    gate: str = "",
    beside: Mapping[str, Sample] | None = None,
    active: Sequence[str] = (),
) -> Why:
    """Why the alarm is as it is. sample: the newest of its tag; watched: whether it is judged; now: POSIX seconds.

    gate: the condition under which it is heard and what it reads, empty if there is none. beside: the newest samples of the other
    tags that it looks at. active: which of the alarms that it watches are.
    """
    definition, facts = alarm.in_force, alarm.facts
    overlays = tuple(_overlays(facts.overlay, now, gate))
    pending = _pending(alarm)
    first = [_now(definition.tag, tag, sample)] if definition.tag else [_members(definition, active)]
    sentences = [*first, *_beside(alarm, tag, beside or {}), *_judgement(alarm, tag, sample, watched), *_past(facts, now)]
    if pending is not None:
        sentences.append(f"It {pending.what} in {_span(pending.due - now)} if nothing changes.")
    if gate and definition.enabled and ENABLED_WHEN not in facts.overlay.suppressed:
        sentences.append(f"It is heard unless this is false: {gate}.")
    sentences += [*_needs(definition, facts), *overlays]
    return Why(state=shown(definition, facts).value, sentences=sentences, pending=pending, overlays=overlays)


def _now(name: str, tag: Tag, sample: Sample) -> str:
    value = plain(sample.value)
    told = "no value" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"{name} is {told} {symbol(tag.unit)}".rstrip() + f", quality {sample.quality}."


def _members(definition: AlarmDefinition, active: Sequence[str]) -> str:
    total = len(members_of(definition.condition))
    shown = ", ".join(active[:_SHOWN]) + (" ..." if len(active) > _SHOWN else "")
    return f"{len(active)} of its {total} alarms are active: {shown}." if active else f"None of its {total} alarms is active."


_SHOWN = 10
_ROLES = {"limit_tag": "its limit", "setpoint_tag": "its setpoint", "other": "with which it is compared"}


def _beside(alarm: Alarm, tag: Tag, samples: Mapping[str, Sample]) -> Iterator[str]:
    """What the other tags say that it looks at, and what is wrong with that."""
    for place, name in inputs_of(alarm.definition.condition).items():
        level, _, field = place.rpartition(".")
        role = f"its limit {level.replace('_', ' ')}" if level else _ROLES[field]
        if name in samples:
            yield _now(f"{name}, {role},", tag, samples[name])
            if samples[name].quality.is_bad:
                yield f"Nothing can be judged without {name}."
    if alarm.contradiction:
        yield f"Nothing can be judged: {alarm.contradiction}."


def _judgement(alarm: Alarm, tag: Tag, sample: Sample, watched: bool) -> Iterator[str]:
    definition, facts = alarm.in_force, alarm.facts
    if not definition.enabled:
        yield "The alarm is disabled, so nothing is judged."
        return
    if not watched:
        yield f"Nothing is judged: tag {definition.tag} is not there, or the alarm does not fit it."
        return
    yield f"The alarm is for: {message(definition, tag, facts.state, facts.at_level).removesuffix(' (returned)')}."
    if sample.quality.is_bad and definition.on_bad is OnBad.HOLD:
        yield "A sample that cannot be judged leaves it as it is."
    yield from _way_back(definition, tag, facts)


def _way_back(definition: AlarmDefinition, tag: Tag, facts: Facts) -> Iterator[str]:
    """Where the value must go for the limit to be left, deadband included."""
    limit, deadband = limits(definition.condition, facts.at_level)
    if not facts.active or limit is None or deadband is None:
        return
    upper = isinstance(definition.condition, High) or facts.level.startswith("high")
    point = f"{limit - deadband if upper else limit + deadband:g} {symbol(tag.unit)}".rstrip()
    leaves = "leaves this level" if facts.level in ("high_high", "low_low") else "returns"
    yield f"It {leaves} at {point} or {'below' if upper else 'above'}."


def _past(facts: Facts, now: float) -> Iterator[str]:
    if facts.active and facts.active_time is not None:
        yield f"It has been active for {_span(now - facts.active_time)}."
    elif facts.rtn_time is not None:
        yield f"It returned {_span(now - facts.rtn_time)} ago."
    if facts.ack_time is not None:
        yield f"{facts.ack_by} acknowledged it {_span(now - facts.ack_time)} ago."
    if facts.realarms:
        yield f"It was announced again {facts.realarms} times."


def _pending(alarm: Alarm) -> Pending | None:
    if alarm.due == NEVER:
        return None
    shelf = alarm.facts.overlay.shelf
    if shelf is not None and shelf.until == alarm.due:
        return Pending(what="leaves the shelf", due=alarm.due)
    if alarm.next_level:
        return Pending(what=f"goes to level {alarm.next_level.replace('_', ' ')}", due=alarm.due)
    if alarm.abnormal == alarm.facts.active:
        return Pending(what="is announced again", due=alarm.due)
    return Pending(what="returns" if alarm.facts.active else "is raised", due=alarm.due)


def _needs(definition: AlarmDefinition, facts: Facts) -> Iterator[str]:
    if not facts.acked:
        by_return = definition.ack_mode is AckMode.AUTO_ON_RTN and facts.active
        yield "It waits to be acknowledged" + (", by a person or by its return." if by_return else ".")
    if facts.latched and not facts.active:
        yield "It is latched until a person resets it."


def _overlays(overlay: Overlay, now: float, gate: str) -> Iterator[str]:
    if overlay.out is not None:
        order = f", work order {overlay.out.work_order}" if overlay.out.work_order else ""
        yield f"{overlay.out.by} took it out of service {_span(now - overlay.out.since)} ago: {overlay.out.reason}{order}."
    for reason in overlay.suppressed:
        kind, _, name = reason.partition(":")
        if kind == "comms":
            yield f"It is silent because the link of its tag is lost (alarm {name})."
        elif kind == "superseded":
            yield f"It is silent because alarm {name} is worse."
        elif reason == ENABLED_WHEN:
            yield f"It is silent because this is false: {gate}."
        else:
            yield f"It is suppressed by design: {reason}."
    if overlay.shelf is not None:
        once = " or until it returns" if overlay.shelf.one_shot else ""
        left = _span(overlay.shelf.until - now)
        yield f"{overlay.shelf.by} shelved it for another {left}{once}: {overlay.shelf.reason}."


def _span(seconds: float) -> str:
    """A time in words, to two parts at most."""
    rest = max(0, round(seconds))
    if rest < 120:  # noqa: PLR2004
        return f"{rest} s"
    minutes, hours, days = rest // 60, rest // 3600, rest // 86_400
    if minutes < 120:  # noqa: PLR2004
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if days < 2 else f"{days} d {hours % 24} h"  # noqa: PLR2004
