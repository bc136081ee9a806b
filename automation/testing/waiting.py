"""Waiting for what happens in other threads, for as long as it takes but not for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

from automation.system.clock import Stopwatch

_STEP_S = 0.005


def wait_until(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Return once the condition holds. Raises ``AssertionError`` if it does not within timeout_s of real time."""
    stopwatch = Stopwatch()
    pause = threading.Event()
    while not condition():
        if stopwatch.elapsed_s() > timeout_s:
            raise AssertionError(f"did not come true within {timeout_s} s")
        pause.wait(_STEP_S)
