"""Readings conditioned: limits, filters, range, rate, frozen; each with its quality."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.acquisition.chain import Chain, needs_chain
from automation.acquisition.scan import Conversion
from automation.cvt.table import Batch
from automation.drivers.base import Reading
from automation.model.conditioning import Checks, FirstOrder, Kalman, Median, MovingAverage, Outlier
from automation.model.quality import Quality
from automation.model.tag import Curve, DataType, Scale, Tag, Width

GOOD = Quality.GOOD
MILLIAMPS = Scale(raw=(4.0, 20.0), eng=(0.0, 8.0), limits=(3.6, 21.0))


def tag(**fields) -> Tag:
    return Tag(**{"name": "T", "source": "plc/1", **fields})


def chain(period_s: float = 1.0, **fields) -> Chain:
    return Chain(tag(**fields), period_s)


def run(chain: Chain, *raws, start: float = 0.0, step: float = 1.0) -> list[tuple[object, Quality]]:
    return [chain.step(Reading(raw), start + i * step)[:2] for i, raw in enumerate(raws)]


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({}, False),
        ({"range": (0, 1), "scale": Scale(raw=(0, 1), eng=(0, 1), clamp=True)}, False),
        ({"checks": Checks(stale_s=5.0)}, False),
        ({"scale": MILLIAMPS}, True),
        ({"filters": [Median(samples=3)]}, True),
        ({"checks": Checks(max_rate=1.0)}, True),
        ({"checks": Checks(frozen_s=1.0)}, True),
    ],
)
def test_only_what_needs_a_memory_has_a_chain(fields, needed):
    assert needs_chain(tag(**fields)) is needed
    assert bool(Conversion([tag(**fields)], 1.0).chains) is needed


@pytest.mark.parametrize(
    ("raw", "value", "quality"),
    [
        (12.0, 4.0, GOOD),
        (3.6, -0.2, GOOD),
        (21.0, 8.5, GOOD),
        (3.5, -0.25, Quality.UNCERTAIN_UNDER_RANGE),
        (22.0, 9.0, Quality.UNCERTAIN_OVER_RANGE),
    ],
)
def test_a_raw_value_beyond_the_limits_of_a_healthy_device_is_uncertain(raw, value, quality):
    assert run(chain(scale=MILLIAMPS), raw) == [(pytest.approx(value), quality)]


def test_a_clamped_value_stays_at_the_limit_and_is_told():
    clamped = Scale(raw=(4.0, 20.0), eng=(0.0, 8.0), limits=(3.6, 21.0), clamp=True)

    assert run(chain(scale=clamped, range=(0.0, 8.0)), 0.0, 99.0) == [
        (pytest.approx(-0.2), Quality.UNCERTAIN_UNDER_RANGE),
        (pytest.approx(8.5), Quality.UNCERTAIN_OVER_RANGE),
    ]


def test_filters_work_after_scaling_and_in_their_order():
    median_first = chain(scale=Scale(raw=(0, 10), eng=(0.0, 1.0)), filters=[Median(samples=3), MovingAverage(samples=2)])
    average_first = chain(scale=Scale(raw=(0, 10), eng=(0.0, 1.0)), filters=[MovingAverage(samples=2), Median(samples=3)])

    assert run(median_first, 10, 10, 99, 10)[-1] == (1.0, GOOD)
    assert run(average_first, 10, 10, 99, 10)[-1] == (pytest.approx(5.45), GOOD)


def test_a_filter_reckons_with_the_time_of_measurement_that_the_device_tells():
    lag = chain(filters=[FirstOrder(time_constant_s=2.0)])
    lag.step(Reading(0.0, source_time=100.0), 500.0)

    reading = lag.step(Reading(10.0, source_time=102.0), 500.1)

    assert reading == (pytest.approx(10 * (1 - math.exp(-1))), GOOD, 102.0)


def test_the_range_is_checked_after_the_filters():
    smoothed = chain(filters=[Median(samples=3)], range=(0.0, 10.0))

    assert run(smoothed, 5.0, 5.0, 50.0, 50.0) == [
        (5.0, GOOD),
        (5.0, GOOD),
        (5.0, GOOD),
        (50.0, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED),
    ]


def test_a_rejected_outlier_is_told_and_shows_the_last_accepted_value():
    rejecting = chain(filters=[Outlier(samples=5, least=1.0)])

    assert run(rejecting, 5.0, 5.1, 4.9, 5.0, 5.1, 77.0, 5.2)[-2:] == [(5.1, Quality.UNCERTAIN_SUBSTITUTE_VALUE), (5.2, GOOD)]


def test_a_value_that_comes_too_fast_is_uncertain_until_it_is_credible():
    checked = chain(checks=Checks(max_rate=2.0))

    assert [quality for _, quality in run(checked, 10.0, 12.0, 16.0, 16.0, 16.0)] == [
        GOOD,
        GOOD,
        Quality.UNCERTAIN_RATE_EXCEEDED,
        GOOD,
        GOOD,
    ]


def test_a_spike_is_not_the_measure_of_what_follows_it():
    assert [quality for _, quality in run(chain(checks=Checks(max_rate=2.0)), 10.0, 99.0, 10.5)] == [
        GOOD,
        Quality.UNCERTAIN_RATE_EXCEEDED,
        GOOD,
    ]


def test_the_rate_counts_over_the_source_times():
    checked = chain(checks=Checks(max_rate=2.0))
    checked.step(Reading(0.0, source_time=100.0), 900.0)

    assert checked.step(Reading(20.0, source_time=110.0), 901.0).quality is GOOD
    assert checked.step(Reading(40.0, source_time=111.0), 999.0).quality is Quality.UNCERTAIN_RATE_EXCEEDED


def test_a_poll_out_of_turn_does_not_turn_noise_into_a_rate():
    checked = chain(period_s=1.0, checks=Checks(max_rate=2.0))

    assert [quality for _, quality in run(checked, 5.0, 6.5, 5.0, step=0.001)] == [GOOD, GOOD, GOOD]


def test_an_identical_raw_value_for_too_long_is_frozen():
    checked = chain(checks=Checks(frozen_s=3.0), filters=[FirstOrder(time_constant_s=5.0)])

    qualities = [quality for _, quality in run(checked, 5.0, 6.0, 6.0, 6.0, 6.0, 6.0, 7.0, 7.0)]

    assert qualities == [GOOD] * 4 + [Quality.UNCERTAIN_FROZEN] * 2 + [GOOD] * 2


@pytest.mark.parametrize(
    "fields", [{"type": DataType.BOOL}, {"type": DataType.STRING}, {"type": DataType.ENUM, "states": {1: "on"}}]
)
def test_what_is_no_measurement_may_be_frozen_too(fields):
    assert [quality for _, quality in run(chain(checks=Checks(frozen_s=2.0), **fields), 1, 1, 1)] == [
        GOOD,
        GOOD,
        Quality.UNCERTAIN_FROZEN,
    ]


def test_time_in_which_nothing_was_heard_is_not_frozen():
    checked = chain(checks=Checks(frozen_s=3.0))
    run(checked, 5.0, 5.0)
    checked.reset()

    assert [quality for _, quality in run(checked, 5.0, 5.0, 5.0, start=100.0)] == [GOOD, GOOD, Quality.UNCERTAIN_FROZEN]


@pytest.mark.parametrize("gap", [Reading(None, Quality.BAD_SENSOR_FAILURE), Reading(math.nan), Reading("x")])
def test_after_a_bad_reading_filters_and_rate_begin_anew(gap):
    conditioned = chain(filters=[MovingAverage(samples=10)], checks=Checks(max_rate=1.0))
    run(conditioned, 10.0, 10.0)

    assert conditioned.step(gap, 2.0).value is None
    assert conditioned.step(gap, 2.0).quality.is_bad
    assert conditioned.step(Reading(50.0), 3.0) == (50.0, GOOD, None)


def test_a_device_that_is_busy_for_one_reading_makes_no_gap():
    conditioned = chain(filters=[MovingAverage(samples=10)])
    run(conditioned, 10.0, 20.0)

    assert conditioned.step(Reading(None, Quality.UNCERTAIN_LAST_USABLE_VALUE), 2.0) == (
        None,
        Quality.UNCERTAIN_LAST_USABLE_VALUE,
        None,
    )
    assert conditioned.step(Reading(30.0), 3.0).value == 20.0


def test_a_bad_reading_is_bad_whatever_value_came_with_it():
    assert chain(filters=[Median(samples=3)]).step(Reading(5.0, Quality.BAD_DEVICE_FAILURE), 0.0) == (
        None,
        Quality.BAD_DEVICE_FAILURE,
        None,
    )


def test_a_whole_number_is_rounded_after_its_filters():
    averaged = chain(type=DataType.INT, filters=[MovingAverage(samples=3)])

    assert run(averaged, 1, 2, 2)[-1] == (2, GOOD)
    assert type(run(averaged, 1)[0][0]) is int


def test_a_whole_number_that_does_not_fit_its_width_does_not_reach_the_filters():
    averaged = chain(type=DataType.INT, width=Width.INT16, filters=[MovingAverage(samples=3)])

    assert run(averaged, 10, 40_000, 12) == [(10, GOOD), (None, Quality.BAD_CONFIGURATION_ERROR), (12, GOOD)]


def test_a_large_whole_number_keeps_every_digit():
    assert run(chain(type=DataType.INT, checks=Checks(frozen_s=9.0)), 2**63 - 1) == [(2**63 - 1, GOOD)]


def test_a_filter_that_leaves_the_numbers_is_bad():
    assert run(chain(filters=[FirstOrder(time_constant_s=1.0)]), 1.7e308, -1.7e308, 5.0) == [
        (1.7e308, GOOD),
        (None, Quality.BAD_SENSOR_FAILURE),
        (5.0, GOOD),
    ]


def test_a_changed_tag_goes_on_with_what_was_remembered_if_it_is_conditioned_as_before():
    before = chain(filters=[MovingAverage(samples=4)], range=(0.0, 100.0))
    run(before, 10.0, 20.0)

    described = Chain(tag(filters=[MovingAverage(samples=4)], range=(0.0, 12.0), description="other"), 1.0, before)

    assert described.step(Reading(30.0), 2.0) == (20.0, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED, None)


@pytest.mark.parametrize(
    "fields",
    [{"source": "plc/2"}, {"unit": "m"}, {"scan": "fast"}, {"filters": [MovingAverage(samples=5)]}, {"scale": MILLIAMPS}],
)
def test_a_tag_that_is_read_or_conditioned_otherwise_begins_anew(fields):
    before = chain(filters=[MovingAverage(samples=4)])
    run(before, 10.0, 20.0)

    other = Chain(tag(**{"filters": [MovingAverage(samples=4)], **fields}), 1.0, before)

    assert other.step(Reading(20.0), 2.0).value == (8.0 if "scale" in fields else 20.0)


def test_tags_without_conditioning_share_a_scan_with_those_that_have_it():
    conversion = Conversion([tag(name="A"), tag(name="B", filters=[MovingAverage(samples=2)]), tag(name="C")], 1.0)
    batch = Batch([None] * 3, Quality.BAD_WAITING_FOR_INITIAL_DATA, 0.0, 0.0)

    for now, raw in [(1.0, 10), (2.0, 20)]:
        batch = conversion.batch([Reading(raw)] * 3, batch, now)

    assert list(batch.values) == [20.0, 15.0, 20.0]
    assert batch.quality is GOOD
    assert batch.source_time == 2.0


FILTERS = st.lists(
    st.one_of(
        st.builds(FirstOrder, time_constant_s=st.floats(1e-3, 1e4)),
        st.builds(MovingAverage, samples=st.integers(2, 8)),
        st.builds(Median, samples=st.integers(3, 8)),
        st.builds(Kalman, process_noise=st.floats(1e-300, 1e300), measurement_noise=st.floats(1e-300, 1e300)),
        st.builds(Outlier, samples=st.integers(5, 8), threshold=st.floats(0.1, 100), least=st.floats(0, 1e6)),
    ),
    max_size=3,
)
CHECKS = st.one_of(st.none(), st.builds(Checks, max_rate=st.floats(1e-9, 1e9), frozen_s=st.floats(0.1, 100)))
SCALES = st.sampled_from(
    [
        None,
        MILLIAMPS,
        Scale(raw=(0, 9, 99), eng=(0.0, 5.0, 1.0), clamp=True),
        Scale(raw=(0, 1), eng=(0, 9), curve=Curve.SQUARE_ROOT),
    ]
)
NUMBER_TAGS = st.builds(
    tag,
    type=st.sampled_from([DataType.FLOAT, DataType.INT]),
    scale=SCALES,
    filters=FILTERS,
    checks=CHECKS,
    range=st.sampled_from([None, (0.0, 10.0)]),
)
OTHER_TAGS = st.sampled_from(
    [
        tag(type=DataType.BOOL, checks=Checks(frozen_s=5.0)),
        tag(type=DataType.STRING, checks=Checks(frozen_s=5.0)),
        tag(type=DataType.ENUM, states={0: "off", 1: "on"}, checks=Checks(frozen_s=5.0)),
        tag(type=DataType.ENUM, states={0: "off", 1: "on"}),
    ]
)
READINGS = st.builds(
    Reading,
    st.one_of(st.none(), st.booleans(), st.integers(), st.integers(-(10**400), 10**400), st.floats(), st.text(max_size=5)),
    st.sampled_from(list(Quality)),
    st.one_of(st.none(), st.floats(-1e9, 1e12)),
)


@given(st.one_of(NUMBER_TAGS, OTHER_TAGS), st.lists(st.tuples(READINGS, st.floats(0, 100)), max_size=25))
def test_no_reading_gets_better_and_every_value_is_finite(declared, steps):
    conversion, now = Conversion([declared], 1.0), 1000.0
    batch = Batch([None], Quality.BAD_WAITING_FOR_INITIAL_DATA, now, now)
    kinds = {DataType.FLOAT: float, DataType.BOOL: bool, DataType.STRING: str}

    for reading, elapsed in steps:
        now += elapsed
        before, batch = batch, conversion.batch([reading], batch, now)
        value, quality, source_time, server_time = batch.sample(0)
        assert quality >= reading.quality
        assert server_time == now
        assert value is None or type(value) is kinds.get(declared.type, int)
        assert not isinstance(value, float) or math.isfinite(value)
        assert quality.is_bad or value is not None
        if quality.is_bad and conversion.chains:
            assert (value, source_time) == (before.values[0], before.source_time_at(0))
