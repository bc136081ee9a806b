"""What the outside sees of a machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CommandView:
    """A command with the text of its button; enabled while the machine's state takes it."""

    name: str
    label: str
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class PortView:
    """A port, the tag it is bound to, and ``in``, ``out`` or ``inout``."""

    name: str
    tag: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class MachineView:
    """A machine at one instant. state_since: POSIX seconds. fault: why it is in ``fault``, else None."""

    name: str
    description: str
    area: str
    state: str
    state_since: float
    states: Sequence[str]
    commands: Sequence[CommandView]
    fault: str | None
    ports: Sequence[PortView]
