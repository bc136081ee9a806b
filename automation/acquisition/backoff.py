"""How long to wait before the next attempt; pure."""

from __future__ import annotations

FIRST_S = 0.25
LONGEST_S = 5.0


class Backoff:
    """Delays that double from first_s up to longest_s, and start over after ``reset``."""

    def __init__(self, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Seconds to wait after one more failure."""
        delay = self._next_s
        self._next_s = min(self._longest_s, delay * 2)
        return delay

    def reset(self) -> None:
        """Begin again with the first delay."""
        self._next_s = self._first_s
