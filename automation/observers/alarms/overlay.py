"""What lies over an alarm and keeps it silent: shelved, suppressed by design, out of service (ISA-18.2 states G, H, I)."""

from __future__ import annotations

from dataclasses import dataclass, replace

LOGIC = "logic"  # who suppresses for the reasons below
SUPERSEDED = "superseded:"
COMMS = "comms:"
ENABLED_WHEN = "enabled_when"


def kept_by_logic(reason: str) -> bool:
    """True for a reason that the alarms themselves give and take away, which is no person's business."""
    return reason == ENABLED_WHEN or reason.startswith((SUPERSEDED, COMMS))


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """An operator keeps the alarm silent for a time. since, until: POSIX seconds. one_shot: only until it returns."""

    since: float
    until: float
    by: str
    reason: str
    one_shot: bool = False


@dataclass(frozen=True, kw_only=True)
class OutOfService:
    """Somebody maintains what the alarm watches. since: POSIX seconds. work_order: of the maintenance, empty without one."""

    since: float
    by: str
    reason: str
    work_order: str = ""


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """All that lies over an alarm. suppressed: the reasons of logic or engineers; each is taken away by itself."""

    shelf: Shelf | None = None
    out: OutOfService | None = None
    suppressed: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """True if anything lies over the alarm: it is judged, but nobody is told."""
        return self.shelf is not None or self.out is not None or bool(self.suppressed)

    def with_reason(self, reason: str) -> Overlay:
        """The same, suppressed for one reason more."""
        return replace(self, suppressed=(*self.suppressed, reason))

    def without_reason(self, reason: str) -> Overlay:
        """The same, suppressed for one reason less."""
        return replace(self, suppressed=tuple(one for one in self.suppressed if one != reason))


NO_OVERLAY = Overlay()
