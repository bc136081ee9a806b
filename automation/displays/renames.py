"""Displays follow tags to their new names, soon after the tags were renamed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from automation.displays.store import Displays


class DisplayRenames:
    """Leaves renames for a worker, so that no change of the configuration waits or fails because of displays.

    on_work: called when there is something to do, to wake the worker.
    """

    def __init__(self, displays: Displays) -> None:
        self.on_work: Callable[[], None] | None = None
        self._displays = displays
        self._waiting: deque[tuple[str, str]] = deque()

    def rename(self, old: str, new: str) -> None:
        """A tag has another name now; never blocks on the database and never fails."""
        self._waiting.append((old, new))
        if self.on_work is not None:
            self.on_work()

    def step(self, now: float) -> None:
        """Rename all that waits, in one go; called by a Worker. Raises ``StorageError``; it then waits for the next step."""
        names = tuple(self._waiting)
        if not names:
            return
        self._displays.rename(names, now)
        for _ in names:
            self._waiting.popleft()
