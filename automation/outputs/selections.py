"""Selections: an output that wants it is selected before it is operated, by the same person, within a short time; pure."""

from __future__ import annotations

import math
import secrets
import threading
from dataclasses import dataclass

from automation.model.errors import ConflictError, InvalidValueError

SELECTION_S = 30.0
_SELECTION_MAX_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Who has selected the output, until when (POSIX seconds)."""

    id: str
    tag: str
    owner: str
    until: float


class Selections:
    """All selections, at most one of each output; from any thread."""

    def __init__(self) -> None:
        self._selections: dict[str, Selection] = {}
        self._lock = threading.Lock()

    def select(self, tag: str, owner: str, now: float, for_s: float = SELECTION_S) -> Selection:
        """A new selection in place of the owner's last one.

        Raises ``ConflictError`` naming who has selected it already, or ``InvalidValueError``.
        """
        if not (math.isfinite(for_s) and 0 < for_s <= _SELECTION_MAX_S):
            raise InvalidValueError(f"{tag}: for_s {for_s}: must be above 0 and at most {_SELECTION_MAX_S:g} s")
        with self._lock:
            other = self.of(tag, now)
            if other is not None and other.owner != owner:
                raise ConflictError(f"{tag} is selected by {other.owner}", "selected")
            selection = Selection(id=secrets.token_hex(8), tag=tag, owner=owner, until=now + for_s)
            self._selections[tag] = selection
        return selection

    def unselect(self, tag: str, owner: str) -> None:
        """Forget the owner's selection; harmless if there is none."""
        with self._lock:
            selection = self._selections.get(tag)
            if selection is not None and selection.owner == owner:
                del self._selections[tag]

    def take(self, tag: str, owner: str, selection_id: str, now: float) -> None:
        """Use the selection up. Raises ``ConflictError`` with reason ``needs_selection`` if it is not the owner's, or is over."""
        with self._lock:
            selection = self.of(tag, now)
            if selection is None or (selection.owner, selection.id) != (owner, selection_id):
                raise ConflictError(
                    f"{tag}: select it first; a selection counts once, and for {SELECTION_S:g} s", "needs_selection"
                )
            del self._selections[tag]

    def of(self, tag: str, now: float) -> Selection | None:
        """The selection of the output that holds now."""
        selection = self._selections.get(tag)
        return selection if selection is not None and selection.until > now else None
