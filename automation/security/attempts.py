"""Counting failed logins, so that nobody can try passwords for long."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

from automation.model.errors import TooManyAttemptsError

_KEYS_MAX = 10_000


class Window:
    """Failures per key within the last span_s seconds; limit: how many are let through. Not thread-safe."""

    def __init__(self, limit: int, span_s: float) -> None:
        self.limit = limit
        self.span_s = span_s
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def retry_after_s(self, key: str, now: float) -> float:
        """Seconds until the key may try again, 0 if it may now."""
        self._forget_old(key, now)
        times = self._failures.get(key, ())
        return max(0.0, times[-self.limit] + self.span_s - now) if len(times) >= self.limit else 0.0

    def count(self, key: str, now: float) -> int:
        """Count one failure; the number of those in the window."""
        times = self._failures.setdefault(key, deque())
        times.append(now)
        if len(self._failures) > _KEYS_MAX:
            self._failures.popitem(last=False)  # the longest known goes first
        return len(times)

    def withdraw(self, key: str) -> None:
        """Forget the newest failure of the key."""
        times = self._failures.get(key)
        if times:
            times.pop()
        if not times:
            self._failures.pop(key, None)

    def clear(self, key: str) -> None:
        """Forget the key."""
        self._failures.pop(key, None)

    def _forget_old(self, key: str, now: float) -> None:
        times = self._failures.get(key)
        if times is None:
            return
        while times and times[0] + self.span_s <= now:
            times.popleft()
        if not times:
            del self._failures[key]


class Attempts:
    """Failed logins per account and per origin. From any thread.

    An attempt counts as failed from its begin on, so that many at the same time do not slip through; ``succeeded`` takes it back.
    """

    def __init__(self, per_account: int = 5, per_origin: int = 20, span_s: float = 300.0) -> None:
        self._accounts = Window(per_account, span_s)
        self._origins = Window(per_origin, span_s)
        self._lock = threading.Lock()

    def begin(self, account: str, origin: str, now: float) -> Sequence[str]:
        """Count an attempt; which of ``account`` and ``origin`` are locked if it fails.

        Raises ``TooManyAttemptsError`` if one already is.
        """
        with self._lock:
            wait_s = max(self._accounts.retry_after_s(account, now), self._origins.retry_after_s(origin, now))
            if wait_s > 0:
                raise TooManyAttemptsError(f"too many failed logins; try again in {_words(wait_s)}", wait_s)
            locked = []
            if self._accounts.count(account, now) >= self._accounts.limit:
                locked.append("account")
            if self._origins.count(origin, now) >= self._origins.limit:
                locked.append("origin")
            return locked

    def succeeded(self, account: str, origin: str) -> None:
        """Take the attempt back and forget the account's failures; those of the origin stay."""
        with self._lock:
            self._accounts.clear(account)
            self._origins.withdraw(origin)


def _words(seconds: float) -> str:
    minutes = int(-(-seconds // 60))
    return f"{minutes} minutes" if minutes > 1 else "one minute"
