"""Outputs on links that the guard does not own, such as OPC UA and MQTT: the same rules, as well as the runtime can."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from automation.guard.config import GuardedOutput
from automation.guard.gate import Gate, Order
from automation.guard.modbus_wire import Table
from automation.guard.status import GuardOutputStatus
from automation.model.errors import AutomationError, NotFoundError
from automation.model.estop import EstopState
from automation.model.output import Output
from automation.model.sample import Value
from automation.model.tag import Tag
from automation.outputs.ports import DevicesPort

log = logging.getLogger(__name__)

RETRY_S = 0.5
_ON, _OFF = (1,), (0,)


class Unguarded:
    """The outputs that the runtime writes itself. It ends with the runtime, which is what the guard is there for.

    link_up: whether the link of that name answers. ``step`` belongs into a Worker of its own, for it waits for devices.
    """

    def __init__(self, devices: DevicesPort, raw_of: Callable[[Tag, Value], Value], link_up: Callable[[str], bool]) -> None:
        self._devices = devices
        self._raw_of = raw_of
        self._link_up = link_up
        self._lock = threading.Lock()
        self._outputs: Mapping[str, Output] = {}
        self._gate = Gate((), EstopState())
        self._up: set[str] = set()
        self._retry_at: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._outputs

    def follow(self, outputs: Sequence[Output]) -> None:
        """Have these outputs; what is new is made safe as soon as its link is up, unless it is to be left as it is.

        One that goes or changes while it is away from its safe value is made safe before, if its device answers.
        """
        points = {output.name: _point(output) for output in outputs}
        busy = {told.name for told in self.status() if told.busy}
        for name, output in self._outputs.items():
            before = _point(output)
            if name in busy and points.get(name) != before:
                self._part_with(output, before)
        with self._lock:
            self._gate.change(list(points.values()))
            self._outputs = {output.name: output for output in outputs}
            self._up = {link for link in self._up if any(output.link == link for output in outputs)}

    def put(self, output: Output, value: Value, now: float, *, for_s: float | None, direction: int, force: bool) -> None:
        """Have the device take the value. Raises as the guard's put, but for the emergency stop, which its caller asks about."""
        order = Order(output.name, _OFF if value == output.safe else _ON, self._epoch, for_s, direction, force)
        with self._lock:
            self._gate.check(order, now)
            self._gate.admit(order, now)
        self._write(output, value)
        with self._lock:
            self._gate.accepted(order, now)

    def demand(self, estop: EstopState) -> None:
        """Have what a latch holds made safe by the next step."""
        with self._lock:
            self._gate.demand(lambda point: point.estop and estop.over(point.zone) is not None)
        self._retry_at.clear()

    def step(self, now: float) -> None:
        """Write the safe values that are due; called by a Worker."""
        self._watch_links()
        with self._lock:
            self._gate.expire(now)
            pending = [point for link in self._up for point in self._gate.pending(link)]
        for point in pending:
            if now >= self._retry_at.get(point.name, 0.0):
                self._make_safe(point, now)

    def end(self, now: float) -> None:
        """Write the safe value of every output that is not to be left as it is; before the links stop."""
        with self._lock:
            self._gate.close()
            self._gate.demand(lambda point: not point.held)
        self._retry_at.clear()
        self.step(now)

    def status(self) -> Sequence[GuardOutputStatus]:
        """What is known of each output."""
        with self._lock:
            return self._gate.status()

    @property
    def _epoch(self) -> int:
        return self._gate.estop.epoch

    def _watch_links(self) -> None:
        links = {output.link or "" for output in self._outputs.values()}
        up = {link for link in links if self._link_up(link)}
        with self._lock:
            for link in up - self._up:
                self._gate.connected(link)
        self._up = up

    def _make_safe(self, point: GuardedOutput, now: float) -> None:
        output = self._outputs.get(point.name)
        if output is None:
            return
        try:
            self._write(output, output.check(output.safe))
        except AutomationError as error:
            if point.name not in self._retry_at:
                log.error("output %s: its safe value could not be written: %s", point.name, error)  # noqa: TRY400
            self._retry_at[point.name] = now + RETRY_S
            return
        self._retry_at.pop(point.name, None)
        with self._lock:
            self._gate.confirm([point], now)
        self._devices.refresh(output)

    def _part_with(self, output: Output, point: GuardedOutput) -> None:
        try:
            self._write(output, output.check(output.safe))
        except AutomationError as error:
            log.error("output %s goes, and its safe value could not be written: %s", output.name, error)  # noqa: TRY400
        with self._lock:
            self._gate.confirm([self._gate.output(point.name)], 0.0)

    def _write(self, output: Output, value: Value) -> None:
        if output.link is None or output.address is None:
            raise NotFoundError(f"output {output.name} has no source")
        self._devices.write(output.link, output.address, self._raw_of(output, value))


def _point(output: Output) -> GuardedOutput:
    """The output as the gate knows it: whether it is safe or not is all that counts here."""
    return GuardedOutput(
        name=output.name,
        link=output.link or "",
        unit=0,
        table=Table.COIL,
        offset=0,
        safe=_OFF,
        max_on_s=output.max_on_s,
        estop=output.estop,
        zone=output.zone,
        restart=output.restart,
        comm_loss=output.comm_loss,
        min_on_s=output.min_on_s,
        min_off_s=output.min_off_s,
        motion=output.motion,
        zero_hold_s=output.zero_hold_s,
    )
