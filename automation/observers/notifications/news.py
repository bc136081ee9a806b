"""What notifications hear of alarms: plain data, so that they need to know nothing else of them."""

from __future__ import annotations

from dataclasses import dataclass

PRIORITY_NAMES = {1: "critical", 2: "high", 3: "medium", 4: "low", 5: "diagnostic"}


@dataclass(frozen=True, kw_only=True)
class AlarmNews:
    """One alarm as it stands after something happened to it.

    kind: what happened, such as ``raised``. silent: shelved, suppressed or out of service. time: when it happened; raised: when
    the condition became an alarm, None if it never did; POSIX seconds. value: with its unit, as text. new_name: of an alarm that
    was renamed.
    """

    name: str
    kind: str
    time: float
    active: bool
    acked: bool
    silent: bool = False
    occurrence_id: str = ""
    priority: int = 3
    area: str = ""
    alarm_class: str = ""
    tag: str = ""
    message: str = ""
    state: str = ""
    value: str = ""
    raised: float | None = None
    description: str = ""
    cause: str = ""
    action: str = ""
    actor: str = ""
    comment: str = ""
    new_name: str = ""

    @property
    def calling(self) -> bool:
        """True if somebody should come: it is active, nobody has acknowledged it, and it is not kept silent."""
        return self.active and not self.acked and not self.silent

    @property
    def standing(self) -> bool:
        """True if it is active or waits for its acknowledgement."""
        return self.active or not self.acked
