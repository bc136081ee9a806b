"""Clocks: one never goes backwards, one moves only when told."""

from __future__ import annotations

import threading
import time

import pytest

from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker


def test_the_real_clock_is_near_utc_and_never_goes_back() -> None:
    clock = RealClock()

    readings = [clock.now() for _ in range(1000)]

    assert readings == sorted(readings)
    assert abs(readings[0] - time.time()) < 1.0


def test_the_real_clock_ignores_a_step_of_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = RealClock()
    before = clock.now()

    monkeypatch.setattr(time, "time", lambda: 0.0)

    assert clock.now() >= before


def test_a_faster_clock_runs_ahead_and_waits_less() -> None:
    clock = RealClock(speed=1000.0)
    start, real = clock.now(), time.perf_counter()

    clock.wait(threading.Event(), 10.0)

    assert clock.now() - start >= 10.0
    assert time.perf_counter() - real < 2.0


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="speed 0"):
        RealClock(speed=0)


def test_the_virtual_clock_runs_workers_in_the_order_in_which_they_fall_due() -> None:
    clock = VirtualClock(start=100.0)
    calls: list[tuple[str, float]] = []
    for name, period_s in (("slow", 1.0), ("fast", 0.4)):
        Worker(name, lambda now, name=name: calls.append((name, now)), period_s, clock).start()

    clock.advance(1.0)

    assert calls == [
        ("slow", 100.0),
        ("fast", 100.0),
        ("fast", pytest.approx(100.4)),
        ("fast", pytest.approx(100.8)),
        ("slow", 101.0),
    ]


def test_the_virtual_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="backwards"):
        VirtualClock().advance(-1.0)


def test_an_hour_of_a_hundred_milliseconds_worker_passes_in_no_time() -> None:
    clock = VirtualClock()
    steps: list[float] = []
    Worker("w", steps.append, 0.1, clock).start()

    clock.advance(3600.0)

    assert len(steps) in (36_000, 36_001)
