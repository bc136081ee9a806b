"""Machines running: states, timeouts, faults, commands, the emergency stop and isolation from each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from automation import (
    AutomationError,
    ConfigError,
    ConflictError,
    DataType,
    DriverError,
    EstopActiveError,
    Event,
    In,
    InvalidValueError,
    Machine,
    MachineManager,
    MachineView,
    NotFoundError,
    Out,
    Output,
    Port,
    Quality,
    Sample,
    State,
    Tag,
    command,
    state,
)
from automation.cvt.table import Cvt
from automation.model.errors import CommandError, NotConfirmedError
from automation.system.clock import RealClock
from automation.testing.clock import FakeClock
from automation.testing.outputs import FakeOutputs

TAGS = (
    Tag(name="TK101.LT", source="plant/input:0", unit="m"),
    Tag(name="TK101.SP", initial=3.0, unit="m"),
    Tag(name="COUNT", type=DataType.INT, initial=0),
    Output(name="TK101.FV", type=DataType.BOOL, source="plant/coil:0", safe=False, continuous=True),
    Output(name="TK102.FV", type=DataType.BOOL, source="plant/coil:1", safe=False, continuous=True),
)


class FillTank(Machine):
    """Keep the tank at its setpoint with one on/off valve."""

    level: Port  # m
    setpoint: Port  # m
    valve: Port

    @state()
    def idle(self) -> State | None:
        """Valve shut until the level is 0.2 m below the setpoint."""
        self.valve.put(False)
        return self.filling if self.level.value < self.setpoint.value - 0.2 else None

    @state(timeout_s=600)
    def filling(self) -> State | None:
        """Valve open; not reaching the setpoint within 600 s is a fault."""
        full = self.level.value >= self.setpoint.value
        self.valve.put(not full)
        return self.idle if full else None

    @state()
    def stopped(self) -> State | None:
        """Valve shut by an operator."""
        self.valve.put(False)
        return None

    @command(idle, filling, label="Stop filling")
    def stop(self) -> State | None:
        """Shut the valve."""
        return self.stopped

    @command(stopped)
    def start(self) -> State | None:
        """Keep the level again."""
        return self.idle

    @command()
    def read_level(self) -> State | None:
        """Do nothing but read."""
        return self.stopped if self.level.value > 100 else None

    @command(idle)
    def refuse(self) -> State | None:
        """Refuse."""
        raise InvalidValueError("not today")

    @command()
    def crash(self) -> State | None:
        """Fail as a programmer's mistake does."""
        raise ZeroDivisionError("division by zero")

    initial = idle


class Crashing(Machine):
    """Count three cycles, then fail."""

    count: Port
    valve: Out
    also: In

    @state()
    def counting(self) -> State | None:
        """Open the valve and count."""
        self.valve.put(True)
        self.count.put(int(self.count.value) + 1)
        if self.count.value > 3:
            raise ZeroDivisionError("division by zero")
        return None

    initial = counting


class Asking(Machine):
    """Ask for the fault."""

    level: In

    @state()
    def asking(self) -> State | None:
        """Go to fault."""
        return self.fault

    @state()
    def fault(self) -> State | None:
        """Crash in the fault itself, and try to leave it."""
        if self.level.value > 1:
            raise ZeroDivisionError("in fault")
        return self.asking

    initial = asking


class Rig:
    """Machines over a table that the test fills."""

    def __init__(self, clock: FakeClock, *machines: Machine) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.cvt.add(TAGS, clock.now())
        self.outputs = FakeOutputs(self.cvt)
        self.manager = MachineManager(machines, self.cvt, self.outputs, clock)
        self.told: list[tuple[MachineView, Event]] = []
        self.manager.on_change(lambda view, event: self.told.append((view, event)))
        self.set_level(3.0)
        self.manager.start()

    def set_level(self, value: float, quality: Quality = Quality.GOOD) -> None:
        now = self.clock.now()
        self.cvt.update("TK101.LT", Sample(value, quality, now, now))

    def view(self, name: str = "fill") -> MachineView:
        return self.manager.view(name)

    def command(self, command: str, name: str = "fill") -> MachineView:
        return self.manager.command(name, command, "anna", self.clock.now())


def fill_tank() -> FillTank:
    return FillTank("fill", area="supply", level="TK101.LT", setpoint="TK101.SP", valve="TK101.FV")


def crashing() -> Crashing:
    return Crashing("crashing", count="COUNT", valve="TK102.FV", also="TK101.LT")


@pytest.fixture
def rig(clock: FakeClock) -> Iterator[Rig]:
    rig = Rig(clock, fill_tank())
    yield rig
    assert rig.manager.stop()


def test_a_machine_starts_in_its_initial_state_and_follows_the_level(rig: Rig) -> None:
    rig.clock.advance(1.0)
    assert rig.view().state == "idle"

    rig.set_level(2.5)
    rig.clock.advance(0.2)
    assert rig.view().state == "filling"
    assert rig.outputs.last("TK101.FV") is True

    rig.set_level(3.1)
    rig.clock.advance(0.2)
    assert rig.view().state == "idle"
    assert rig.outputs.last("TK101.FV") is False


def test_the_view_tells_all_of_a_machine(rig: Rig) -> None:
    view = rig.view()

    assert (view.name, view.area, view.fault) == ("fill", "supply", None)
    assert view.description == "Keep the tank at its setpoint with one on/off valve."
    assert view.states == ("idle", "filling", "stopped", "fault")
    assert [(c.name, c.label, c.enabled) for c in view.commands] == [
        ("stop", "Stop filling", True),
        ("start", "Start", False),
        ("read_level", "Read level", True),
        ("refuse", "Refuse", True),
        ("crash", "Crash", True),
        ("reset", "Reset", False),
    ]
    assert [(p.name, p.tag, p.direction) for p in view.ports] == [
        ("level", "TK101.LT", "inout"),
        ("setpoint", "TK101.SP", "inout"),
        ("valve", "TK101.FV", "inout"),
    ]


def test_a_machine_waits_for_the_first_value_of_its_inputs(clock: FakeClock) -> None:
    rig = Rig(clock, fill_tank())
    rig.set_level(0.0, Quality.BAD_NOT_CONNECTED)
    clock.advance(20.0)
    assert (rig.view().state, rig.view().fault, rig.outputs.puts) == ("idle", None, [])

    rig.set_level(2.5)
    clock.advance(0.2)

    assert rig.view().state == "filling"
    rig.manager.stop()


def test_inputs_that_stay_away_after_the_start_are_a_fault(clock: FakeClock) -> None:
    rig = Rig(clock, fill_tank())
    rig.set_level(0.0, Quality.BAD_NOT_CONNECTED)

    clock.advance(31.0)

    assert rig.view().fault == "TK101.LT is BAD (not connected)"
    rig.manager.stop()


def test_a_bad_input_leads_to_fault_with_the_reason_and_the_output_safe(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(1.0)

    rig.set_level(2.5, Quality.BAD_NO_COMMUNICATION)
    rig.clock.advance(0.1)

    assert rig.view().state == "fault"
    assert rig.view().fault == "TK101.LT is BAD (no communication)"
    assert rig.outputs.last("TK101.FV") is False


def test_a_fault_stays_until_it_is_reset(rig: Rig) -> None:
    rig.clock.advance(1.0)
    rig.set_level(2.5, Quality.BAD_NO_COMMUNICATION)
    rig.clock.advance(1.0)
    rig.set_level(2.5)
    rig.clock.advance(100.0)
    assert rig.view().state == "fault"
    assert [c.name for c in rig.view().commands if c.enabled] == ["reset"]

    rig.command("reset")

    assert rig.view().fault is None
    rig.clock.advance(0.2)
    assert rig.view().state == "filling"
    assert rig.outputs.last("TK101.FV") is True


def test_a_state_that_lasts_too_long_is_a_fault(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(0.1)
    rig.clock.advance(599.0)
    assert rig.view().state == "filling"

    rig.clock.advance(1.2)

    assert rig.view().state == "fault"
    assert rig.view().fault == "filling took longer than 600 s"


def test_what_ends_within_its_time_is_no_fault(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(0.1)
    rig.clock.advance(599.5)
    rig.set_level(3.5)
    rig.clock.advance(0.2)

    assert rig.view().state == "idle"


def test_a_command_is_carried_out_and_its_effect_is_in_the_answer(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(1.0)

    view = rig.command("stop")

    assert view.state == "stopped"
    assert rig.outputs.last("TK101.FV") is False
    assert rig.told[-1][1].actor == "anna"


def test_a_command_that_the_state_does_not_take_is_refused(rig: Rig) -> None:
    with pytest.raises(ConflictError, match="machine fill: start is not taken in state idle") as refused:
        rig.command("start")
    assert refused.value.reason == "not_enabled"


def test_unknown_machines_and_commands_are_named(rig: Rig) -> None:
    with pytest.raises(NotFoundError, match="unknown machine pump"):
        rig.command("start", "pump")
    with pytest.raises(NotFoundError, match="machine fill has no command dance; it has stop, start"):
        rig.command("dance")


def test_a_command_that_reads_a_bad_input_is_refused_and_a_fault(rig: Rig) -> None:
    rig.set_level(0.0, Quality.BAD_SENSOR_FAILURE)

    with pytest.raises(AutomationError, match=r"TK101.LT is BAD \(sensor failure\)"):
        rig.command("read_level")

    assert rig.view().state == "fault"


def test_a_command_may_refuse_and_nothing_changes(rig: Rig) -> None:
    with pytest.raises(InvalidValueError, match="not today"):
        rig.command("refuse")

    assert rig.view().state == "idle"


def test_a_command_that_crashes_is_an_error_to_the_caller_and_a_fault(rig: Rig) -> None:
    with pytest.raises(CommandError, match="machine fill: crash failed"):
        rig.command("crash")

    assert rig.view().state == "fault"
    assert rig.view().fault == "ZeroDivisionError in idle: division by zero"


def test_a_stopped_machine_takes_no_command(rig: Rig) -> None:
    rig.manager.stop()

    with pytest.raises(CommandError, match="machine fill is not running"):
        rig.command("stop")


def test_a_crash_faults_its_machine_makes_its_output_safe_and_leaves_the_others_running(clock: FakeClock) -> None:
    rig = Rig(clock, crashing(), fill_tank())
    clock.advance(5.0)
    assert rig.view("crashing").state == "fault"
    assert rig.view("crashing").fault == "ZeroDivisionError in counting: division by zero"
    assert rig.outputs.last("TK102.FV") is False

    rig.set_level(2.5)
    clock.advance(1.0)

    assert rig.view().state == "filling"
    rig.manager.stop()


def test_a_machine_that_crashes_again_after_its_reset_is_in_fault_again(clock: FakeClock) -> None:
    rig = Rig(clock, crashing())
    clock.advance(5.0)

    rig.command("reset", "crashing")
    clock.advance(1.0)

    assert rig.view("crashing").state == "fault"
    assert len([event for _, event in rig.told if event.kind == "machine.fault"]) == 2
    rig.manager.stop()


def test_a_machine_that_crashes_in_two_steps_running_is_in_fault_too(clock: FakeClock) -> None:
    rig = Rig(clock, crashing())
    while rig.view("crashing").state != "fault":
        clock.advance(0.1)

    rig.command("reset", "crashing")
    clock.advance(10.0)

    assert rig.view("crashing").state == "fault"
    assert rig.outputs.last("TK102.FV") is False
    rig.manager.stop()


def test_a_fault_state_that_crashes_or_names_another_state_is_not_left(clock: FakeClock) -> None:
    rig = Rig(clock, Asking("asking", level="TK101.LT"))
    clock.advance(10.0)
    assert rig.view("asking").fault == "asked for in asking"

    rig.set_level(0.5)
    clock.advance(60.0)

    assert rig.view("asking").state == "fault"
    rig.manager.stop()


def test_an_emergency_stop_faults_the_machine_and_touches_no_output(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(1.0)
    puts, attempts = len(rig.outputs.puts), rig.outputs.attempts

    rig.outputs.trip("button 3")
    rig.clock.advance(10.0)

    assert rig.view().fault == "emergency stop: button 3"
    assert (len(rig.outputs.puts), rig.outputs.attempts) == (puts, attempts)


def test_a_machine_with_nothing_to_put_goes_to_fault_too_so_that_a_clear_starts_nothing(rig: Rig) -> None:
    rig.clock.advance(1.0)
    rig.outputs.trip()
    rig.clock.advance(0.2)
    rig.outputs.clear()

    rig.set_level(1.0)
    rig.clock.advance(60.0)

    assert rig.view().state == "fault"
    assert rig.outputs.last("TK101.FV") is False


def test_a_reset_under_the_emergency_stop_is_refused(rig: Rig) -> None:
    rig.outputs.trip()
    rig.clock.advance(1.0)

    with pytest.raises(EstopActiveError, match="machine fill: reset: the emergency stop is latched"):
        rig.command("reset")

    rig.outputs.clear()
    assert rig.command("reset").state == "idle"


def test_a_stop_that_the_put_finds_first_is_no_crash(clock: FakeClock) -> None:
    rig = Rig(clock, fill_tank())
    rig.outputs.fail(EstopActiveError("the emergency stop is latched"))

    clock.advance(5.0)

    assert rig.view().fault == "the emergency stop is latched"
    rig.manager.stop()


def test_a_device_that_refuses_leads_to_fault_and_the_safe_value_follows_when_it_is_back(rig: Rig) -> None:
    rig.clock.advance(1.0)
    rig.outputs.fail(DriverError("plant: no answer"))
    rig.set_level(2.5)
    rig.clock.advance(5.0)
    assert rig.view().fault == "plant: no answer"

    rig.outputs.fail(None)
    rig.clock.advance(3.0)

    assert rig.outputs.puts[-1].value is False
    assert rig.outputs.puts[-1].owner == "fill"


def test_each_change_of_state_is_told_with_an_event_for_the_journal(rig: Rig) -> None:
    rig.set_level(2.5)
    rig.clock.advance(1.0)
    rig.set_level(2.5, Quality.BAD_NO_COMMUNICATION)
    rig.clock.advance(1.0)

    events = [(e.kind, e.subject, e.message, e.actor) for _, e in rig.told]

    assert events == [
        ("machine.state", "fill", "idle -> filling", "fill"),
        ("machine.fault", "fill", "filling -> fault: TK101.LT is BAD (no communication)", "fill"),
    ]
    assert [view.state for view, _ in rig.told] == ["filling", "fault"]


def test_a_listener_that_has_left_hears_no_more(rig: Rig) -> None:
    heard: list[str] = []
    leave = rig.manager.on_change(lambda view, _event: heard.append(view.state))
    leave()

    rig.set_level(2.5)
    rig.clock.advance(1.0)

    assert heard == []


def test_a_declaration_may_run_in_two_managers_at_once(clock: FakeClock) -> None:
    declared = fill_tank()
    one, other = Rig(clock, declared), Rig(FakeClock(), declared)

    one.set_level(2.5)
    clock.advance(1.0)
    other.clock.advance(1.0)

    assert (one.view().state, other.view().state) == ("filling", "idle")
    one.manager.stop()
    other.manager.stop()


def test_two_machines_of_one_name_are_refused(clock: FakeClock) -> None:
    with pytest.raises(ConfigError, match="machine fill: the name is already in use"):
        Rig(clock, fill_tank(), fill_tank())


def test_on_a_real_clock_a_command_is_handed_to_the_machines_thread() -> None:
    cvt, clock = Cvt(), RealClock()
    cvt.add(TAGS, clock.now())
    cvt.update("TK101.LT", Sample(3.0, Quality.GOOD, clock.now(), clock.now()))
    manager = MachineManager([fill_tank()], cvt, FakeOutputs(cvt), clock)
    threads: list[str] = []
    manager.on_change(lambda _view, _event: threads.append(threading.current_thread().name))
    manager.start()

    try:
        view = manager.command("fill", "stop", "anna", clock.now())
    finally:
        assert manager.stop()

    assert view.state == "stopped"
    assert threads == ["machine-fill"]


def test_a_command_that_a_busy_machine_does_not_take_up_is_given_up_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.observers.machines.manager.COMMAND_TIMEOUT_S", 0.05)
    release, busy = threading.Event(), threading.Event()

    class Busy(FillTank):
        """Wait in a state for the test."""

        @state()
        def idle(self) -> State | None:
            """Wait."""
            busy.set()
            release.wait(5.0)
            return None

        initial = idle

    cvt, clock = Cvt(), RealClock()
    cvt.add(TAGS, clock.now())
    cvt.update("TK101.LT", Sample(3.0, Quality.GOOD, clock.now(), clock.now()))
    manager = MachineManager(
        [Busy("busy", level="TK101.LT", setpoint="TK101.SP", valve="TK101.FV")], cvt, FakeOutputs(cvt), clock
    )
    manager.start()
    assert busy.wait(5.0)

    with pytest.raises(NotConfirmedError, match=r"machine busy: stop: not taken up within 0.05 s"):
        manager.command("busy", "stop", "anna", clock.now())

    release.set()
    manager.stop()
    assert manager.view("busy").state == "idle"
