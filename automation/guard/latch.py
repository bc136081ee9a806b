"""The emergency stop's latches, of the plant and of its zones: pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

from automation.model.errors import ConflictError, EstopActiveError, InvalidValueError, NotFoundError
from automation.model.estop import EstopState

PLANT = ""


class Latches:
    """One latch for the plant and one for each zone, under one epoch.

    state: as it was when the last guard saved it; the epoch is moved on, for a new guard began. zones: their names; one that is
    latched stays known until it is cleared, also if nothing names it any more.
    """

    def __init__(self, state: EstopState, zones: Collection[str] = ()) -> None:
        self._epoch = state.epoch + 1
        saved = {PLANT: state, **{zone.zone: zone for zone in state.zones}}
        self._states = {name: _alone(zone) for name, zone in saved.items() if name == PLANT or zone.latched}
        # A command given under an older epoch than that of its latch is void.
        self._since = dict.fromkeys(self._states, self._epoch)
        self.know(zones)

    def know(self, zones: Collection[str]) -> None:
        """Have these zones, and those that are latched."""
        kept = {name: state for name, state in self._states.items() if name == PLANT or name in zones or state.latched}
        self._states = {**kept, **{zone: EstopState(zone=zone) for zone in sorted(zones) if zone not in kept}}
        self._since = {name: self._since.get(name, self._epoch) for name in self._states}

    @property
    def state(self) -> EstopState:
        """The plant's latch, with those of the zones."""
        zones = tuple(
            dataclasses.replace(state, epoch=self._epoch) for name, state in sorted(self._states.items()) if name != PLANT
        )
        return dataclasses.replace(self._states[PLANT], epoch=self._epoch, zones=zones)

    def over(self, zone: str) -> EstopState | None:
        """The latch that holds outputs of the zone, the plant's first; None if neither is latched."""
        for name in (PLANT, zone):
            state = self._states.get(name)
            if state is not None and state.latched:
                return state
        return None

    def zone_of(self, latch_id: str) -> str | None:
        """The zone whose latch has that id, empty for the plant's; None if no latch has it."""
        return next((name for name, state in self._states.items() if state.latched and state.id == latch_id), None)

    def trip(self, latch_id: str, reason: str, actor: str, now: float, zone: str = PLANT) -> EstopState:
        """Latch, and void every command that was given before to what the latch holds.

        A stop that comes while latched takes a new id, so that a clear of the first does not end it; the first cause stays.
        Raises ``NotFoundError`` for a zone that nothing names.
        """
        first = self._states.get(zone)
        if first is None:
            known = ", ".join(sorted(name for name in self._states if name)) or "none"
            raise NotFoundError(f"unknown zone {zone:.140} of the emergency stop; there are {known}")
        if not first.latched:
            first = dataclasses.replace(first, latched=True, reason=reason, actor=actor, time=now)
        self._move(dataclasses.replace(first, id=latch_id))
        return self.state

    def clear(
        self, latch_id: str, reason: str, actor: str, now: float, *, unconfirmed: Sequence[str], pressed: Sequence[str] = ()
    ) -> EstopState:
        """Release the latch of that id. unconfirmed, pressed: outputs and buttons that forbid it.

        Raises ``ConflictError``, or ``InvalidValueError`` without reason and actor.
        """
        zone = self.zone_of(latch_id)
        if zone is None:
            if not any(state.latched for state in self._states.values()):
                raise ConflictError("the emergency stop is not latched", "not_latched")
            raise ConflictError("another emergency stop came since; look at its reason first", "stale_estop")
        if pressed:
            raise ConflictError(f"pressed, or not to be read: {', '.join(pressed)}", "input_active")
        if unconfirmed:
            raise ConflictError(f"not confirmed safe: {', '.join(unconfirmed)}", "unconfirmed")
        if not reason.strip() or not actor.strip():
            raise InvalidValueError("clearing the emergency stop needs a reason and a name")
        self._move(EstopState(reason=reason, actor=actor, time=now, zone=zone))
        return self.state

    def void(self) -> None:
        """Void every command given before, without latching: the runtime was lost."""
        self._epoch += 1
        self._since = dict.fromkeys(self._since, self._epoch)

    def check(self, what: str, epoch: int | None, zone: str = PLANT) -> None:
        """Do nothing if a command given under the epoch may pass. epoch None: given now. Raises ``EstopActiveError``."""
        state = self.over(zone)
        if state is not None:
            place = f" of zone {state.zone}" if state.zone else ""
            raise EstopActiveError(f"{what}: the emergency stop{place} is latched: {state.reason}")
        self.check_epoch(what, epoch, zone)

    def check_epoch(self, what: str, epoch: int | None, zone: str = PLANT) -> None:
        """Do nothing if no stop or restart came since the command was given. Raises ``EstopActiveError``."""
        since = max(self._since[PLANT], self._since.get(zone, 0))
        if epoch is not None and not since <= epoch <= self._epoch:
            raise EstopActiveError(f"{what}: given before the last emergency stop or restart of the guard; give it again")

    def _move(self, state: EstopState) -> None:
        self._epoch += 1
        self._states[state.zone] = state
        self._since[state.zone] = self._epoch


def _alone(state: EstopState) -> EstopState:
    return dataclasses.replace(state, epoch=0, unconfirmed=(), zones=())
