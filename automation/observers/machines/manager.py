"""All machines of a runtime, each in a worker of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from automation.model.errors import ConfigError, NotFoundError
from automation.model.event import Event
from automation.observers.machines.machine import Machine
from automation.observers.machines.port import OutputsPort, Readings
from automation.observers.machines.runner import Runner
from automation.observers.machines.view import MachineView
from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker

OnChange: TypeAlias = Callable[[MachineView, Event], None]

COMMAND_TIMEOUT_S = 2.0


class MachineManager:
    """Run the declared machines; one that fails goes to its own ``fault`` and leaves the others running.

    Each machine is copied, so a declaration may be used by several managers. Raises ``ConfigError`` or ``UnknownTagError``
    naming machine, port and tag.
    """

    def __init__(self, machines: Sequence[Machine], cvt: Readings, outputs: OutputsPort, clock: RealClock | VirtualClock) -> None:
        self._listeners: tuple[OnChange, ...] = ()
        self._runners: dict[str, Runner] = {}
        for machine in machines:
            if machine.name in self._runners:
                raise ConfigError(f"machine {machine.name}: the name is already in use")
            self._runners[machine.name] = Runner(machine, cvt, outputs, clock, self._tell)

    @property
    def workers(self) -> Sequence[Worker]:
        """The worker of each machine, for health and metrics."""
        return tuple(runner.worker for runner in self._runners.values())

    def start(self) -> None:
        """Start every machine in its initial state."""
        for runner in self._runners.values():
            runner.worker.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Stop every machine where it is; True when all threads are gone. The outputs are the guard's and the caller's."""
        gone = [runner.worker.stop(timeout_s) for runner in self._runners.values()]
        return all(gone)

    def list(self) -> Sequence[MachineView]:
        """All machines, in the order of their declaration."""
        return [runner.view for runner in self._runners.values()]

    def view(self, name: str) -> MachineView:
        """One machine. Raises ``NotFoundError``."""
        return self._find(name).view

    def command(self, name: str, command: str, actor: str, now: float) -> MachineView:
        """The machine after the command, which its own thread has carried out.

        now: when the command was given. Raises ``NotFoundError``, ``ConflictError`` if the state does not take it,
        ``EstopActiveError``, ``NotConfirmedError`` if the machine is too busy, or what the command itself raises.
        """
        return self._find(name).command(command, actor, COMMAND_TIMEOUT_S)

    def on_change(self, listener: OnChange) -> Callable[[], None]:
        """Call the listener after each change of state, in the machine's thread; returns the call that ends it.

        The listener must be quick and must not raise; it may post the event to the journal.
        """
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(kept for kept in self._listeners if kept is not listener)

        return unsubscribe

    def _find(self, name: str) -> Runner:
        try:
            return self._runners[name]
        except KeyError:
            raise NotFoundError(f"unknown machine {name}") from None

    def _tell(self, event: Event) -> None:
        if not self._listeners:
            return
        view = self._runners[event.subject].view
        for listener in self._listeners:
            listener(view, event)
