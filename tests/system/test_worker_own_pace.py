"""A worker whose step decides when it is called next."""

from __future__ import annotations

import threading

from automation.system.clock import RealClock
from automation.system.worker import Worker


def test_the_step_is_called_at_the_instants_that_it_asked_for(clock):
    start, seen = clock.now(), []
    delays = iter([0.25, 0.5, 3.0])

    def step(now: float) -> float | None:
        seen.append(now - start)
        delay = next(delays, None)
        return None if delay is None else now + delay

    worker = Worker("w", step, None, clock)
    worker.start()
    clock.advance(10)
    assert seen == []
    worker.wake()
    clock.advance(100)
    worker.stop()

    assert seen == [10, 10.25, 10.75, 13.75]


def test_a_wake_in_between_calls_the_step_and_the_newest_wish_counts(clock):
    seen = []

    def step(now: float) -> float:
        seen.append(now)
        return now + 10

    worker = Worker("w", step, None, clock)
    worker.start()
    worker.wake()
    clock.advance(4)
    worker.wake()
    clock.advance(9)
    assert len(seen) == 2
    clock.advance(1)
    worker.stop()

    assert len(seen) == 3


def test_a_step_that_wakes_its_own_worker_is_called_again(clock):
    seen = []

    def step(now: float) -> None:
        seen.append(now)
        if len(seen) < 3:
            worker.wake()

    worker = Worker("w", step, None, clock)
    worker.start()
    worker.wake()
    clock.advance()
    worker.stop()

    assert len(seen) == 3


def test_a_failed_step_is_tried_again_and_keeps_its_pace_afterwards(clock):
    seen = []

    def step(now: float) -> float:
        seen.append(now)
        if len(seen) == 1:
            raise ValueError
        return now + 1

    worker = Worker("w", step, None, clock)
    worker.start()
    worker.wake()
    clock.advance(2.5)
    worker.stop()

    assert len(seen) == 4


def test_several_workers_are_asked_to_finish_before_any_is_waited_for():
    workers = [Worker(f"w{n}", lambda now: None, 0.01, RealClock()) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.finish()

    assert all(worker.stop() for worker in workers)
    assert not any(thread.name.startswith("w") and thread.name[1:].isdigit() for thread in threading.enumerate())
