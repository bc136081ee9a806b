"""The runtime's only way to a device: validate, gate, scale, write, read back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from automation.cvt.table import Cvt
from automation.model.errors import EstopActiveError, NotAllowedError
from automation.model.estop import EstopState
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Kind, Tag
from automation.outputs.ports import DevicesPort, GuardPort
from automation.outputs.readback import Readback
from automation.outputs.stop import EmergencyStop
from automation.system.clock import Clock

log = logging.getLogger(__name__)


class Outputs:
    """Puts values: a soft tag changes at once, a device is written and its answer read back by its own link.

    raw_of: the value as the device holds it, scaled back. words_of: the value of an output as the guard takes it. Both raise
    ``InvalidValueError`` for what does not fit. ``step`` belongs into a Worker; it follows the guard's latch.
    """

    def __init__(
        self,
        cvt: Cvt,
        devices: DevicesPort,
        guard: GuardPort,
        clock: Clock,
        *,
        raw_of: Callable[[Tag, Value], Value],
        words_of: Callable[[Tag, Value], Sequence[int]],
    ) -> None:
        self._cvt = cvt
        self._devices = devices
        self._guard = guard
        self._clock = clock
        self._raw_of = raw_of
        self._words_of = words_of
        self._stop = EmergencyStop(guard, clock, self._members)

    @property
    def guard_up(self) -> bool:
        """True if the guard answered when it was last asked."""
        return self._stop.guard_up

    def estop(self) -> EstopState:
        """The emergency stop as far as is known, without asking; latched while a stop waits for the guard."""
        return self._stop.state

    def on_estop(self, listener: Callable[[EstopState], None]) -> Callable[[], None]:
        """Have the listener called with each new state of the emergency stop; returns the call that ends it."""
        return self._stop.listen(listener)

    def trip(self, reason: str, actor: str) -> EstopState:
        """Stop now; returns the latch with the outputs that have not confirmed within 100 ms.

        Raises ``GuardUnavailableError`` if the guard does not answer; then nothing activates, and the stop is delivered as soon
        as the guard is back.
        """
        return self._stop.trip(reason, actor)

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Release the latch of that id; starts nothing. Raises ``ConflictError`` or ``GuardUnavailableError``."""
        return self._stop.clear(estop_id, reason, actor)

    def step(self, now: float) -> None:
        """Follow the guard; called by a Worker."""
        self._stop.step(now)

    def put(self, name: str, value: Value, owner: str, now: float, *, for_s: float | None = None) -> None:
        """Have a machine's value taken, and return once the device has accepted it; a soft tag changes at once.

        for_s: an output is made safe again after so many seconds, by the guard. Raises ``UnknownTagError``,
        ``InvalidValueError``, ``NotAllowedError`` for a tag that cannot be written, ``EstopActiveError``, ``InterlockedError``,
        ``GuardUnavailableError``, or a ``DriverError``.
        """
        tag = self._cvt.tag(name)
        checked = tag.check(value)
        _check_target(tag)
        self._send(tag, checked, owner, now, for_s)

    def put_and_confirm(
        self, name: str, value: Value, owner: str, timeout_s: float = 2.0, *, for_s: float | None = None
    ) -> Sample:
        """Have a person's value taken, and return the sample with which the device read it back.

        Raises as ``put``, also ``NotAllowedError`` for a tag that is not writable, and ``NotConfirmedError`` if the device does
        not show the value within timeout_s.
        """
        tag = self._cvt.tag(name)
        if not tag.writable:
            raise NotAllowedError(f"{name} is not writable")
        _check_target(tag)
        checked = tag.check(value)
        if tag.kind is Kind.SOFT:
            self._send(tag, checked, owner, self._clock.now(), for_s)
            return self._cvt.read(name)
        with Readback(self._cvt, tag, checked) as readback:
            self._send(tag, checked, owner, self._clock.now(), for_s)
            return readback.wait(timeout_s)

    def _send(self, tag: Tag, value: Value, owner: str, now: float, for_s: float | None) -> None:
        log.debug("%s puts %s = %r", owner, tag.name, value)
        if isinstance(tag, Output):
            self._write_output(tag, value, for_s)
        elif tag.link is None or tag.address is None:
            self._cvt.update(tag.name, Sample(value, Quality.GOOD, now, now))
        else:
            self._refuse_if_latched(tag)
            self._devices.write(tag.link, tag.address, self._raw_of(tag, value))
            self._devices.refresh(tag)

    def _write_output(self, output: Output, value: Value, for_s: float | None) -> None:
        epoch = self._stop.epoch()
        if output.estop and value != output.safe:
            self._refuse_if_latched(output)
        try:
            self._guard.put(output.name, self._words_of(output, value), epoch, for_s=for_s)
        except EstopActiveError:
            self._stop.step(self._clock.now())  # the guard knows more of its latch than was heard here
            raise
        finally:
            self._devices.refresh(output)

    def _refuse_if_latched(self, tag: Tag) -> None:
        state = self._stop.state
        if state.latched:
            raise EstopActiveError(f"{tag.name}: the emergency stop is latched: {state.reason}")

    def _members(self) -> Sequence[str]:
        return [tag.name for tag in self._cvt.tags() if isinstance(tag, Output) and tag.estop]


def _check_target(tag: Tag) -> None:
    if tag.kind is Kind.SYSTEM:
        raise NotAllowedError(f"{tag.name} is a system tag; only the runtime sets it")
    if tag.kind is Kind.DERIVED:
        raise NotAllowedError(f"{tag.name} is computed from other tags; it cannot be put")
    if tag.kind is Kind.FIELD and not tag.writable:
        raise NotAllowedError(f"{tag.name} is measured by its device; it cannot be put")
