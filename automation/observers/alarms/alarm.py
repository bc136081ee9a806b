"""The alarm itself: facts, and the ISA-18.2 state that follows from them; no thread, no clock, no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from automation.model.alarm import AlarmDefinition, Condition, High, Low
from automation.model.errors import ConflictError, InvalidValueError
from automation.model.event import SYSTEM
from automation.model.sample import Sample
from automation.observers.alarms.condition import Band, compile_condition
from automation.system.clock import NEVER

COMMENT_MAX = 1000


class AlarmState(Enum):
    """The name of what the facts amount to (ISA-18.2 states A to D)."""

    NORM = "NORM"
    UNACK = "UNACK"
    ACKED = "ACKED"
    RTNUN = "RTNUN"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an alarm and kept across restarts; the times are those of the newest occurrence, POSIX seconds.

    occurrence_id: names the newest occurrence, None before the first. condition_time: source time of the sample that first
    crossed; active_time: when the alarm was raised, one on-delay later; rtn_time: when it returned.
    """

    active: bool = False
    acked: bool = True
    occurrence_id: str | None = None
    condition_time: float | None = None
    active_time: float | None = None
    rtn_time: float | None = None
    ack_time: float | None = None
    ack_by: str = ""
    ack_comment: str = ""

    @property
    def state(self) -> AlarmState:
        """The state that the facts amount to."""
        if self.active:
            return AlarmState.ACKED if self.acked else AlarmState.UNACK
        return AlarmState.NORM if self.acked else AlarmState.RTNUN


class TransitionKind(Enum):
    """What happened to an alarm."""

    RAISED = "raised"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step of an alarm from state to state.

    time: POSIX seconds; of a delay that ran out, the instant when it did. before, facts: as they were and as they are.
    sample: what caused it, None where a delay or a person did.
    """

    kind: TransitionKind
    time: float
    before: Facts
    facts: Facts
    sample: Sample | None = None
    actor: str = SYSTEM
    comment: str = ""


class Alarm:
    """One alarm, fed samples, instants and acknowledgements; the same inputs always give the same answers.

    facts: as restored from the store, so that the first sample after a restart is judged against the state before it. A
    running delay is not among them: nobody saw whether the condition held meanwhile, so it starts again. due: the instant of the
    next timer, ``NEVER`` if none runs. Instants that go backwards are taken as the newest one seen.
    """

    __slots__ = ("_check", "_crossed", "_latest", "definition", "due", "facts")

    def __init__(self, definition: AlarmDefinition, facts: Facts | None = None) -> None:
        self.definition = definition
        self.facts = facts or Facts()
        self.due = NEVER
        self._check = compile_condition(definition.condition)
        self._crossed = 0.0
        self._latest = 0.0

    @property
    def state(self) -> AlarmState:
        """The present state."""
        return self.facts.state

    @property
    def quiet(self) -> Band:
        """The open interval of numbers that, with a quality that is not BAD, change nothing in the present state.

        While a delay runs, its values are those that keep it running. A delay that runs out leaves the interval valid: what was
        beyond the limit is beyond the deadband too.
        """
        active = self.facts.active
        return self._check.band(active, active if self.due == NEVER else not active)

    def redefined(self, definition: AlarmDefinition) -> Alarm:
        """The same alarm under another definition, with its facts; a running delay goes on if it is judged as before."""
        alarm = Alarm(definition, self.facts)
        alarm._latest = self._latest
        if _judged_by(definition) == _judged_by(self.definition):
            alarm.due, alarm._crossed = self.due, self._crossed
        return alarm

    def evaluate(self, sample: Sample, now: float) -> Sequence[Transition]:
        """What the sample changes, after what a delay that ran out before it changed: mostly nothing, at most one of each.

        A sample that cannot be judged holds the alarm as it is and stops a running delay. Samples count in the order in which
        they come, whatever their source time.
        """
        fired = self.tick(now)
        changed = self._judge(sample, self._forward(now))
        return tuple(transition for transition in (fired, changed) if transition is not None)

    def tick(self, now: float) -> Transition | None:
        """The transition of a delay that has run out by now."""
        if self.due > now:
            return None
        time = self._forward(self.due)
        self._forward(now)
        return self._flip(time, None)

    def acknowledge(self, actor: str, comment: str, occurrence_id: str | None, now: float) -> Transition:
        """Take note that a person has seen the occurrence; None means whichever stands.

        Raises ``ConflictError`` with reason ``not_ackable`` if nothing stands, ``stale_occurrence`` if it is a newer one,
        ``already_acked`` if somebody was faster. Raises ``InvalidValueError`` on an overlong comment.
        """
        name, facts = self.definition.name, self.facts
        if len(comment) > COMMENT_MAX:
            raise InvalidValueError(f"alarm {name}: comment: at most {COMMENT_MAX} characters")
        if facts.state is AlarmState.NORM:
            raise ConflictError(f"alarm {name} is normal; there is nothing to acknowledge", "not_ackable")
        if occurrence_id is not None and occurrence_id != facts.occurrence_id:
            raise ConflictError(f"alarm {name} has a newer occurrence than {occurrence_id}", "stale_occurrence")
        if facts.acked:
            raise ConflictError(f"alarm {name} was already acknowledged by {facts.ack_by}", "already_acked")
        now = self._forward(now)
        self.facts = replace(facts, acked=True, ack_time=now, ack_by=actor, ack_comment=comment)
        return Transition(
            kind=TransitionKind.ACKNOWLEDGED, time=now, before=facts, facts=self.facts, actor=actor, comment=comment
        )

    def _forward(self, now: float) -> float:
        self._latest = max(self._latest, now)
        return self._latest

    def _judge(self, sample: Sample, now: float) -> Transition | None:
        active = self.facts.active
        abnormal = self._check.judge(sample, active)
        if abnormal is None or abnormal == active:
            self.due = NEVER
            return None
        if self.due != NEVER:
            return None
        self._crossed = sample.source_time
        delay_s = self.definition.off_delay_s if active else self.definition.on_delay_s
        if delay_s > 0:
            self.due = now + delay_s
            return None
        return self._flip(now, sample)

    def _flip(self, time: float, sample: Sample | None) -> Transition:
        self.due = NEVER
        before = self.facts
        if before.active:
            kind = TransitionKind.RETURNED
            self.facts = replace(before, active=False, rtn_time=time)
        else:
            kind = TransitionKind.RAISED
            self.facts = Facts(
                active=True,
                acked=False,
                occurrence_id=_next_occurrence(before.occurrence_id, time),
                condition_time=self._crossed,
                active_time=time,
            )
        return Transition(kind=kind, time=time, before=before, facts=self.facts, sample=sample)


def _judged_by(definition: AlarmDefinition) -> tuple[Condition, float, float]:
    condition = definition.condition
    if isinstance(condition, High | Low):
        condition = replace(condition, unit="")
    return condition, definition.on_delay_s, definition.off_delay_s


def _next_occurrence(last: str | None, time: float) -> str:
    """Microseconds in hex: no two occurrences of a name share it, even if the alarm is removed and declared again."""
    return f"{max(round(time * 1e6), int(last or '0', 16) + 1):x}"
