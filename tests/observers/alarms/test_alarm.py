"""The cases of the ISA-18.2 state table, each told as a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from automation.model.alarm import AlarmDefinition, BadQuality, Bool, Comms, Condition, Discrete, High, Low
from automation.model.errors import ConflictError, InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import AlarmState, Transition, TransitionKind
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock


class Bench:
    """An alarm on a bench: values go in at the clock's time, transitions are collected."""

    def __init__(self, clock: FakeClock, alarm: Alarm) -> None:
        self.clock = clock
        self.alarm = alarm
        self.transitions: list[Transition] = []

    def feed(self, *values: Value, quality: Quality = Quality.GOOD, source_time: float | None = None) -> None:
        now = self.clock.now()
        for value in values:
            time = now if source_time is None else source_time
            self.transitions += self.alarm.evaluate(Sample(value, quality, time, now), now)

    def wait(self, seconds: float) -> None:
        """Let time pass without a sample, ticking every 100 ms as a worker does."""
        for _ in range(round(seconds * 10)):
            self.clock.advance(0.1)
            self.transitions += self.alarm.tick(self.clock.now())

    def ack(self, actor: str = "ana", comment: str = "", occurrence_id: str | None = None) -> None:
        self.transitions.append(self.alarm.acknowledge(actor, comment, occurrence_id, self.clock.now()))

    @property
    def state(self) -> AlarmState:
        return self.alarm.state

    @property
    def kinds(self) -> Sequence[str]:
        return [transition.kind.value for transition in self.transitions]


def make(clock: FakeClock, condition: Condition, **options: float) -> Bench:
    return Bench(clock, Alarm(AlarmDefinition(name="A", tag="T", condition=condition, **options)))  # type: ignore[arg-type]


@pytest.fixture
def high(clock: FakeClock) -> Bench:
    """HIGH at 80 with deadband 2."""
    return make(clock, High(limit=80.0, deadband=2.0))


@pytest.fixture
def slow(clock: FakeClock) -> Bench:
    """HIGH at 80 with 5 s on-delay and 10 s off-delay."""
    return make(clock, High(limit=80.0), on_delay_s=5.0, off_delay_s=10.0)


def test_a_value_at_the_limit_is_normal(high: Bench) -> None:
    high.feed(80.0)

    assert high.state is AlarmState.NORM
    assert high.transitions == []


def test_a_value_above_the_limit_raises_the_alarm(high: Bench) -> None:
    high.feed(80.01)

    assert high.state is AlarmState.UNACK
    assert high.kinds == ["raised"]
    assert high.alarm.facts.occurrence_id is not None


@pytest.mark.parametrize(("value", "state"), [(79.0, AlarmState.UNACK), (78.0, AlarmState.RTNUN)])
def test_the_deadband_holds_a_high_alarm_until_the_value_is_clearly_lower(high: Bench, value: float, state: AlarmState) -> None:
    high.feed(81.0, value)

    assert high.state is state


@pytest.mark.parametrize(("value", "state"), [(20.9, AlarmState.UNACK), (21.0, AlarmState.RTNUN)])
def test_the_deadband_holds_a_low_alarm_until_the_value_is_clearly_higher(
    clock: FakeClock, value: float, state: AlarmState
) -> None:
    low = make(clock, Low(limit=20.0, deadband=1.0))

    low.feed(20.0)
    assert low.state is AlarmState.NORM
    low.feed(19.9, value)

    assert low.state is state


def test_without_a_deadband_the_limit_itself_is_normal_again(clock: FakeClock) -> None:
    bench = make(clock, High(limit=80.0))

    bench.feed(80.01, 80.0)

    assert bench.state is AlarmState.RTNUN


def test_a_limit_of_zero_counts(clock: FakeClock) -> None:
    bench = make(clock, High(limit=0.0))

    bench.feed(0.1)

    assert bench.state is AlarmState.UNACK


def test_an_acknowledgement_keeps_who_when_and_comment(high: Bench) -> None:
    high.feed(81.0)
    high.clock.advance(3.0)

    high.ack("ana", "valve stuck")

    facts = high.alarm.facts
    assert high.state is AlarmState.ACKED
    assert (facts.ack_by, facts.ack_comment, facts.ack_time) == ("ana", "valve stuck", high.clock.now())
    assert (high.transitions[-1].actor, high.transitions[-1].comment) == ("ana", "valve stuck")


def test_an_acknowledged_alarm_that_returns_is_normal(high: Bench) -> None:
    high.feed(81.0)
    high.ack()

    high.feed(70.0)

    assert high.state is AlarmState.NORM
    assert high.kinds == ["raised", "acknowledged", "returned"]


def test_a_returned_alarm_is_normal_once_acknowledged(high: Bench) -> None:
    high.feed(81.0, 70.0)
    assert high.state is AlarmState.RTNUN

    high.ack()

    assert high.state is AlarmState.NORM


def test_a_returned_alarm_that_comes_back_is_a_new_occurrence(high: Bench) -> None:
    high.feed(81.0)
    first = high.alarm.facts.occurrence_id
    high.feed(70.0)
    assert high.alarm.facts.occurrence_id == first

    high.feed(81.0)

    assert high.state is AlarmState.UNACK
    assert high.alarm.facts.occurrence_id != first
    assert high.alarm.facts.rtn_time is None


def test_a_new_occurrence_forgets_who_acknowledged_the_last(high: Bench) -> None:
    high.feed(81.0)
    high.ack("ana", "seen")

    high.feed(70.0, 81.0)

    assert (high.alarm.facts.ack_by, high.alarm.facts.ack_comment, high.alarm.facts.ack_time) == ("", "", None)


def reason_of(call: Callable[[], None]) -> str:
    with pytest.raises(ConflictError) as caught:
        call()
    return caught.value.reason


def test_a_normal_alarm_cannot_be_acknowledged(high: Bench) -> None:
    assert reason_of(high.ack) == "not_ackable"
    assert high.transitions == []


def test_a_second_acknowledgement_is_refused_and_the_first_stays(high: Bench) -> None:
    high.feed(81.0)
    high.ack("ana", "first")

    assert reason_of(lambda: high.ack("ben", "second")) == "already_acked"
    assert (high.alarm.facts.ack_by, high.alarm.facts.ack_comment) == ("ana", "first")


def test_an_acknowledgement_of_an_old_occurrence_is_refused(high: Bench) -> None:
    high.feed(81.0)
    old = high.alarm.facts.occurrence_id
    high.feed(70.0, 81.0)

    assert reason_of(lambda: high.ack(occurrence_id=old)) == "stale_occurrence"
    assert high.state is AlarmState.UNACK

    high.ack(occurrence_id=high.alarm.facts.occurrence_id)
    assert high.state is AlarmState.ACKED


def test_an_overlong_comment_is_refused_and_nothing_changes(high: Bench) -> None:
    high.feed(81.0)

    with pytest.raises(InvalidValueError, match="alarm A: comment"):
        high.ack(comment="x" * 1001)

    assert high.state is AlarmState.UNACK


def test_a_condition_shorter_than_the_on_delay_raises_nothing(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(4.9)
    slow.feed(70.0)
    slow.wait(20.0)

    assert slow.state is AlarmState.NORM
    assert slow.transitions == []


def test_an_on_delay_runs_out_without_a_further_sample(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(4.9)
    assert slow.state is AlarmState.NORM

    slow.wait(0.2)

    assert slow.state is AlarmState.UNACK


def test_one_normal_sample_starts_the_on_delay_anew(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(3.0)
    slow.feed(79.0, 81.0)
    slow.wait(4.9)
    assert slow.state is AlarmState.NORM

    slow.wait(0.2)

    assert slow.state is AlarmState.UNACK


def test_a_value_within_the_deadband_stops_an_on_delay(clock: FakeClock) -> None:
    bench = make(clock, High(limit=80.0, deadband=5.0), on_delay_s=5.0)
    bench.feed(81.0)
    bench.wait(3.0)
    bench.feed(79.0)
    bench.wait(20.0)

    assert bench.state is AlarmState.NORM


def test_further_abnormal_samples_do_not_prolong_the_on_delay(slow: Bench) -> None:
    for value in (81.0, 85.0, 82.0, 99.0, 81.0, 83.0):
        slow.feed(value)
        slow.wait(1.0)

    assert slow.state is AlarmState.UNACK
    assert slow.alarm.facts.active_time == pytest.approx(slow.clock.now() - 1.0)


def test_a_return_shorter_than_the_off_delay_leaves_no_row(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(5.1)
    slow.feed(70.0)
    slow.wait(9.0)
    slow.feed(81.0)
    slow.wait(20.0)

    assert slow.state is AlarmState.UNACK
    assert slow.kinds == ["raised"]


def test_an_off_delay_runs_out_without_a_further_sample(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(5.1)
    slow.feed(70.0)
    slow.wait(9.8)
    assert slow.state is AlarmState.UNACK

    slow.wait(0.3)

    assert slow.state is AlarmState.RTNUN


def test_a_value_within_the_deadband_stops_an_off_delay(clock: FakeClock) -> None:
    bench = make(clock, High(limit=80.0, deadband=5.0), off_delay_s=10.0)
    bench.feed(81.0, 70.0)
    bench.wait(5.0)
    bench.feed(79.0)
    bench.wait(20.0)

    assert bench.state is AlarmState.UNACK


def test_the_condition_time_is_the_first_crossing_and_the_active_time_one_delay_later(slow: Bench) -> None:
    start = slow.clock.now()
    slow.feed(81.0, source_time=start - 0.25)
    slow.wait(2.0)
    slow.feed(90.0)
    slow.wait(4.0)

    facts = slow.alarm.facts
    assert facts.condition_time == start - 0.25
    assert facts.active_time == pytest.approx(start + 5.0)


def test_a_late_tick_still_raises_at_the_instant_when_the_delay_ran_out(slow: Bench) -> None:
    start = slow.clock.now()
    slow.feed(81.0)

    slow.clock.advance(7.0)
    slow.alarm.tick(slow.clock.now())

    assert slow.alarm.facts.active_time == start + 5.0


def test_a_sample_after_the_delay_ran_out_unseen_raises_first_and_returns_then(clock: FakeClock) -> None:
    bench = make(clock, High(limit=80.0), on_delay_s=5.0)
    start = clock.now()
    bench.feed(81.0)

    clock.advance(6.0)
    bench.feed(70.0)

    assert bench.kinds == ["raised", "returned"]
    assert [transition.time - start for transition in bench.transitions] == [5.0, 6.0]


def test_due_tells_when_the_next_delay_runs_out(slow: Bench) -> None:
    assert slow.alarm.due == NEVER

    slow.feed(81.0)
    assert slow.alarm.due == slow.clock.now() + 5.0

    slow.feed(79.0)
    assert slow.alarm.due == NEVER


@pytest.mark.parametrize(
    ("value", "quality"),
    [
        (70.0, Quality.BAD_NOT_CONNECTED),
        (None, Quality.BAD_WAITING_FOR_INITIAL_DATA),
        (None, Quality.GOOD),
        (math.nan, Quality.GOOD),
        (math.inf, Quality.GOOD),
        (-math.inf, Quality.GOOD),
        ("70", Quality.GOOD),
        (False, Quality.GOOD),
    ],
)
def test_what_cannot_be_judged_holds_an_acknowledged_alarm(high: Bench, value: Value, quality: Quality) -> None:
    high.feed(81.0)
    high.ack()

    high.feed(value, quality=quality)
    high.wait(60.0)

    assert high.state is AlarmState.ACKED
    assert high.kinds == ["raised", "acknowledged"]


@pytest.mark.parametrize(("value", "quality"), [(0.0, Quality.BAD_NOT_CONNECTED), (math.nan, Quality.GOOD), (None, Quality.GOOD)])
def test_a_dead_link_raises_no_low_alarm(clock: FakeClock, value: Value, quality: Quality) -> None:
    low = make(clock, Low(limit=20.0))

    low.feed(50.0)
    low.feed(value, quality=quality)
    low.wait(60.0)

    assert low.state is AlarmState.NORM


def test_bad_quality_stops_an_on_delay_and_the_good_value_starts_it_anew(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(4.0)
    slow.feed(81.0, quality=Quality.BAD_NO_COMMUNICATION)
    slow.wait(10.0)
    assert slow.state is AlarmState.NORM

    slow.feed(81.0)
    slow.wait(4.9)
    assert slow.state is AlarmState.NORM
    slow.wait(0.2)

    assert slow.state is AlarmState.UNACK


def test_bad_quality_stops_an_off_delay(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(5.1)
    slow.feed(70.0)
    slow.wait(5.0)
    slow.feed(70.0, quality=Quality.BAD_NO_COMMUNICATION)
    slow.wait(30.0)

    assert slow.state is AlarmState.UNACK


def test_an_uncertain_value_is_judged_like_a_good_one(high: Bench) -> None:
    high.feed(81.0, quality=Quality.UNCERTAIN_SENSOR_NOT_ACCURATE)

    assert high.state is AlarmState.UNACK


def test_a_sample_with_an_older_source_time_counts_when_it_comes(high: Bench) -> None:
    high.feed(81.0)

    high.feed(70.0, source_time=high.clock.now() - 3600.0)

    assert high.state is AlarmState.RTNUN


def restarted(bench: Bench) -> Bench:
    return Bench(bench.clock, Alarm(bench.alarm.definition, bench.alarm.facts))


@pytest.mark.parametrize("acknowledge", [False, True])
def test_a_restart_keeps_state_and_occurrence_and_raises_nothing_twice(high: Bench, acknowledge: bool) -> None:
    high.feed(81.0)
    if acknowledge:
        high.ack()

    after = restarted(high)
    after.feed(None, quality=Quality.BAD_WAITING_FOR_INITIAL_DATA)
    after.feed(79.0)

    assert after.transitions == []
    assert after.alarm.facts == high.alarm.facts


def test_a_value_that_became_normal_during_the_restart_returns_the_alarm_once(high: Bench) -> None:
    high.feed(81.0)

    after = restarted(high)
    after.feed(70.0, 69.0)

    assert after.kinds == ["returned"]
    assert after.alarm.facts.occurrence_id == high.alarm.facts.occurrence_id


def test_a_running_delay_starts_anew_after_a_restart(slow: Bench) -> None:
    slow.feed(81.0)
    slow.wait(4.0)

    after = restarted(slow)
    after.wait(10.0)
    assert after.state is AlarmState.NORM
    after.feed(81.0)
    after.wait(5.1)

    assert after.kinds == ["raised"]


def test_a_clock_set_back_neither_stretches_a_delay_nor_turns_the_rows_around(clock: FakeClock) -> None:
    alarm = Alarm(AlarmDefinition(name="A", tag="T", condition=High(limit=80.0), on_delay_s=5.0))
    now = clock.now()

    alarm.evaluate(Sample(70.0, Quality.GOOD, now, now), now)
    alarm.evaluate(Sample(81.0, Quality.GOOD, now, now), now - 3600.0)
    (raised,) = alarm.tick(now + 5.0)
    acknowledged = alarm.acknowledge("ana", "", None, now - 3600.0)

    assert raised.kind is TransitionKind.RAISED
    assert raised.time == now + 5.0
    assert acknowledged.time >= raised.time


@pytest.mark.parametrize("alarm_value", [True, False])
def test_a_contact_in_its_alarm_position_raises_the_alarm(clock: FakeClock, alarm_value: bool) -> None:
    contact = make(clock, Bool(alarm_value=alarm_value))

    contact.feed(not alarm_value)
    assert contact.state is AlarmState.NORM
    contact.feed(alarm_value)
    assert contact.state is AlarmState.UNACK
    contact.feed(None, quality=Quality.BAD_NO_COMMUNICATION)
    assert contact.state is AlarmState.UNACK
    contact.feed(not alarm_value)

    assert contact.state is AlarmState.RTNUN


def test_a_state_that_is_one_of_the_values_raises_the_alarm(clock: FakeClock) -> None:
    mode = make(clock, Discrete(values=(3, 4)))

    mode.feed(2)
    assert mode.state is AlarmState.NORM
    mode.feed(4, 3)
    assert mode.kinds == ["raised"]
    mode.feed(None, quality=Quality.BAD_NO_COMMUNICATION)
    assert mode.state is AlarmState.UNACK
    mode.feed(2)

    assert mode.state is AlarmState.RTNUN


def test_a_bad_sample_raises_the_alarm_of_bad_quality_and_any_other_ends_it(clock: FakeClock) -> None:
    bad = make(clock, BadQuality(), on_delay_s=2.0)

    bad.feed(None, quality=Quality.BAD_NO_COMMUNICATION)
    bad.wait(2.1)
    assert bad.state is AlarmState.UNACK
    bad.feed(1.0, quality=Quality.UNCERTAIN)

    assert bad.state is AlarmState.RTNUN


def test_a_lost_link_raises_the_comms_alarm_and_its_return_ends_it(clock: FakeClock) -> None:
    comms = make(clock, Comms())

    comms.feed(True)
    assert comms.state is AlarmState.NORM
    comms.feed(False)
    assert comms.state is AlarmState.UNACK
    comms.feed(True)

    assert comms.state is AlarmState.RTNUN


@pytest.mark.parametrize(("value", "quality"), [(True, Quality.BAD_NO_COMMUNICATION), (None, Quality.GOOD), (1.0, Quality.GOOD)])
def test_a_comms_alarm_holds_while_the_link_is_unknown(clock: FakeClock, value: Value, quality: Quality) -> None:
    comms = make(clock, Comms())
    comms.feed(False)

    comms.feed(value, quality=quality)

    assert comms.state is AlarmState.UNACK


def test_an_on_delay_passes_over_a_short_loss_of_the_link(clock: FakeClock) -> None:
    comms = make(clock, Comms(), on_delay_s=5.0)

    comms.feed(True, False)
    comms.wait(2.0)
    comms.feed(True)
    comms.wait(10.0)

    assert comms.transitions == []


def test_two_occurrences_within_one_instant_have_different_ids(high: Bench) -> None:
    ids = []
    for _ in range(3):
        high.feed(81.0)
        ids.append(high.alarm.facts.occurrence_id)
        high.feed(70.0)

    assert len(set(ids)) == 3
