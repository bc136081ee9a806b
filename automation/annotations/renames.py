"""Annotations follow tags to their new names, soon after the tags were renamed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from automation.annotations.store import Annotations


class AnnotationRenames:
    """Leaves renames for a worker, so that no change of the configuration waits or fails because of annotations.

    on_work: called when there is something to do, to wake the worker.
    """

    def __init__(self, annotations: Annotations) -> None:
        self.on_work: Callable[[], None] | None = None
        self._annotations = annotations
        self._waiting: deque[tuple[str, str]] = deque()

    def rename(self, old: str, new: str) -> None:
        """A tag has another name now; never blocks on the database and never fails."""
        self._waiting.append((old, new))
        if self.on_work is not None:
            self.on_work()

    def step(self, now: float) -> None:
        """Rename what waits; called by a Worker. Raises ``StorageError``; the rest then waits for the next step."""
        del now
        while self._waiting:
            self._annotations.rename(*self._waiting[0])
            self._waiting.popleft()
