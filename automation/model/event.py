"""The event: one row of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from automation.model.sample import Value

SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened and that somebody may ask for later.

    time: POSIX seconds, UTC. kind: dotted, such as ``alarm.raised``, ``tag.put``, ``tag.put.refused``, ``login.failed``. subject:
    the tag, alarm, machine or user it is about. actor: a user's name, ``system`` or a machine's name. origin: ``rest``,
    ``socketio``, ``opcua``, ``guard``, ``cli`` or ``runtime``, with the peer's address where there is one.
    """

    time: float
    kind: str
    subject: str
    message: str
    actor: str = SYSTEM
    origin: str = "runtime"
    details: Mapping[str, Value] = field(default_factory=dict)
