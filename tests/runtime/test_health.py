"""What ``/api/health`` says of workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.runtime.health import Health
from automation.system.worker import Worker
from automation.testing.clock import FakeClock


@pytest.fixture
def worker(clock: FakeClock) -> Iterator[Worker]:
    worker = Worker("guard", lambda _now: None, 1.0, clock)
    worker.start()
    yield worker
    worker.stop()


def test_a_worker_that_does_its_steps_is_well_by_its_own_clock(worker: Worker, clock: FakeClock) -> None:
    health = Health(lambda: [worker])

    clock.advance(100.0)

    assert health.checks()["workers"].ok


def test_a_worker_without_a_step_for_long_is_named(worker: Worker, clock: FakeClock) -> None:
    health = Health(lambda: [worker])
    worker.stop()

    clock.advance(100.0)

    assert "stalled: guard" in health.checks()["workers"].message
