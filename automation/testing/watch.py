"""Waiting for the table in tests with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

from automation.cvt.table import Change, Cvt


class Watch:
    """Waits until the table shows what a test expects; woken by every update, so nothing is polled or slept."""

    def __init__(self, cvt: Cvt) -> None:
        self._cvt = cvt
        self._news = threading.Condition()
        self.close = cvt.subscribe(self, always=True)

    def put(self, item: Change) -> None:
        """Hear of an update; the table calls it."""
        with self._news:
            self._news.notify_all()

    def until(self, condition: Callable[[Cvt], bool], timeout_s: float = 10.0) -> None:
        """Return once the condition holds for the table. Fails the test after timeout_s."""
        with self._news:
            assert self._news.wait_for(lambda: condition(self._cvt), timeout_s), "the table never showed what was expected"
