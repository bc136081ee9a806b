"""The quiet band never hides a transition, and does not let through what it could hold."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from automation.model.alarm import AlarmDefinition, BadQuality, Bool, Comms, Condition, Discrete, High, Level, Levels, Low, OnBad
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.observers.alarms.alarm import Alarm

LEVELS = st.one_of(st.floats(-10.0, 10.0), st.integers(-10, 10), st.floats(allow_nan=True, allow_infinity=True))
CONDITIONS = st.one_of(
    st.builds(High, limit=st.floats(-10.0, 10.0), deadband=st.floats(0.0, 5.0)),
    st.builds(Low, limit=st.floats(-10.0, 10.0), deadband=st.floats(0.0, 5.0)),
)
LIMITS = Levels(
    low_low=Level(limit=-6.0, deadband=1.0),
    low=Level(limit=-2.0),
    high=Level(limit=2.0),
    high_high=Level(limit=6.0, deadband=1.0),
)
QUALITIES = st.sampled_from((Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION))
DELAYS = st.sampled_from((0.0, 1.0, 3.0))


def alarm_of(condition: Condition, on_s: float, off_s: float, on_bad: OnBad = OnBad.HOLD) -> Alarm:
    return Alarm(AlarmDefinition(name="A", tag="T", condition=condition, on_delay_s=on_s, off_delay_s=off_s, on_bad=on_bad))


def is_quiet(alarm: Alarm, value: Value) -> bool:
    low, high = alarm.quiet
    return isinstance(value, int | float) and low < value < high


def moves(alarm: Alarm, value: Value, quality: Quality, now: float) -> bool:
    """Whether the sample changes facts or delay, when nothing was due."""
    before = alarm.facts, alarm.due
    transitions = alarm.evaluate(Sample(value, quality, now, now), now)
    return bool(transitions) or (alarm.facts, alarm.due) != before


@given(CONDITIONS, DELAYS, DELAYS, st.lists(st.tuples(LEVELS, QUALITIES, st.sampled_from((0.0, 0.5, 2.0))), max_size=30))
def test_a_good_sample_moves_an_alarm_exactly_if_it_is_outside_the_band(
    condition: Condition, on_s: float, off_s: float, samples: list[tuple[float, Quality, float]]
) -> None:
    alarm = alarm_of(condition, on_s, off_s)
    now = 1000.0
    for value, quality, wait_s in samples:
        now += wait_s
        alarm.tick(now)
        quiet, due = is_quiet(alarm, value), alarm.due

        moved = moves(alarm, value, quality, now)

        if quality.is_bad or not math.isfinite(value):
            assert moved == (due != math.inf)
        else:
            assert moved != quiet


@given(
    st.one_of(CONDITIONS, st.just(LIMITS)),
    DELAYS,
    DELAYS,
    st.sampled_from(OnBad),
    st.lists(st.tuples(LEVELS, QUALITIES, st.sampled_from((0.0, 0.5, 2.0))), max_size=30),
)
def test_an_alarm_that_sees_only_what_is_loud_ends_like_one_that_sees_all(
    condition: Condition, on_s: float, off_s: float, on_bad: OnBad, samples: list[tuple[float, Quality, float]]
) -> None:
    sees_all, sees_loud = (alarm_of(condition, on_s, off_s, on_bad) for _ in range(2))
    now = 1000.0
    for value, quality, wait_s in samples:
        now += wait_s
        sample = Sample(value, quality, now, now)
        # The band is looked at before a delay that ran out meanwhile is noticed, as in the manager.
        if quality.is_bad or not math.isfinite(value) or not is_quiet(sees_loud, value):
            sees_loud.evaluate(sample, now)
        sees_all.evaluate(sample, now)
    sees_loud.tick(now)

    assert sees_loud.facts == sees_all.facts
    assert sees_loud.due == sees_all.due


SWITCHES = st.sampled_from((Comms(), Bool(), Bool(alarm_value=False)))


@given(SWITCHES, DELAYS, st.lists(st.sampled_from((True, False)), max_size=20))
def test_a_switch_that_changes_nothing_is_quiet(condition: Condition, on_s: float, states: list[bool]) -> None:
    alarm = alarm_of(condition, on_s, 0.0)
    now = 1000.0
    for state in states:
        now += 0.5
        alarm.tick(now)
        quiet = is_quiet(alarm, state)
        assert moves(alarm, state, Quality.GOOD, now) != quiet


@given(st.lists(st.tuples(st.integers(0, 5), QUALITIES), max_size=30), st.sampled_from((Discrete(values=(3, 4)), BadQuality())))
def test_an_alarm_of_states_or_of_quality_that_sees_only_what_is_loud_ends_like_one_that_sees_all(
    samples: list[tuple[int, Quality]], condition: Condition
) -> None:
    sees_all, sees_loud = alarm_of(condition, 0.0, 0.0), alarm_of(condition, 0.0, 0.0)
    for now, (value, quality) in enumerate(samples, 1000):
        sample = Sample(value, quality, now, now)
        if quality.is_bad or not is_quiet(sees_loud, value):
            sees_loud.evaluate(sample, now)
        sees_all.evaluate(sample, now)

    assert sees_loud.facts == sees_all.facts
