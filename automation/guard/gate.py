"""What may pass to which output, and what must be made safe: latch, time limits and pending safe writes together; pure.

The caller holds one lock around every call. The owner thread of a link calls ``admit`` immediately before the wire, and writes
what ``pending`` names before anything else; so nothing that was admitted before a stop can reach the device after its safe value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from automation.guard.caps import NEVER, Cap
from automation.guard.config import GuardedOutput
from automation.guard.latch import Latch
from automation.guard.modbus_wire import Request, Table
from automation.guard.status import GuardOutputStatus
from automation.model.errors import (
    ConflictError,
    GuardUnavailableError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from automation.model.estop import EstopState


class _Point:
    """One output: what it was told, and what it still must be."""

    __slots__ = ("absent", "active", "cap", "output", "pending")

    def __init__(self, output: GuardedOutput) -> None:
        self.output = output
        self.cap = Cap(output.name, output.max_on_s)
        self.active = True
        self.pending = False
        self.absent = False


class Gate:
    """The outputs of all links behind one latch. state: of the latch, as the last guard saved it."""

    def __init__(self, outputs: Sequence[GuardedOutput], state: EstopState) -> None:
        self._points = {output.name: _Point(output) for output in outputs}
        self._latch = Latch(state)
        self._closed = False
        if state.latched:
            self.demand(lambda output: output.estop)

    @property
    def estop(self) -> EstopState:
        """The latch, with the outputs that have not yet confirmed their safe value."""
        return dataclasses.replace(self._latch.state, unconfirmed=self.unconfirmed())

    @property
    def saved(self) -> EstopState:
        """The latch as it is kept in its file."""
        return self._latch.state

    def unconfirmed(self) -> tuple[str, ...]:
        """The outputs whose safe value is demanded and not confirmed, in order of declaration."""
        return tuple(name for name, point in self._points.items() if point.pending)

    def output(self, name: str) -> GuardedOutput:
        """The declaration of the output. Raises ``NotFoundError``."""
        return self._point(name).output

    def change(self, outputs: Sequence[GuardedOutput]) -> None:
        """Know these outputs in place of those before; what is new starts from safe.

        An output whose address the device does not have may go and change: it was declared wrongly, and nothing is on there.
        Raises ``ConflictError`` with reason ``output_active`` naming the outputs that would go or change although they are not
        confirmed safe; then nothing has changed.
        """
        wanted = {output.name: output for output in outputs}
        moved = [point for name, point in self._points.items() if wanted.get(name) != point.output]
        busy = [point.output.name for point in moved if (point.active or point.pending) and not point.absent]
        if busy:
            raise ConflictError(f"output {', '.join(busy)}: not confirmed safe; put it to its safe value first", "output_active")
        latched = self._latch.state.latched
        points: dict[str, _Point] = {}
        for name, output in wanted.items():
            known = self._points.get(name)
            if known is not None and known.output == output:
                points[name] = known
                continue
            points[name] = point = _Point(output)
            point.pending = not output.held or (latched and output.estop)
        self._points = points

    def trip(self, latch_id: str, reason: str, actor: str, now: float) -> EstopState:
        """Latch, and demand the safe value of every output of the stop."""
        self._latch.trip(latch_id, reason, actor, now)
        self.demand(lambda output: output.estop)
        for point in self._points.values():
            if point.output.estop:
                point.cap.rearm()
        return self.estop

    def clear(self, latch_id: str, reason: str, actor: str, now: float) -> EstopState:
        """Release the latch; the outputs stay safe. Raises as ``Latch.clear``."""
        unconfirmed = tuple(name for name in self.unconfirmed() if self._points[name].output.estop)
        self._latch.clear(latch_id, reason, actor, now, unconfirmed=unconfirmed)
        return self.estop

    def lose_runtime(self) -> None:
        """The runtime is gone or stalled: void its commands, demand every safe value."""
        self._latch.void()
        self.demand(lambda _output: True)

    def close(self) -> None:
        """Let nothing activate any more; the guard ends."""
        self._closed = True

    def demand(self, which: Callable[[GuardedOutput], bool]) -> None:
        """Have the outputs written to safe as soon as their link can."""
        for point in self._points.values():
            if which(point.output):
                point.pending = True

    def connected(self, link: str) -> None:
        """The link came up: whatever happened to the device meanwhile, its outputs start from safe."""
        latched = self._latch.state.latched
        self.demand(lambda output: output.link == link and (not output.held or (latched and output.estop)))

    def expire(self, now: float) -> bool:
        """Demand the safe value of the outputs whose time is over; True if there are any."""
        found = False
        for point in self._points.values():
            if point.cap.due(now):
                point.pending = found = True
        return found

    def pending(self, link: str) -> list[GuardedOutput]:
        """The outputs of the link that must be written to safe now."""
        return [point.output for point in self._points.values() if point.pending and point.output.link == link]

    def confirm(self, outputs: Iterable[GuardedOutput]) -> None:
        """The device confirmed the safe values of these, which ``pending`` gave; one that was declared anew since is left out."""
        for output in outputs:
            point = self._points.get(output.name)
            if point is not None and point.output is output:
                point.pending = point.active = point.absent = False
                point.cap.rest()

    def refused(self, name: str) -> None:
        """The device says that it has no such address; the safe value stays demanded."""
        point = self._points.get(name)
        if point is not None:
            point.absent = True

    def check(self, name: str, words: tuple[int, ...], epoch: int) -> None:
        """Do nothing if the put makes sense and could pass now. Raises as ``admit``."""
        output = self._point(name).output
        if not output.fits(words):
            raise InvalidValueError(f"{name}: {list(words)!s:.80} is not what the device can hold")
        if words != output.safe:
            self._check_activation(self._points[name], epoch)

    def unchanged(self, output: GuardedOutput) -> None:
        """Do nothing if the output is declared as when its put was given. Raises ``InterlockedError`` or ``NotFoundError``."""
        if self._point(output.name).output is not output:
            raise InterlockedError(f"{output.name}: its declaration has changed meanwhile; put it again")

    def admit(self, name: str, words: tuple[int, ...], epoch: int, now: float, for_s: float | None) -> None:
        """Let a put pass, immediately before the wire; the safe value always passes.

        An activation counts as on from here, whatever the device answers. Raises ``EstopActiveError``, ``InterlockedError``,
        ``GuardUnavailableError``, or ``NotFoundError`` for an output that has gone.
        """
        point = self._point(name)
        if words == point.output.safe:
            return
        self._check_activation(point, epoch)
        if point.pending:
            raise InterlockedError(f"{name}: the device has not yet confirmed its safe value")
        point.cap.check(now)
        point.active = True
        point.cap.activate(now, for_s)

    def _check_activation(self, point: _Point, epoch: int) -> None:
        name = point.output.name
        if self._closed:
            raise GuardUnavailableError(f"{name}: the guard is stopping")
        if point.output.estop:
            self._latch.check(name, epoch)
        else:
            self._latch.check_epoch(name, epoch)

    def accepted(self, name: str, words: tuple[int, ...]) -> None:
        """The device confirmed a put."""
        point = self._points[name]
        if words == point.output.safe:
            point.active = point.pending = False
            point.cap.rest()
            point.cap.rearm()

    def admit_write(self, link: str, unit: int, request: Request, epoch: int | None) -> None:
        """Let a write of other addresses pass, immediately before the wire.

        Raises ``NotAllowedError`` if it touches an output, ``EstopActiveError`` or ``GuardUnavailableError``.
        """
        for point in self._points.values():
            output = point.output
            if output.link == link and output.overlaps(unit, request.table, request.offset, request.size):
                raise NotAllowedError(f"{request.table}:{request.offset} on {link} is output {output.name}; put it by its name")
        if self._closed:
            raise GuardUnavailableError(f"{link}: the guard is stopping")
        self._latch.check(f"{request.table}:{request.offset} on {link}", epoch)

    def status(self) -> tuple[GuardOutputStatus, ...]:
        """What is known of each output."""
        return tuple(
            GuardOutputStatus(
                name=name,
                active=point.active,
                safe_pending=point.pending,
                absent=point.absent,
                deadline=None if point.cap.deadline == NEVER else point.cap.deadline,
            )
            for name, point in self._points.items()
        )

    def _point(self, name: str) -> _Point:
        try:
            return self._points[name]
        except KeyError:
            raise NotFoundError(f"the guard knows no output {name}") from None


def touches_watchdog(unit: int, request: Request, watchdog: int | None, watchdog_unit: int) -> bool:
    """True if the request writes the register that only the guard may count up."""
    if watchdog is None or unit != watchdog_unit or request.table is not Table.HOLDING:
        return False
    return request.offset <= watchdog < request.offset + request.size
