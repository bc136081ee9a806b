"""The worker: it calls a step, survives its failures and stops when told."""

from __future__ import annotations

import logging
import threading

import pytest

from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker


def test_a_worker_without_a_period_runs_only_when_woken() -> None:
    clock = VirtualClock()
    steps: list[float] = []
    worker = Worker("w", steps.append, None, clock)
    worker.start()

    clock.advance(10.0)
    assert steps == []

    worker.wake()
    clock.advance(0.0)
    assert steps == [clock.now()]


def test_a_failing_step_is_logged_once_counted_and_retried_with_a_backoff(caplog: pytest.LogCaptureFixture) -> None:
    clock = VirtualClock(start=0.0)
    attempts: list[float] = []

    def step(now: float) -> None:
        attempts.append(now)
        if len(attempts) <= 3:
            raise OSError("disk gone")

    told: list[Exception] = []
    worker = Worker("w", step, 0.01, clock, on_failure=told.append)
    with caplog.at_level(logging.INFO):
        worker.start()
        clock.advance(2.0)

    assert attempts[:4] == [0.0, pytest.approx(0.1), pytest.approx(0.3), pytest.approx(0.7)]
    assert worker.stats.failures == 3
    assert [str(error) for error in told] == ["disk gone"]
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    assert "recovered after 3 failures" in caplog.text


def test_an_expected_failure_is_logged_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    clock = VirtualClock()

    def step(_now: float) -> None:
        raise OSError("disk gone")

    worker = Worker("w", step, 1.0, clock, expected=(OSError,))
    with caplog.at_level(logging.INFO):
        worker.start()
        clock.advance(0.0)

    (record,) = caplog.records
    assert "disk gone" in record.getMessage()
    assert not record.exc_info


def test_a_late_worker_skips_the_missed_periods_and_counts_its_lateness() -> None:
    clock = VirtualClock(start=0.0)
    steps: list[float] = []
    worker = Worker("w", steps.append, 1.0, clock)
    worker.start()
    clock.advance(0.0)

    worker.run(3.5)

    assert worker.stats.lateness_max_s == pytest.approx(2.5)
    assert worker.due == pytest.approx(4.0)


def test_a_stopped_worker_is_not_called_again() -> None:
    clock = VirtualClock()
    steps: list[float] = []
    worker = Worker("w", steps.append, 1.0, clock)
    worker.start()
    clock.advance(1.0)

    worker.stop()
    clock.advance(5.0)

    assert len(steps) == 2
    assert not worker.alive


def test_a_real_worker_runs_wakes_and_is_gone_after_stop() -> None:
    ran = threading.Semaphore(0)
    worker = Worker("w", lambda _now: ran.release(), None, RealClock())

    worker.start()
    worker.wake()

    assert ran.acquire(timeout=5)
    assert worker.stop()
    assert not worker.alive


def test_a_real_worker_that_fails_goes_on() -> None:
    done = threading.Event()
    attempts: list[int] = []

    def step(_now: float) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise ValueError("once")
        done.set()

    worker = Worker("w", step, 0.01, RealClock())
    worker.start()

    assert done.wait(5)
    worker.stop()


def test_a_worker_that_hangs_is_reported_by_stop() -> None:
    release, entered = threading.Event(), threading.Event()

    def step(_now: float) -> None:
        entered.set()
        release.wait()

    worker = Worker("w", step, 1.0, RealClock())
    worker.start()
    assert entered.wait(5)

    assert worker.stop(timeout_s=0.05) is False
    release.set()
    assert worker.stop()
