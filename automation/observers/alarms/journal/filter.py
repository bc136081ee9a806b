"""Which rows of the alarm journal somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SourceFilter:
    """Of which alarms; all that is given must hold.

    area: this one and what lies below it. priorities: any if empty. text: part of what they or people say, upper or lower case.
    start, end: POSIX seconds, end not included.
    """

    start: float | None = None
    end: float | None = None
    area: str = ""
    tag: str = ""
    alarm: str = ""
    priorities: Sequence[int] = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class RowFilter(SourceFilter):
    """Which rows. events, states: any if empty; the state is that to which the row leads. actor: who did it."""

    events: Sequence[str] = ()
    states: Sequence[str] = ()
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class OccurrenceFilter(SourceFilter):
    """Which occurrences, by the time of their raise. open: whether something of it still stands; either if None."""

    open: bool | None = None
