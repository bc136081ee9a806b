"""The store of reference points."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from automation.model.event import Event
from automation.referencing.line import Segment
from automation.referencing.point import ReferencePoint


class ReferenceEdit(Protocol):
    """A change of the points under way: nobody else changes them meanwhile, and all of it is kept or nothing."""

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``."""

    def at(self, segment: str, km: float) -> ReferencePoint | None:
        """The point at that place, None if there is none."""

    def all(self) -> Sequence[ReferencePoint]:
        """Every point, by segment and kilometre post."""

    def add(self, points: Sequence[ReferencePoint]) -> None:
        """New points, at places that are free; the store gives their ids, none of which was ever used."""

    def replace(self, points: Sequence[ReferencePoint]) -> None:
        """Points in place of those with the same ids."""

    def remove(self, point_id: int) -> None:
        """Forget a point."""

    def journal(self, *events: Event) -> None:
        """Journal the events with the change."""


class ReferenceStore(Protocol):
    """Where reference points are kept; no two have the same segment and kilometre post."""

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``, ``StorageError``."""

    def segments(self) -> Sequence[Segment]:
        """Every segment that has points, by name. Raises ``StorageError``."""

    def page(self, segment: str | None, limit: int, offset: int) -> tuple[Sequence[ReferencePoint], int]:
        """Points of the segment, or of all, by segment and kilometre post; and how many there are. Raises ``StorageError``."""

    def all(self, segment: str | None = None) -> Sequence[ReferencePoint]:
        """Every point of the segment, or of all, by segment and kilometre post. Raises ``StorageError``."""

    def around(self, segment: str, km: float) -> tuple[ReferencePoint | None, ReferencePoint | None]:
        """The last point at or before the kilometre post and the first one at or after it. Raises ``StorageError``."""

    def edit(self) -> AbstractContextManager[ReferenceEdit]:
        """A change that is kept at the end of the block; nothing of it if the block raises. Raises ``StorageError``."""
