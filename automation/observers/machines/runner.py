"""One machine in its worker: cycles, timeouts, faults, and commands handed over from other threads."""

from __future__ import annotations

import copy
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from automation.model.errors import (
    AutomationError,
    BadQualityError,
    CommandError,
    ConflictError,
    EstopActiveError,
    NotConfirmedError,
    NotFoundError,
)
from automation.model.event import SYSTEM, Event
from automation.model.output import Output
from automation.model.sample import Value
from automation.model.tag import Kind
from automation.observers.machines.machine import FAULT, Command, Machine, State
from automation.observers.machines.port import Latch, Out, OutputsPort, Readings
from automation.observers.machines.view import CommandView, MachineView, PortView
from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

START_WAIT_S = 30.0

OnEvent = Callable[[Event], None]


class _Status(NamedTuple):
    """Replaced as a whole, so that any thread sees state, time and reason that belong together."""

    state: State
    since: float
    fault: str | None


class _Request:
    """A command on its way to the machine's thread."""

    def __init__(self, command: Command, actor: str) -> None:
        self.command = command
        self.actor = actor
        self.error: AutomationError | None = CommandError(f"command {command.name} failed")
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._taken = False
        self._given_up = False

    def take(self) -> bool:
        """True if the command is still wanted; from now on it cannot be given up."""
        with self._lock:
            self._taken = not self._given_up
            return self._taken

    def finish(self) -> None:
        self._done.set()

    def wait(self, timeout_s: float) -> bool:
        """True when carried out or refused, False if given up; a command being carried out gets as long again."""
        if self._done.wait(timeout_s):
            return True
        with self._lock:
            self._given_up = not self._taken
            if self._given_up:
                return False
        return self._done.wait(timeout_s)


class Runner:
    """One machine running: its state, its worker, and the way in for commands.

    on_event is told of each change of state, and of each command, in the machine's own thread; it must be quick.
    """

    def __init__(
        self,
        declared: Machine,
        cvt: Readings,
        outputs: OutputsPort,
        clock: RealClock | VirtualClock,
        on_event: OnEvent,
    ) -> None:
        self.machine = copy.deepcopy(declared)
        self.machine.connect(cvt, outputs)
        self.worker = Worker(f"machine-{declared.name}", self.step, declared.period_s, clock, on_failure=self._crashed)
        self._outputs = outputs
        self._clock = clock
        self._on_event = on_event
        self._requests: deque[_Request] = deque()
        self._status = _Status(self.machine.initial, clock.now(), None)
        self._unfinished: State | None = None
        self._waiting_since: float | None = clock.now()
        self._enter(self.machine.initial, clock.now(), None)

    @property
    def view(self) -> MachineView:
        """The machine as it is now; from any thread."""
        machine, status = self.machine, self._status
        return MachineView(
            name=machine.name,
            description=machine.description,
            area=machine.area,
            state=status.state.name,
            state_since=status.since,
            states=tuple(machine.states),
            commands=tuple(
                CommandView(name=name, label=command.label, enabled=command.taken_by(status.state))
                for name, command in machine.commands.items()
            ),
            fault=status.fault,
            ports=tuple(PortView(name=p.name, tag=p.tag_name, direction=p.direction) for p in machine.ports),
        )

    def command(self, name: str, actor: str, timeout_s: float) -> MachineView:
        """The machine after the command, carried out by its own thread.

        Raises ``NotFoundError``, ``ConflictError`` if the state does not take it, ``EstopActiveError``, ``NotConfirmedError``
        if the machine did not take it up within timeout_s of real time, or what the command raises.
        """
        machine = self.machine.name
        command = self.machine.commands.get(name)
        if command is None:
            raise NotFoundError(f"machine {machine} has no command {name}; it has {', '.join(self.machine.commands)}")
        if not self.worker.alive:
            raise CommandError(f"machine {machine} is not running")
        request = _Request(command, actor)
        self._requests.append(request)
        if isinstance(self._clock, VirtualClock):
            self.worker.run(self._clock.now())
        else:
            self.worker.wake()
        if not request.wait(timeout_s):
            raise NotConfirmedError(f"machine {machine}: {name}: not taken up within {timeout_s:g} s, and given up")
        if request.error is not None:
            raise request.error
        return self.view

    def end(self, now: float) -> None:
        """Stop for good, and put the outputs to safe; what cannot be reached is held by the guard and the device's watchdog."""
        self.worker.stop()
        self.machine.begin_cycle(now)
        self.machine.forget_puts()
        try:
            self.machine.put_safe()
        except AutomationError as error:
            log.warning("machine %s is stopped, but not all of its outputs are safe: %s", self.machine.name, error)

    def step(self, now: float) -> None:
        """Carry out waiting commands, then one cycle of the present state; called by the worker."""
        self.machine.begin_cycle(now)
        if self._unfinished is not None:
            # The worker tells of the first failure of a burst only, and this was a later one.
            self._fault(f"failed in {self._unfinished.name}", now)
        while self._requests:
            self._serve(self._requests.popleft(), now)
        latch = self._latch()
        if latch is not None and self._status.state.name != FAULT:
            self._fault(f"emergency stop: {latch.reason}", now, touch=False)
        if not self._waiting(now):
            self._cycle(now, latched=latch is not None)

    def _latch(self) -> Latch | None:
        """The latch that holds the machine: that of the plant, or of a zone of an output that it puts."""
        known = self._outputs.estop()
        zones = {port.tag.zone for port in self.machine.ports if isinstance(port, Out) and isinstance(port.tag, Output)}
        return next((latch for zone in ("", *sorted(zones)) if (latch := known.over(zone)) is not None), None)

    def _waiting(self, now: float) -> bool:
        """True until the device has shown all inputs once, for at most 30 s: a start is no reason for a fault."""
        if self._waiting_since is None:
            return False
        shown = all(port.good for port in self.machine.ports if port.tag.kind is Kind.FIELD)
        if not shown and now - self._waiting_since < START_WAIT_S:
            return True
        self._waiting_since = None
        self.machine.since = now
        return False

    def _cycle(self, now: float, *, latched: bool) -> None:
        state = self._status.state
        if state.name == FAULT:
            self._stay_in_fault(state, latched=latched)
            return
        self._unfinished = state
        try:
            target = state.run(self.machine)
        except EstopActiveError as error:
            self._fault(str(error), now, touch=False)
            return
        except AutomationError as error:
            self._fault(_reason(error), now)
            return
        self._unfinished = None
        self.machine.entered = False
        if target is not None:
            self._go(target, now)
        elif state.timeout_s is not None and now - self._status.since >= state.timeout_s:
            self._fault(f"{state.name} took longer than {state.timeout_s:g} s", now)

    def _stay_in_fault(self, state: State, *, latched: bool) -> None:
        if latched:
            # The guard holds the outputs; what was put before the stop says nothing of afterwards.
            self.machine.forget_puts()
            return
        try:
            state.run(self.machine)
        except AutomationError:
            # Already in fault with the first reason; the ports try again at their own pace.
            return
        self.machine.entered = False

    def _serve(self, request: _Request, now: float) -> None:
        if not request.take():
            return
        try:
            self._carry_out(request, now)
            request.error = None
        except BadQualityError as error:
            request.error = error
            self._fault(_reason(error), now)
        except AutomationError as error:
            request.error = error
        finally:
            request.finish()

    def _carry_out(self, request: _Request, now: float) -> None:
        name, command, state = self.machine.name, request.command, self._status.state
        request.error = CommandError(f"machine {name}: {command.name} failed; the machine is in fault")
        if not command.taken_by(state):
            raise ConflictError(f"machine {name}: {command.name} is not taken in state {state.name}", "not_enabled")
        if self._latch() is not None:
            raise EstopActiveError(f"machine {name}: {command.name}: the emergency stop is latched; clear it first")
        target = command.run(self.machine)
        if target is not None:
            self._go(target, now, actor=request.actor)

    def _go(self, target: State, now: float, actor: str = SYSTEM) -> None:
        if target.name == FAULT:
            self._fault(f"asked for in {self._status.state.name}", now)
        else:
            self._enter(target, now, None, actor)

    def _crashed(self, error: Exception) -> None:
        now = self.machine.now
        if self._status.state.name == FAULT:
            return
        self._fault(f"{type(error).__name__} in {self._status.state.name}: {error}", now)

    def _fault(self, reason: str, now: float, *, touch: bool = True) -> None:
        self._unfinished = None
        self.machine.forget_puts()
        if touch:
            self._make_safe()
        self._enter(self.machine.states[FAULT], now, reason)

    def _make_safe(self) -> None:
        try:
            self.machine.put_safe()
        except AutomationError:
            # The guard and the device's watchdog hold what cannot be reached; the fault state tries again.
            return

    def _enter(self, target: State, now: float, fault: str | None, actor: str = SYSTEM) -> None:
        machine, before = self.machine, self._status.state
        if before.name == FAULT:
            machine.forget_puts()
        machine.since, machine.entered = now, True
        self._status = _Status(target, now, fault)
        if before is target:
            return
        message = f"{before.name} -> {target.name}" + (f": {fault}" if fault else "")
        kind = "machine.fault" if fault else "machine.state"
        details: dict[str, Value] = {"from": before.name, "to": target.name}
        if machine.area:
            details["area"] = machine.area
        self._on_event(
            Event(
                time=now,
                kind=kind,
                subject=machine.name,
                message=message,
                actor=machine.name if actor == SYSTEM else actor,
                details=details,
            )
        )


def _reason(error: AutomationError) -> str:
    return str(error) or type(error).__name__
