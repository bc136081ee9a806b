"""The analytics of the last 24 hours, kept up to date by what the alarms tell, without a look at the journal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from automation.model.event import Event
from automation.observers.alarms.analytics.cover import Mark, covered
from automation.observers.alarms.analytics.notices import Notice
from automation.observers.alarms.analytics.playback import ACTIVE
from automation.observers.alarms.analytics.rates import FloodWatch
from automation.observers.alarms.analytics.report import DAY_S, Question, Report, report
from automation.observers.alarms.analytics.rows import Row, analytics_row, concerns, found_open, leaves_open, of_shelf
from automation.observers.alarms.journal.row import DISABLED, NORMAL, AlarmRow, Continuity, Source, State, row_of
from automation.settings import AlarmTargets

_RETURNED, _RENAMED = "returned", "renamed"


class LiveCounters:
    """What the journal would tell of the last 24 hours, and whether the alarms flood now.

    configured: how many alarms of each priority an area has. day_of: see ``Question``. Calls may come from any thread; ``add`` is
    quick. What is older than the window is let go but for what tells how the alarms stand.
    """

    def __init__(
        self,
        configured: Callable[[str], Mapping[int, int]],
        day_of: Callable[[float], str],
        targets: AlarmTargets,
        window_s: float = DAY_S,
    ) -> None:
        self._configured = configured
        self._day_of = day_of
        self._targets = targets
        self._window_s = window_s
        self._lock = threading.Lock()
        self._rows: deque[Row] = deque()
        self._tails: dict[str, _Tail] = {}
        self._marks: list[Mark] = []
        self._sources: dict[str, Source] = {}
        self._states: dict[str, State] = {}
        self._continuity = Continuity(self._sources.get, self._states.get)
        self._floods = FloodWatch(targets.flood_opens_above, targets.flood_closes_below)

    def seed(self, rows: Iterable[Row], marks: Iterable[Mark]) -> None:
        """Begin with what the journal tells; see ``sql.history`` and ``sql.runtime_marks``."""
        with self._lock:
            self._marks = list(marks)
            for row in rows:
                self._sources[row.alarm] = Source(alarm=row.alarm, tag="-", area=row.area, priority=row.priority)
                if row.event == _RENAMED:
                    self._states.pop(row.alarm, None)
                elif row.to_state is not None:
                    shown = row.from_state if row.to_state == DISABLED else row.to_state
                    self._states[row.alarm] = State(shown or NORMAL, row.core_state)
                self._take(row)

    def forget_but(self, names: Iterable[str], now: float) -> None:
        """Take alarms that are not among the names for removed: their rows come from before they were taken away."""
        known = set(names)
        with self._lock:
            for alarm, state in [*self._states.items()]:
                source = self._sources[alarm]
                if alarm not in known and state.shown != NORMAL:
                    self._states[alarm] = State(NORMAL, NORMAL)
                    self._take(
                        Row(now, alarm, source.area, source.priority, "removed", state.shown, NORMAL, NORMAL, False, False)
                    )

    def add(self, event: Event) -> None:
        """Take note of a row of the journal; rows come in its order."""
        row = row_of(0, event.time, event.kind, event.subject, event.message, event.actor, event.details)
        if row is None:
            return
        with self._lock:
            self._take(analytics_row(self._settled(row)))

    def report(self, now: float, area: str = "", notices: Sequence[Notice] = ()) -> Report:
        """The analytics of the 24 hours until now. notices: of these, which no alarm tells."""
        start = now - self._window_s
        with self._lock:
            self._age(start)
            rows = [row for tail in self._tails.values() for row in (*tail.shelf, *tail.rows)] + list(self._rows)
            cover = covered(self._marks, start, now)
        question = Question(
            start=start,
            end=now,
            cover=cover,
            configured=self._configured(area),
            day_of=self._day_of,
            area=area,
            targets=self._targets,
            notices=notices,
        )
        return report(rows, question)

    def recent(self, now: float) -> tuple[int, bool]:
        """How many alarms were announced in the last ten minutes, and whether they are a flood."""
        with self._lock:
            return self._floods.count(now), self._floods.flooded(now)

    def _settled(self, row: AlarmRow) -> AlarmRow:
        settled = self._continuity.settle(row)
        if settled.state is not None:
            self._states[settled.source.alarm] = settled.state
        if settled.defined:
            self._sources[settled.source.alarm] = settled.source
        return settled

    def _take(self, row: Row) -> None:
        self._rows.append(row)
        self._age(row.time - self._window_s)
        if row.annunciated and concerns(row, ""):
            self._floods.add(row.time, row.alarm)
            self._floods.floods.clear()

    def _age(self, start: float) -> None:
        while self._rows and self._rows[0].time < start:
            row = self._rows.popleft()
            tail = self._tails.setdefault(row.alarm, _Tail())
            if row.event == _RENAMED and row.new_name:
                heir = self._tails.setdefault(row.new_name, _Tail())
                heir.shelf = tuple(one._replace(alarm=row.new_name) for one in tail.shelf)
                row = row._replace(new_name="")  # else the shelf would go there once more
            tail.add(row)
        while len(self._marks) > 1 and self._marks[1].time < start:
            del self._marks[0]


class _Tail:
    """The old rows of an alarm that tell how it stands: all of what is active, the last one of what is not.

    shelf: those that tell since when and until when it is shelved.
    """

    __slots__ = ("_active", "rows", "shelf")

    def __init__(self) -> None:
        self.rows: Sequence[Row] = ()
        self.shelf: Sequence[Row] = ()
        self._active = False

    def add(self, row: Row) -> None:
        """Take in a row that is too old to be counted."""
        if found_open(row):
            self.shelf = ()
        if row.event == "shelved" or (row.event == "changed" and self.shelf):
            self.shelf = (*self.shelf, of_shelf(row))
        elif row.event in ("unshelved", "removed", _RENAMED) or leaves_open(row):
            self.shelf = ()
        begins = row.event == "raised" or (not self._active and row.core_state in ACTIVE)  # or goes on, under another name
        if begins and row.event != _RETURNED:
            self._active = True
            self.rows = (row,)
        elif self._active and row.event != _RETURNED:
            self.rows = (*self.rows, row)
        elif row.to_state is not None:
            self._active = False
            self.rows = (row,)
