"""The emergency stop's latch: pure."""

from __future__ import annotations

import dataclasses

from automation.model.errors import ConflictError, EstopActiveError, InvalidValueError
from automation.model.estop import EstopState


class Latch:
    """The latch and its epoch. state: as it was when the last guard saved it; the epoch is moved on, for a new guard began."""

    def __init__(self, state: EstopState) -> None:
        self.state = dataclasses.replace(state, epoch=state.epoch + 1, unconfirmed=())

    def trip(self, latch_id: str, reason: str, actor: str, now: float) -> EstopState:
        """Latch, and void every command given before.

        A stop that comes while latched takes a new id, so that a clear of the first does not end it; the first cause stays.
        """
        first = self.state
        if not first.latched:
            first = dataclasses.replace(first, latched=True, reason=reason, actor=actor, time=now)
        self.state = dataclasses.replace(first, id=latch_id, epoch=first.epoch + 1)
        return self.state

    def clear(self, latch_id: str, reason: str, actor: str, now: float, *, unconfirmed: tuple[str, ...]) -> EstopState:
        """Release the latch of that id. Raises ``ConflictError``, or ``InvalidValueError`` without reason and actor."""
        if not self.state.latched:
            raise ConflictError("the emergency stop is not latched", "not_latched")
        if latch_id != self.state.id:
            raise ConflictError("another emergency stop came since; look at its reason first", "stale_estop")
        if unconfirmed:
            raise ConflictError(f"not confirmed safe: {', '.join(unconfirmed)}", "unconfirmed")
        if not reason.strip() or not actor.strip():
            raise InvalidValueError("clearing the emergency stop needs a reason and a name")
        self.state = EstopState(epoch=self.state.epoch + 1, reason=reason, actor=actor, time=now)
        return self.state

    def void(self) -> None:
        """Void every command given before, without latching: the runtime was lost."""
        self.state = dataclasses.replace(self.state, epoch=self.state.epoch + 1)

    def check(self, what: str, epoch: int | None) -> None:
        """Do nothing if a command given under the epoch may pass. epoch None: given now. Raises ``EstopActiveError``."""
        if self.state.latched:
            raise EstopActiveError(f"{what}: the emergency stop is latched: {self.state.reason}")
        self.check_epoch(what, epoch)

    def check_epoch(self, what: str, epoch: int | None) -> None:
        """Do nothing if no stop or restart came since the command was given. Raises ``EstopActiveError``."""
        if epoch is not None and epoch != self.state.epoch:
            raise EstopActiveError(f"{what}: given before the last emergency stop or restart of the guard; give it again")
