"""How long an output must stay on or off, and how long what moves must rest before it moves another way: pure."""

from __future__ import annotations

from collections.abc import Sequence

from automation.guard.config import GuardedOutput
from automation.model.errors import InterlockedError

_NEVER = float("-inf")


class Times:
    """One output's shortest times, and since when it has been on or at rest.

    Before the first confirmed safe value nobody knows how long it has rested, so that moment begins its rest.
    """

    def __init__(self, output: GuardedOutput) -> None:
        self._output = output
        self.direction = 0
        self.rested_at = _NEVER
        self._on_at: float | None = None

    def check_on(self, now: float) -> None:
        """Do nothing if it has rested for long enough. Raises ``InterlockedError``."""
        left_s = self.rested_at + self._output.min_off_s - now
        if self._on_at is None and left_s > 0:
            raise InterlockedError(
                f"{self._output.name}: off for its shortest time of {self._output.min_off_s:g} s; {_left(left_s)}"
            )

    def check_off(self, now: float) -> None:
        """Do nothing if it was on for long enough. Raises ``InterlockedError``."""
        left_s = _NEVER if self._on_at is None else self._on_at + self._output.min_on_s - now
        if left_s > 0:
            raise InterlockedError(
                f"{self._output.name}: on for its shortest time of {self._output.min_on_s:g} s; {_left(left_s)}"
            )

    def turned_on(self, direction: int, now: float) -> None:
        """It leaves its safe value."""
        self.direction = direction
        if self._on_at is None:
            self._on_at = now

    def rests(self, now: float) -> None:
        """The device has confirmed the safe value."""
        self.direction = 0
        self._on_at = None
        self.rested_at = now


class Mover:
    """What a motion group needs to know of one of its outputs. busy: away from safe, or perhaps."""

    def __init__(self, output: GuardedOutput, times: Times, busy: bool) -> None:
        self.output = output
        self.times = times
        self.busy = busy


def check_motion(mover: Mover, others: Sequence[Mover], direction: int, now: float) -> None:
    """Do nothing if the output may move that way, given the others of its group. Raises ``InterlockedError``."""
    name, group = mover.output.name, mover.output.motion
    for other in others:
        if other.busy:
            raise InterlockedError(f"{name}: {other.output.name} of the same motion {group} is not at rest")
    if mover.times.direction:
        if mover.times.direction != direction:
            raise InterlockedError(f"{name}: moves the other way; put it to its safe value first")
        return
    everybody = (mover, *others)
    hold_s = max(each.output.zero_hold_s for each in everybody)
    left_s = max(each.times.rested_at for each in everybody) + hold_s - now
    if left_s > 0:
        raise InterlockedError(f"{name}: motion {group} rests for {hold_s:g} s first; {_left(left_s)}")


def _left(seconds: float) -> str:
    return f"again in {seconds:.1f} s"
