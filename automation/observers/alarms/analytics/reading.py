"""The analytics of a stretch of time, read from the journal; here, or where it holds up nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from automation.observers.alarms.analytics.cover import covered
from automation.observers.alarms.analytics.report import Question, Report, report
from automation.observers.alarms.analytics.sql import history, notices, runtime_marks
from automation.observers.alarms.journal.questions import first_row_at, last_row_before
from automation.settings import AlarmTargets
from automation.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to know.

    start, end, now: POSIX seconds; what is later than now has not passed. area: this one and what lies below it, the whole plant
    if empty. configured: how many alarms of each priority it has.
    """

    start: float
    end: float
    area: str
    now: float
    configured: Mapping[int, int]


class Elsewhere(Protocol):
    """Makes reports where they do not hold up live work."""

    def __call__(self, asked: Asked) -> Report:
        """The report. Raises ``StorageError``, and ``ConflictError`` with reason ``busy`` when too many are being made."""


def report_of(database: Database, asked: Asked, day_of: Callable[[float], str], targets: AlarmTargets) -> Report:
    """The report, made by the calling thread. day_of: see ``Question``. Raises ``StorageError``."""
    start, end = asked.start, asked.end
    with database.begin() as connection:
        question = Question(
            start=start,
            end=end,
            cover=covered(runtime_marks(connection, start), start, min(end, asked.now)),
            configured=asked.configured,
            day_of=day_of,
            area=asked.area,
            targets=targets,
            notices=notices(connection, start, end, targets.upset_events),
        )
        return report(history(connection, start, end), question)


def rows_between(database: Database, start: float, end: float) -> int:
    """How many rows of the journal a report of that time looks at, at most. Raises ``StorageError``."""
    with database.begin() as connection:
        first, last = first_row_at(connection, start), last_row_before(connection, end)
    return 0 if first is None or last is None else max(0, last - first + 1)
