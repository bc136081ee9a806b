"""How long to wait before the next attempt; pure."""

from __future__ import annotations

import random

FIRST_S = 0.25
LONGEST_S = 5.0


class Backoff:
    """Delays that double from first_s up to longest_s, and start over after ``reset``.

    jitter: by which part, at most, a delay is cut, so that many links do not try in step. name: gives the cuts of its own that
    are the same in every run.
    """

    def __init__(self, first_s: float = FIRST_S, longest_s: float = LONGEST_S, jitter: float = 0.0, name: str = "") -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._jitter = jitter
        self._random = random.Random(name)  # noqa: S311 - spreads load, keeps no secret
        self._next_s = first_s

    def next_s(self) -> float:
        """Seconds to wait after one more failure."""
        delay = self._next_s
        self._next_s = min(self._longest_s, delay * 2)
        return delay * (1.0 - self._jitter * self._random.random())

    def reset(self) -> None:
        """Begin again with the first delay."""
        self._next_s = self._first_s
