"""Signals as one wish to stop, also those that come when nobody listens."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

HEED = "import os, signal, threading, time\nfrom automation.runtime.signals import StopSignal\nwish = StopSignal()\n"


def printed(script: str) -> str:
    """What a process of its own prints; one that waits for ever fails."""
    return subprocess.run([sys.executable, "-c", HEED + script], capture_output=True, text=True, timeout=20, check=True).stdout


def test_nothing_is_received_before_a_signal_or_before_signals_are_heeded() -> None:
    assert printed("print(wish.received)\nwish.heed()\nprint(wish.received)") == "False\nFalse\n"


def test_a_signal_before_the_wait_ends_it_at_once() -> None:
    assert (
        printed("wish.heed()\nos.kill(os.getpid(), signal.SIGTERM)\nprint(wish.received)\nwish.wait()\nprint('ended')")
        == "True\nended\n"
    )


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_another_thread_takes_ends_the_wait_of_the_main_thread(name: str) -> None:
    script = f"""
wish.heed()
def other():
    time.sleep(0.3)
    signal.pthread_kill(threading.get_ident(), signal.{name})
threading.Thread(target=other).start()
wish.wait()
print('ended')
"""
    assert printed(script) == "ended\n"


def test_thousands_of_signals_are_one_wish() -> None:
    script = "wish.heed()\nfor _ in range(100_000): signal.raise_signal(signal.SIGINT)\nwish.wait()\nprint(wish.received)"
    assert printed(script) == "True\n"


def test_a_handled_signal_of_another_kind_is_no_wish_to_stop() -> None:
    script = """
wish.heed()
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.raise_signal(signal.SIGUSR1)
print(wish.received)
signal.raise_signal(signal.SIGTERM)
wish.wait()
print('ended')
"""
    assert printed(script) == "False\nended\n"
