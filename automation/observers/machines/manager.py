"""All machines of a runtime, each in a worker of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from automation.model.errors import ConfigError, NotFoundError
from automation.model.event import Event
from automation.observers.machines.machine import Machine
from automation.observers.machines.port import Out, OutputsPort, Readings
from automation.observers.machines.runner import Runner
from automation.observers.machines.view import MachineView
from automation.system.clock import RealClock, VirtualClock
from automation.system.worker import Worker

OnChange: TypeAlias = Callable[[MachineView, Event], None]

COMMAND_TIMEOUT_S = 2.0


class MachineManager:
    """Run the declared machines; one that fails goes to its own ``fault`` and leaves the others running.

    Each machine is copied, so a declaration may be used by several managers. Machines may come, go and change while others run;
    one change at a time. Raises ``ConfigError`` or ``UnknownTagError`` naming machine, port and tag.
    """

    def __init__(self, machines: Sequence[Machine], cvt: Readings, outputs: OutputsPort, clock: RealClock | VirtualClock) -> None:
        self._listeners: tuple[OnChange, ...] = ()
        self._cvt = cvt
        self._outputs = outputs
        self._clock = clock
        runners: dict[str, Runner] = {}
        for machine in machines:
            if machine.name in runners:
                raise ConfigError(f"machine {machine.name}: the name is already in use")
            runners[machine.name] = self._runner(machine)
        self._runners: Mapping[str, Runner] = runners  # replaced as a whole, so that reading takes no lock

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

    def prepare_change(self, added: Sequence[Machine], changed: Sequence[Machine], removed: Sequence[str]) -> MachineChange:
        """The change of machines, ready to be carried out; until then nothing has changed.

        changed: as they are to be; one of the same class and ports goes on with its state under its new texts, any other is made
        anew. Raises ``ConfigError`` for a name that is in use, ``NotFoundError`` for a machine that is not there.
        """
        for machine in added:
            if machine.name in self._runners and machine.name not in removed:
                raise ConfigError(f"machine {machine.name}: the name is already in use")
        anew = [machine for machine in changed if not self._find(machine.name).machine.like(machine)]
        texts = [machine for machine in changed if machine not in anew]
        going = [self._find(name) for name in (*removed, *(machine.name for machine in anew))]
        return MachineChange(self, going, [*anew, *added], texts)

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

    def follow(self, gone: Sequence[Runner], machines: Sequence[Machine], texts: Sequence[Machine]) -> None:
        """Have other machines; the tags of new ones are there. For ``MachineChange``."""
        for machine in texts:
            self._find(machine.name).machine.describe(machine.description, machine.area)
        new = {machine.name: self._runner(machine) for machine in machines}
        left = {name: runner for name, runner in self._runners.items() if name in new or runner not in gone}
        self._runners = {**left, **new}
        for runner in new.values():
            runner.worker.start()

    def _runner(self, machine: Machine) -> Runner:
        return Runner(machine, self._cvt, self._outputs, self._clock, self._tell)

    def _find(self, name: str) -> Runner:
        try:
            return self._runners[name]
        except KeyError:
            raise NotFoundError(f"unknown machine {name}") from None

    def _tell(self, event: Event) -> None:
        runner = self._runners.get(event.subject)
        if runner is None:
            return  # it has been removed meanwhile
        view = runner.view
        for listener in self._listeners:
            listener(view, event)


class MachineChange:
    """A change of the machines in two halves, between which the tags that they use come, go and change."""

    def __init__(
        self, manager: MachineManager, going: Sequence[Runner], coming: Sequence[Machine], texts: Sequence[Machine]
    ) -> None:
        self._manager = manager
        self._going = going
        self._coming = coming
        self._texts = texts

    @property
    def released(self) -> Sequence[str]:
        """The tags that machines put which stop."""
        return [port.tag_name for runner in self._going for port in runner.machine.ports if isinstance(port, Out)]

    def stop(self, now: float) -> None:
        """Stop the machines that go or are made anew, and put their outputs to safe."""
        for runner in self._going:
            runner.worker.finish()
        for runner in self._going:
            runner.end(now)

    def start(self) -> None:
        """Forget the machines that are gone, and start new ones in their initial state."""
        self._manager.follow(self._going, self._coming, self._texts)
