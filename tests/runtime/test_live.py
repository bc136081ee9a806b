"""How running parts follow a change: who stops first, who starts last, and what is refused before anything has happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from automation import (
    App,
    ConfigError,
    ConflictError,
    DataType,
    In,
    Machine,
    MachineManager,
    ModbusLink,
    Out,
    Output,
    State,
    Tag,
    state,
)
from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.derived import DerivedTags
from automation.cvt.overrides import Overrides
from automation.cvt.soft import SoftTags
from automation.cvt.table import Cvt
from automation.guard.config import GuardedInput, GuardedOutput
from automation.model.configuration import Effects
from automation.model.machine import MachineDeclaration
from automation.observers.alarms.manager import AlarmManager
from automation.runtime.live import LiveParts
from automation.testing.clock import FakeClock
from automation.testing.drivers import FakeDriver
from automation.testing.outputs import FakeOutputs
from automation.testing.stores import MemoryAlarmStore, MemoryDerivedStore, MemoryOverrideStore, MemoryRetainedStore


class Pump(Machine):
    """Run the pump while it is asked for."""

    asked: In
    pump: Out

    @state()
    def running(self) -> State | None:
        """Pump as it is asked for."""
        self.pump.put(self.asked.on)
        return None

    initial = running


LINK = ModbusLink(name="plant", host="127.0.0.1", guarded=True)
APP = App(name="small", title="Small", links=(LINK,), machine_kinds={"pump": Pump})
ASK = Tag(name="P1.ASK", type=DataType.BOOL, initial=True)
COMMAND = Output(name="P1.CMD", type=DataType.BOOL, source="plant/coil:1", safe=False, continuous=True)
CONTROL = MachineDeclaration(name="P1_control", kind="pump", ports={"asked": "P1.ASK", "pump": "P1.CMD"})
MADE = Effects(tags_added=[ASK, COMMAND], machines_added=[CONTROL])
GONE = Effects(tags_removed=[ASK, COMMAND], machines_removed=[CONTROL])


@dataclass
class ListedGuard:
    """What the guard was told, in one list with what was put; busy: outputs that are on; up: its link is."""

    outputs: FakeOutputs
    told: list[object] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    up: bool = True

    def check(self, outputs: Sequence[GuardedOutput], inputs: Sequence[GuardedInput]) -> None:
        """Refuse nothing."""

    def configure(self, outputs: Sequence[GuardedOutput], inputs: Sequence[GuardedInput]) -> None:
        self.told.append((len(self.outputs.puts), [output.name for output in outputs]))

    def status(self) -> Any:
        outputs = [SimpleNamespace(name=name, busy=True) for name in self.busy]
        return SimpleNamespace(links=[SimpleNamespace(name="plant", up=self.up)], outputs=outputs)


class Site:
    """The parts that follow, over a device in memory."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.cvt = clock, Cvt()
        now = clock.now()
        acquisition = Acquisition(self.cvt, clock)
        driver = FakeDriver({"coil:1": False, "coil:2": False})
        acquisition.add(LinkSetup(name="plant", driver=driver, scans=LINK.scans, guarded=True), [])
        self.outputs = FakeOutputs(self.cvt)
        self.guard = ListedGuard(self.outputs)
        self.machines = MachineManager([], self.cvt, self.outputs, clock)
        self.parts: Any = SimpleNamespace(
            apps=[APP],
            cvt=self.cvt,
            guard=self.guard,
            guard_client=self.guard,
            outputs=self.outputs,
            acquisition=acquisition,
            soft=SoftTags(self.cvt, MemoryRetainedStore()),
            derived=DerivedTags([], self.cvt, MemoryDerivedStore(), now),
            overrides=Overrides(self.cvt, MemoryOverrideStore(), now),
            alarms=AlarmManager([], self.cvt, MemoryAlarmStore()),
            machines=self.machines,
            recorder=None,
        )
        self.live = LiveParts(self.parts)
        acquisition.start()

    def follow(self, effects: Effects) -> None:
        self.live.prepare(effects).commit(self.clock.now())
        self.clock.advance(1.0)

    def close(self) -> None:
        self.machines.stop()
        self.parts.acquisition.stop()


@pytest.fixture
def site(clock: FakeClock) -> Any:
    site = Site(clock)
    yield site
    site.close()


def test_machines_start_after_their_tags_have_come(site: Site) -> None:
    site.follow(MADE)

    assert [view.name for view in site.machines.list()] == ["P1_control"]
    assert site.machines.view("P1_control").fault is None
    assert site.outputs.last("P1.CMD") is True
    assert site.guard.told == [(0, ["P1.CMD"])]


def test_machines_stop_with_their_outputs_safe_before_guard_and_table_let_go_of_them(site: Site) -> None:
    site.follow(MADE)
    site.guard.busy = {"P1.CMD"}

    site.follow(GONE)

    assert site.outputs.puts[-1][:3] == ("P1.CMD", False, "P1_control")
    assert site.guard.told[-1] == (len(site.outputs.puts), [])
    assert site.machines.list() == []
    assert "P1.CMD" not in site.cvt


def test_what_is_only_prepared_changes_nothing(site: Site) -> None:
    site.follow(MADE)

    site.live.prepare(GONE)
    site.clock.advance(1.0)

    assert site.machines.view("P1_control").state == "running"
    assert site.outputs.last("P1.CMD") is True


@pytest.mark.parametrize("owned", [True, False])
def test_an_output_that_is_on_and_would_not_be_made_safe_is_refused(site: Site, owned: bool) -> None:
    site.follow(MADE)
    site.guard.busy = {"P1.CMD"}
    site.guard.up = not owned

    with pytest.raises(ConflictError, match=r"output P1.CMD: not confirmed safe"):
        site.live.prepare(GONE if owned else Effects(tags_removed=[COMMAND]))

    assert site.machines.view("P1_control").state == "running"


def test_a_machine_bound_to_another_output_lets_go_of_the_first_and_takes_the_second(site: Site) -> None:
    site.follow(MADE)
    other = Output(name="P2.CMD", type=DataType.BOOL, source="plant/coil:2", safe=False, continuous=True)
    moved = MachineDeclaration(name="P1_control", kind="pump", ports={"asked": "P1.ASK", "pump": "P2.CMD"})

    site.follow(Effects(tags_added=[other], machines_changed=[(CONTROL, moved)]))

    assert (site.outputs.last("P1.CMD"), site.outputs.last("P2.CMD")) == (False, True)
    assert site.machines.view("P1_control").ports[1].tag == "P2.CMD"


def test_a_machine_of_an_unknown_kind_is_refused(site: Site) -> None:
    stranger = MachineDeclaration(name="X", kind="fan", ports={})

    with pytest.raises(ConfigError, match="no application offers machines of the kind fan"):
        site.live.prepare(Effects(machines_added=[stranger]))
