"""What may pass to which output, and what must be made safe: latch, time limits and pending safe writes together; pure.

The caller holds one lock around every call. The owner thread of a link calls ``admit`` immediately before the wire, and writes
what ``pending`` names before anything else; so nothing that was admitted before a stop can reach the device after its safe value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from automation.guard.caps import NEVER, Cap
from automation.guard.config import GuardedOutput
from automation.guard.latch import PLANT, Latches
from automation.guard.modbus_wire import Request, Table
from automation.guard.status import GuardOutputStatus
from automation.guard.times import Mover, Times, check_motion
from automation.model.errors import (
    ConflictError,
    GuardUnavailableError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from automation.model.estop import EstopState


class Order(NamedTuple):
    """A put on its way. The fields are those of ``GuardClient.put``."""

    name: str
    words: tuple[int, ...]
    epoch: int
    for_s: float | None = None
    direction: int = 1
    force: bool = False


class _Point:
    """One output: what it was told, and what it still must be."""

    __slots__ = ("absent", "active", "cap", "output", "pending", "times")

    def __init__(self, output: GuardedOutput) -> None:
        self.output = output
        self.cap = Cap(output.name, output.max_on_s)
        self.times = Times(output)
        self.active = True
        self.pending = False
        self.absent = False

    @property
    def busy(self) -> bool:
        """True if it is away from its safe value, or perhaps."""
        return self.active or self.pending

    def mover(self) -> Mover:
        """What its motion group needs to know of it."""
        return Mover(self.output, self.times, self.busy)


class Gate:
    """The outputs of all links behind the latches of the plant and its zones.

    state: of the latches, as the last guard saved it. zones: that are named otherwise than by outputs, such as by buttons.
    """

    def __init__(self, outputs: Sequence[GuardedOutput], state: EstopState, zones: Collection[str] = ()) -> None:
        self._points = {output.name: _Point(output) for output in outputs}
        self._latch = Latches(state, _zones(outputs, zones))
        self._met: set[str] = set()
        self._closed = False
        self._held: frozenset[str] = frozenset()
        self.demand(self._is_latched)

    @property
    def estop(self) -> EstopState:
        """The latches, with the outputs that have not yet confirmed their safe value."""
        state = self._latch.state
        zones = tuple(dataclasses.replace(zone, unconfirmed=self._unconfirmed_in(zone.zone)) for zone in state.zones)
        return dataclasses.replace(state, unconfirmed=self.unconfirmed(), zones=zones)

    @property
    def saved(self) -> EstopState:
        """The latch as it is kept in its file."""
        return self._latch.state

    def unconfirmed(self) -> tuple[str, ...]:
        """The outputs whose safe value is demanded and not confirmed, in order of declaration."""
        return tuple(name for name, point in self._points.items() if point.pending)

    def _unconfirmed_in(self, zone: str) -> tuple[str, ...]:
        """Those that a latch holds."""
        return tuple(name for name, point in self._points.items() if point.pending and _holds(zone, point.output))

    def _is_latched(self, output: GuardedOutput) -> bool:
        return output.estop and self._latch.over(output.zone) is not None

    def zone_of(self, latch_id: str) -> str | None:
        """The zone whose latch has that id, empty for the plant's; None if no latch has it."""
        return self._latch.zone_of(latch_id)

    def output(self, name: str) -> GuardedOutput:
        """The declaration of the output. Raises ``NotFoundError``."""
        return self._point(name).output

    def link_of(self, name: str) -> str:
        """The link of the output, empty if there is no such output."""
        point = self._points.get(name)
        return "" if point is None else point.output.link

    def check_change(self, outputs: Sequence[GuardedOutput], moved: Collection[str] = (), released: Collection[str] = ()) -> None:
        """Do nothing if ``change`` may be made. moved: links that change; released: outputs that somebody makes safe first.

        An output whose address the device does not have may go and change: it was declared wrongly, and nothing is on there. So
        may one on a link that never connected. Raises ``ConflictError`` with reason ``output_active`` naming the outputs that
        would go or change although they are not confirmed safe.
        """
        wanted = {output.name: output for output in outputs}
        busy = [
            name
            for name, point in self._points.items()
            if (wanted.get(name) != point.output or point.output.link in moved)
            and point.busy
            and not point.absent
            and point.output.link in self._met
            and name not in released
        ]
        if busy:
            raise ConflictError(f"output {', '.join(busy)}: not confirmed safe; put it to its safe value first", "output_active")

    def hold(self, links: Collection[str]) -> None:
        """Let nothing on these links activate until they have changed."""
        self._held = frozenset(links)

    def change(self, outputs: Sequence[GuardedOutput], zones: Collection[str] = (), moved: Collection[str] = ()) -> None:
        """Know these outputs in place of those before, after ``check_change``; what is new, or on a moved link, is made safe."""
        wanted = {output.name: output for output in outputs}
        self._met -= set(moved)
        self._held = frozenset()
        points: dict[str, _Point] = {}
        for name, output in wanted.items():
            known = self._points.get(name)
            if known is not None and known.output == output and output.link not in moved:
                points[name] = known
                continue
            points[name] = point = _Point(output)
            point.pending = not output.held or self._is_latched(output)
        self._points = points
        self._latch.know(_zones(outputs, zones))

    def trip(self, latch_id: str, reason: str, actor: str, now: float, zone: str = PLANT) -> EstopState:
        """Latch, and demand the safe value of every output that the latch holds. Raises ``NotFoundError`` for an unknown zone."""
        self._latch.trip(latch_id, reason, actor, now, zone)
        self.demand(lambda output: _holds(zone, output))
        for point in self._points.values():
            if _holds(zone, point.output):
                point.cap.rearm()
        return self.estop

    def clear(self, latch_id: str, reason: str, actor: str, now: float, pressed: Sequence[str] = ()) -> EstopState:
        """Release the latch; the outputs stay safe. pressed: buttons that forbid it. Raises as ``Latches.clear``."""
        unconfirmed = self._unconfirmed_in(self._latch.zone_of(latch_id) or PLANT)
        self._latch.clear(latch_id, reason, actor, now, unconfirmed=unconfirmed, pressed=pressed)
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
        """The link came up: whatever happened to the device meanwhile, its outputs start from safe, but for those to be left."""
        again = link in self._met
        self._met.add(link)
        for point in self._points.values():
            output = point.output
            left = output.kept_over_loss if again else output.held
            if output.link == link and (not left or self._is_latched(output)):
                point.pending = True

    def expire(self, now: float) -> bool:
        """Demand the safe value of the outputs whose time is over; True if there are any."""
        found = False
        for point in self._points.values():
            if point.cap.due(now):
                point.pending = found = True
        return found

    def next_deadline(self) -> float:
        """When the first output must be made safe because its time is over, ``NEVER`` without one."""
        return min((point.cap.deadline for point in self._points.values()), default=NEVER)

    def pending(self, link: str) -> list[GuardedOutput]:
        """The outputs of the link that must be written to safe now."""
        return [point.output for point in self._points.values() if point.pending and point.output.link == link]

    def confirm(self, outputs: Iterable[GuardedOutput], now: float) -> None:
        """The device confirmed the safe values of these, which ``pending`` gave; one that was declared anew since is left out."""
        for output in outputs:
            point = self._points.get(output.name)
            if point is not None and point.output is output:
                _rests(point, now)

    def refused(self, name: str) -> None:
        """The device says that it has no such address; the safe value stays demanded."""
        point = self._points.get(name)
        if point is not None:
            point.absent = True

    def check(self, order: Order, now: float) -> None:
        """Do nothing if the put makes sense and could pass now. Raises as ``admit``, and ``InvalidValueError``."""
        point = self._point(order.name)
        output = point.output
        if not output.fits(order.words):
            raise InvalidValueError(f"{order.name}: {list(order.words)!s:.80} is not what the device can hold")
        if order.for_s is not None and output.max_on_s is not None and order.for_s > output.max_on_s:
            raise InvalidValueError(f"{order.name}: for_s {order.for_s:g}: its longest time is {output.max_on_s:g} s")
        self._check_order(point, order, now)

    def unchanged(self, output: GuardedOutput) -> None:
        """Do nothing if the output is declared as when its put was given. Raises ``InterlockedError`` or ``NotFoundError``."""
        if self._point(output.name).output is not output:
            raise InterlockedError(f"{output.name}: its declaration has changed meanwhile; put it again")

    def admit(self, order: Order, now: float) -> None:
        """Let a put pass, immediately before the wire.

        An activation counts as on from here, whatever the device answers. The safe value passes but for the shortest time on.
        Raises ``EstopActiveError``, ``InterlockedError``, ``GuardUnavailableError``, or ``NotFoundError`` for an output that has
        gone.
        """
        point = self._point(order.name)
        self._check_order(point, order, now)
        if order.words == point.output.safe:
            return
        if point.pending:
            raise InterlockedError(f"{order.name}: the device has not yet confirmed its safe value")
        point.cap.check(now)
        point.active = True
        point.cap.activate(now, order.for_s)
        point.times.turned_on(order.direction, now)

    def _check_order(self, point: _Point, order: Order, now: float) -> None:
        if order.words != point.output.safe:
            self._check_activation(point, order, now)
        elif not (order.force or point.pending):
            point.times.check_off(now)

    def _check_activation(self, point: _Point, order: Order, now: float) -> None:
        output = point.output
        if self._closed:
            raise GuardUnavailableError(f"{output.name}: the guard is stopping")
        if output.link in self._held:
            raise GuardUnavailableError(f"{output.name}: its link is being changed")
        if output.estop:
            self._latch.check(output.name, order.epoch, output.zone)
        else:
            self._latch.check_epoch(output.name, order.epoch)
        point.times.check_on(now)
        if output.motion:
            others = [other for other in self._points.values() if other is not point and other.output.motion == output.motion]
            check_motion(point.mover(), [other.mover() for other in others], order.direction, now)

    def accepted(self, order: Order, now: float) -> None:
        """The device confirmed a put."""
        point = self._points[order.name]
        if order.words == point.output.safe:
            _rests(point, now)
            point.cap.rearm()
        else:
            point.cap.confirm()

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


def _rests(point: _Point, now: float) -> None:
    """The device confirmed the safe value; a value that was safe already rests on."""
    if point.active:
        point.times.rests(now)
    point.pending = point.active = point.absent = False
    point.cap.rest()


def _holds(zone: str, output: GuardedOutput) -> bool:
    """True if the latch of the zone, empty for the plant's, holds the output."""
    return output.estop and zone in (PLANT, output.zone)


def _zones(outputs: Sequence[GuardedOutput], others: Collection[str]) -> set[str]:
    return ({output.zone for output in outputs} | set(others)) - {PLANT}


def touches_watchdog(unit: int, request: Request, watchdog: int | None, watchdog_unit: int) -> bool:
    """True if the request writes the register that only the guard may count up."""
    if watchdog is None or unit != watchdog_unit or request.table is not Table.HOLDING:
        return False
    return request.offset <= watchdog < request.offset + request.size
