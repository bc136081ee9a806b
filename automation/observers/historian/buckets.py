"""Buckets: a time range cut into equal parts, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.model.errors import InvalidValueError
from automation.observers.historian.series import COUNT_MAX, check_range


@dataclass(frozen=True)
class Grid:
    """Equal buckets that cover [start, end); microseconds. The last one may reach beyond end."""

    start: int
    end: int
    width: int

    @classmethod
    def over(cls, start: float, end: float, count: int) -> Grid:
        """At most count buckets over a range of POSIX seconds. Raises ``InvalidValueError``."""
        if not 1 <= count <= COUNT_MAX:
            raise InvalidValueError(f"history: buckets {count}: must be 1 to {COUNT_MAX}")
        low, high = check_range(start, end)
        return cls(low, high, -(-(high - low) // count))

    def starts(self) -> Sequence[int]:
        """Where each bucket begins."""
        return range(self.start, self.end, self.width)
