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
from automation.observers.alarms.overlay import MAX_SHELVE_S, NO_OVERLAY, OutOfService, Overlay, Shelf
from automation.system.clock import NEVER

COMMENT_MAX = 1000


class AlarmState(Enum):
    """The name of what the facts amount to (ISA-18.2 states A to D, and G to I, which hide them)."""

    NORM = "NORM"
    UNACK = "UNACK"
    ACKED = "ACKED"
    RTNUN = "RTNUN"
    SHLVD = "SHLVD"
    DSUPR = "DSUPR"
    OOSRV = "OOSRV"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an alarm and kept across restarts; the times are those of the newest occurrence, POSIX seconds.

    occurrence_id: names the newest occurrence, None before the first. condition_time: source time of the sample that first
    crossed; active_time: when the alarm was raised, one on-delay later; rtn_time: when it returned. overlay: what keeps it
    silent; the rest goes on underneath.
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
    overlay: Overlay = NO_OVERLAY

    @property
    def shown(self) -> AlarmState:
        """The state that people see: out of service before suppressed before shelved before the state underneath."""
        if self.overlay.out is not None:
            return AlarmState.OOSRV
        if self.overlay.suppressed:
            return AlarmState.DSUPR
        return self.state if self.overlay.shelf is None else AlarmState.SHLVD

    @property
    def state(self) -> AlarmState:
        """The state underneath, of states A to D."""
        if self.active:
            return AlarmState.ACKED if self.acked else AlarmState.UNACK
        return AlarmState.NORM if self.acked else AlarmState.RTNUN


class TransitionKind(Enum):
    """What happened to an alarm."""

    RAISED = "raised"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    OUT_OF_SERVICE = "out_of_service"
    RETURNED_TO_SERVICE = "returned_to_service"
    COMMENTED = "commented"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step of an alarm from state to state.

    time: POSIX seconds; of a delay that ran out, the instant when it did. before, facts: as they were and as they are.
    sample: what caused it, None where a delay or a person did. comment: of a person, or the reason.
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
    running delay is not among them: nobody saw whether the condition held meanwhile, so it starts again; the end of a shelf is.
    Instants that go backwards are taken as the newest one seen.
    """

    __slots__ = ("_check", "_crossed", "_delay_due", "_latest", "definition", "facts")

    def __init__(self, definition: AlarmDefinition, facts: Facts | None = None) -> None:
        self.definition = definition
        self.facts = facts or Facts()
        self._delay_due = NEVER
        self._check = compile_condition(definition.condition)
        self._crossed = 0.0
        self._latest = 0.0

    @property
    def state(self) -> AlarmState:
        """The present state."""
        return self.facts.state

    @property
    def due(self) -> float:
        """The instant of the next timer: of a delay, or of the end of a shelf."""
        shelf = self.facts.overlay.shelf
        return self._delay_due if shelf is None else min(self._delay_due, shelf.until)

    @property
    def quiet(self) -> Band:
        """The open interval of numbers that, with a quality that is not BAD, change nothing in the present state.

        While a delay runs, its values are those that keep it running. A delay that runs out leaves the interval valid: what was
        beyond the limit is beyond the deadband too.
        """
        active = self.facts.active
        return self._check.band(active, active if self._delay_due == NEVER else not active)

    def redefined(self, definition: AlarmDefinition) -> Alarm:
        """The same alarm under another definition, with its facts; a running delay goes on if it is judged as before."""
        alarm = Alarm(definition, self.facts)
        alarm._latest = self._latest
        if _judged_by(definition) == _judged_by(self.definition):
            alarm._delay_due, alarm._crossed = self._delay_due, self._crossed
        return alarm

    def evaluate(self, sample: Sample, now: float) -> Sequence[Transition]:
        """What the sample changes, after what timers that ran out before it changed: mostly nothing.

        A sample that cannot be judged holds the alarm as it is and stops a running delay. Samples count in the order in which
        they come, whatever their source time.
        """
        fired = self.tick(now)
        changed = self._judge(sample, self._forward(now))
        return changed if not fired else (*fired, *changed)

    def tick(self, now: float) -> Sequence[Transition]:
        """The transitions of the timers that have run out by now, in their order."""
        found: list[Transition] = []
        while self.due <= now:
            time = self._forward(self.due)
            if self._delay_due <= time:
                found += self._flip(time, None)
            else:
                found.append(self._unshelve(time, SYSTEM, "its time is over"))
        if found:
            self._forward(now)
        return found

    def acknowledge(self, actor: str, comment: str, occurrence_id: str | None, now: float) -> Transition:
        """Take note that a person has seen the occurrence; None means whichever stands.

        Raises ``ConflictError`` with reason ``not_ackable`` if nothing stands, ``stale_occurrence`` if it is a newer one,
        ``already_acked`` if somebody was faster. Raises ``InvalidValueError`` on an overlong comment.
        """
        name, facts = self.definition.name, self.facts
        if len(comment) > COMMENT_MAX:
            raise InvalidValueError(f"alarm {name}: comment: at most {COMMENT_MAX} characters")
        if facts.overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service", "out_of_service")
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

    def shelve(self, actor: str, reason: str, now: float, for_s: float | None = None, *, one_shot: bool = False) -> Transition:
        """Keep the alarm silent for so many seconds, or the longest that its priority allows.

        one_shot: only until it returns. Shelving again counts from the first time. Raises ``InvalidValueError`` without a reason
        and for a time that is too long, ``ConflictError`` with reason ``out_of_service``.
        """
        name, overlay = self.definition.name, self.facts.overlay
        words = _reason(name, reason)
        if overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service", "out_of_service")
        now, longest = self._forward(now), MAX_SHELVE_S[self.definition.priority]
        since = now if overlay.shelf is None else overlay.shelf.since
        until = since + longest if for_s is None else now + for_s
        if not now < until <= since + longest:
            left = max(0.0, since + longest - now)
            raise InvalidValueError(f"alarm {name}: for_s: above 0 and at most {left:g} s for its priority")
        shelf = Shelf(since=since, until=until, by=actor, reason=words, one_shot=one_shot)
        return self._lay(TransitionKind.SHELVED, replace(overlay, shelf=shelf), now, actor, words)

    def unshelve(self, actor: str, reason: str, now: float) -> Transition:
        """Let the alarm be heard again. Raises ``ConflictError`` with reason ``not_shelved``."""
        if self.facts.overlay.shelf is None:
            raise ConflictError(f"alarm {self.definition.name} is not shelved", "not_shelved")
        return self._unshelve(self._forward(now), actor, _comment(self.definition.name, reason))

    def take_out_of_service(self, actor: str, reason: str, work_order: str, now: float) -> Transition:
        """Keep the alarm silent for maintenance. Raises ``ConflictError`` with reason ``out_of_service`` if it is already."""
        name, overlay = self.definition.name, self.facts.overlay
        words, now = _reason(name, reason), self._forward(now)
        if overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service already, by {overlay.out.by}", "out_of_service")
        out = OutOfService(since=now, by=actor, reason=words, work_order=_comment(name, work_order))
        return self._lay(TransitionKind.OUT_OF_SERVICE, replace(overlay, out=out), now, actor, words)

    def return_to_service(self, actor: str, reason: str, now: float) -> Transition:
        """Maintenance is over. Raises ``ConflictError`` with reason ``in_service``."""
        if self.facts.overlay.out is None:
            raise ConflictError(f"alarm {self.definition.name} is in service", "in_service")
        overlay, words = replace(self.facts.overlay, out=None), _comment(self.definition.name, reason)
        return self._lay(TransitionKind.RETURNED_TO_SERVICE, overlay, self._forward(now), actor, words)

    def suppress(self, actor: str, reason: str, now: float) -> Transition:
        """Keep the alarm silent by design. Raises ``ConflictError`` with reason ``already_suppressed``."""
        words = _reason(self.definition.name, reason)
        if words in self.facts.overlay.suppressed:
            raise ConflictError(f"alarm {self.definition.name} is suppressed for that already", "already_suppressed")
        return self._lay(TransitionKind.SUPPRESSED, self.facts.overlay.with_reason(words), self._forward(now), actor, words)

    def unsuppress(self, actor: str, reason: str, now: float) -> Transition:
        """That reason counts no more. Raises ``ConflictError`` with reason ``not_suppressed``."""
        words = reason.strip()
        if words not in self.facts.overlay.suppressed:
            raise ConflictError(f"alarm {self.definition.name} is not suppressed for that", "not_suppressed")
        return self._lay(TransitionKind.UNSUPPRESSED, self.facts.overlay.without_reason(words), self._forward(now), actor, words)

    def comment(self, actor: str, comment: str, now: float) -> Transition:
        """A person says something about the alarm, which changes nothing. Raises ``InvalidValueError`` without words."""
        words = _reason(self.definition.name, comment, "comment")
        facts = self.facts
        return Transition(
            kind=TransitionKind.COMMENTED, time=self._forward(now), before=facts, facts=facts, actor=actor, comment=words
        )

    def _unshelve(self, time: float, actor: str, words: str) -> Transition:
        return self._lay(TransitionKind.UNSHELVED, replace(self.facts.overlay, shelf=None), time, actor, words)

    def _lay(self, kind: TransitionKind, overlay: Overlay, time: float, actor: str, words: str) -> Transition:
        """Have that overlay; with the last one gone, what is abnormal is announced again, and what is not is normal."""
        before = self.facts
        facts = replace(before, overlay=overlay)
        if before.overlay.silent and not overlay.silent:
            facts = replace(facts, acked=not facts.active)
        self.facts = facts
        return Transition(kind=kind, time=time, before=before, facts=facts, actor=actor, comment=words)

    def _forward(self, now: float) -> float:
        self._latest = max(self._latest, now)
        return self._latest

    def _judge(self, sample: Sample, now: float) -> Sequence[Transition]:
        active = self.facts.active
        abnormal = self._check.judge(sample, active)
        if abnormal is None or abnormal == active:
            self._delay_due = NEVER
            return ()
        if self._delay_due != NEVER:
            return ()
        self._crossed = sample.source_time
        delay_s = self.definition.off_delay_s if active else self.definition.on_delay_s
        if delay_s > 0:
            self._delay_due = now + delay_s
            return ()
        return self._flip(now, sample)

    def _flip(self, time: float, sample: Sample | None) -> Sequence[Transition]:
        self._delay_due = NEVER
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
                overlay=before.overlay,
            )
        flipped = Transition(kind=kind, time=time, before=before, facts=self.facts, sample=sample)
        shelf = self.facts.overlay.shelf
        if kind is TransitionKind.RETURNED and shelf is not None and shelf.one_shot:
            return flipped, self._unshelve(time, SYSTEM, "it has returned")
        return (flipped,)


def _comment(name: str, words: str) -> str:
    if len(words) > COMMENT_MAX:
        raise InvalidValueError(f"alarm {name}: at most {COMMENT_MAX} characters")
    return words.strip()


def _reason(name: str, words: str, what: str = "reason") -> str:
    said = _comment(name, words)
    if not said:
        raise InvalidValueError(f"alarm {name}: {what}: one is needed")
    return said


def _judged_by(definition: AlarmDefinition) -> tuple[Condition, float, float]:
    condition = definition.condition
    if isinstance(condition, High | Low):
        condition = replace(condition, unit="")
    return condition, definition.on_delay_s, definition.off_delay_s


def _next_occurrence(last: str | None, time: float) -> str:
    """Microseconds in hex: no two occurrences of a name share it, even if the alarm is removed and declared again."""
    return f"{max(round(time * 1e6), int(last or '0', 16) + 1):x}"
