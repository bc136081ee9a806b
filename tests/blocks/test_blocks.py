"""Function blocks, stepped with inputs and the instant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation import ConfigError
from automation.blocks.hysteresis import Hysteresis
from automation.blocks.on_delay import OnDelay
from automation.blocks.pid import Pid, PidGains


def test_on_delay_is_true_once_the_input_has_been_true_long_enough() -> None:
    delay = OnDelay(2.0)

    assert [delay.step(True, now) for now in (10.0, 11.0, 11.9, 12.0, 99.0)] == [False, False, False, True, True]


def test_on_delay_starts_over_when_the_input_breaks() -> None:
    delay = OnDelay(2.0)
    delay.step(True, 10.0)
    delay.step(False, 11.9)

    assert delay.step(True, 12.0) is False
    assert delay.step(True, 13.9) is False
    assert delay.step(True, 14.0) is True


def test_on_delay_of_nothing_follows_the_input() -> None:
    delay = OnDelay(0.0)

    assert [delay.step(value, 1.0) for value in (True, False, True)] == [True, False, True]


def test_on_delay_refuses_a_negative_delay() -> None:
    with pytest.raises(ConfigError, match="delay_s -1: must not be negative"):
        OnDelay(-1)


def test_hysteresis_switches_at_its_two_points_and_keeps_in_between() -> None:
    switch = Hysteresis()

    assert [switch.step(value, 2.0, 3.0) for value in (2.5, 2.0, 2.5, 3.0, 2.5, 1.0)] == [False, True, True, False, False, True]


def test_hysteresis_refuses_points_in_the_wrong_order() -> None:
    with pytest.raises(ConfigError, match="low 3 must be below high 2"):
        Hysteresis().step(1.0, 3, 2)


def test_pid_brings_a_first_order_process_to_its_setpoint() -> None:
    pid, measured = Pid(PidGains(gain=2.0, integral_s=5.0)), 20.0

    for cycle in range(2000):
        output = pid.step(50.0, measured, cycle * 0.1)
        measured += (20.0 + 0.8 * output - measured) * 0.1 / 8.0

    assert measured == pytest.approx(50.0, abs=0.05)


def test_pid_starts_without_a_bump() -> None:
    pid = Pid(PidGains(gain=2.0, integral_s=5.0))

    pid.start(40.0, 50.0, 30.0, 10.0)

    assert pid.step(50.0, 30.0, 10.0) == pytest.approx(40.0)


def test_pid_leaves_its_limit_at_once_when_the_error_turns() -> None:
    pid = Pid(PidGains(gain=1.0, integral_s=1.0))
    for cycle in range(1000):
        pid.step(200.0, 0.0, cycle * 0.1)
    assert pid.output == 100.0

    outputs = [pid.step(0.0, 10.0, 100.0 + cycle * 0.1) for cycle in range(1, 20)]

    assert outputs[0] < 100.0
    assert outputs[-1] < 85.0


def test_pid_derivative_ignores_a_new_setpoint() -> None:
    pid = Pid(PidGains(gain=1.0, derivative_s=100.0, low=-1000.0, high=1000.0))
    pid.step(10.0, 10.0, 0.0)

    assert pid.step(20.0, 10.0, 0.1) - pid.step(10.0, 10.0, 0.2) == pytest.approx(10.0)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 10)), max_size=30))
def test_pid_never_leaves_its_limits(steps: list[tuple[float, float, float]]) -> None:
    pid, now = Pid(PidGains(gain=3.0, integral_s=0.5, derivative_s=0.1, low=-5.0, high=7.0)), 0.0

    for setpoint, measured, dt in steps:
        now += dt
        assert -5.0 <= pid.step(setpoint, measured, now) <= 7.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"integral_s": -1.0}, "must not be negative"),
        ({"derivative_s": -1.0}, "must not be negative"),
        ({"low": 5.0, "high": 5.0}, "must be below high"),
    ],
)
def test_pid_refuses_gains_that_make_no_sense(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        PidGains(gain=1.0, **changes)
