"""The rows played again, alarm by alarm: what was announced, how long it stood, and who dealt with it when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from automation.observers.alarms.analytics.cover import Interval
from automation.observers.alarms.analytics.rows import Row
from automation.observers.alarms.journal.row import DISABLED, HIDDEN, NORMAL

ACTIVE = ("UNACK", "ACKED")
_SILENT = (NORMAL, DISABLED, *HIDDEN)
_SHELVED = "SHLVD"
MOVED = "moved"  # told of an alarm that concerns the area no more


class Announced(NamedTuple):
    """An alarm that people were told of."""

    time: float
    alarm: str
    area: str
    priority: int


@dataclass(kw_only=True, slots=True)
class Activation:
    """An alarm from its raise to its return.

    heard: when it was announced first, None if never. dealt_with: a person did something about it before it returned.
    """

    alarm: str
    area: str
    raised: float
    heard: float | None = None
    acknowledged: float | None = None
    returned: float | None = None
    dealt_with: bool = False


class Standing(NamedTuple):
    """A stretch of time in which an alarm was active and not kept silent. end: None if it still is."""

    alarm: str
    start: float
    end: float | None


class Level(NamedTuple):
    """How many alarms stood, and how many were shelved, from a time on."""

    time: float
    standing: int
    shelved: int


@dataclass(slots=True)
class _State:
    """An alarm while its rows are played."""

    standing: bool = False
    shelved: bool = False
    audible_since: float | None = None
    activation: Activation | None = None


class Playback:
    """What rows tell of the time from start to end. Rows: in the order of the journal; those before start only set the scene."""

    def __init__(self, start: float, end: float) -> None:
        self.announced: list[Announced] = []
        self.activations: list[Activation] = []
        self.audible: list[Standing] = []
        self.levels: list[Level] = []
        self._start, self._end = start, end
        self._states: dict[str, _State] = {}
        self._standing = self._shelved = 0

    def play(self, rows: Iterable[Row]) -> Playback:
        """Itself, after the rows and what still goes on at the end."""
        for row in rows:
            if row.time < self._end:
                self._hear(row)
        self.announced.sort(key=lambda one: one.time)
        for alarm, state in self._states.items():
            if state.audible_since is not None:
                self.audible.append(Standing(alarm, state.audible_since, None))
        return self

    def _hear(self, row: Row) -> None:
        within = row.time >= self._start
        state = self._states.setdefault(row.alarm, _State())
        if row.annunciated and within:
            self.announced.append(Announced(row.time, row.alarm, row.area, row.priority))
        if row.event == "raised":
            state.activation = Activation(alarm=row.alarm, area=row.area, raised=row.time)
            self.activations.append(state.activation)
        elif row.event == MOVED:
            state.activation = None  # what comes of it there is not seen here
        if state.activation is not None:
            _deal(state.activation, row)
        if row.to_state is not None:
            self._show(state, row)

    def _show(self, state: _State, row: Row) -> None:
        standing, shelved = row.to_state not in _SILENT, row.to_state == _SHELVED
        if (standing, shelved) != (state.standing, state.shelved):
            self._standing += standing - state.standing
            self._shelved += shelved - state.shelved
            state.standing, state.shelved = standing, shelved
            self.levels.append(Level(row.time, self._standing, self._shelved))
        audible = standing and row.core_state in ACTIVE
        if audible and state.audible_since is None:
            state.audible_since = row.time
        elif not audible and state.audible_since is not None:
            self.audible.append(Standing(row.alarm, state.audible_since, row.time))
            state.audible_since = None


def mean_and_max(levels: Sequence[Level], field: str, intervals: Sequence[Interval]) -> tuple[float, int]:
    """The mean of a level over the intervals, by time, and its highest value in them."""
    area, best, total = 0.0, 0, 0.0
    position, value = 0, 0
    for interval in intervals:
        while position < len(levels) and levels[position].time <= interval.start:
            value = getattr(levels[position], field)
            position += 1
        time, best = interval.start, max(best, value)
        while position < len(levels) and levels[position].time < interval.end:
            at = max(time, levels[position].time)
            area += value * (at - time)
            time, value = at, getattr(levels[position], field)
            best = max(best, value)
            position += 1
        area += value * (interval.end - time)
        total += interval.length_s
    return (area / total if total else 0.0), best


def _deal(one: Activation, row: Row) -> None:
    if row.annunciated and one.heard is None:
        one.heard = row.time
    if row.event == "acknowledged" and one.acknowledged is None:
        one.acknowledged = row.time
    if row.person and one.returned is None:
        one.dealt_with = True
    if row.event == "returned" and one.returned is None:
        one.returned = row.time
