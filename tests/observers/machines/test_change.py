"""Machines that come, go and change while others run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation import (
    CommandError,
    ConfigError,
    DataType,
    In,
    Machine,
    MachineManager,
    NotFoundError,
    Out,
    Output,
    State,
    Tag,
    command,
    state,
)
from automation.cvt.table import Cvt
from automation.model.errors import DriverError
from automation.model.machine import MachineDeclaration
from automation.observers.machines.making import made_machine
from automation.system.clock import RealClock
from automation.testing.clock import FakeClock
from automation.testing.outputs import FakeOutputs
from automation.testing.waiting import wait_until

TAGS = (
    Tag(name="P1.ASK", type=DataType.BOOL, initial=True),
    Tag(name="P2.ASK", type=DataType.BOOL, initial=True),
    Output(name="P1.CMD", type=DataType.BOOL, source="plant/coil:0", safe=False, continuous=True),
    Output(name="P2.CMD", type=DataType.BOOL, source="plant/coil:1", safe=False, continuous=True),
)


class Pump(Machine):
    """Run the pump while it is asked for."""

    asked: In
    pump: Out

    @state()
    def standing(self) -> State | None:
        """Pump off."""
        self.pump.put(False)
        return self.running if self.asked.on else None

    @state()
    def running(self) -> State | None:
        """Pump on."""
        self.pump.put(self.asked.on)
        return None if self.asked.on else self.standing

    @command(label="Stop")
    def stop(self) -> State | None:
        """Stand."""
        return self.standing

    initial = standing


class Fan(Pump):
    """Run the fan while it is asked for."""


class Rig:
    """A manager with one running pump, over a table that the test fills."""

    def __init__(self, clock: FakeClock | RealClock) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add(TAGS, clock.now())
        self.outputs = FakeOutputs(self.cvt)
        for name in ("P1.CMD", "P2.CMD"):
            self.outputs.put(name, False, "test", clock.now())
        self.manager = MachineManager([pump("P1")], self.cvt, self.outputs, clock)
        self.manager.start()

    def names(self) -> list[str]:
        return [view.name for view in self.manager.list()]

    def change(self, *added: Machine, changed: tuple[Machine, ...] = (), removed: tuple[str, ...] = ()) -> None:
        prepared = self.manager.prepare_change(added, changed, removed)
        prepared.stop(self.clock.now())
        prepared.start()


def pump(name: str, *, description: str = "", kind: type[Pump] = Pump, of: str = "") -> Pump:
    return kind(f"{name}_control", description=description, area="north", asked=f"{of or name}.ASK", pump=f"{of or name}.CMD")


@pytest.fixture
def rig(clock: FakeClock) -> Iterator[Rig]:
    rig = Rig(clock)
    clock.advance(1.0)
    assert rig.manager.view("P1_control").state == "running"
    yield rig
    assert rig.manager.stop()


def test_an_added_machine_runs_beside_the_others(rig: Rig, clock: FakeClock) -> None:
    rig.change(pump("P2"))
    clock.advance(1.0)

    assert rig.names() == ["P1_control", "P2_control"]
    assert rig.manager.view("P2_control").state == "running"
    assert rig.outputs.last("P2.CMD") is True
    assert len(rig.manager.workers) == 2
    assert rig.manager.command("P2_control", "stop", "anna", clock.now()).name == "P2_control"


def test_a_removed_machine_is_stopped_with_its_outputs_safe(rig: Rig, clock: FakeClock) -> None:
    rig.change(removed=("P1_control",))
    clock.advance(10.0)

    assert (rig.names(), rig.manager.workers) == ([], ())
    assert rig.outputs.puts[-1] == ("P1.CMD", False, "P1_control", pytest.approx(clock.now() - 10.0), None)
    with pytest.raises(NotFoundError, match="unknown machine P1_control"):
        rig.manager.view("P1_control")


def test_between_the_halves_of_a_change_the_machine_is_seen_but_does_nothing(rig: Rig, clock: FakeClock) -> None:
    prepared = rig.manager.prepare_change((), (), ("P1_control",))
    assert prepared.released == ["P1.CMD"]
    prepared.stop(clock.now())
    clock.advance(10.0)

    assert rig.outputs.last("P1.CMD") is False
    assert rig.names() == ["P1_control"]
    with pytest.raises(CommandError, match="is not running"):
        rig.manager.command("P1_control", "stop", "anna", clock.now())
    rig.cvt.replace([rig.group], [TAGS[1:2]], clock.now(), {})
    prepared.start()
    assert rig.names() == []


def test_new_texts_leave_the_machine_as_it_is(rig: Rig, clock: FakeClock) -> None:
    before, puts = rig.manager.view("P1_control"), len(rig.outputs.puts)

    rig.change(changed=(pump("P1", description="Feeds the boiler"),))
    clock.advance(1.0)

    after = rig.manager.view("P1_control")
    assert (after.description, after.state, after.state_since) == ("Feeds the boiler", "running", before.state_since)
    assert len(rig.outputs.puts) == puts


@pytest.mark.parametrize("other", [pump("P1", of="P2"), pump("P1", kind=Fan)])
def test_other_ports_or_another_class_make_it_anew_from_its_initial_state(rig: Rig, clock: FakeClock, other: Pump) -> None:
    rig.change(pump("P2", of="P2" if other.asked.tag_name == "P1.ASK" else "P1"), changed=(other,))

    assert rig.names() == ["P1_control", "P2_control"]
    assert rig.outputs.puts[-1][:3] == ("P1.CMD", False, "P1_control")
    assert rig.manager.view("P1_control").state == "standing"
    clock.advance(1.0)
    assert rig.manager.view("P1_control").state == "running"
    assert rig.outputs.last(other.pump.tag_name) is True


def test_an_output_that_cannot_be_reached_keeps_no_machine(rig: Rig, clock: FakeClock) -> None:
    rig.outputs.fail(DriverError("nothing answers"))

    rig.change(removed=("P1_control",))

    assert rig.names() == []


def test_a_change_that_makes_no_sense_is_refused_and_nothing_changes(rig: Rig) -> None:
    with pytest.raises(ConfigError, match="machine P1_control: the name is already in use"):
        rig.manager.prepare_change([pump("P1")], (), ())
    with pytest.raises(NotFoundError, match="unknown machine P9_control"):
        rig.manager.prepare_change((), (), ["P9_control"])

    assert rig.names() == ["P1_control"]


def test_a_prepared_change_may_be_dropped(rig: Rig, clock: FakeClock) -> None:
    rig.manager.prepare_change([pump("P2")], [pump("P1", kind=Fan)], ())
    clock.advance(1.0)

    assert (rig.names(), rig.manager.view("P1_control").state) == (["P1_control"], "running")


def test_machines_with_threads_come_and_go() -> None:
    rig = Rig(RealClock())
    rig.change(pump("P2"))
    wait_until(lambda: rig.outputs.last("P2.CMD") is True)
    worker = rig.manager.workers[1]

    rig.change(removed=("P2_control",))

    assert not worker.alive
    assert rig.outputs.last("P2.CMD") is False
    assert rig.manager.stop()


def test_a_declaration_becomes_a_machine_of_its_kind() -> None:
    declared = MachineDeclaration(name="P1_control", kind="pump", area="north", ports={"asked": "P1.ASK", "pump": "P1.CMD"})

    machine = made_machine(declared, {"pump": Fan})

    assert isinstance(machine, Fan)
    assert (machine.name, machine.area) == ("P1_control", "north")
    assert machine.description == "Run the fan while it is asked for."
    with pytest.raises(ConfigError, match="no application offers machines of the kind pump"):
        made_machine(declared, {})
    with pytest.raises(ConfigError, match="port pump is not bound to a tag"):
        made_machine(MachineDeclaration(name="X", kind="pump", ports={"asked": "P1.ASK"}), {"pump": Fan})
