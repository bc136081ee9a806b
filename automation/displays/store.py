"""The store of displays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from automation.displays.display import Content, Display, DisplayKind, Heading
from automation.model.errors import ConflictError
from automation.model.event import Event

OWNED_MAX = 200
RENAMER = "runtime"

Telling: TypeAlias = "Callable[[Display, Display | None], Event]"
Allowed: TypeAlias = "Callable[[Display], None]"


class Displays(Protocol):
    """Where displays are kept, each change as one with the event that telling makes of it and of what was before.

    No two of one kind and owner have the same name, and nobody owns more than ``OWNED_MAX`` of a kind. Raises ``StorageError``
    everywhere.
    """

    def all(self, kind: DisplayKind) -> Sequence[Display]:
        """Every display of the kind, by name."""

    def get(self, kind: DisplayKind, number: int) -> Display:
        """The display of that number. Raises ``NotFoundError``."""

    def add(self, heading: Heading, content: Content, owner: str, now: float, telling: Telling) -> Display:
        """The new display. Raises ``ConflictError`` if its name is taken or the owner has too many."""

    def change(
        self,
        number: int,
        seen: int,
        heading: Heading,
        content: Content,
        actor: str,
        now: float,
        telling: Telling,
        allowed: Allowed,
    ) -> Display:
        """The display with other content, one version on. seen: the version that the actor has seen.

        allowed: raises if the display as it is now may not be changed. Raises ``NotFoundError``, and ``ConflictError`` if there
        is a newer version or the name is taken.
        """

    def remove(self, kind: DisplayKind, number: int, seen: int | None, telling: Telling, allowed: Allowed) -> Display:
        """The display, which is gone. seen: as in ``change``, None for any version. Raises as ``change``."""

    def rename(self, names: Sequence[tuple[str, str]], now: float) -> None:
        """Have displays name tags as they are called now. names: old and new, in the order in which they were renamed."""


def unknown(kind: DisplayKind, number: int) -> str:
    """What is said of a number that no display has."""
    return f"unknown {kind.words} {number}"


def require_seen(display: Display, seen: int | None) -> None:
    """Do nothing if that is the newest version. Raises ``ConflictError``."""
    if seen is not None and display.version != seen:
        words = f"{display.content.kind.words} {display.heading.name}: {display.changed_by} has changed it meanwhile"
        raise ConflictError(f"{words}; it is at version {display.version}", "overtaken")


def require_free(kind: DisplayKind, name: str, owner: str, others: Sequence[str], *, new: bool) -> None:
    """Do nothing if a display of the owner may have the name. others: names of the owner's other ones.

    Raises ``ConflictError``.
    """
    if name in others:
        raise ConflictError(f"{owner} has a {kind.words} {name} already; choose another name", "name_taken")
    if new and len(others) >= OWNED_MAX:
        raise ConflictError(f"{owner} has {OWNED_MAX} {kind.words}s, and no more are kept; remove one first", "full")


def chained(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Old to newest name, of renames in their order."""
    known: dict[str, str] = {}
    for old, new in names:
        for first, last in known.items():
            if last == old:
                known[first] = new
        known.setdefault(old, new)
    return {old: new for old, new in known.items() if old != new}
