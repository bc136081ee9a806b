"""Filters against signals whose answer is known."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation import ConfigError
from automation.blocks.filters import filter_block
from automation.blocks.first_order import FirstOrderLag
from automation.blocks.kalman import Kalman
from automation.blocks.median import Median
from automation.blocks.moving_average import MovingAverage
from automation.blocks.outlier import Outlier
from automation.model import conditioning

DECLARED = [
    conditioning.FirstOrder(time_constant_s=3.0),
    conditioning.MovingAverage(samples=5),
    conditioning.Median(samples=5),
    conditioning.Kalman(process_noise=0.1, measurement_noise=1.0),
    conditioning.Outlier(samples=7, threshold=3.0, least=0.1),
]
numbers = st.floats(-1e12, 1e12)
every_filter = pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: type(declared).__name__)


def through(block, values) -> list[float]:
    return [block.step(value, float(now)) for now, value in enumerate(values)]


@pytest.mark.parametrize("instants", [[1, 2, 3, 4, 5], [0.1, 0.11, 2.0, 7.5, 7.6, 60.0]])
def test_a_lag_answers_a_step_exactly_as_an_exponential_however_it_is_sampled(instants) -> None:
    lag = FirstOrderLag(time_constant_s=2.5)
    lag.step(10.0, 0.0)

    for now in instants:
        assert lag.step(30.0, now) == pytest.approx(30.0 - 20.0 * math.exp(-now / 2.5), rel=1e-12)


def test_a_lag_has_followed_63_percent_of_a_step_after_its_time_constant() -> None:
    lag = FirstOrderLag(time_constant_s=2.0)
    lag.step(0.0, 0.0)

    assert lag.step(100.0, 2.0) == pytest.approx(63.212, abs=1e-3)


def test_a_lag_does_not_move_without_time_or_backwards() -> None:
    lag = FirstOrderLag(time_constant_s=2.0)
    lag.step(0.0, 10.0)

    assert lag.step(5.0, 10.0) == 0.0
    assert lag.step(5.0, 9.0) == 0.0
    assert lag.step(5.0, 11.0) == pytest.approx(5.0 * (1 - math.exp(-1.0)))


def test_a_moving_average_is_the_mean_of_the_last_samples() -> None:
    assert through(MovingAverage(3), [3, 6, 9, 12, 0]) == [3, 4.5, 6, 9, 7]


def test_a_moving_average_turns_a_step_into_a_ramp_as_long_as_its_window() -> None:
    assert through(MovingAverage(4), [0, 0, 0, 0, 8, 8, 8, 8, 8]) == [0, 0, 0, 0, 2, 4, 6, 8, 8]


def test_a_moving_average_forgets_a_huge_value_without_a_trace() -> None:
    assert through(MovingAverage(2), [0.1, 1e300, 0.1, 0.1])[-1] == 0.1


def test_a_moving_average_of_the_largest_numbers_is_finite() -> None:
    largest = 1.7976931348623157e308

    assert through(MovingAverage(3), [largest] * 3) == [largest] * 3


def test_a_median_removes_single_spikes_and_keeps_an_edge() -> None:
    assert through(Median(3), [1, 1, 99, 1, 1, -99, 1, 5, 5, 5]) == [1, 1, 1, 1, 1, 1, 1, 1, 5, 5]


def test_a_median_of_an_even_count_is_between_the_two_in_the_middle() -> None:
    assert through(Median(4), [1, 2, 3, 10]) == [1, 1.5, 2, 2.5]


def test_the_gains_of_a_kalman_filter_are_those_worked_out_by_hand() -> None:
    # R = 1, Q = 1/s. P0 = 1. After 1 s: P- = 2, K = 2/3, P = 2/3. After 1 s: P- = 5/3, K = 5/8, P = 5/8.
    # After 3 s: P- = 29/8, K = 29/37, P = 29/37.
    kalman, seen = Kalman(process_noise=1.0, measurement_noise=1.0), []
    for value, now in [(0.0, 0.0), (3.0, 1.0), (10.0, 2.0), (7.0, 5.0)]:
        estimate = kalman.step(value, now)
        seen.append((kalman.gain, kalman.variance, estimate))

    assert seen == [
        pytest.approx((1.0, 1.0, 0.0)),
        pytest.approx((2 / 3, 2 / 3, 2.0)),
        pytest.approx((5 / 8, 5 / 8, 7.0)),
        pytest.approx((29 / 37, 29 / 37, 7.0)),
    ]


@pytest.mark.parametrize(("process", "measurement", "period"), [(0.01, 4.0, 0.5), (2.0, 0.1, 1.0), (1e-4, 1.0, 0.1)])
def test_a_kalman_filter_settles_at_the_solution_of_the_riccati_equation(process, measurement, period) -> None:
    kalman = Kalman(process, measurement)
    for cycle in range(20_000):
        kalman.step(1.0, cycle * period)

    gained = process * period
    before = (gained + math.sqrt(gained**2 + 4 * gained * measurement)) / 2
    assert kalman.gain == pytest.approx(before / (before + measurement), rel=1e-6)


def test_a_kalman_filter_believes_more_after_a_long_time() -> None:
    kalman = Kalman(process_noise=0.01, measurement_noise=1.0)
    for cycle in range(100):
        kalman.step(0.0, float(cycle))

    assert kalman.step(10.0, 100.0) < 1.0
    assert kalman.step(10.0, 100_000.0) > 9.9


def test_a_kalman_filter_reduces_the_noise_of_a_steady_value() -> None:
    noise = [((i * 7919) % 101 - 50) / 50 for i in range(400)]
    kalman = Kalman(process_noise=1e-5, measurement_noise=0.34)

    estimates = through(kalman, [5.0 + each for each in noise])

    assert statistics.pstdev(estimates[100:]) < statistics.pstdev(noise) / 5
    assert estimates[-1] == pytest.approx(5.0, abs=0.1)


NOISE = [10.0, 10.2, 9.9, 10.1, 9.8, 10.0, 10.3, 9.9, 10.1, 10.0, 9.9]


def test_an_outlier_is_replaced_by_the_last_accepted_value_and_told() -> None:
    outlier = Outlier(samples=11, threshold=4.0)
    assert through(outlier, NOISE) == NOISE

    assert outlier.step(50.0, 20.0) == 9.9
    assert outlier.rejected
    assert outlier.step(10.2, 21.0) == 10.2
    assert not outlier.rejected


def test_a_true_step_is_followed_as_soon_as_half_the_window_has_seen_it() -> None:
    outlier = Outlier(samples=11, threshold=4.0)
    through(outlier, NOISE)

    steps = through(outlier, [20.0, 20.1, 19.9, 20.0, 20.2, 20.1, 20.0])

    assert steps[:5] == [9.9] * 5
    assert steps[5:] == [20.1, 20.0]


def test_a_distance_up_to_least_is_never_an_outlier() -> None:
    quiet, stern = Outlier(samples=5, least=1.0), Outlier(samples=5)
    signal = [4.0, 4.0, 4.0, 4.0, 4.0, 5.0]

    assert through(quiet, signal)[-1] == 5.0
    assert through(stern, signal)[-1] == 4.0
    assert quiet.step(5.1, 9.0) == 5.0


def test_the_threshold_counts_in_standard_deviations_of_the_window() -> None:
    # Median of the window with the judged sample is 3, the median deviation 1: up to 3 + 2 * 1.4826 is accepted.
    for last, accepted in [(5.9, 5.9), (6.0, 4.0)]:
        outlier = Outlier(samples=5, threshold=2.0)
        assert through(outlier, [3.0, 2.0, 1.0, 4.0, last])[-1] == accepted


def test_the_first_samples_are_not_judged() -> None:
    assert through(Outlier(samples=5), [1.0, 1.0, 99.0, 1.0]) == [1.0, 1.0, 99.0, 1.0]


@every_filter
def test_the_first_value_passes_and_so_does_the_first_after_a_reset(declared) -> None:
    block = filter_block(declared)
    through(block, [1.0, 2.0, 3.0, 2.0, 1.0, 2.0])
    block.reset()

    assert block.step(500.0, 100.0) == 500.0
    assert filter_block(declared).step(500.0, 100.0) == 500.0


@every_filter
@given(signal=st.lists(st.tuples(numbers, st.floats(-1e3, 1e6)), min_size=1, max_size=40))
def test_no_filter_leaves_the_band_in_which_its_input_was(declared, signal) -> None:
    block = filter_block(declared)
    values = [value for value, _ in signal]
    slack = 1e-9 * max(1.0, *(abs(value) for value in values))

    for value, now in signal:
        assert min(values) - slack <= block.step(value, now) <= max(values) + slack


@every_filter
@given(value=numbers, count=st.integers(1, 30))
def test_a_steady_value_stays_as_it_is(declared, value, count) -> None:
    assert through(filter_block(declared), [value] * count) == [value] * count


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FirstOrderLag(0.0), "time_constant_s 0.0: must be above 0"),
        (lambda: MovingAverage(1), "samples 1: must be a whole number, 2 to 1000"),
        (lambda: Median(2), "samples 2: must be a whole number, 3 to 1000"),
        (lambda: Kalman(0.0, 1.0), "process_noise 0.0: must be above 0"),
        (lambda: Outlier(samples=4), "samples 4: must be a whole number, 5 to 1000"),
    ],
)
def test_a_filter_of_nonsense_is_refused(make, words) -> None:
    with pytest.raises(ConfigError, match=words):
        make()
