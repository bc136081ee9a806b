"""Which samples are kept: examples in virtual time, and what holds for any samples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.recording import DOOR_INTERVAL_S, Mode, Recording
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.policy import Policy, policy_of

T0 = 1_800_000_000.0
GOOD, BAD = Quality.GOOD, Quality.BAD_NOT_CONNECTED


class Fed:
    """A policy, what it was fed and what it kept, at so many seconds after the start."""

    def __init__(self, **recording) -> None:
        tag = Tag(name="T", range=(0, 100), history=recording)
        policy = policy_of(tag.recording, tag.history_band, tag.range)
        assert policy is not None
        self.policy: Policy = policy
        self.fed: list[Sample] = []
        self.kept: list[Sample] = []

    def feed(self, at: float, value: Value, quality: Quality = GOOD, *, source: float | None = None) -> None:
        time = T0 + at
        sample = Sample(value, quality, time if source is None else T0 + source, time)
        self.fed.append(sample)
        self.kept += self.policy.feed(sample, time)

    def feed_all(self, values: Sequence[Value], period: float = 1.0) -> None:
        for i, value in enumerate(values):
            self.feed(i * period, value)

    def tick(self, at: float, current: Sample | None = None) -> None:
        self.kept += self.policy.tick(T0 + at, current)

    @property
    def points(self) -> list[tuple[float, Value]]:
        return [(round(sample.source_time - T0, 5), sample.value) for sample in self.kept]


def test_what_keeps_all_that_it_is_told_needs_no_policy() -> None:
    assert policy_of(Recording(), 0.0, None) is None
    assert policy_of(Recording(mode=Mode.ALL), 5.0, None) is None


def test_all_keeps_what_does_not_change() -> None:
    fed = Fed(mode="all", max_interval_s=1e6)
    fed.feed_all([5.0, 5.0, 5.0])

    assert fed.points == [(0, 5.0), (1, 5.0), (2, 5.0)]


def test_all_keeps_a_sample_that_is_told_again_once() -> None:
    fed = Fed(mode="all", max_interval_s=1e6)
    fed.feed(0, 5.0)
    fed.feed(1, 5.0, source=0)

    assert fed.points == [(0, 5.0)]


def test_a_deadband_is_compared_with_what_was_kept_so_that_a_ramp_is_not_lost() -> None:
    fed = Fed(deadband=1.0)
    fed.feed_all([i / 10 for i in range(25)])

    assert [value for _, value in fed.points] == [0.0, 1.0, 2.0]


def test_a_deadband_may_be_percent_of_the_span() -> None:
    fed = Fed(deadband="10 %")
    fed.feed_all([0.0, 9.0, 10.0, 1.0, 0.0])

    assert fed.points == [(0, 0.0), (2, 10.0), (4, 0.0)]


@pytest.mark.parametrize(
    "recording", [{"deadband": 5.0}, {"mode": "swinging_door", "deviation": 5.0}, {"mode": "periodic", "interval_s": 60.0}]
)
def test_the_last_before_a_gap_and_the_first_after_it_are_kept_with_their_own_times(recording) -> None:
    fed = Fed(**recording)
    fed.feed_all([1.0, 1.1, 1.2])
    fed.feed(5, 1.2, BAD, source=2)
    fed.feed(9, 1.3)
    fed.feed(10, 1.4)

    assert [(round(s.source_time - T0), s.value, s.quality) for s in fed.kept] == [
        (0, 1.0, GOOD), (2, 1.2, GOOD), (2, 1.2, BAD), (9, 1.3, GOOD),
    ]  # fmt: skip


def test_of_samples_closer_than_the_least_interval_the_newest_is_kept_when_it_is_over() -> None:
    fed = Fed(mode="change", min_interval_s=1.0)
    for i in range(6):
        fed.feed(i / 10, float(i))
    assert fed.points == [(0, 0.0)]
    fed.tick(0.99)
    assert fed.points == [(0, 0.0)]
    fed.tick(1.0)

    assert fed.points == [(0, 0.0), (0.5, 5.0)]


def test_a_value_that_came_back_within_the_least_interval_is_not_kept() -> None:
    fed = Fed(mode="change", min_interval_s=1.0)
    fed.feed(0, 1.0)
    fed.feed(0.2, 2.0)
    fed.feed(0.4, 1.0)
    fed.tick(5)

    assert fed.points == [(0, 1.0)]


def test_the_least_interval_does_not_hold_back_a_change_of_quality() -> None:
    fed = Fed(mode="change", min_interval_s=10.0)
    fed.feed(0, 1.0)
    fed.feed(1, 2.0)
    fed.feed(2, 2.0, BAD)

    assert [(s.value, s.quality) for s in fed.kept] == [(1.0, GOOD), (2.0, GOOD), (2.0, BAD)]


def test_what_does_not_change_is_kept_again_after_the_most_interval() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0)
    for i in range(1, 36):
        fed.tick(i)

    assert fed.points == [(0, 1.0), (10, 1.0), (20, 1.0), (30, 1.0)]


def test_a_repeat_has_the_time_at_which_the_device_said_the_same() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0)
    fed.tick(10.2, Sample(1.0, GOOD, T0 + 9.7, T0 + 9.8))

    assert fed.points == [(0, 1.0), (9.7, 1.0)]


def test_a_present_value_that_has_not_arrived_is_not_taken_for_a_repeat() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0)
    fed.tick(10, Sample(2.0, GOOD, T0 + 9.7, T0 + 9.8))
    fed.feed(10.1, 2.0)

    assert fed.points == [(0, 1.0), (10, 1.0), (10.1, 2.0)]


def test_a_repeat_goes_on_with_the_clock_of_the_source() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0, source=-3600)
    fed.tick(10)

    assert fed.points == [(-3600, 1.0), (-3590, 1.0)]


def test_a_sample_that_is_a_little_late_stays_behind_the_repeat() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0)
    fed.tick(10)
    fed.feed(10.1, 2.0, source=9.9)
    fed.feed(10.2, 3.0, source=-3600)

    assert fed.points == [(0, 1.0), (10, 1.0), (pytest.approx(10, abs=1e-5), 2.0), (-3600, 3.0)]
    assert fed.kept[2].source_time > fed.kept[1].source_time


def test_a_loss_is_not_repeated() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0, BAD)
    fed.tick(1000)

    assert len(fed.kept) == 1


def test_a_stalled_recorder_repeats_once_and_not_for_every_interval_missed() -> None:
    fed = Fed(mode="change", max_interval_s=10.0)
    fed.feed(0, 1.0)
    fed.tick(35)
    fed.tick(41)

    assert fed.points == [(0, 1.0), (30, 1.0), (40, 1.0)]


def test_periodic_keeps_the_newest_of_each_interval_whenever_it_is_asked() -> None:
    fed = Fed(mode="periodic", interval_s=10.0)
    for i in range(36):
        fed.feed(i + 0.5, float(i))

    assert fed.points == [(0.5, 0.0), (9.5, 9.0), (19.5, 19.0), (29.5, 29.0)]


def test_periodic_repeats_a_value_that_nobody_updates_on_its_grid() -> None:
    fed = Fed(mode="periodic", interval_s=10.0)
    fed.feed(0, 5.0)
    for at in (9.9, 10.3, 19.9, 20.4, 30.0):
        fed.tick(at)

    assert fed.points == [(0, 5.0), (10, 5.0), (20, 5.0), (30, 5.0)]


def test_a_swinging_door_keeps_the_corners_of_a_line_at_their_own_times() -> None:
    fed = Fed(mode="swinging_door", deviation=0.1)
    fed.feed_all([float(i) for i in range(11)] + [10.0 - i for i in range(1, 11)] + [0.0] * 10)
    fed.kept += fed.policy.flush()

    assert fed.points == [(0, 0.0), (10, 10.0), (20, 0.0), (30, 0.0)]


def test_a_swinging_door_keeps_the_last_point_before_a_step() -> None:
    fed = Fed(mode="swinging_door", deviation=0.1)
    fed.feed_all([1.0] * 50 + [5.0] * 2)

    assert fed.points == [(0, 1.0), (49, 1.0), (50, 5.0)]


def test_a_swinging_door_shows_its_newest_point_within_a_minute() -> None:
    fed = Fed(mode="swinging_door", deviation=0.1)
    for i in range(200):
        fed.feed(i, i / 10)

    assert fed.points == [(0, 0.0), (59, 5.9), (119, 11.9), (179, 17.9)]
    assert DOOR_INTERVAL_S == 60


def test_a_source_whose_clock_is_set_back_begins_a_new_line() -> None:
    fed = Fed(mode="swinging_door", deviation=1.0)
    fed.feed_all([1.0, 1.1, 1.2])
    fed.feed(3, 1.3, source=-100)
    fed.feed(4, 1.4, source=-99)
    fed.feed(5, 1.5, source=-98)
    fed.kept += fed.policy.flush()

    assert fed.points == [(0, 1.0), (2, 1.2), (-100, 1.3), (-98, 1.5)]


def test_values_that_have_no_slope_are_kept_when_they_change() -> None:
    fed = Fed(mode="swinging_door", deviation=1.0)
    for i, value in enumerate([1.0, None, 1.7e308, -1.7e308, 2.0]):
        fed.feed(i, value)

    assert [value for _, value in fed.points] == [1.0, None, 1.7e308, -1.7e308]


def test_what_comes_after_a_restart_is_kept() -> None:
    fed = Fed(deadband=5.0)
    fed.feed_all([1.0, 1.1])
    fed.kept += fed.policy.restart()
    fed.feed(2, 1.2)

    assert fed.points == [(0, 1.0), (1, 1.1), (2, 1.2)]


VALUES = st.one_of(st.floats(-100, 100), st.integers(-100, 100).map(float))
STEPS = st.lists(st.tuples(st.sampled_from([0.001, 0.1, 1.0, 7.0]), VALUES), min_size=1, max_size=60)
QUALITIES = st.sampled_from([GOOD, GOOD, GOOD, GOOD, BAD, Quality.UNCERTAIN])
UNREPEATED = st.one_of(
    st.builds(lambda band: {"deadband": band}, st.floats(0.01, 50)),
    st.builds(lambda s: {"mode": "change", "min_interval_s": s}, st.floats(0.1, 5)),
    st.builds(lambda deviation: {"mode": "swinging_door", "deviation": deviation}, st.floats(0.01, 50)),
    st.just({"mode": "all", "max_interval_s": 1e6}),
    st.builds(lambda s: {"mode": "all", "min_interval_s": s}, st.floats(0.1, 20)),
)
REPEATED = st.one_of(
    st.builds(lambda s: {"mode": "periodic", "interval_s": s}, st.floats(0.1, 20)),
    st.builds(lambda a, b: {"min_interval_s": a, "max_interval_s": a + b}, st.floats(0.1, 5), st.floats(0.1, 5)),
)
RECORDINGS = UNREPEATED | REPEATED


def is_kept(fed: Fed, sample: Sample) -> bool:
    """True if it was kept, with its own time or just behind a repeat of the same instant."""
    return any(one[:2] == sample[:2] and 0 <= one.source_time - sample.source_time < 1e-5 for one in fed.kept)


@settings(deadline=None)
@given(STEPS, st.floats(0.01, 50))
def test_every_sample_that_a_door_drops_is_within_the_deviation_of_the_line(steps, deviation) -> None:
    fed = Fed(mode="swinging_door", deviation=deviation, max_interval_s=1e6)
    now = 0.0
    for step, value in steps:
        now += step
        fed.feed(now, value)
    fed.kept += fed.policy.flush()

    assert (fed.kept[0], fed.kept[-1]) == (fed.fed[0], fed.fed[-1])
    for before, after in pairwise(fed.kept):
        for sample in fed.fed:
            if before.source_time < sample.source_time < after.source_time:
                share = (sample.source_time - before.source_time) / (after.source_time - before.source_time)
                line = before.value + share * (after.value - before.value)
                assert abs(sample.value - line) <= deviation + 1e-3


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.01, 0.5, 3.0]), VALUES, QUALITIES), min_size=1, max_size=60), RECORDINGS)
def test_whatever_the_mode_changes_of_quality_are_kept_with_what_was_before(steps, recording) -> None:
    fed = Fed(**recording)
    now = 0.0
    for step, value, quality in steps:
        now += step
        fed.feed(now, value, quality)
    fed.kept += fed.policy.flush()

    for before, after in pairwise(fed.fed):
        if before.quality != after.quality:
            assert is_kept(fed, before)
            assert is_kept(fed, after)
    times = [sample.source_time for sample in fed.kept]
    assert times == sorted(times)
    assert fed.kept[0] is fed.fed[0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.01, 0.5, 3.0]), VALUES), min_size=1, max_size=60), UNREPEATED)
def test_what_is_kept_does_not_depend_on_when_time_is_told(steps, recording) -> None:
    seldom, often = Fed(**recording), Fed(**recording)
    now = 0.0
    for step, value in steps:
        for part in range(1, 4):
            often.tick(now + step * part / 4)
        now += step
        seldom.feed(now, value)
        often.feed(now, value)

    assert often.kept == seldom.kept


@settings(deadline=None)
@given(STEPS, st.floats(0.1, 10))
def test_the_least_interval_bounds_how_many_are_kept(steps, least_s) -> None:
    fed = Fed(mode="all", min_interval_s=least_s)
    now = 0.0
    for step, value in steps:
        now += step
        fed.feed(now, value)

    assert len(fed.kept) <= 2 + (now - steps[0][0]) / least_s


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ({"mode": "sometimes"}, "mode 'sometimes': expected one of change, swinging_door, periodic, all"),
        ({"mode": "swinging_door"}, "deviation: mode swinging_door needs one above 0"),
        ({"mode": "swinging_door", "deviation": 0}, "needs one above 0"),
        ({"mode": "swinging_door", "deviation": 1, "min_interval_s": 1}, "min_interval_s: mode swinging_door has none"),
        ({"mode": "periodic"}, "interval_s: mode periodic needs it"),
        ({"mode": "periodic", "interval_s": 0}, "interval_s 0: must be 0.01 to 31536000 s"),
        ({"mode": "periodic", "interval_s": float("nan")}, "interval_s nan: must be"),
        ({"mode": "all", "deadband": 1}, "deadband: mode all has none"),
        ({"min_interval_s": 5, "max_interval_s": 5}, "min_interval_s 5: must be below max_interval_s"),
        ({"max_interval_s": "5"}, "max_interval_s '5': expected a number of seconds"),
        ({"deadband": "wide"}, "deadband 'wide': expected a number, or percent of span"),
        ({"deadband": "5 %"}, "percent of span needs a range"),
        ({"every": 5}, "every: unknown; known: mode, deadband"),
        (5, "5: expected true, false or a table"),
    ],
)
def test_a_recording_that_makes_no_sense_is_refused(history, words) -> None:
    with pytest.raises(ConfigError, match="tag T: history: ") as caught:
        Tag(name="T", history=history)
    assert words in str(caught.value)


def test_a_text_has_no_slope_and_two_deadbands_are_one_too_many() -> None:
    with pytest.raises(ConfigError, match="mode swinging_door: only a number has a slope"):
        Tag(name="T", type=DataType.BOOL, history={"mode": "swinging_door", "deviation": 1})
    with pytest.raises(ConfigError, match="history: deadband: it is given by history_deadband"):
        Tag(name="T", history_deadband=1, history={"deadband": 1})


def test_a_table_that_says_nothing_is_the_same_as_true() -> None:
    assert Tag(name="T", history={}) == Tag(name="T", history={"mode": "change"}) == Tag(name="T")
    assert Tag(name="T", history=False).recording is None
