"""The way to the devices as tests have it: puts are recorded, refused or read back at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from automation.cvt.table import Cvt
from automation.guard.status import GuardStatus
from automation.model.errors import AutomationError, ConflictError, EstopActiveError, NotAllowedError, NotFoundError
from automation.model.estop import EstopState
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.outputs.conditions import ConditionLook
from automation.outputs.leases import Lease, Leases
from automation.outputs.look import OutputLook
from automation.outputs.outputs import NOW_ON, Wish
from automation.outputs.selections import Selections
from automation.outputs.tag_outs import TagOuts
from automation.system.clock import Clock
from automation.testing.stores import MemoryTagOutStore


class Put(NamedTuple):
    """One put that was accepted."""

    name: str
    value: Value
    owner: str
    now: float
    for_s: float | None = None


class FakeLatch(NamedTuple):
    """The emergency stop as a test set it."""

    latched: bool = False
    reason: str = ""

    def over(self, zone: str) -> FakeLatch | None:
        """The latch if it is latched; it is that of the whole plant."""
        _ = zone
        return self if self.latched else None


class FakeOutputs:
    """Accept puts and show them in the table at once, as a device that never fails, until told otherwise.

    apply: told of each accepted put to a field tag, for a simulated plant that does the reading back itself; then the table is
    left to it. puts: everything accepted, in order. followed: how often it was told that the outputs have changed.
    """

    def __init__(self, cvt: Cvt, apply: Callable[[str, Value], None] | None = None) -> None:
        self.puts: list[Put] = []
        self.attempts = 0
        self.followed = 0
        self.tag_outs = TagOuts(MemoryTagOutStore())
        self._cvt = cvt
        self._apply = apply
        self._latch = FakeLatch()
        self._failure: AutomationError | None = None

    def put(self, name: str, value: Value, owner: str, now: float, *, for_s: float | None = None) -> None:
        """Take the value. Raises ``EstopActiveError`` after ``trip``, or the failure that ``fail`` was given."""
        self.attempts += 1
        tag = self._cvt.tag(name)
        value = tag.check(value)
        if self._latch.latched:
            raise EstopActiveError(f"{name}: the emergency stop is latched: {self._latch.reason}")
        if self._failure is not None:
            raise self._failure
        self.puts.append(Put(name, value, owner, now, for_s))
        if tag.source is not None and self._apply is not None:
            self._apply(name, value)
        else:
            self._cvt.update(name, Sample(value, Quality.GOOD, now, now))

    def follow(self, now: float) -> None:
        """Hear that the outputs have changed."""
        _ = now
        self.followed += 1

    def estop(self) -> FakeLatch:
        """The latch as ``trip`` and ``clear`` left it."""
        return self._latch

    def trip(self, reason: str = "test") -> None:
        """Latch the emergency stop."""
        self._latch = FakeLatch(latched=True, reason=reason)

    def clear(self) -> None:
        """Clear the emergency stop."""
        self._latch = FakeLatch()

    def fail(self, error: AutomationError | None) -> None:
        """Have every put raise the error from now on; None ends it."""
        self._failure = error

    def last(self, name: str) -> Value:
        """The value that was last accepted for the tag, None if none was."""
        return next((put.value for put in reversed(self.puts) if put.name == name), None)


class MirrorOutputs:
    """Outputs whose device reads everything back at once, with real leases, selections and tag-outs.

    failing: raised by every put while it is set. puts: everything accepted, in order. zones: of the emergency stop. ``end`` tells
    the listeners that an output is at rest.
    """

    def __init__(self, cvt: Cvt, clock: Clock, zones: Sequence[str] = ()) -> None:
        self.failing: AutomationError | None = None
        self.puts: list[Put] = []
        self.leases = Leases()
        self.selections = Selections()
        self.tag_outs = TagOuts(MemoryTagOutStore())
        self.status: GuardStatus | None = None
        self._cvt = cvt
        self._clock = clock
        self._state = EstopState(zones=tuple(EstopState(zone=zone) for zone in zones))
        self._listeners: list[Callable[[str, str], None]] = []

    def on_rest(self, listener: Callable[[str, str], None]) -> Callable[[], None]:
        """As ``Outputs.on_rest``."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def end(self, name: str, why: str) -> None:
        """Tell that the output is at rest."""
        for listener in self._listeners:
            listener(name, why)

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
        """The sample as read back."""
        del timeout_s
        if self.failing is not None:
            raise self.failing
        latch = self._state.over(getattr(self._cvt.tag(name), "zone", ""))
        if latch is not None:
            raise EstopActiveError(f"{name}: the emergency stop is latched")
        now = self._clock.now()
        self.tag_outs.check(name)
        self.leases.check(name, owner, now)
        self.puts.append(Put(name, value, owner, now, wish.for_s))
        if on_sent is not None:
            on_sent()
        sample = Sample(value, Quality.GOOD, now, now)
        self._cvt.update(name, sample)
        return sample

    def release(self, name: str, owner: str, now: float) -> None:
        """Have the output take its safe value."""
        tag = self._cvt.tag(name)
        assert isinstance(tag, Output)
        self._cvt.update(name, Sample(tag.safe, Quality.GOOD, now, now))
        self.puts.append(Put(name, tag.safe, owner, now))
        self.end(name, "released")

    def give_back(self, device: str, owner: str, now: float, *, by_force: bool = False) -> Lease:
        """The lease that is over now."""
        _ = now
        return self.leases.give_back(device, owner, by_force=by_force)

    def look(self, name: str, now: float) -> OutputLook:
        """The output: active if the table shows another value than the safe one."""
        tag = self._cvt.tag(name)
        if not isinstance(tag, Output):
            raise NotAllowedError(f"{name} is no output")
        tag_out = self.tag_outs.of(name)
        return OutputLook(
            guarded=True,
            active=self._cvt.read(name).value not in (None, tag.safe),
            safe_pending=False,
            deadline=None,
            until="",
            owner="",
            permissives=(),
            interlocks=tuple(ConditionLook(text=one.words, expression=one.expression, state="permits") for one in tag.interlocks),
            blocked=() if tag_out is None else (f"tagged out by {tag_out.owner}: {tag_out.note}",),
            tag_out=tag_out,
            lease=self.leases.of(name),
            selection=self.selections.of(name, now),
            estop=self._state.over(tag.zone),
            mismatch=False,
        )

    def guard_status(self) -> GuardStatus | None:
        """What a test has set."""
        return self.status

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Latch the emergency stop. Raises ``NotFoundError`` for an unknown zone."""
        if self.failing is not None:
            raise self.failing
        there = next((state for state in self._state.latches() if state.zone == zone), None)
        if there is None:
            raise NotFoundError(f"unknown zone {zone} of the emergency stop")
        if not there.latched:
            self._move(
                replace(
                    there, latched=True, id=f"stop-{self._state.epoch + 1}", reason=reason, actor=actor, time=self._clock.now()
                )
            )
        return self._state

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Clear the latch of that id. Raises ``ConflictError`` if it is another one."""
        there = next((state for state in self._state.latches() if state.latched and state.id == estop_id), None)
        if there is None:
            raise ConflictError(f"emergency stop {estop_id} is not the one that is latched", "stale_estop")
        self._move(replace(there, latched=False, id="", reason=reason, actor=actor, time=self._clock.now()))
        return self._state

    def estop(self) -> EstopState:
        """The latch."""
        return self._state

    def _move(self, state: EstopState) -> None:
        epoch = self._state.epoch + 1
        if not state.zone:
            self._state = replace(state, epoch=epoch)
            return
        zones = tuple(state if zone.zone == state.zone else zone for zone in self._state.zones)
        self._state = replace(self._state, zones=zones, epoch=epoch)
