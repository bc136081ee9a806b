"""The last so many measurements of something, and their percentiles."""

from __future__ import annotations

from collections.abc import Sequence

SIZE = 1000


class Window:
    """Keep the newest measurements; one thread adds, any may ask."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._values: list[float] = []
        self._next = 0
        self.last = 0.0

    def add(self, value: float) -> None:
        """Take one more, in place of the oldest when full."""
        if len(self._values) < self._size:
            self._values.append(value)
        else:
            self._values[self._next] = value
            self._next = (self._next + 1) % self._size
        self.last = value

    def percentiles(self, *points: float) -> Sequence[float]:
        """The measurement below or at which so many percent lie, for each point (0 to 100); 0 where nothing was measured."""
        ordered = sorted(self._values)
        last = len(ordered) - 1
        return [ordered[min(last, int(len(ordered) * point / 100))] if ordered else 0.0 for point in points]
