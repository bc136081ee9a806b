"""Reference points in memory, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from automation.model.errors import NotFoundError
from automation.model.event import Event
from automation.referencing.line import Segment
from automation.referencing.point import ReferencePoint
from automation.storage.journal import EventJournal


class MemoryReferenceStore:
    """Reference points in a dictionary; the events of a change are appended to the journal.

    failing: raised by every reading and every change while it is set.
    """

    def __init__(self, journal: EventJournal, *points: ReferencePoint) -> None:
        self.failing: Exception | None = None
        self._journal = journal
        self._points: dict[int, ReferencePoint] = {}
        self._last_id = 0
        self._lock = threading.Lock()
        with self.edit() as edit:
            edit.add(points)

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``."""
        return _get(self._read(), point_id)

    def segments(self) -> Sequence[Segment]:
        """Every segment that has points, by name."""
        posts: dict[str, list[float]] = {}
        for point in _sorted(self._read()):
            posts.setdefault(point.segment, []).append(point.km)
        return [Segment(name=name, points=len(kms), start=kms[0], end=kms[-1]) for name, kms in posts.items()]

    def page(self, segment: str | None, limit: int, offset: int) -> tuple[Sequence[ReferencePoint], int]:
        """Points of the segment, or of all, by segment and kilometre post; and how many there are."""
        found = self.all(segment)
        return found[offset : offset + limit], len(found)

    def all(self, segment: str | None = None) -> Sequence[ReferencePoint]:
        """Every point of the segment, or of all, by segment and kilometre post."""
        return [point for point in _sorted(self._read()) if segment is None or point.segment == segment]

    def around(self, segment: str, km: float) -> tuple[ReferencePoint | None, ReferencePoint | None]:
        """The last point at or before the kilometre post and the first one at or after it."""
        points = self.all(segment)
        before = [point for point in points if point.km <= km]
        after = [point for point in points if point.km >= km]
        return before[-1] if before else None, after[0] if after else None

    @contextmanager
    def edit(self) -> Iterator[MemoryReferenceEdit]:
        """A change that is kept at the end of the block; nothing of it if the block raises."""
        with self._lock:
            edit = MemoryReferenceEdit(self._read(), self._last_id)
            yield edit
            if edit.events:
                self._journal.append(edit.events)
            self._points, self._last_id = edit.points, edit.last_id

    def _read(self) -> dict[int, ReferencePoint]:
        if self.failing is not None:
            raise self.failing
        return dict(self._points)


class MemoryReferenceEdit:
    """A change of the points under way, on a copy."""

    def __init__(self, points: dict[int, ReferencePoint], last_id: int) -> None:
        self.points = points
        self.last_id = last_id
        self.events: list[Event] = []

    def get(self, point_id: int) -> ReferencePoint:
        """The point of that id. Raises ``NotFoundError``."""
        return _get(self.points, point_id)

    def at(self, segment: str, km: float) -> ReferencePoint | None:
        """The point at that place, None if there is none."""
        return next((point for point in self.points.values() if point.place == (segment, km)), None)

    def all(self) -> Sequence[ReferencePoint]:
        """Every point, by segment and kilometre post."""
        return _sorted(self.points)

    def add(self, points: Sequence[ReferencePoint]) -> None:
        """New points, at places that are free."""
        for point in points:
            self.last_id += 1
            self.points[self.last_id] = replace(point, id=self.last_id)

    def replace(self, points: Sequence[ReferencePoint]) -> None:
        """Points in place of those with the same ids."""
        self.points.update({point.id: point for point in points})

    def remove(self, point_id: int) -> None:
        """Forget a point."""
        self.points.pop(point_id, None)

    def journal(self, *events: Event) -> None:
        """Journal the events with the change."""
        self.events.extend(events)


def _sorted(points: dict[int, ReferencePoint]) -> Sequence[ReferencePoint]:
    return sorted(points.values(), key=lambda point: point.place)


def _get(points: dict[int, ReferencePoint], point_id: int) -> ReferencePoint:
    found = points.get(point_id)
    if found is None:
        raise NotFoundError(f"unknown reference point {point_id}")
    return found
