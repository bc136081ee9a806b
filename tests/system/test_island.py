"""The island: asyncio behind synchronous calls."""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as FutureTimeoutError

import pytest

from automation.system.island import Island


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


def test_a_coroutine_runs_on_the_island_and_its_result_comes_back() -> None:
    island = Island()
    island.start()

    assert island.call(double(21), 5) == 42
    assert island.stop()


def test_an_error_in_a_coroutine_reaches_the_caller() -> None:
    async def fail() -> None:
        raise ValueError("no")

    island = Island()
    island.start()
    with pytest.raises(ValueError, match="no"):
        island.call(fail(), 5)
    island.stop()


def test_a_call_that_takes_too_long_is_cancelled() -> None:
    cancelled: list[bool] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    island = Island()
    island.start()
    with pytest.raises(FutureTimeoutError):
        island.call(forever(), 0.05)
    island.stop()

    assert cancelled == [True]


def test_a_stopped_island_refuses_work() -> None:
    island = Island("gone")
    island.start()
    island.stop()

    with pytest.raises(RuntimeError, match="gone is not running"):
        island.submit(double(1))
