"""What the outside sees of an alarm: one frozen picture, and the counts of the alarm strip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from automation.model.alarm import (
    CONDITION_KINDS,
    AlarmDefinition,
    BadQuality,
    Bool,
    Comms,
    Condition,
    Discrete,
    High,
    Levels,
    Low,
    Plausibility,
    Priority,
    RateOfChange,
    Stale,
)
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group
from automation.model.philosophy import PLAIN, Philosophy
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.observers.alarms.facts import AlarmState, Facts, priority_of
from automation.observers.alarms.overlay import Overlay


@dataclass(frozen=True, kw_only=True)
class AlarmView:
    """One alarm as it stands, journalled before it is shown.

    condition: its kind, such as ``high``. limit, deadband: in unit, None where there is none. priority: 1 is the most urgent.
    cause, action, consequence, response_s (0 if nobody said) and display, a path of the HMI or a name: what operators read;
    guidance_from: the areas that some of it is inherited from, nearest first. first_out: it was the first of its group. state:
    ``NORM``, ``UNACK``, ``ACKED``, ``RTNUN``, latched ``LUNACK`` and ``LACK``, or ``SHLVD``, ``DSUPR``, ``OOSRV`` while it is
    silent, ``DSBLD``; core_state: the one underneath. silence: why, by whom, and until when (None without an end).
    longest_shelf_s: how long an operator may shelve it, 0 if it is not shelvable. The times are those of the newest occurrence in
    POSIX seconds, None where it did not happen. value, quality: newest of the tag when the picture was taken, a number that is
    not finite as None.
    """

    name: str
    tag: str
    condition: str
    limit: float | None
    deadband: float | None
    unit: str
    unit_symbol: str
    priority: int
    area: str
    alarm_class: str
    description: str
    cause: str
    action: str
    consequence: str
    response_s: float
    display: str
    guidance_from: str
    latching: bool
    level: str
    first_out: bool
    first_out_group: str
    state: str
    core_state: str
    silence: str
    silent_by: str
    silent_until: float | None
    shelvable: bool
    longest_shelf_s: float
    active: bool
    acked: bool
    occurrence_id: str | None
    condition_time: float | None
    active_time: float | None
    rtn_time: float | None
    ack_time: float | None
    ack_by: str
    ack_comment: str
    value: Value
    quality: int
    message: str

    @property
    def standing(self) -> bool:
        """True if the alarm is not normal: it is active, waits for its acknowledgement, or is kept silent."""
        return self.state != AlarmState.NORM.value

    def as_dict(self) -> Mapping[str, Value]:
        """All fields by name, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class AlarmCounts:
    """How many alarms stand: unacknowledged, active, and by priority every one that is active or unacknowledged."""

    unack: int
    active: int
    by_priority: Mapping[int, int]

    def as_dict(self) -> Mapping[str, int | Mapping[str, int]]:
        """The counts ready for JSON, priorities as text."""
        return {"unack": self.unack, "active": self.active, "by_priority": {str(p): n for p, n in self.by_priority.items()}}


def count(standing: Iterable[tuple[Priority, Facts]]) -> AlarmCounts:
    """The counts of the alarms that stand."""
    by_priority = {int(priority): 0 for priority in Priority}
    unack = active = 0
    for priority, facts in standing:
        if facts.overlay.silent:
            continue
        by_priority[priority] += 1
        unack += not facts.acked
        active += facts.active
    return AlarmCounts(unack=unack, active=active, by_priority=by_priority)


def picture(definition: AlarmDefinition, tag: Tag, facts: Facts, sample: Sample, philosophy: Philosophy = PLAIN) -> AlarmView:
    """The view of an alarm with these facts, its tag having this sample."""
    condition, area, priority = definition.condition, definition.area or tag.area, priority_of(definition, facts)
    alarm_class, effective = philosophy.class_of(definition), philosophy.effective(definition, area)
    limit, deadband = limits(condition, facts.at_level)
    return AlarmView(
        name=definition.name,
        tag=definition.tag,
        condition=condition_name(condition),
        limit=limit,
        deadband=deadband,
        unit=tag.unit,
        unit_symbol=symbol(tag.unit),
        priority=int(priority),
        area=area,
        alarm_class=definition.alarm_class,
        description=definition.description,
        cause=effective.guidance.cause,
        action=effective.guidance.action,
        consequence=effective.guidance.consequence,
        response_s=effective.guidance.response_s,
        display=effective.guidance.display,
        guidance_from=", ".join(effective.sources),
        latching=definition.latching,
        level=facts.at_level,
        first_out=facts.first_out,
        first_out_group=definition.first_out,
        state=shown(definition, facts).value,
        core_state=facts.state.value,
        silence=silence(facts.overlay),
        silent_by=_silenced_by(facts.overlay),
        silent_until=None if facts.overlay.shelf is None else facts.overlay.shelf.until,
        shelvable=alarm_class.shelvable,
        longest_shelf_s=alarm_class.longest_shelf_s(priority),
        active=facts.active,
        acked=facts.acked,
        occurrence_id=facts.occurrence_id,
        condition_time=facts.condition_time,
        active_time=facts.active_time,
        rtn_time=facts.rtn_time,
        ack_time=facts.ack_time,
        ack_by=facts.ack_by,
        ack_comment=facts.ack_comment,
        value=plain(sample.value),
        quality=int(sample.quality),
        message=message(definition, tag, facts.state, facts.at_level),
    )


class Likeness:
    """The newest picture of one alarm, kept: of thousands that are listed again and again, few have changed meanwhile."""

    __slots__ = ("_newest",)

    def __init__(self) -> None:
        self._newest: tuple[tuple[object, ...], AlarmView] | None = None  # replaced as a whole: any thread may ask

    def picture(self, definition: AlarmDefinition, tag: Tag, facts: Facts, sample: Sample, philosophy: Philosophy) -> AlarmView:
        """As the function of that name."""
        made_of, newest = (definition, tag, facts, philosophy), self._newest
        if newest is None or any(now is not then for now, then in zip(made_of, newest[0], strict=True)):
            view = picture(definition, tag, facts, sample, philosophy)
        else:
            view = _with_sample(newest[1], plain(sample.value), int(sample.quality))
        self._newest = made_of, view
        return view


def _with_sample(view: AlarmView, value: Value, quality: int) -> AlarmView:
    same = view.quality == quality and view.value == value and type(view.value) is type(value)
    return view if same else replace(view, value=value, quality=quality)


def shown(definition: AlarmDefinition, facts: Facts) -> AlarmState:
    """The state that people see of the alarm under this definition."""
    return facts.shown if definition.enabled else AlarmState.DSBLD


def silence(overlay: Overlay) -> str:
    """Why the alarm is kept silent, empty if it is not."""
    told = []
    if overlay.out is not None:
        told.append(f"{overlay.out.reason} ({overlay.out.work_order})" if overlay.out.work_order else overlay.out.reason)
    told += overlay.suppressed
    if overlay.shelf is not None:
        told.append(overlay.shelf.reason)
    return "; ".join(told)


def _silenced_by(overlay: Overlay) -> str:
    if overlay.out is not None:
        return overlay.out.by
    return "" if overlay.shelf is None else overlay.shelf.by


def condition_name(condition: Condition) -> str:
    """The condition's type in one lower-case word."""
    return CONDITION_KINDS[type(condition)]


def limits(condition: Condition, level: str = "") -> tuple[float | None, float | None]:
    """Limit and deadband of the condition, None where it has none."""
    if isinstance(condition, Levels):
        one = condition.given.get(level)
        return (None, None) if one is None else (one.limit, one.gap)
    if isinstance(condition, High | Low):
        return condition.limit, condition.gap
    if isinstance(condition, Discrepancy):
        return condition.tolerance, None
    if isinstance(condition, Deviation) and (condition.high is None or condition.low is None or condition.high == condition.low):
        side = condition.high or condition.low
        return (None, None) if side is None else (side.limit, side.deadband)
    return None, None


def plain(value: Value) -> Value:
    """The value, None for a number that JSON does not know."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _level_words(name: str, condition: Levels, tag: Tag, level: str) -> str:
    at = condition.given.get(level)
    if at is None:
        told = ", ".join(
            f"{one.replace('_', ' ')} {limit_words(given.limit, given.limit_tag)}" for one, given in condition.given.items()
        )
        return f"{name} beyond its limits ({told} {symbol(tag.unit)}".rstrip() + ")"
    side = "above" if level.startswith("high") else "below"
    return f"{name} {side} {limit_words(at.limit, at.limit_tag)} {symbol(tag.unit)}".rstrip() + f" ({level.replace('_', ' ')})"


def limit_words(limit: float | None, limit_tag: str) -> str:
    """The limit as a number, or as the tag that has it while that has told none."""
    return limit_tag if limit is None else f"{limit:g}"


def _beside_words(name: str, condition: Deviation | Discrepancy | Group | Correlated, tag: Tag) -> str:
    unit = symbol(tag.unit)
    if isinstance(condition, Deviation):
        setpoint = limit_words(condition.setpoint, condition.setpoint_tag)
        sides = [(condition.high, "above"), (condition.low, "below")]
        told = " or ".join(f"{side.limit:g} {words}" for side, words in sides if side is not None)
        return f"{name} more than {told} its setpoint {setpoint} {unit}".rstrip()
    if isinstance(condition, Discrepancy):
        return f"{name} and {condition.other} disagree"
    if isinstance(condition, Group):
        return f"any of {len(condition.members)} alarms is active"
    return f"{condition.count} of {len(condition.members)} alarms within {condition.window_s:g} s"


_RETURNED = (AlarmState.RTNUN, AlarmState.LUNACK, AlarmState.LACK)


def message(definition: AlarmDefinition, tag: Tag, state: AlarmState, level: str = "") -> str:
    """The alarm in words, such as ``TK101.LT above 7.5 m``, with ``(returned)`` where the condition is gone."""
    condition = definition.condition
    if isinstance(condition, Comms):
        text = f"{definition.tag.removeprefix('LINK.').removesuffix('.UP')} does not answer"
    elif isinstance(condition, Bool):
        text = f"{definition.tag} is {'on' if condition.alarm_value else 'off'}"
    elif isinstance(condition, BadQuality):
        text = f"{definition.tag} is BAD"
    elif isinstance(condition, Discrete):
        text = f"{definition.tag} is {' or '.join(tag.states.get(int(value), str(value)) for value in condition.values)}"
    elif isinstance(condition, Stale):
        text = f"{definition.tag} was not updated for {condition.timeout_s:g} s"
    elif isinstance(condition, Plausibility):
        text = f"{definition.tag} is not plausible"
    elif isinstance(condition, RateOfChange):
        text = f"{definition.tag} changes too fast"
    elif isinstance(condition, Levels):
        text = _level_words(definition.tag, condition, tag, level)
    elif isinstance(condition, High | Low):
        side = "above" if isinstance(condition, High) else "below"
        text = f"{definition.tag} {side} {limit_words(condition.limit, condition.limit_tag)} {symbol(tag.unit)}".rstrip()
    else:
        text = _beside_words(definition.tag, condition, tag)
    return f"{text} (returned)" if state in _RETURNED else text
