"""What is kept beside the configuration follows tags to their new names, soon after they were renamed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias

Follow: TypeAlias = "Callable[[Sequence[tuple[str, str]], float], None]"
"""Has everything follow names, old and new in the order in which they were renamed; to do it again changes nothing."""


class TagRenames:
    """Leaves renames for a worker, so that no change of the configuration waits or fails because of what follows it.

    on_work: called when there is something to do, to wake the worker.
    """

    def __init__(self, follow: Follow) -> None:
        self.on_work: Callable[[], None] | None = None
        self._follow = follow
        self._waiting: deque[tuple[str, str]] = deque()

    def rename(self, old: str, new: str) -> None:
        """A tag has another name now; never blocks on the database and never fails."""
        self._waiting.append((old, new))
        if self.on_work is not None:
            self.on_work()

    def step(self, now: float) -> None:
        """Have all that waits followed; called by a Worker. Raises ``StorageError``; it then waits for the next step."""
        names = tuple(self._waiting)
        if not names:
            return
        self._follow(names, now)
        for _ in names:
            self._waiting.popleft()
