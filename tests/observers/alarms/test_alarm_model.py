"""Any mixture of values, qualities, waiting, commands and restarts against a model written from the state table."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from automation.model.alarm import LEVEL_NAMES, AckMode, AlarmDefinition, High, Level, Levels, Low, OnBad
from automation.model.errors import ConflictError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.ladder import Ladder
from automation.observers.alarms.overlay import NO_OVERLAY
from automation.system.clock import NEVER

# Rows of the table: state, event -> state. A request that is not in it is refused with the code.
TABLE = {
    ("NORM", "OCC"): "UNACK", ("RTNUN", "OCC"): "UNACK", ("LUNACK", "OCC"): "UNACK", ("LACK", "OCC"): "UNACK",
    ("UNACK", "RTN"): "RTNUN", ("ACKED", "RTN"): "NORM",
    ("UNACK", "ACK"): "ACKED", ("RTNUN", "ACK"): "NORM", ("LUNACK", "ACK"): "LACK",
    ("ACKED", "REALARM"): "UNACK",
    ("LACK", "RESET"): "NORM",
}  # fmt: skip
LATCHED = {"RTNUN": "LUNACK", "NORM": "LACK"}
NOT_ACKED = {"NORM": "not_ackable", "ACKED": "already_acked", "LACK": "already_acked"}
NOT_RESET = {
    "NORM": "not_latched", "RTNUN": "not_latched", "UNACK": "still_active", "ACKED": "still_active", "LUNACK": "ack_first"
}  # fmt: skip
LONGEST_S = 28_800.0


SEVERITY = {"low_low": 2, "low": 1, "": 0, "high": 1, "high_high": 2}


@dataclass
class Limit:
    """One limit by itself. since: when the value came to its other side without a break, and of which time it was then."""

    name: str
    side: int
    limit: float
    deadband: float
    exceeded: bool = False
    since: float | None = None
    crossed_at: float = 0.0

    def beyond(self, value: float) -> bool:
        excess = self.side * (value - self.limit)
        return excess > -self.deadband if self.exceeded else excess > 0

    def see(self, beyond: bool, source_time: float, now: float) -> None:
        if beyond == self.exceeded:
            self.since = None
        elif self.since is None:
            self.since, self.crossed_at = now, source_time


def limits_of(condition: object) -> list[Limit]:
    """The limits of a condition; of several, one more without a name for what is abnormal though nobody knows the value."""
    if isinstance(condition, High | Low):
        return [Limit("", 1 if isinstance(condition, High) else -1, condition.limit, condition.deadband)]
    assert isinstance(condition, Levels)
    sides = {name: 1 if name.startswith("high") else -1 for name in condition.given}
    return [*(Limit(name, sides[name], one.limit, one.deadband) for name, one in condition.given.items()), Limit("", 0, 0.0, 0.0)]


@dataclass
class Model:
    """The alarm in the plainest way: a name, a table, and limits that each wait by themselves."""

    definition: AlarmDefinition
    state: str = "NORM"
    level: str = ""
    acked_at: float | None = None
    shelved: tuple[float, float, bool] | None = None
    reasons: list[str] = field(default_factory=list)
    out: bool = False
    log: list[tuple[str, float]] = field(default_factory=list)
    occurrences: int = 0
    condition_time: float | None = None
    limits: list[Limit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limits = limits_of(self.definition.condition)

    @property
    def abnormal(self) -> bool:
        return self.state in {"UNACK", "ACKED"}

    @property
    def silent(self) -> bool:
        return self.out or bool(self.reasons) or self.shelved is not None

    @property
    def shown(self) -> str:
        hidden = [(self.out, "OOSRV"), (bool(self.reasons), "DSUPR"), (self.shelved is not None, "SHLVD")]
        return next((name for lies, name in hidden if lies), self.state)

    @property
    def timers(self) -> list[tuple[float, str]]:
        """What time alone does, and when; the first of those at one instant comes first."""
        again = self.definition.realarm_s
        found = [(time, "LIMITS") for time, _ in self.waiting]
        if self.state == "ACKED" and again and self.acked_at is not None:
            found.append((self.acked_at + again, "REALARM"))
        if self.shelved is not None:
            found.append((self.shelved[1], "UNSHELVE"))
        return found

    @property
    def waiting(self) -> list[tuple[float, Limit]]:
        """The limits that are about to be exceeded, or no more, and when."""
        off_s, on_s = self.definition.off_delay_s, self.definition.on_delay_s
        return [(one.since + (off_s if one.exceeded else on_s), one) for one in self.limits if one.since is not None]

    def turn(self, now: float) -> None:
        """What the limits come to whose time is over."""
        over = [one for time, one in self.waiting if time <= now]
        times = [one.crossed_at for one in over if not one.exceeded]
        for one in over:
            one.exceeded, one.since = not one.exceeded, None
        exceeded = [one.name for one in self.limits if one.exceeded]
        if bool(exceeded) != self.abnormal:
            if exceeded:
                self.level = self.worst(exceeded)
                self.condition_time = min(times)
            self.event("OCC" if exceeded else "RTN", now)
        elif exceeded and self.worst(exceeded) != self.level:
            self.go_to(self.worst(exceeded), now)

    def worst(self, names: list[str]) -> str:
        order = ("high_high", "low_low", "high", "low", "")
        return next(name for name in order if name in names)

    def go_to(self, level: str, now: float) -> None:
        up = not self.level or SEVERITY[level] > SEVERITY[self.level] or level[:3] != self.level[:3]
        self.level = level
        self.log.append(("UP" if up else "DOWN", now))
        if up and self.state == "ACKED" and self.definition.reack_on_escalation and self.definition.ack_mode is not AckMode.NONE:
            self.state, self.acked_at = "UNACK", None

    def pass_time(self, now: float) -> None:
        while self.timers:
            time, event = min(self.timers, key=lambda one: one[0])
            if time > now:
                return
            if event == "UNSHELVE":
                self.shelved = None
                self.heard("UNSHELVE", time)
            elif event == "LIMITS":
                self.turn(time)
            else:
                self.event(event, time)

    def event(self, event: str, time: float) -> None:
        mode = self.definition.ack_mode
        self.state = TABLE[self.state, event]
        if event == "OCC":
            self.occurrences += 1
            self.acked_at = None
            if mode is AckMode.NONE:
                self.state = "ACKED"
        if event == "REALARM":
            self.acked_at = None
        if event == "RTN":
            if mode is AckMode.AUTO_ON_RTN:
                self.state = "NORM"
            if self.definition.latching:
                self.state = LATCHED[self.state]
        self.log.append((event, time))
        if event == "RTN" and self.shelved is not None and self.shelved[2]:
            self.shelved = None
            self.heard("UNSHELVE", time)

    def heard(self, event: str, time: float) -> None:
        """Something that lay over the alarm has gone."""
        self.log.append((event, time))
        if self.silent:
            return
        if self.abnormal:
            seen = self.state == "ACKED" and self.definition.restore_ack and self.acked_at is not None
            self.state = "ACKED" if self.definition.ack_mode is AckMode.NONE or seen else "UNACK"
        elif self.state == "RTNUN":
            self.state = "NORM"

    def sample(self, value: float | None, bad: bool, source_time: float, now: float) -> None:
        self.pass_time(now)
        if bad or value is None or not math.isfinite(value):
            self.unknown(source_time, now)
        else:
            beyond = {one.name: one.beyond(value) for one in self.limits if one.side}
            for one in self.limits:
                seen = one.exceeded or one.since is not None
                one.see(beyond[one.name] if one.side else any(beyond.values()) and seen, source_time, now)
        self.turn(now)

    def unknown(self, source_time: float, now: float) -> None:
        """A sample that cannot be judged."""
        if self.definition.on_bad is OnBad.NORMAL:
            for one in self.limits:
                one.see(False, source_time, now)
            return
        for one in self.limits:
            if self.definition.on_bad is OnBad.HOLD or one.exceeded:
                one.since = None
        if self.definition.on_bad is OnBad.ACTIVE:
            self.limits[-1].see(True, source_time, now)

    def restart(self) -> None:
        """Begin every delay anew; of the limits, those count that the level tells of."""
        for one in self.limits:
            one.since = None
            alike = one.name[:3] == self.level[:3] and SEVERITY[one.name] <= SEVERITY[self.level]
            one.exceeded = self.abnormal and alike and (bool(one.name) or not self.level)


LIMITS = {"low_low": -4.0, "low": -2.0, "high": 2.0, "high_high": 4.0}
VALUES = st.one_of(st.integers(-6, 6).map(float), st.integers(-6, 6), st.sampled_from((None, math.nan, math.inf, -math.inf)))
WAITS = st.sampled_from((0.0, 0.5, 1.0, 2.0, 3.0, 10.0))
QUALITIES = st.sampled_from((Quality.GOOD,) * 4 + (Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION))
EVENTS = {
    "raised": "OCC", "returned": "RTN", "acknowledged": "ACK", "reset": "RESET", "realarmed": "REALARM", "shelved": "SHELVE",
    "unshelved": "UNSHELVE", "suppressed": "SUPPRESS", "unsuppressed": "UNSUPPRESS", "out_of_service": "OUT",
    "returned_to_service": "BACK", "escalated": "UP", "deescalated": "DOWN",
}  # fmt: skip


class AlarmMachine(RuleBasedStateMachine):
    """Drives alarm and model side by side."""

    kind: type[Alarm] = Alarm

    @initialize(
        kind=st.sampled_from((High, Low, Levels)),
        limit=st.integers(-2, 2),
        deadband=st.integers(0, 2),
        names=st.sets(st.sampled_from(LEVEL_NAMES), min_size=2),
        on_s=st.sampled_from((0.0, 2.0, 5.0)),
        off_s=st.sampled_from((0.0, 2.0, 5.0)),
        latching=st.booleans(),
        ack_mode=st.sampled_from(AckMode),
        on_bad=st.sampled_from(OnBad),
        restore_ack=st.booleans(),
        realarm_s=st.sampled_from((0.0, 4.0)),
        reack_on_escalation=st.booleans(),
    )
    def declare(
        self, *, kind: type, limit: int, deadband: int, names: set[str], on_s: float, off_s: float, **options: Any
    ) -> None:
        if kind is Levels:
            limits = {name: Level(limit=at, deadband=min(deadband, 1)) for name, at in LIMITS.items() if name in names}
            condition: Any = Levels(**limits)
        else:
            condition = kind(limit=float(limit), deadband=float(deadband))
        self.definition = AlarmDefinition(name="A", tag="T", condition=condition, on_delay_s=on_s, off_delay_s=off_s, **options)
        self.alarm = self.kind(self.definition)
        self.model = Model(self.definition)
        self.now = 1000.0
        self.log: list[tuple[str, float]] = []
        self.ids: list[str | None] = []

    def note(self, transitions: object) -> None:
        for transition in transitions:  # type: ignore[attr-defined]
            event = EVENTS[transition.kind.value]
            self.log.append((event, transition.time))
            if event == "OCC":
                self.ids.append(transition.facts.occurrence_id)

    def command(self, act: Callable[[], Any], expected: str | None, then: Callable[[], None]) -> None:
        """The command on the alarm, which is refused as expected, or does to the model what it should."""
        reason = None
        try:
            self.note([act()])
        except ConflictError as error:
            reason = error.reason
        assert reason == expected
        if expected is None:
            then()

    @rule(wait_s=WAITS, value=VALUES, quality=QUALITIES, age_s=st.sampled_from((0.0, 0.25, 100.0)))
    def sample(self, wait_s: float, value: float | None, quality: Quality, age_s: float) -> None:
        self.now += wait_s
        self.note(self.alarm.evaluate(Sample(value, quality, self.now - age_s, self.now), self.now))
        self.model.sample(value, quality.is_bad, self.now - age_s, self.now)

    @rule(wait_s=WAITS)
    def wait(self, wait_s: float) -> None:
        self.now += wait_s
        self.note(self.alarm.tick(self.now))
        self.model.pass_time(self.now)

    @rule(value=st.sampled_from((-6.0, -3.0, 0.0, 3.0, 6.0)))
    def stay(self, value: float) -> None:
        """A value that holds for longer than any delay, so that what needs a state is tried often."""
        self.sample(0.0, value, Quality.GOOD, 0.0)
        self.wait(6.0)

    @rule(which=st.sampled_from(("any", "this", "first")))
    def acknowledge(self, which: str) -> None:
        wanted = {"any": None, "this": self.alarm.facts.occurrence_id, "first": self.ids[0] if self.ids else None}[which]
        model = self.model
        expected = NOT_ACKED.get(model.state)
        if which == "first" and len(self.ids) > 1 and model.state != "NORM":
            expected = "stale_occurrence"
        if model.out:
            expected = "out_of_service"

        def then() -> None:
            model.event("ACK", self.now)
            model.acked_at = self.now

        self.command(lambda: self.alarm.acknowledge("ana", "", wanted, self.now), expected, then)

    @rule()
    def reset(self) -> None:
        model = self.model
        expected = "out_of_service" if model.out else NOT_RESET.get(model.state)
        self.command(lambda: self.alarm.reset("ana", "", self.now), expected, lambda: model.event("RESET", self.now))

    @rule(for_s=st.sampled_from((None, 1.0, 3.0, 20.0)), one_shot=st.booleans())
    def shelve(self, for_s: float | None, one_shot: bool) -> None:
        model = self.model

        def then() -> None:
            since = self.now if model.shelved is None else model.shelved[0]
            model.shelved = (since, since + LONGEST_S if for_s is None else self.now + for_s, one_shot)
            model.log.append(("SHELVE", self.now))

        expected = "out_of_service" if model.out else None
        self.command(lambda: self.alarm.shelve("ana", "noisy", self.now, for_s, one_shot=one_shot), expected, then)

    @rule()
    def unshelve(self) -> None:
        model = self.model

        def then() -> None:
            model.shelved = None
            model.heard("UNSHELVE", self.now)

        expected = "not_shelved" if model.shelved is None else None
        self.command(lambda: self.alarm.unshelve("ana", "", self.now), expected, then)

    @rule(reason=st.sampled_from(("x", "y")))
    def suppress(self, reason: str) -> None:
        model = self.model

        def then() -> None:
            model.reasons.append(reason)
            model.log.append(("SUPPRESS", self.now))

        expected = "already_suppressed" if reason in model.reasons else None
        self.command(lambda: self.alarm.suppress("eva", reason, self.now), expected, then)

    @rule(reason=st.sampled_from(("x", "y")))
    def unsuppress(self, reason: str) -> None:
        model = self.model

        def then() -> None:
            model.reasons.remove(reason)
            model.heard("UNSUPPRESS", self.now)

        expected = None if reason in model.reasons else "not_suppressed"
        self.command(lambda: self.alarm.unsuppress("eva", reason, self.now), expected, then)

    @rule(out=st.booleans())
    def maintain(self, out: bool) -> None:
        model = self.model

        def then() -> None:
            model.out = out
            if out:
                model.log.append(("OUT", self.now))
            else:
                model.heard("BACK", self.now)

        if out:
            expected = "out_of_service" if model.out else None
            self.command(lambda: self.alarm.take_out_of_service("susi", "work", "WO", self.now), expected, then)
        else:
            expected = None if model.out else "in_service"
            self.command(lambda: self.alarm.return_to_service("susi", "", self.now), expected, then)

    @rule()
    def restart(self) -> None:
        self.alarm = self.kind(self.definition, self.alarm.facts)
        self.model.restart()

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "alarm"):
            return
        model, facts = self.model, self.alarm.facts
        assert (self.alarm.state.value, facts.shown.value) == (model.state, model.shown)
        assert self.log == model.log
        assert len(set(self.ids)) == len(self.ids) == model.occurrences
        assert facts.condition_time == model.condition_time
        assert not facts.active or facts.level == model.level
        assert self.alarm.due == min((time for time, _ in model.timers), default=NEVER)


TestAlarmAgainstTheTable = AlarmMachine.TestCase
TestAlarmAgainstTheTable.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


class ResetsUnseen(Alarm):
    """A latch is let go without an acknowledgement."""

    def reset(self, actor: str, comment: str, now: float) -> Any:
        self.facts = replace(self.facts, acked=self.facts.acked or not self.facts.active)
        return super().reset(actor, comment, now)


class ForgetsReturned(Alarm):
    """What has returned counts as acknowledged."""

    def _flip(self, time: float, sample: Sample | None) -> Any:
        found = super()._flip(time, sample)
        self.facts = replace(self.facts, acked=self.facts.acked or not self.facts.active)
        return found


class ShelvesTooLong(Alarm):
    """A shelf ends a second late."""

    def shelve(self, actor: str, reason: str, now: float, for_s: float | None = None, *, one_shot: bool = False) -> Any:
        return super().shelve(actor, reason, now, None if for_s is None else for_s + 1.0, one_shot=one_shot)


class SaysItOnce(Alarm):
    """Nothing is announced again."""

    @property
    def _realarm_due(self) -> float:
        return NEVER


class KeepsAck(Alarm):
    """What was silent comes back as it was."""

    def _heard_again(self, facts: Facts, superseded: bool) -> Facts:
        return facts


class RestartsDelays(Alarm):
    """Every sample starts the delay anew."""

    def _judge(self, sample: Sample, now: float) -> Any:
        self._delay_due = NEVER
        return super()._judge(sample, now)


class DelaysOverBad(Alarm):
    """A delay goes on over a sample that cannot be judged."""

    def _judge(self, sample: Sample, now: float) -> Any:
        due = self._delay_due
        found = super()._judge(sample, now)
        if sample.quality.is_bad and self.definition.on_bad is OnBad.HOLD:
            self._delay_due = due
        return found


class ReusesOccurrences(Alarm):
    """A new occurrence has the id of the last."""

    def _flip(self, time: float, sample: Sample | None) -> Any:
        last = self.facts.occurrence_id
        found = super()._flip(time, sample)
        facts = replace(self.facts, occurrence_id=last or self.facts.occurrence_id)
        self.facts = facts
        return [replace(one, facts=facts) for one in found]


class AcknowledgesInMaintenance(Alarm):
    """An alarm out of service is acknowledged."""

    def acknowledge(self, actor: str, comment: str, occurrence_id: str | None, now: float) -> Any:
        overlay = self.facts.overlay
        self.facts = replace(self.facts, overlay=NO_OVERLAY)
        try:
            return super().acknowledge(actor, comment, occurrence_id, now)
        finally:
            self.facts = replace(self.facts, overlay=overlay)


class NeverLatches(Alarm):
    """The latch is forgotten."""

    def _flip(self, time: float, sample: Sample | None) -> Any:
        found = super()._flip(time, sample)
        self.facts = replace(self.facts, latched=False)
        return found


class SleepsWhileSilent(Alarm):
    """A silent alarm is not judged."""

    def evaluate(self, sample: Sample, now: float) -> Any:
        return self.tick(now) if self.facts.overlay.silent else super().evaluate(sample, now)


class AcknowledgesAtStart(Alarm):
    """A restart acknowledges."""

    def __init__(self, definition: AlarmDefinition, facts: Facts | None = None) -> None:
        super().__init__(definition, None if facts is None else replace(facts, acked=True))


class EscalatesAtOnce(Alarm):
    """A worse level does not wait for the on-delay."""

    def _climb(self, ladder: Ladder, sample: Sample, now: float) -> Any:
        ladder.on_delay_s = 0.0 if self.facts.active else self.definition.on_delay_s
        return super()._climb(ladder, sample, now)


class FallsBackAtOnce(Alarm):
    """A milder level does not wait for the off-delay."""

    def _climb(self, ladder: Ladder, sample: Sample, now: float) -> Any:
        found = super()._climb(ladder, sample, now)
        if not ladder.next_level or ladder.due > now + self.definition.off_delay_s:
            return found
        return [*found, *self._settle(ladder, ladder.due, sample)]


class KeepsAckOfWorse(Alarm):
    """A worse level counts as seen."""

    def _move(self, time: float, sample: Sample | None) -> Any:
        before = self.facts
        found = super()._move(time, sample)
        self.facts = replace(self.facts, acked=before.acked)
        return found


MUTANTS = [
    ResetsUnseen, ForgetsReturned, ShelvesTooLong, SaysItOnce, KeepsAck, RestartsDelays, DelaysOverBad, ReusesOccurrences,
    AcknowledgesInMaintenance, NeverLatches, SleepsWhileSilent, AcknowledgesAtStart, EscalatesAtOnce, FallsBackAtOnce,
    KeepsAckOfWorse,
]  # fmt: skip


def live(machine: AlarmMachine, chance: random.Random, steps: int) -> None:
    """Do anything, one after the other, and look each time whether alarm and model agree.

    The same machine as Hypothesis drives, by plain chance: so many more stories fit into the same time that every defect is met.
    """
    any_of = chance.choice
    machine.declare(
        kind=any_of((High, Low, Levels)),
        limit=chance.randint(-2, 2),
        deadband=chance.randint(0, 2),
        names=set(chance.sample(LEVEL_NAMES, chance.randint(2, 4))),
        on_s=any_of((0.0, 2.0, 5.0)),
        off_s=any_of((0.0, 2.0, 5.0)),
        latching=any_of((True, False)),
        ack_mode=any_of(list(AckMode)),
        on_bad=any_of(list(OnBad)),
        restore_ack=any_of((True, False)),
        realarm_s=any_of((0.0, 4.0)),
        reack_on_escalation=any_of((True, False)),
    )
    acts: list[Callable[[], None]] = [
        lambda: machine.sample(
            wait_s=any_of((0.0, 0.5, 1.0, 2.0, 3.0, 10.0)),
            value=any_of((None, math.nan, *map(float, range(-6, 7)))),
            quality=any_of((Quality.GOOD, Quality.GOOD, Quality.BAD_NO_COMMUNICATION)),
            age_s=any_of((0.0, 0.25, 100.0)),
        ),
        lambda: machine.stay(any_of((-6.0, -3.0, 0.0, 3.0, 6.0))),
        lambda: machine.wait(any_of((0.5, 1.0, 2.0, 3.0, 10.0))),
        lambda: machine.acknowledge(any_of(("any", "this", "first"))),
        machine.reset,
        lambda: machine.shelve(any_of((None, 1.0, 3.0, 20.0)), any_of((True, False))),
        machine.unshelve,
        lambda: machine.suppress(any_of(("x", "y"))),
        lambda: machine.unsuppress(any_of(("x", "y"))),
        lambda: machine.maintain(any_of((True, False))),
        machine.restart,
    ]
    for _ in range(steps):
        any_of(acts)()
        machine.they_agree()


def live_often(machine: type[AlarmMachine], stories: int) -> None:
    """So many stories, the same ones each time."""
    for seed in range(stories):
        live(machine(), random.Random(seed), 60)  # noqa: S311 - no secret


def test_the_alarm_agrees_with_the_model_in_stories_of_plain_chance() -> None:
    live_often(AlarmMachine, 300)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_model_finds_a_planted_defect(mutant: type[Alarm]) -> None:
    planted = type("Planted", (AlarmMachine,), {"kind": mutant})

    with pytest.raises(AssertionError):
        live_often(planted, 1_000)
