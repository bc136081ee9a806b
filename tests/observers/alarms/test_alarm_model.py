"""Any mixture of values, qualities, waiting, acknowledgements and restarts against a model written from the state table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from automation.model.alarm import AlarmDefinition, High, Low
from automation.model.errors import ConflictError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.alarm import Alarm

# Rows of the table: from, event -> to. A request that is not in it is refused with the code.
TABLE = {
    ("NORM", "OCC"): "UNACK", ("RTNUN", "OCC"): "UNACK",
    ("UNACK", "RTN"): "RTNUN", ("ACKED", "RTN"): "NORM",
    ("UNACK", "ACK"): "ACKED", ("RTNUN", "ACK"): "NORM",
}  # fmt: skip
REFUSED = {"NORM": "not_ackable", "ACKED": "already_acked"}


@dataclass
class Model:
    """The alarm in the plainest way: a name, a table, and since when the value has been on the other side without a break."""

    sign: int
    limit: float
    deadband: float
    on_s: float
    off_s: float
    state: str = "NORM"
    since: float | None = None
    crossed_at: float | None = None
    log: list[tuple[str, float]] = field(default_factory=list)
    occurrences: int = 0
    condition_time: float | None = None

    @property
    def abnormal(self) -> bool:
        return self.state in {"UNACK", "ACKED"}

    def pass_time(self, now: float) -> None:
        delay = self.off_s if self.abnormal else self.on_s
        if self.since is not None and now - self.since >= delay:
            self.event("RTN" if self.abnormal else "OCC", self.since + delay)

    def event(self, event: str, time: float) -> None:
        if event == "OCC":
            self.occurrences += 1
            self.condition_time = self.crossed_at
        self.state = TABLE[self.state, event]
        self.since = None
        self.log.append((event, time))

    def acknowledge(self, now: float) -> None:
        self.state = TABLE[self.state, "ACK"]  # a running delay goes on
        self.log.append(("ACK", now))

    def sample(self, value: float | None, bad: bool, source_time: float, now: float) -> None:
        self.pass_time(now)
        if bad or value is None or not math.isfinite(value):
            self.since = None
            return
        excess = self.sign * (value - self.limit)
        crossed = excess <= -self.deadband if self.abnormal else excess > 0
        if not crossed:
            self.since = None
        elif self.since is None:
            self.since, self.crossed_at = now, source_time
            self.pass_time(now)


VALUES = st.one_of(st.integers(-6, 6).map(float), st.integers(-6, 6), st.sampled_from((None, math.nan, math.inf, -math.inf)))
WAITS = st.sampled_from((0.0, 0.5, 1.0, 2.0, 3.0, 10.0))
QUALITIES = st.sampled_from((Quality.GOOD,) * 4 + (Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION))


class AlarmMachine(RuleBasedStateMachine):
    """Drives alarm and model side by side."""

    @initialize(
        low=st.booleans(),
        limit=st.integers(-2, 2),
        deadband=st.integers(0, 2),
        on_s=st.sampled_from((0.0, 2.0, 5.0)),
        off_s=st.sampled_from((0.0, 2.0, 5.0)),
    )
    def declare(self, low: bool, limit: int, deadband: int, on_s: float, off_s: float) -> None:
        condition = (Low if low else High)(limit=float(limit), deadband=float(deadband))
        self.definition = AlarmDefinition(name="A", tag="T", condition=condition, on_delay_s=on_s, off_delay_s=off_s)
        self.alarm = Alarm(self.definition)
        self.model = Model(-1 if low else 1, float(limit), float(deadband), on_s, off_s)
        self.now = 1000.0
        self.log: list[tuple[str, float]] = []
        self.ids: list[str | None] = []

    def note(self, transitions: object) -> None:
        for transition in transitions:  # type: ignore[attr-defined]
            event = {"raised": "OCC", "returned": "RTN", "acknowledged": "ACK"}[transition.kind.value]
            self.log.append((event, transition.time))
            if event == "OCC":
                self.ids.append(transition.facts.occurrence_id)

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

    @rule(which=st.sampled_from(("any", "this", "first")))
    def acknowledge(self, which: str) -> None:
        wanted = {"any": None, "this": self.alarm.facts.occurrence_id, "first": self.ids[0] if self.ids else None}[which]
        expected = REFUSED.get(self.model.state)
        if which == "first" and len(self.ids) > 1 and self.model.state != "NORM":
            expected = "stale_occurrence"
        reason = None
        try:
            self.note([self.alarm.acknowledge("ana", "", wanted, self.now)])
            self.model.acknowledge(self.now)
        except ConflictError as error:
            reason = error.reason
        assert reason == expected

    @rule()
    def restart(self) -> None:
        self.alarm = Alarm(self.definition, self.alarm.facts)
        self.model.since = None

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "alarm"):
            return
        model, facts = self.model, self.alarm.facts
        assert self.alarm.state.value == model.state
        assert self.log == model.log
        assert len(set(self.ids)) == len(self.ids) == model.occurrences
        assert facts.condition_time == model.condition_time
        delay = model.off_s if model.abnormal else model.on_s
        assert self.alarm.due == (math.inf if model.since is None else model.since + delay)


TestAlarmAgainstTheTable = AlarmMachine.TestCase
TestAlarmAgainstTheTable.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
