"""An application and its simulated plant moved on together by a virtual clock: exact, repeatable and without sockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from automation.app import App
from automation.cvt.derived import DerivedTags
from automation.cvt.table import Cvt
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.machines.manager import MachineManager
from automation.observers.machines.view import MachineView
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.outputs import FakeOutputs
from automation.testing.stores import MemoryDerivedStore

PlantValue: TypeAlias = bool | int | float | str


class SimulatedPlant(Protocol):
    """A plant that can be stepped."""

    def step(self, dt: float) -> None:
        """Move on by dt seconds."""

    def values(self) -> Mapping[str, PlantValue]:
        """What the instruments show, and what the outputs and setpoints are, by tag."""

    def put(self, name: str, value: PlantValue) -> None:
        """Set an output or setpoint."""


class LockStep:
    """The application's machines over the plant; every period_s the plant moves, is measured, and the machines run.

    bad: names of field tags that are BAD for now; a test adds and removes them. events: what the machines told, in order. Use as
    a context manager.
    """

    def __init__(self, app: App, plant: SimulatedPlant, *, period_s: float = 0.1, clock: FakeClock | None = None) -> None:
        app.validate()
        self.clock = clock or FakeClock()
        self.cvt = Cvt()
        self.plant = plant
        self.bad: set[str] = set()
        self.events: list[Event] = []
        now = self.clock.now()
        self._names = [tag.name for tag in app.all_tags if tag.source is not None and tag.name in plant.values()]
        self._field = self.cvt.add([tag for tag in app.all_tags if tag.name in self._names], now)
        self.cvt.add([tag for tag in app.all_tags if tag.name not in self._names and not tag.derived], now)
        self.cvt.add([Tag(name=f"LINK.{link.name}.UP", type=DataType.BOOL, system=True, initial=True) for link in app.links], now)
        self.derived = DerivedTags([tag for tag in app.all_tags if tag.derived], self.cvt, MemoryDerivedStore(), now)
        self._period_s = period_s
        self._last = now
        self.outputs = FakeOutputs(self.cvt, apply=self._apply)
        self.machines = MachineManager(app.all_machines, self.cvt, self.outputs, self.clock)
        self.machines.on_change(lambda _view, event: self.events.append(event))
        self._worker = Worker("plant", self._step, period_s, self.clock)

    def __enter__(self) -> LockStep:
        self._worker.start()
        self.machines.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.machines.stop()
        self._worker.stop()

    def run(self, seconds: float) -> None:
        """Let the plant and the machines run for seconds of their time."""
        self.clock.advance(seconds)

    def value(self, name: str) -> Value:
        """The newest value of the tag. Raises ``UnknownTagError``."""
        return self.cvt.read(name).value

    def number(self, name: str) -> float:
        """The newest value of a tag that is a number. Raises ``UnknownTagError``, or ``TypeError`` naming a tag that is none."""
        value = self.value(name)
        if not isinstance(value, bool | int | float):
            raise TypeError(f"{name} is {value!r}, not a number")
        return value

    def state(self, machine: str) -> str:
        """Name of the machine's state. Raises ``NotFoundError``."""
        return self.machines.view(machine).state

    def command(self, machine: str, command: str) -> MachineView:
        """The machine after a command. Raises what ``MachineManager.command`` raises."""
        return self.machines.command(machine, command, "test", self.clock.now())

    def _apply(self, name: str, value: Value) -> None:
        if value is not None:
            self.plant.put(name, value)

    def _step(self, now: float) -> None:
        self.plant.step(now - self._last)
        self._last = now
        values = self.plant.values()
        qualities = [Quality.BAD_NO_COMMUNICATION if name in self.bad else Quality.GOOD for name in self._names]
        self._field.update([values[name] for name in self._names], qualities, now, now)
        self.derived.step(now)
