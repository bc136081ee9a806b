"""An output at one instant: what it is doing for whom, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass

from automation.model.estop import EstopState
from automation.outputs.conditions import ConditionLook
from automation.outputs.leases import Lease
from automation.outputs.selections import Selection
from automation.outputs.tag_outs import TagOut


@dataclass(frozen=True, kw_only=True)
class OutputLook:
    """What is known of an output.

    guarded: the guard owns its link. active: away from its safe value, or perhaps; safe_pending: not confirmed safe. deadline:
    POSIX seconds at which the guard makes it safe; until: the condition that ends it earlier. owner: who switched it on. blocked:
    every reason why it cannot leave its safe value now.
    """

    guarded: bool
    active: bool
    safe_pending: bool
    deadline: float | None
    until: str
    owner: str
    permissives: tuple[ConditionLook, ...]
    interlocks: tuple[ConditionLook, ...]
    blocked: tuple[str, ...]
    tag_out: TagOut | None
    lease: Lease | None
    selection: Selection | None
    estop: EstopState | None
    mismatch: bool
