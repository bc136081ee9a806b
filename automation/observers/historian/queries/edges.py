"""Edges: a range of time cut into buckets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from automation.model.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Edges:
    """Buckets side by side: each begins at its start and ends where the next one begins, the last at end; microseconds."""

    starts: Sequence[int]
    end: int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def start(self) -> int:
        """Where the first one begins."""
        return self.starts[0]

    def end_of(self, index: int) -> int:
        """Where the bucket ends."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else self.end

    def index(self, time: int) -> int:
        """The bucket that holds the time, which is not before the first one."""
        return bisect_right(self.starts, time) - 1


def equal(low: int, high: int, count: int) -> Edges:
    """At most count equal buckets over the range; the last one is cut off at its end. Raises ``InvalidValueError``."""
    if count < 1:
        raise InvalidValueError(f"history: buckets {count}: must be 1 or more")
    return Edges(range(low, high, -(-(high - low) // count)), high)


def at_multiples(low: int, high: int, width: int) -> Edges:
    """Buckets that begin at whole numbers of the width, but for the first one, which begins at low; the last ends at high."""
    return Edges([low, *range(low - low % width + width, high, width)], high)
