"""What alarms can watch of outputs: whether devices show what was written, and how the emergency stop stands."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cvt.table import Cvt
from automation.guard.status import GuardOutputStatus
from automation.model.estop import EstopState
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.outputs.companions import GUARD_UP, LATCHED, UNCONFIRMED, Companions, latched_of, mismatch_of
from automation.outputs.holding import Holding
from automation.outputs.readback import same, shown_by

UNCONFIRMED_S = 0.25


class Watch:
    """Tells the companions of outputs; one thread calls ``follow`` and ``step``."""

    def __init__(self, cvt: Cvt, companions: Companions) -> None:
        self._cvt = cvt
        self._companions = companions
        self._outputs: tuple[Output, ...] = ()
        self._apart: dict[str, float] = {}
        self._mismatched: dict[str, bool] = {}
        self._unconfirmed_since: float | None = None

    def follow(self, outputs: Sequence[Output], now: float) -> None:
        """Have these outputs from now on."""
        self._outputs = tuple(outputs)
        zones = {output.zone for output in outputs if output.zone}
        zones |= {tag.estop_input.zone for tag in self._cvt.tags() if tag.estop_input is not None and tag.estop_input.zone}
        names = {output.name for output in outputs}
        self._apart = {name: since for name, since in self._apart.items() if name in names}
        self._mismatched = {name: told for name, told in self._mismatched.items() if name in names}
        self._companions.follow([output.name for output in outputs], zones, now)

    def mismatch(self, name: str) -> bool:
        """True while the device does not show what was written to the output."""
        return self._mismatched.get(name, False)

    def step(
        self, estop: EstopState, known: Sequence[GuardOutputStatus], holding: Holding, now: float, *, guard_up: bool
    ) -> None:
        """Judge every output and the emergency stop. known: what their owners tell of the outputs."""
        told: dict[str, tuple[bool, Quality]] = {GUARD_UP: (guard_up, Quality.GOOD)}
        for state in estop.latches():
            told[latched_of(state.zone) if state.zone else LATCHED] = state.latched, Quality.GOOD
        told[UNCONFIRMED] = self._late(estop, now), Quality.GOOD
        points = {output.name: output for output in known}
        for output in self._outputs:
            told[mismatch_of(output.name)] = self._judge(output, points.get(output.name), holding, now)
        self._companions.tell(told, now)

    def _late(self, estop: EstopState, now: float) -> bool:
        if not (estop.unconfirmed and any(state.latched for state in estop.latches())):
            self._unconfirmed_since = None
            return False
        if self._unconfirmed_since is None:
            self._unconfirmed_since = now
        return now - self._unconfirmed_since >= UNCONFIRMED_S

    def _judge(self, output: Output, point: GuardOutputStatus | None, holding: Holding, now: float) -> tuple[bool, Quality]:
        name = output.name
        shown = self._cvt.read(shown_by(output)) if shown_by(output) in self._cvt else None
        if shown is None or shown.quality.is_bad:
            self._apart.pop(name, None)
            return self._mismatched.get(name, False), Quality.UNCERTAIN_LAST_USABLE_VALUE
        known, wanted = _wanted(output, point, holding)
        if not known or same(output, wanted, shown.value):
            self._apart.pop(name, None)
            self._mismatched[name] = False
        else:
            since = self._apart.setdefault(name, now)
            self._mismatched[name] = now - since >= output.readback_timeout_s
        return self._mismatched[name], Quality.GOOD


def _wanted(output: Output, point: GuardOutputStatus | None, holding: Holding) -> tuple[bool, Value]:
    """Whether it is known what the output should be, and what."""
    held = holding.of(output.name)
    if held is not None:
        return True, held.value
    at_rest = point is not None and not point.active and not point.safe_pending
    return at_rest, output.check(output.safe) if at_rest else None
