"""The emergency stop: what is known of it at one instant, and the buttons that trip it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from automation.model.errors import ConfigError
from automation.model.names import NAME_PATTERN


class OnLoss(StrEnum):
    """What a button that cannot be read any more does."""

    TRIP = "trip"
    IGNORE = "ignore"


@dataclass(frozen=True, kw_only=True)
class EstopInput:
    """A physical button of the emergency stop, as a field of the tag that shows it.

    pressed: the value that means pressed; a normally closed contact is false then. zone: that it trips, empty for the whole
    plant. on_loss: what happens when it was read once and is not for a second. Raises ``ConfigError``.
    """

    pressed: bool = False
    zone: str = ""
    on_loss: OnLoss = OnLoss.TRIP

    def __post_init__(self) -> None:
        if self.zone and not NAME_PATTERN.fullmatch(self.zone):
            raise ConfigError(f"zone {self.zone!r:.140}: 1 to 128 letters, digits, '_', '.' or '-'")


@dataclass(frozen=True, kw_only=True)
class EstopState:
    """The latch of the emergency stop, as the guard holds it.

    zone: empty for the whole plant. id: names this latch, so that a clear cannot hit a later stop; empty while not latched.
    epoch: grows with every trip, clear and start of the guard; a command given under an older one is void. reason, actor, time
    (POSIX seconds, UTC): of the first cause while latched, else of the clear. unconfirmed: outputs that have not yet confirmed
    their safe value, as declared. zones: the latches of all zones, by name; only that of the whole plant has them, and their
    epoch is its own.
    """

    latched: bool = False
    id: str = ""
    epoch: int = 0
    reason: str = ""
    actor: str = ""
    time: float = 0.0
    unconfirmed: tuple[str, ...] = ()
    zone: str = ""
    zones: tuple[EstopState, ...] = ()

    def over(self, zone: str) -> EstopState | None:
        """The latch that holds outputs of the zone: that of the whole plant first, None if neither is latched."""
        return next((state for state in self.latches() if state.latched and state.zone in ("", zone)), None)

    def latches(self) -> Iterator[EstopState]:
        """This latch and those of its zones."""
        yield self
        yield from self.zones
