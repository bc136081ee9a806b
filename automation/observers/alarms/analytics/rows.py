"""A row of the alarm journal as the analytics need it."""

from __future__ import annotations

from typing import NamedTuple

from automation.model.event import SYSTEM
from automation.observers.alarms.journal.row import DISABLED, HIDDEN, AlarmRow
from automation.observers.alarms.overlay import LOGIC

ENABLED_WORD, DISABLED_WORD = "enabled", "disabled"
PRIORITIES = (1, 2, 3, 4)  # a diagnostic alarm asks nothing of an operator


class Row(NamedTuple):
    """A transition; without states where the row is none. person: somebody did it, and not the runtime.

    until, longest_s: of one that shelves, when it is to end and how long it may last. new_name: of one that renames.
    """

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
    until: float | None = None
    longest_s: float | None = None
    new_name: str = ""


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
        is_person(row.actor),
        row.until,
        row.longest_s,
        row.new_name,
    )


def is_person(actor: str) -> bool:
    """True unless the runtime did it by itself, or the logic of the alarms."""
    return actor not in (SYSTEM, LOGIC)


def found_open(row: Row) -> bool:
    """True if the row found its alarm silent in no way, whether a former one has told so or not."""
    return row.to_state is not None and row.event != "renamed" and row.from_state not in HIDDEN


def leaves_open(row: Row) -> bool:
    """True if the alarm is silent in no way after the row."""
    return row.to_state is not None and row.event != "renamed" and row.to_state not in (*HIDDEN, DISABLED)


def of_shelf(row: Row) -> Row:
    """The row without what it tells beside the shelf, to be kept when the others of its time are not."""
    event = row.event
    if event == "changed":
        event = DISABLED_WORD if row.to_state == DISABLED else ENABLED_WORD
    return row._replace(event=event, from_state=None, to_state=None, core_state=None, annunciated=False)


def concerns(row: Row, area: str) -> bool:
    """True if an operator of the area, or of the whole plant if empty, has to do with the row."""
    return row.priority in PRIORITIES and (not area or row.area == area or row.area.startswith(f"{area}/"))
