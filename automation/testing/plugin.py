"""Pytest fixtures of the runtime: a clock that the test moves, and a check that a test leaves nothing running."""

from __future__ import annotations

import gc
import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from automation.testing.clock import FakeClock

_GRACE_S = 5.0

pytest.register_assert_rewrite("automation.testing.contracts")


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what was imported: it stays, and looking through it takes longer than most tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when the test says so."""
    return FakeClock()


@pytest.fixture
def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def nothing_left_behind() -> Iterator[None]:
    """Fail the test if a thread or socket that it started is still there after a short grace."""
    threads = set(threading.enumerate())
    sockets = _sockets()
    yield
    left = _left(threads, sockets)
    deadline = time.monotonic() + _GRACE_S  # noqa: TID251 - waits for real threads to end
    while left and time.monotonic() < deadline:  # noqa: TID251
        time.sleep(0.02)  # noqa: TID251
        gc.collect()
        left = _left(threads, sockets)
    if left:
        pytest.fail(f"left behind: {', '.join(left)}")


def _left(threads: set[threading.Thread], sockets: set[str]) -> list[str]:  # noqa: TID251 - names them, starts none
    running = [f"thread {t.name}" for t in threading.enumerate() if t not in threads and t.is_alive()]
    return running + [f"socket {s}" for s in sorted(_sockets() - sockets)]


def _sockets() -> set[str]:
    found: set[str] = set()
    try:
        numbers = os.listdir("/proc/self/fd")
    except OSError:
        return found
    for number in numbers:
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found
