"""The alarm itself: what samples, instants and people do to it; no thread, no clock, no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.model.alarm import AckMode, AlarmDefinition, BadQuality, Condition, High, Levels, Low, OnBad
from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError
from automation.model.event import SYSTEM
from automation.model.philosophy import PLAIN_CLASS, AlarmClass
from automation.model.sample import Sample
from automation.observers.alarms import remarks
from automation.observers.alarms.bands import NOTHING, Band, number
from automation.observers.alarms.condition import compile_condition
from automation.observers.alarms.facts import AlarmState, Facts, Transition, TransitionKind, next_occurrence, priority_of
from automation.observers.alarms.graded import Graded, kept_level, worse
from automation.observers.alarms.ladder import Ladder
from automation.observers.alarms.overlay import SUPERSEDED, OutOfService, Overlay, Shelf, kept_by_logic
from automation.system.clock import NEVER


class Alarm:
    """One alarm, fed samples, instants and acknowledgements; the same inputs always give the same answers.

    facts: as restored from the store, so that the first sample after a restart is judged against the state before it. A
    running delay is not among them: nobody saw whether the condition held meanwhile, so it starts again; the end of a shelf is.
    Instants that go backwards are taken as the newest one seen.
    """

    __slots__ = ("_check", "_crossed", "_delay_due", "_ladder", "_latest", "_level", "alarm_class", "definition", "facts")

    def __init__(self, definition: AlarmDefinition, facts: Facts | None = None, alarm_class: AlarmClass = PLAIN_CLASS) -> None:
        self.definition = definition
        self.alarm_class = alarm_class
        self.facts = facts or Facts()
        self._delay_due = NEVER
        self._check = compile_condition(definition.condition)
        self._ladder: Ladder | None = None
        if isinstance(definition.condition, Levels):
            self.facts = replace(self.facts, level=kept_level(self.facts.level, definition.condition))
            delays = (definition.on_delay_s, definition.off_delay_s)
            assert isinstance(self._check, Graded)  # noqa: S101 - of levels
            self._ladder = Ladder(self._check, *delays, self.facts.level, active=self.facts.active)
        self._crossed = 0.0
        self._level = self.facts.level
        self._latest = 0.0

    @property
    def state(self) -> AlarmState:
        """The present state."""
        return self.facts.state

    @property
    def inputs(self) -> Sequence[str]:
        """The tags beside its own that it must be told of."""
        return self._check.inputs

    @property
    def in_force(self) -> AlarmDefinition:
        """The definition with the limits and the setpoint that other tags have told."""
        if not self._check.inputs:
            return self.definition
        return replace(self.definition, condition=self._check.condition)  # type: ignore[attr-defined]

    @property
    def contradiction(self) -> str:
        """Why its limits, which other tags tell, make no sense together; empty if they do."""
        return self._check.contradiction if isinstance(self._check, Graded) else ""

    def tell(self, tag: str, sample: Sample) -> None:
        """Take the newest sample of an input; the alarm's own must be judged again then."""
        self._check.tell(tag, sample)

    @property
    def due(self) -> float:
        """The instant of the next timer: of a delay, of the end of a shelf, or when an acknowledged alarm is announced again."""
        shelf = self.facts.overlay.shelf
        return min(self._delay_due, self._realarm_due, NEVER if shelf is None else shelf.until)

    @property
    def look_due(self) -> float:
        """When the newest sample of the tag must be fed again though it is the old one, ``NEVER`` if it need not."""
        return self._check.look_due

    @property
    def abnormal(self) -> bool:
        """True if the newest sample was abnormal, whatever the delays."""
        if self._ladder is not None:
            return self._ladder.abnormal
        return self.facts.active if self._delay_due == NEVER else not self.facts.active

    @property
    def next_level(self) -> str:
        """The level that it goes to when the delay runs out that does so next, empty if it does something else then."""
        return "" if self._ladder is None or self._delay_due > self.due else self._ladder.next_level

    @property
    def longest_shelf_s(self) -> float:
        """How long an operator may shelve it, counted from the first time, 0 if not at all."""
        return self.alarm_class.longest_shelf_s(priority_of(self.definition, self.facts))

    @property
    def _realarm_due(self) -> float:
        facts, after_s = self.facts, self.definition.realarm_s
        if after_s <= 0 or not (facts.active and facts.acked) or facts.ack_time is None:
            return NEVER
        return facts.ack_time + after_s

    @property
    def quiet(self) -> Band:
        """The open interval of numbers that, with a quality that is not BAD, change nothing in the present state.

        While a delay runs, its values are those that keep it running. A delay that runs out leaves the interval valid: what was
        beyond the limit is beyond the deadband too.
        """
        active = self.facts.active
        if self._ladder is not None:
            return self._ladder.band
        if isinstance(self.definition.condition, BadQuality) or self.definition.on_bad is OnBad.HOLD:
            return self._check.band(active, active if self._delay_due == NEVER else not active)
        return self._check.band(active, active) if self._delay_due == NEVER else NOTHING

    def redefined(self, definition: AlarmDefinition, alarm_class: AlarmClass | None = None) -> Alarm:
        """The same alarm under another definition, with its facts; a running delay goes on if it is judged as before.

        alarm_class: its own as before if None.
        """
        level = self.facts.level if isinstance(definition.condition, Levels) else ""
        facts = replace(self.facts, latched=self.facts.latched and definition.latching, level=level)
        alarm = Alarm(definition, facts, self.alarm_class if alarm_class is None else alarm_class)
        alarm._latest = self._latest
        if _judged_by(definition) == _judged_by(self.definition):
            alarm._delay_due, alarm._crossed, alarm._level = self._delay_due, self._crossed, self._level
            alarm._check, alarm._ladder = self._check, self._ladder
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
                found += self._flip(time, None) if self._ladder is None else self._settle(self._ladder, time, None)
            elif self._realarm_due <= time:
                found.append(self._realarm(time))
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
        if len(comment) > remarks.COMMENT_MAX:
            raise InvalidValueError(f"alarm {name}: comment: at most {remarks.COMMENT_MAX} characters")
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

    def reset(self, actor: str, comment: str, now: float) -> Transition:
        """Let a latched alarm go that has returned and is acknowledged.

        Raises ``ConflictError`` with reason ``not_latched``, ``still_active``, ``ack_first`` or ``out_of_service``.
        """
        name, facts = self.definition.name, self.facts
        words = remarks.comment(name, comment)
        if facts.overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service", "out_of_service")
        if facts.active:
            raise ConflictError(f"alarm {name} is still active", "still_active")
        if not facts.latched:
            raise ConflictError(f"alarm {name} is not latched; there is nothing to reset", "not_latched")
        if not facts.acked:
            raise ConflictError(f"alarm {name} must be acknowledged before it is reset", "ack_first")
        now = self._forward(now)
        self.facts = replace(facts, latched=False)
        return Transition(kind=TransitionKind.RESET, time=now, before=facts, facts=self.facts, actor=actor, comment=words)

    def shelve(self, actor: str, reason: str, now: float, for_s: float | None = None, *, one_shot: bool = False) -> Transition:
        """Keep the alarm silent for so many seconds, or the longest that its class allows.

        one_shot: only until it returns. Shelving again counts from the first time. Raises ``NotAllowedError`` with reason
        ``not_shelvable`` if its class forbids it, ``InvalidValueError`` without a reason and for a time that is too long,
        ``ConflictError`` with reason ``out_of_service``.
        """
        self._require_shelvable("shelved")
        name, overlay = self.definition.name, self.facts.overlay
        words = remarks.reason(name, reason)
        if overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service", "out_of_service")
        now, longest = self._forward(now), self.longest_shelf_s
        since = now if overlay.shelf is None else overlay.shelf.since
        until = since + longest if for_s is None else now + for_s
        if not now < until <= since + longest:
            left = max(0.0, since + longest - now)
            raise InvalidValueError(f"alarm {name}: for_s: above 0 and at most {left:g} s for its {self._shelf_rule}")
        shelf = Shelf(since=since, until=until, by=actor, reason=words, one_shot=one_shot)
        return self._lay(TransitionKind.SHELVED, replace(overlay, shelf=shelf), now, actor, words)

    def unshelve(self, actor: str, reason: str, now: float) -> Transition:
        """Let the alarm be heard again. Raises ``ConflictError`` with reason ``not_shelved``."""
        if self.facts.overlay.shelf is None:
            raise ConflictError(f"alarm {self.definition.name} is not shelved", "not_shelved")
        return self._unshelve(self._forward(now), actor, remarks.comment(self.definition.name, reason))

    def take_out_of_service(self, actor: str, reason: str, work_order: str, now: float) -> Transition:
        """Keep the alarm silent for maintenance. Raises ``ConflictError`` with reason ``out_of_service`` if it is already."""
        name, overlay = self.definition.name, self.facts.overlay
        words, now = remarks.reason(name, reason), self._forward(now)
        if overlay.out is not None:
            raise ConflictError(f"alarm {name} is out of service already, by {overlay.out.by}", "out_of_service")
        out = OutOfService(since=now, by=actor, reason=words, work_order=remarks.comment(name, work_order))
        return self._lay(TransitionKind.OUT_OF_SERVICE, replace(overlay, out=out), now, actor, words)

    def return_to_service(self, actor: str, reason: str, now: float) -> Transition:
        """Maintenance is over. Raises ``ConflictError`` with reason ``in_service``."""
        if self.facts.overlay.out is None:
            raise ConflictError(f"alarm {self.definition.name} is in service", "in_service")
        overlay, words = replace(self.facts.overlay, out=None), remarks.comment(self.definition.name, reason)
        return self._lay(TransitionKind.RETURNED_TO_SERVICE, overlay, self._forward(now), actor, words)

    def suppress_by_hand(self, actor: str, reason: str, now: float) -> Transition:
        """Keep the alarm silent by design because a person wants it; see ``suppress``.

        Raises ``NotAllowedError`` with reason ``not_shelvable`` if its class forbids it, ``InvalidValueError`` for a reason that
        belongs to the logic, and as ``suppress``.
        """
        self._require_shelvable("suppressed")
        if kept_by_logic(reason.strip()):
            raise InvalidValueError(f"alarm {self.definition.name}: reason {reason.strip():.80}: only the logic gives that one")
        return self.suppress(actor, reason, now)

    def unsuppress_by_hand(self, actor: str, reason: str, now: float) -> Transition:
        """That reason of a person counts no more; see ``unsuppress``.

        Raises ``ConflictError`` with reason ``kept_by_logic`` for one that belongs to the logic, and as ``unsuppress``.
        """
        words = reason.strip()
        if kept_by_logic(words) and words in self.facts.overlay.suppressed:
            raise ConflictError(f"alarm {self.definition.name}: only the logic takes that reason away", "kept_by_logic")
        return self.unsuppress(actor, reason, now)

    def suppress(self, actor: str, reason: str, now: float) -> Transition:
        """Keep the alarm silent by design. Raises ``ConflictError`` with reason ``already_suppressed``."""
        words = remarks.reason(self.definition.name, reason)
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
        words = remarks.reason(self.definition.name, comment, "comment")
        facts = self.facts
        return Transition(
            kind=TransitionKind.COMMENTED, time=self._forward(now), before=facts, facts=facts, actor=actor, comment=words
        )

    @property
    def _shelf_rule(self) -> str:
        return "priority" if self.alarm_class.max_shelve_s is None else f"class {self.alarm_class.name}"

    def _require_shelvable(self, what: str) -> None:
        if not self.alarm_class.shelvable:
            words = f"alarm {self.definition.name} is of class {self.alarm_class.name}, which may not be {what}"
            raise NotAllowedError(words, "not_shelvable")

    def _unshelve(self, time: float, actor: str, words: str) -> Transition:
        return self._lay(TransitionKind.UNSHELVED, replace(self.facts.overlay, shelf=None), time, actor, words)

    def _lay(self, kind: TransitionKind, overlay: Overlay, time: float, actor: str, words: str) -> Transition:
        """Have that overlay; with the last one gone, what is abnormal is announced again, and what is not is normal."""
        before = self.facts
        facts = replace(before, overlay=overlay)
        if before.overlay.silent and not overlay.silent:
            superseded = any(reason.startswith(SUPERSEDED) for reason in before.overlay.suppressed)
            facts = self._heard_again(facts, superseded)
        self.facts = facts
        return Transition(kind=kind, time=time, before=before, facts=facts, actor=actor, comment=words)

    def _heard_again(self, facts: Facts, superseded: bool) -> Facts:
        """The facts of an alarm whose last overlay has gone; one that was superseded was seen before."""
        mode = self.definition.ack_mode
        if facts.active:
            kept = (superseded or self.definition.restore_ack) and facts.ack_time is not None
            return replace(facts, acked=mode is AckMode.NONE or (kept and facts.acked))
        return facts if facts.latched else replace(facts, acked=True)

    def reflash(self, member: str, now: float) -> Sequence[Transition]:
        """Have an acknowledged alarm announced again because another member has joined (ISA-18.2 reflash)."""
        before = self.facts
        if not (before.active and before.acked) or self.definition.ack_mode is AckMode.NONE:
            return ()
        self.facts = replace(before, acked=False, ack_time=None, ack_by="", ack_comment="")
        return (
            Transition(kind=TransitionKind.REFLASHED, time=self._forward(now), before=before, facts=self.facts, comment=member),
        )

    def mark_first(self, first: bool, now: float, actor: str = SYSTEM, comment: str = "") -> Transition:
        """Mark the alarm as the first of its group, or no more."""
        before = self.facts
        self.facts = replace(before, first_out=first)
        kind = TransitionKind.FIRST_OUT if first else TransitionKind.FIRST_OUT_RESET
        return Transition(
            kind=kind,
            time=self._forward(now),
            before=before,
            facts=self.facts,
            actor=actor,
            comment=remarks.comment(self.definition.name, comment),
        )

    def _realarm(self, time: float) -> Transition:
        before = self.facts
        self.facts = replace(before, acked=False, ack_time=None, ack_by="", ack_comment="", realarms=before.realarms + 1)
        return Transition(kind=TransitionKind.REALARMED, time=time, before=before, facts=self.facts, comment="still active")

    def _forward(self, now: float) -> float:
        self._latest = max(self._latest, now)
        return self._latest

    def _judge(self, sample: Sample, now: float) -> Sequence[Transition]:
        if self._ladder is not None:
            return self._climb(self._ladder, sample, now)
        active = self.facts.active
        abnormal = self._check.judge(sample, active, now)
        if abnormal is None and self.definition.on_bad is not OnBad.HOLD:
            abnormal = self.definition.on_bad is OnBad.ACTIVE
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

    def _climb(self, ladder: Ladder, sample: Sample, now: float) -> Sequence[Transition]:
        """Judge a sample against several limits."""
        value, on_bad = number(sample) if ladder.known else None, self.definition.on_bad
        if value is not None:
            ladder.take(value, now, sample.source_time)
        elif on_bad is OnBad.HOLD:
            ladder.hold()
        else:
            take = ladder.take_abnormal if on_bad is OnBad.ACTIVE else ladder.take_normal
            take(now, sample.source_time)
        return self._settle(ladder, now, sample)

    def _settle(self, ladder: Ladder, time: float, sample: Sample | None) -> Sequence[Transition]:
        """Go where the limits lead that are due by then."""
        ladder.settle(time)
        found: Sequence[Transition] = ()
        if ladder.active != self.facts.active:
            self._crossed, self._level = ladder.crossed, ladder.level
            found = self._flip(time, sample)
        elif ladder.active and ladder.level != self.facts.level:
            self._level = ladder.level
            found = self._move(time, sample)
        self._delay_due = ladder.due
        return found

    def _move(self, time: float, sample: Sample | None) -> Sequence[Transition]:
        """Go to another level; a worse one must be acknowledged anew, a better one tells no more than that."""
        before, level = self.facts, self._level
        escalates = not before.level or worse(level, before.level)
        facts = replace(before, level=level)
        anew = self.definition.reack_on_escalation and self.definition.ack_mode is not AckMode.NONE
        if escalates and before.acked and anew:
            facts = replace(facts, acked=False, ack_time=None, ack_by="", ack_comment="")
        self.facts = facts
        kind = TransitionKind.ESCALATED if escalates else TransitionKind.DEESCALATED
        return (Transition(kind=kind, time=time, before=before, facts=facts, sample=sample),)

    def _flip(self, time: float, sample: Sample | None) -> Sequence[Transition]:
        self._delay_due = NEVER
        before, mode = self.facts, self.definition.ack_mode
        if before.active:
            kind = TransitionKind.RETURNED
            acked = before.acked or mode is not AckMode.REQUIRED
            self.facts = replace(before, active=False, rtn_time=time, acked=acked, realarms=0)
        else:
            kind = TransitionKind.RAISED
            self.facts = Facts(
                active=True,
                acked=mode is AckMode.NONE,
                occurrence_id=next_occurrence(before.occurrence_id, time),
                condition_time=self._crossed,
                active_time=time,
                latched=self.definition.latching,
                level=self._level if self._ladder is not None else "",
                first_out=before.first_out,
                overlay=before.overlay,
            )
        flipped = Transition(kind=kind, time=time, before=before, facts=self.facts, sample=sample)
        shelf = self.facts.overlay.shelf
        if kind is TransitionKind.RETURNED and shelf is not None and shelf.one_shot:
            return flipped, self._unshelve(time, SYSTEM, "it has returned")
        return (flipped,)


def _judged_by(definition: AlarmDefinition) -> tuple[Condition, float, float, OnBad]:
    condition = definition.condition
    if isinstance(condition, High | Low | Levels):
        condition = replace(condition, unit="")
    return condition, definition.on_delay_s, definition.off_delay_s, definition.on_bad
