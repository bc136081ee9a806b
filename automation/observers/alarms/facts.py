"""What is known of an alarm, the ISA-18.2 state that follows from it, and the steps from state to state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from automation.model.alarm import AlarmDefinition, Levels, Priority
from automation.model.event import SYSTEM
from automation.model.sample import Sample
from automation.observers.alarms.overlay import NO_OVERLAY, Overlay


class AlarmState(Enum):
    """The name of what the facts amount to (ISA-18.2 states A to F, and G to I, which hide them) or that it is disabled."""

    NORM = "NORM"
    UNACK = "UNACK"
    ACKED = "ACKED"
    RTNUN = "RTNUN"
    LUNACK = "LUNACK"
    LACK = "LACK"
    SHLVD = "SHLVD"
    DSUPR = "DSUPR"
    OOSRV = "OOSRV"
    DSBLD = "DSBLD"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an alarm and kept across restarts; the times are those of the newest occurrence, POSIX seconds.

    occurrence_id: names the newest occurrence, None before the first. condition_time: source time of the sample that first
    crossed; active_time: when the alarm was raised, one on-delay later; rtn_time: when it returned. latched: it was raised and
    must be reset by a person. realarms: how often it was announced again because nobody dealt with it. level: which limit of
    several it is beyond. first_out: it was the first of its group, until that is reset. overlay: what keeps it silent; the rest
    goes on underneath.
    """

    active: bool = False
    acked: bool = True
    occurrence_id: str | None = None
    condition_time: float | None = None
    active_time: float | None = None
    rtn_time: float | None = None
    ack_time: float | None = None
    ack_by: str = ""
    ack_comment: str = ""
    latched: bool = False
    realarms: int = 0
    level: str = ""
    first_out: bool = False
    overlay: Overlay = NO_OVERLAY

    @property
    def shown(self) -> AlarmState:
        """The state that people see: out of service before suppressed before shelved before the state underneath."""
        if self.overlay.out is not None:
            return AlarmState.OOSRV
        if self.overlay.suppressed:
            return AlarmState.DSUPR
        return self.state if self.overlay.shelf is None else AlarmState.SHLVD

    @property
    def at_level(self) -> str:
        """The level in force, the last one while it has returned, empty once it is normal."""
        return "" if self.state is AlarmState.NORM else self.level

    @property
    def state(self) -> AlarmState:
        """The state underneath, of states A to F."""
        if self.active:
            return AlarmState.ACKED if self.acked else AlarmState.UNACK
        if self.latched:
            return AlarmState.LACK if self.acked else AlarmState.LUNACK
        return AlarmState.NORM if self.acked else AlarmState.RTNUN


class TransitionKind(Enum):
    """What happened to an alarm."""

    RAISED = "raised"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    OUT_OF_SERVICE = "out_of_service"
    RETURNED_TO_SERVICE = "returned_to_service"
    COMMENTED = "commented"
    RESET = "reset"
    REALARMED = "realarmed"
    ESCALATED = "escalated"
    DEESCALATED = "deescalated"
    REFLASHED = "reflashed"
    FIRST_OUT = "first_out"
    FIRST_OUT_RESET = "first_out_reset"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step of an alarm from state to state.

    time: POSIX seconds; of a delay that ran out, the instant when it did. before, facts: as they were and as they are.
    sample: what caused it, None where a delay or a person did. comment: of a person, or the reason.
    """

    kind: TransitionKind
    time: float
    before: Facts
    facts: Facts
    sample: Sample | None = None
    actor: str = SYSTEM
    comment: str = ""


def next_occurrence(last: str | None, time: float) -> str:
    """Microseconds in hex: no two occurrences of a name share it, even if the alarm is removed and declared again."""
    return f"{max(round(time * 1e6), int(last or '0', 16) + 1):x}"


def priority_of(definition: AlarmDefinition, facts: Facts) -> Priority:
    """The priority at the present level, after a return at the last one."""
    if isinstance(definition.condition, Levels):
        level = definition.condition.given.get(facts.at_level)
        if level is not None and level.priority is not None:
            return level.priority
    return definition.priority
