"""What the outputs need of the rest, so that a test can stand in for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from automation.guard.status import GuardStatus
from automation.model.estop import EstopState
from automation.model.sample import Value
from automation.model.tag import Tag


class GuardPort(Protocol):
    """The guard; ``guard.client.GuardClient`` is one."""

    def put(
        self,
        output: str,
        words: Sequence[int],
        epoch: int,
        *,
        for_s: float | None = None,
        direction: int = 1,
        force: bool = False,
    ) -> None:
        """Write an output and return when the device has confirmed."""

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Stop, and tell which outputs have not confirmed."""

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Release the latch of that id."""

    def status(self) -> GuardStatus:
        """Everything that the guard tells of itself, its latch among it."""


class DevicesPort(Protocol):
    """The links; ``acquisition.acquisition.Acquisition`` is one."""

    def write(self, link: str, address: str, raw: Value) -> None:
        """Write one raw value to an address that is no output, and return when the device has accepted it."""

    def refresh(self, tag: Tag) -> None:
        """Read the tag again as soon as possible; never blocks."""
