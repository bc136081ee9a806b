"""A row of the alarm journal as the analytics need it."""

from __future__ import annotations

from typing import NamedTuple

from automation.model.event import SYSTEM
from automation.observers.alarms.journal.row import AlarmRow

PRIORITIES = (1, 2, 3, 4)  # a diagnostic alarm asks nothing of an operator


class Row(NamedTuple):
    """A transition; without states where the row is none. person: somebody did it, and not the runtime."""

    time: float
    alarm: str
    area: str
    priority: int
    event: str
    from_state: str | None
    to_state: str | None
    core_state: str | None
    annunciated: bool
    person: bool


def analytics_row(row: AlarmRow) -> Row:
    """The row as the analytics need it."""
    source = row.source
    return Row(
        row.time,
        source.alarm,
        source.area,
        source.priority,
        row.event,
        row.from_state,
        row.to_state,
        row.core_state,
        row.annunciated,
        row.actor != SYSTEM,
    )


def concerns(row: Row, area: str) -> bool:
    """True if an operator of the area, or of the whole plant if empty, has to do with the row."""
    return row.priority in PRIORITIES and (not area or row.area == area or row.area.startswith(f"{area}/"))
