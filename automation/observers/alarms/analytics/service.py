"""The analytics of any stretch of time, and of the last 24 hours as they pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from automation.model.event import Event
from automation.observers.alarms.analytics.live import LiveCounters
from automation.observers.alarms.analytics.reading import Asked, Elsewhere, report_of, rows_between
from automation.observers.alarms.analytics.report import DAY_S, Report
from automation.observers.alarms.analytics.sql import history, notices, runtime_marks
from automation.settings import AlarmTargets
from automation.storage.database import Database

ROWS_HERE = 20_000  # some 200 ms, in which other threads take turns; of more, the start of a process is the lesser evil


class Configured(Protocol):
    """An alarm that there is."""

    @property
    def priority(self) -> int:
        """Its priority."""

    @property
    def area(self) -> str:
        """Its area."""


def priorities_of(alarms: Iterable[Configured], area: str) -> Mapping[int, int]:
    """How many of the alarms have each priority, of the area and what lies below it, of all if empty."""
    return Counter(one.priority for one in alarms if not area or f"{one.area}/".startswith(f"{area}/"))


class Analytics(Protocol):
    """What people see of the analytics."""

    def report(self, start: float, end: float, area: str, now: float) -> Report:
        """The analytics of start to end, as far as that has passed. Raises ``ConflictError`` when too many are being made."""

    def live(self, area: str, now: float) -> Report:
        """The analytics of the last 24 hours."""


class AlarmAnalytics:
    """The analytics of what is in the journal, and live counters that begin with its last 24 hours.

    configured: how many alarms of each priority an area has. day_of: see ``Question``. elsewhere: makes the reports that would
    look at more than rows_here rows of the journal, None to make all of them here. Raises ``StorageError`` where the database is
    read.
    """

    def __init__(
        self,
        database: Database,
        configured: Callable[[str], Mapping[int, int]],
        day_of: Callable[[float], str],
        targets: AlarmTargets | None = None,
        elsewhere: Elsewhere | None = None,
        rows_here: int = ROWS_HERE,
    ) -> None:
        self._database = database
        self._elsewhere = elsewhere
        self._rows_here = rows_here
        self._configured = configured
        self._day_of = day_of
        self._targets = targets or AlarmTargets()
        self._counters = LiveCounters(configured, day_of, self._targets)

    def begin(self, names: Iterable[str], now: float) -> None:
        """Give the live counters what the journal has. names: of the alarms that there are; before the first is judged."""
        with self._database.begin() as connection:
            self._counters.seed(history(connection, now - DAY_S, now), runtime_marks(connection, now - DAY_S))
        self._counters.forget_but(names, now)

    def heard(self, _view: object, event: Event) -> None:
        """Take note of what the alarms tell."""
        self._counters.add(event)

    def report(self, start: float, end: float, area: str, now: float) -> Report:
        """The analytics of start to end, as far as that has passed."""
        asked = Asked(start=start, end=end, area=area, now=now, configured=self._configured(area))
        if self._elsewhere is not None and rows_between(self._database, start, end) > self._rows_here:
            return self._elsewhere(asked)
        return report_of(self._database, asked, self._day_of, self._targets)

    def live(self, area: str, now: float) -> Report:
        """The analytics of the last 24 hours; what no alarm tells is read from the journal."""
        with self._database.begin() as connection:
            told = notices(connection, now - DAY_S, now, self._targets.upset_events)
        return self._counters.report(now, area, told)

    def recent(self, now: float) -> tuple[int, bool]:
        """How many alarms were announced in the last ten minutes, and whether they are a flood."""
        return self._counters.recent(now)
