"""The runtime's only way to a device: validate, gate, scale, write, read back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automation.cvt.table import Cvt
from automation.expressions.judged import Judged
from automation.guard.status import GuardOutputStatus, GuardStatus
from automation.model.errors import (
    AutomationError,
    ConfigError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
)
from automation.model.estop import EstopState
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Kind, Tag
from automation.outputs.companions import Companions
from automation.outputs.conditions import ConditionLook, Conditions
from automation.outputs.holding import Holding
from automation.outputs.leases import Lease, Leases
from automation.outputs.look import OutputLook
from automation.outputs.ports import DevicesPort, GuardPort
from automation.outputs.readback import Readback
from automation.outputs.selections import Selections
from automation.outputs.stop import EmergencyStop
from automation.outputs.tag_outs import TagOuts
from automation.outputs.unguarded import Unguarded
from automation.outputs.watch import Watch
from automation.system.clock import Clock

log = logging.getLogger(__name__)

READBACK_S = 2.0
_RATE_LEAST_S = 1.0
_AGAIN_S = 1.0
SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a value is wanted. for_s: made safe again after so many seconds. until: and earlier, once this is true."""

    for_s: float | None = None
    until: str = ""


NOW_ON = Wish()


class Outputs:
    """Puts values: a soft tag changes at once, a device is written and its answer read back by its own link.

    raw_of: the value as the device holds it, scaled back. words_of: the value of an output as the guard takes it. Both raise
    ``InvalidValueError`` for what does not fit. guarded: whether the guard owns the tag's link; ``unguarded`` writes the others,
    and its ``step`` belongs into a Worker of its own. ``leases``, ``selections`` and ``tag_outs`` are what persons lay over them.
    ``step`` belongs into a Worker; it follows the guard, and enforces interlocks, conditions and leases.
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
        tag_outs: TagOuts,
        guarded: Callable[[Tag], bool] = lambda _tag: True,
    ) -> None:
        self._cvt = cvt
        self._devices = devices
        self._guard = guard
        self._clock = clock
        self._raw_of = raw_of
        self._words_of = words_of
        self._guarded = guarded
        self.tag_outs = tag_outs
        self.unguarded = Unguarded(devices, raw_of, self._link_up)
        self.leases = Leases()
        self.selections = Selections()
        self._stop = EmergencyStop(guard, clock, self._members)
        self._holding = Holding()
        self._watch = Watch(cvt, Companions(cvt))
        self._conditions: dict[str, Conditions] = {}
        self._outputs: tuple[Output, ...] = ()
        self._last: dict[str, tuple[float, float]] = {}
        self._forced_at: dict[str, float] = {}
        self._listeners: tuple[Callable[[str, str], None], ...] = ()

    @property
    def guard_up(self) -> bool:
        """True if the guard answered when it was last asked."""
        return self._stop.guard_up

    def guard_status(self) -> GuardStatus | None:
        """What the guard told of itself last, None before it was heard."""
        return self._stop.status

    def estop(self) -> EstopState:
        """The emergency stop as far as is known, without asking; latched while a stop waits for the guard."""
        return self._stop.state

    def on_estop(self, listener: Callable[[EstopState], None]) -> Callable[[], None]:
        """Have the listener called with each new state of the emergency stop; returns the call that ends it."""
        return self._stop.listen(listener)

    def on_rest(self, listener: Callable[[str, str], None]) -> Callable[[], None]:
        """Have the listener told of each output that is at rest again, with why; returns the call that ends it.

        Why is ``put``, ``released``, ``time``, ``until``, ``estop``, ``lease``, ``guard``, or ``interlock: `` and which one.
        """
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Stop now; returns the latch with the outputs that have not confirmed within 100 ms.

        zone: empty for the whole plant. Raises ``NotFoundError`` for an unknown one, ``GuardUnavailableError`` if the guard does
        not answer; then nothing activates, and the stop, then of the plant, is delivered as soon as the guard is back.
        """
        try:
            return self._stop.trip(reason, actor, zone)
        finally:
            self.unguarded.demand(self._stop.state)

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Release the latch of that id; starts nothing. Raises ``ConflictError`` or ``GuardUnavailableError``."""
        return self._stop.clear(estop_id, reason, actor)

    def follow(self, now: float) -> None:
        """Take the outputs as the table has them now; after a change of the configuration, and once at the start.

        Raises ``ConfigError`` naming a condition that cannot be compiled.
        """
        outputs = tuple(tag for tag in self._cvt.tags() if isinstance(tag, Output))
        known = {output.name: output for output in self._outputs}
        conditions = {
            output.name: self._conditions[output.name] if known.get(output.name) == output else Conditions(output)
            for output in outputs
        }
        self._outputs, self._conditions = outputs, conditions
        self.unguarded.follow([output for output in outputs if not self._guarded(output)])
        self._watch.follow(outputs, now)

    def step(self, now: float) -> None:
        """Follow the guard, end what is over, and keep interlocks; called by a Worker."""
        mark, before = self._holding.mark(), self._stop.state
        self._stop.step(now)
        if self._stop.state != before:
            self.unguarded.demand(self._stop.state)
        status = self._stop.status if self._stop.guard_up else None
        told = [*self.unguarded.status(), *(() if status is None else status.outputs)]
        if told:
            for name, why in self._holding.rested(told, now, mark, self._latched()):
                if name in self._cvt:
                    self._devices.refresh(self._cvt.tag(name))
                self._tell(name, why)
        for lease in self.leases.ended(now):
            self._end_lease(lease, now)
        for held in self._holding.all():
            if held.until is not None and held.until.judge(self._cvt.read, now)[0]:
                self._make_safe(held.name, "until", now)
        for output in self._outputs:
            self._keep_interlocks(output, now)
        self._watch.step(self._stop.state, told, self._holding, now, guard_up=status is not None)

    def put(self, name: str, value: Value, owner: str, now: float, *, for_s: float | None = None) -> None:
        """Have a machine's value taken, and return once the device has accepted it; a soft tag changes at once.

        for_s: an output is made safe again after so many seconds, by the guard. Raises ``UnknownTagError``,
        ``InvalidValueError``, ``NotAllowedError`` for a tag that cannot be written, ``EstopActiveError``, ``InterlockedError``,
        ``ConflictError`` for one that is leased, ``GuardUnavailableError``, or a ``DriverError``.
        """
        tag = self._cvt.tag(name)
        checked = tag.check(value)
        _check_target(tag)
        self._send(tag, checked, owner, now, Wish(for_s=for_s))

    def put_and_confirm(
        self,
        name: str,
        value: Value,
        owner: str,
        timeout_s: float | None = None,
        *,
        wish: Wish = NOW_ON,
        on_sent: Callable[[], None] | None = None,
    ) -> Sample:
        """Have a person's value taken, and return the sample with which the device read it back.

        timeout_s: as the output declares, or 2 s, if None. on_sent: called once the device has accepted it. Raises as ``put``,
        also ``NotAllowedError`` for a tag that is not writable, ``InvalidValueError`` for a wish that makes no sense, and
        ``NotConfirmedError`` if the device does not show the value in time.
        """
        tag = self._cvt.tag(name)
        if not tag.writable:
            raise NotAllowedError(f"{name} is not writable")
        _check_target(tag)
        checked = tag.check(value)
        _check_wish(tag, wish)
        if tag.kind is Kind.SOFT:
            self._send(tag, checked, owner, self._clock.now(), wish)
            return self._cvt.read(name)
        if timeout_s is None:
            timeout_s = tag.readback_timeout_s if isinstance(tag, Output) else READBACK_S
        with Readback(self._cvt, tag, checked) as readback:
            self._send(tag, checked, owner, self._clock.now(), wish)
            if on_sent is not None:
                on_sent()
            return readback.wait(timeout_s)

    def release(self, name: str, owner: str, now: float) -> None:
        """Have the output take its safe value, before its time is over; harmless if it has. Raises as ``put``."""
        output = self._output(name)
        log.debug("%s releases %s", owner, name)
        self._rest(output, self._stop.epoch(), now, "released")

    def give_back(self, device: str, owner: str, now: float, *, by_force: bool = False) -> Lease:
        """The lease that is over now; what its owner switched on under it is made safe. Raises as ``Leases.give_back``."""
        lease = self.leases.give_back(device, owner, by_force=by_force)
        self._end_lease(lease, now)
        return lease

    def look(self, name: str, now: float) -> OutputLook:
        """The output as it is now. Raises ``UnknownTagError``, or ``NotAllowedError`` for a tag that is no output."""
        output = self._output(name)
        conditions, held, told = self._conditions_of(output), self._holding.of(name), self._told(name)
        permissives = tuple(conditions.permissives(self._cvt.read, now))
        interlocks = tuple(conditions.interlocks(self._cvt.read, now))
        estop = self._stop.state.over(output.zone) if output.estop else None
        return OutputLook(
            guarded=name not in self.unguarded,
            active=told.active if told is not None else held is not None,
            safe_pending=told is not None and told.safe_pending,
            deadline=told.deadline if told is not None else None if held is None else held.deadline,
            until="" if held is None or held.until is None else held.until.expression.text,
            owner="" if held is None else held.owner,
            permissives=permissives,
            interlocks=interlocks,
            blocked=self._blocked(output, estop, (*permissives, *interlocks)),
            tag_out=self.tag_outs.of(name),
            lease=self.leases.of(name),
            selection=self.selections.of(name, now),
            estop=estop,
            mismatch=self._watch.mismatch(name),
        )

    def _send(self, tag: Tag, value: Value, owner: str, now: float, wish: Wish) -> None:
        log.debug("%s puts %s = %r", owner, tag.name, value)
        if isinstance(tag, Output):
            self._write_output(tag, value, owner, now, wish)
            return
        self.leases.check(tag.name, owner, now)
        if tag.link is None or tag.address is None:
            self._cvt.update(tag.name, Sample(value, Quality.GOOD, now, now))
        else:
            state = self._stop.state
            if state.latched:
                raise EstopActiveError(f"{tag.name}: the emergency stop is latched: {state.reason}")
            self._devices.write(tag.link, tag.address, self._raw_of(tag, value))
            self._devices.refresh(tag)

    def _write_output(self, output: Output, value: Value, owner: str, now: float, wish: Wish) -> None:
        epoch = self._stop.epoch()
        if value == output.safe:
            self._rest(output, epoch, now, "put")
            return
        until = self._compiled(output, wish)
        self._permit(output, value, owner, now)
        self._guard_put(output, value, epoch, wish.for_s)
        self._last[output.name] = _number(value), now
        self._holding.put(output.name, value, owner, now, wish.for_s, until)

    def _rest(self, output: Output, epoch: int, now: float, why: str, *, force: bool = False) -> None:
        self._guard_put(output, output.check(output.safe), epoch, force=force)
        self._last[output.name] = _number(output.safe), now
        if self._holding.end(output.name):
            self._tell(output.name, why)

    def _guard_put(self, output: Output, value: Value, epoch: int, for_s: float | None = None, *, force: bool = False) -> None:
        direction = 1 if _number(value) >= _number(output.safe) else -1
        try:
            if output.name in self.unguarded:
                self.unguarded.put(output, value, self._clock.now(), for_s=for_s, direction=direction, force=force)
            else:
                words = self._words_of(output, value)
                self._guard.put(output.name, words, epoch, for_s=for_s, direction=direction, force=force)
        except EstopActiveError:
            self._stop.step(self._clock.now())  # the guard knows more of its latch than was heard here
            raise
        finally:
            self._devices.refresh(output)
            if output.readback and output.readback in self._cvt:
                self._devices.refresh(self._cvt.tag(output.readback))

    def _permit(self, output: Output, value: Value, owner: str, now: float) -> None:
        """Do nothing if the output may leave its safe value. Raises the first reason why it may not."""
        if output.estop:
            state = self._stop.state.over(output.zone)
            if state is not None:
                raise EstopActiveError(f"{output.name}: the emergency stop is latched: {state.reason}")
        self.tag_outs.check(output.name)
        self.leases.check(output.name, owner, now)
        conditions = self._conditions_of(output)
        looks = list(conditions.interlocks(self._cvt.read, now))
        if not self._is_on(output):
            looks += conditions.permissives(self._cvt.read, now)
        for look in looks:
            if not look.permits:
                raise InterlockedError(f"{output.name}: {look.words}")
        self._check_rate(output, _number(value), now)

    def _check_rate(self, output: Output, value: float, now: float) -> None:
        if output.max_rate is None:
            return
        shown = self._cvt.read(output.name)
        last, at = self._last.get(output.name, (_number(output.safe if shown.quality.is_bad else shown.value), float("-inf")))
        most = output.max_rate * max(_RATE_LEAST_S, now - at if at > float("-inf") else 0.0)
        if abs(value - last) > most * (1 + 1e-9):
            edge = last + most if value > last else last - most
            raise InterlockedError(
                f"{output.name}: {value:g} is too far from {last:g} for {output.max_rate:g} per second; now at most {edge:g}"
            )

    def _keep_interlocks(self, output: Output, now: float) -> None:
        if not output.interlocks or not self._is_on(output) or now < self._forced_at.get(output.name, 0.0) + _AGAIN_S:
            return
        broken = [look for look in self._conditions_of(output).interlocks(self._cvt.read, now) if not look.permits]
        if broken:
            self._forced_at[output.name] = now
            log.warning("output %s is made safe: %s", output.name, broken[0].words)
            self._make_safe(output.name, f"interlock: {broken[0].words}", now)

    def _end_lease(self, lease: Lease, now: float) -> None:
        for held in self._holding.all():
            if lease.covers(held.name) and held.owner == lease.owner:
                self._make_safe(held.name, "lease", now)

    def _make_safe(self, name: str, why: str, now: float) -> None:
        """Have the output take its safe value whatever its shortest time on; logged if it cannot, for who asks does so again."""
        if name not in self._cvt:
            self._holding.end(name)
            return
        output = self._output(name)
        self._holding.announce(name, why)
        try:
            self._rest(output, self._stop.epoch(), now, why, force=True)
        except AutomationError as error:
            log.error("output %s is not made safe (%s): %s", name, why, error)  # noqa: TRY400 - no traceback

    def _is_on(self, output: Output) -> bool:
        """True if it is away from its safe value as far as anybody knows."""
        if self._holding.of(output.name) is not None:
            return True
        told = self._told(output.name)
        if told is not None:
            return told.active and not told.absent
        shown = self._cvt.read(output.name)
        return not shown.quality.is_bad and shown.value is not None and shown.value != output.safe

    def _told(self, name: str) -> GuardOutputStatus | None:
        status = self._stop.status
        outputs = self.unguarded.status() if name in self.unguarded else () if status is None else status.outputs
        return next((output for output in outputs if output.name == name), None)

    def _link_up(self, link: str) -> bool:
        name = f"LINK.{link}.UP"
        return name in self._cvt and self._cvt.read(name).value is True

    def _blocked(self, output: Output, estop: EstopState | None, looks: Sequence[ConditionLook]) -> tuple[str, ...]:
        found = [f"the emergency stop is latched: {estop.reason}"] if estop is not None else []
        if not self._stop.guard_up and output.name not in self.unguarded:
            found.append("the guard does not answer")
        tag_out = self.tag_outs.of(output.name)
        if tag_out is not None:
            found.append(f"tagged out by {tag_out.owner}: {tag_out.note}")
        return (*found, *(look.words for look in looks if not look.permits))

    def _conditions_of(self, output: Output) -> Conditions:
        found = self._conditions.get(output.name)
        if found is None:
            found = self._conditions[output.name] = Conditions(output)
        return found

    def _compiled(self, output: Output, wish: Wish) -> Judged | None:
        if not wish.until:
            return None
        try:
            judged = Judged("until", wish.until)
        except ConfigError as error:
            raise InvalidValueError(f"{output.name}: {error}") from error
        unknown = [name for name in judged.expression.tags if name not in self._cvt]
        if unknown:
            raise InvalidValueError(f"{output.name}: until: unknown tag {', '.join(unknown)}")
        return judged

    def _output(self, name: str) -> Output:
        tag = self._cvt.tag(name)
        if not isinstance(tag, Output):
            raise NotAllowedError(f"{name} is no output")
        return tag

    def _latched(self) -> Sequence[str]:
        state = self._stop.state
        return [output.name for output in self._outputs if output.estop and state.over(output.zone) is not None]

    def _tell(self, name: str, why: str) -> None:
        for listener in self._listeners:
            listener(name, why)

    def _members(self) -> Sequence[str]:
        return [tag.name for tag in self._cvt.tags() if isinstance(tag, Output) and tag.estop]


def _check_target(tag: Tag) -> None:
    if tag.kind is Kind.SYSTEM:
        raise NotAllowedError(f"{tag.name} is a system tag; only the runtime sets it")
    if tag.kind is Kind.DERIVED:
        raise NotAllowedError(f"{tag.name} is computed from other tags; it cannot be put")
    if tag.kind is Kind.FIELD and not tag.writable:
        raise NotAllowedError(f"{tag.name} is measured by its device; it cannot be put")


def _check_wish(tag: Tag, wish: Wish) -> None:
    if wish == NOW_ON:
        return
    if not isinstance(tag, Output):
        raise InvalidValueError(f"{tag.name}: for_s, until: only an output takes them")
    if wish.until and wish.for_s is None and tag.max_on_s is None:
        raise InvalidValueError(f"{tag.name}: until: needs for_s, for the output has no longest time of its own")


def _number(value: Value) -> float:
    return float(value) if isinstance(value, bool | int | float) else 0.0
