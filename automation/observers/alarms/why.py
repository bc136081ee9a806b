"""Why an alarm is in its state, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automation.model.alarm import AckMode, AlarmDefinition, High, OnBad
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.overlay import Overlay
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


def explain(alarm: Alarm, tag: Tag, sample: Sample, watched: bool, now: float) -> Why:
    """Why the alarm is as it is. sample: the newest of its tag; watched: whether it is judged; now: POSIX seconds."""
    definition, facts = alarm.definition, alarm.facts
    overlays = tuple(_overlays(facts.overlay, now))
    pending = _pending(alarm)
    sentences = [_now(definition, tag, sample), *_judgement(alarm, tag, sample, watched), *_past(facts, now)]
    if pending is not None:
        sentences.append(f"It {pending.what} in {_span(pending.due - now)} if nothing changes.")
    sentences += [*_needs(definition, facts), *overlays]
    return Why(state=shown(definition, facts).value, sentences=sentences, pending=pending, overlays=overlays)


def _now(definition: AlarmDefinition, tag: Tag, sample: Sample) -> str:
    value = plain(sample.value)
    told = "no value" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"{definition.tag} is {told} {symbol(tag.unit)}".rstrip() + f", quality {sample.quality}."


def _judgement(alarm: Alarm, tag: Tag, sample: Sample, watched: bool) -> Iterator[str]:
    definition, facts = alarm.definition, alarm.facts
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
    if alarm.abnormal == alarm.facts.active:
        return Pending(what="is announced again", due=alarm.due)
    return Pending(what="returns" if alarm.facts.active else "is raised", due=alarm.due)


def _needs(definition: AlarmDefinition, facts: Facts) -> Iterator[str]:
    if not facts.acked:
        by_return = definition.ack_mode is AckMode.AUTO_ON_RTN and facts.active
        yield "It waits to be acknowledged" + (", by a person or by its return." if by_return else ".")
    if facts.latched and not facts.active:
        yield "It is latched until a person resets it."


def _overlays(overlay: Overlay, now: float) -> Iterator[str]:
    if overlay.out is not None:
        order = f", work order {overlay.out.work_order}" if overlay.out.work_order else ""
        yield f"{overlay.out.by} took it out of service {_span(now - overlay.out.since)} ago: {overlay.out.reason}{order}."
    for reason in overlay.suppressed:
        kind, _, name = reason.partition(":")
        if kind == "comms":
            yield f"It is silent because the link of its tag is lost (alarm {name})."
        elif kind == "superseded":
            yield f"It is silent because alarm {name} is worse."
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
