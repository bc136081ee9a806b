"""Which events somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.events.rules import Criticality, EventClass
from automation.model.alarm import Priority


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events; all that is given must hold.

    start, end: POSIX seconds, end not included. classes: any if empty. priority: this urgent or more. criticality: this grave or
    more. kind: its beginning. area: this one and what lies below it. text: part of kind, subject, tag, area or message, upper
    or lower case.
    """

    start: float | None = None
    end: float | None = None
    classes: Sequence[EventClass] = ()
    priority: Priority | None = None
    criticality: Criticality | None = None
    kind: str = ""
    subject: str = ""
    actor: str = ""
    tag: str = ""
    area: str = ""
    text: str = ""
