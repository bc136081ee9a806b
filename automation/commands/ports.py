"""What the commands need of the rest, so that a test can stand in for each."""

from __future__ import annotations

from typing import Protocol

from automation.model.estop import EstopState
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.view import AlarmView
from automation.observers.machines.view import MachineView


class TagsPort(Protocol):
    """The current value table, as far as commands read it."""

    def tag(self, name: str) -> Tag:
        """The declaration of the tag. Raises ``UnknownTagError``."""

    def read(self, name: str) -> Sample:
        """The newest sample of the tag. Raises ``UnknownTagError``."""


class OutputsPort(Protocol):
    """The only way to a device."""

    def put_and_confirm(self, name: str, value: Value, owner: str, timeout_s: float = 2.0) -> Sample:
        """The sample that the device read back after the put."""

    def trip(self, reason: str, actor: str) -> EstopState:
        """Latch the emergency stop."""

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Clear the latch of that id."""

    def estop(self) -> EstopState:
        """What is known of the latch, without asking anybody."""


class AlarmsPort(Protocol):
    """The alarms; an acknowledgement is journalled there, in the transaction that keeps the state."""

    def acknowledge(self, name: str, actor: str, comment: str, occurrence_id: str | None, now: float, origin: str) -> AlarmView:
        """The alarm after it was acknowledged."""


class MachinesPort(Protocol):
    """The machines."""

    def view(self, name: str) -> MachineView:
        """One machine. Raises ``NotFoundError``."""

    def command(self, name: str, command: str, actor: str, now: float) -> MachineView:
        """The machine after the command."""
