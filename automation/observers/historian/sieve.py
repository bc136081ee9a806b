"""The sieve: makes of the table's changes the rows that are worth keeping."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from automation.cvt.table import Change, Group
from automation.model.tag import Tag
from automation.observers.historian.lane import Lane, Past
from automation.observers.historian.rows import Row


def hears_all(tag: Tag) -> bool:
    """True for a tag whose every update is to be put into the sieve, not those alone that change something."""
    return tag.recording is not None and tag.recording.hears_all


class Sieve:
    """Makes rows of changes, by the policy of each tag, in the order in which they come; may be used by several threads."""

    def __init__(self) -> None:
        self._lanes: dict[Group, Lane] = {}
        self._homes: dict[str, tuple[Lane, int]] = {}
        self._lock = threading.Lock()

    def knows(self, name: str) -> bool:
        """True if the tag has had a row."""
        home = self._homes.get(name)
        return home is not None and home[0].knows(home[1])

    def rows(self, changes: Iterable[Change]) -> list[Row]:
        """The rows worth keeping."""
        rows: list[Row] = []
        with self._lock:
            for group, batch, changed in changes:
                self._lane(group, rows).take(batch, changed, rows)
        return rows

    def all_rows(self, changes: Iterable[Change]) -> list[Row]:
        """A row of every sample, past the policies, which begin anew; for changes that do not come in their turn."""
        rows: list[Row] = []
        with self._lock:
            for group, batch, changed in changes:
                self._lane(group, rows).take_all(batch, changed, rows)
        return rows

    def due(self, now: float) -> list[Row]:
        """The rows worth keeping because time has passed."""
        rows: list[Row] = []
        with self._lock:
            for lane in self._lanes.values():
                if lane.policies:
                    lane.due(now, rows)
        return rows

    def settle(self, groups: Iterable[Group]) -> list[Row]:
        """Forget the groups that are not among these, and give the rows that are still owed to their tags."""
        rows: list[Row] = []
        staying = set(groups)
        with self._lock:
            for group in [group for group in self._lanes if group not in staying]:
                lane = self._lanes.pop(group)
                lane.flush(rows)
                for tag in group.tags:
                    if self._homes.get(tag.name, (None, 0))[0] is lane:
                        del self._homes[tag.name]
        return rows

    def end(self) -> list[Row]:
        """The rows that are held back: nothing comes after them."""
        rows: list[Row] = []
        with self._lock:
            for lane in self._lanes.values():
                lane.flush(rows)
        return rows

    def _lane(self, group: Group, rows: list[Row]) -> Lane:
        lane = self._lanes.get(group)
        if lane is None:
            lane = self._lanes[group] = Lane(group, self._past, rows)
            self._homes.update({tag.name: (lane, index) for index, tag in enumerate(group.tags)})
        return lane

    def _past(self, name: str) -> Past | None:
        home = self._homes.get(name)
        return None if home is None else home[0].past(home[1])
