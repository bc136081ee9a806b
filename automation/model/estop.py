"""What is known of the emergency stop at one instant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EstopState:
    """The latch of the emergency stop, as the guard holds it.

    id: names this latch, so that a clear cannot hit a later stop; empty while not latched. epoch: grows with every trip, clear
    and start of the guard; a command given under an older one is void. reason, actor, time (POSIX seconds, UTC): of the first
    cause while latched, else of the clear. unconfirmed: outputs that have not yet confirmed their safe value, as declared.
    """

    latched: bool = False
    id: str = ""
    epoch: int = 0
    reason: str = ""
    actor: str = ""
    time: float = 0.0
    unconfirmed: tuple[str, ...] = ()
