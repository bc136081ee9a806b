"""The machines over the plant, in lock-step: hours in seconds, the same way every time."""

from __future__ import annotations

import pytest

from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import Plant
from automation import AlarmDefinition, ConflictError, High, Low, Output
from automation.testing.lockstep import LockStep

pytestmark = pytest.mark.app

OUTPUTS = ("XV101.CMD", "P101A.CMD", "P101B.CMD", "E101.CMD")
DUTY_A, DUTY_B = 1, 2


def wait_for(station: LockStep, machine: str, state: str, within_s: float) -> None:
    for _ in range(round(within_s)):
        if station.state(machine) == state:
            return
        station.run(1.0)
    raise AssertionError(f"{machine} is {station.state(machine)}: {station.machines.view(machine).fault}, not {state}")


def pumps(station: LockStep) -> str:
    return "".join(pump for pump in "AB" if station.value(f"P101{pump}.RUN"))


def test_the_plant_moves_within_seconds(station: LockStep) -> None:
    moving = ("TK101.LT", "FT101", "FT102", "E101.TT")
    station.run(5.0)
    before = [station.value(name) for name in moving]
    station.run(5.0)

    assert station.state("supply_filling") == "filling"
    assert pumps(station) == "A"
    assert all(station.value(name) != old for name, old in zip(moving, before, strict=True))


def test_the_supply_tank_is_kept_at_its_setpoint(station: LockStep) -> None:
    station.run(600.0)
    levels = []
    for _ in range(120):
        station.run(5.0)
        levels.append(station.number("TK101.LT"))

    assert min(levels) > 2.7
    assert max(levels) < 3.5


def test_a_new_setpoint_moves_the_level(station: LockStep, plant: Plant) -> None:
    plant.put("TK101.SP", 2.2)
    station.run(500.0)

    assert 1.8 < station.number("TK101.LT") < 2.6


def test_the_flow_is_held_at_its_setpoint(station: LockStep) -> None:
    station.run(35.0)

    assert station.number("FT102") == pytest.approx(45.0, abs=3.0)
    assert station.state("flow_control") == "controlling"


def test_the_pumps_take_turns(station: LockStep) -> None:
    duties = []
    for _ in range(4):
        wait_for(station, "pump_pair", "running", 600)
        duties.append(station.value("P101.DUTY"))
        wait_for(station, "pump_pair", "idle", 600)

    assert duties == [DUTY_A, DUTY_B, DUTY_A, DUTY_B]


def test_both_pumps_run_while_the_demand_is_high(station: LockStep) -> None:
    wait_for(station, "pump_pair", "assisting", 300)
    station.run(3.0)

    assert pumps(station) == "AB"


def test_the_standby_pump_takes_over_when_the_duty_pump_does_not_start(station: LockStep, plant: Plant) -> None:
    plant.pumps["A"].dead = True
    station.run(10.0)

    assert station.state("pump_pair") == "running"
    assert pumps(station) == "B"
    assert station.value("P101.DUTY") == DUTY_B
    assert station.value("P101A.CMD") is False


def test_the_standby_pump_takes_over_when_the_duty_pump_trips(station: LockStep, plant: Plant) -> None:
    station.run(10.0)
    assert pumps(station) == "A"

    plant.pumps["A"].blocked = True
    station.run(10.0)

    assert pumps(station) == "B"
    assert station.state("pump_pair") == "running"


def test_a_failed_pump_is_not_tried_again_until_it_is_restored(station: LockStep, plant: Plant) -> None:
    plant.pumps["A"].dead = True
    station.run(1200.0)
    plant.pumps["A"].dead = False
    station.run(400.0)
    assert station.value("P101A.STARTS") == 9412
    wait_for(station, "pump_pair", "running", 600)
    with pytest.raises(ConflictError, match="pump A has failed; restore it first"):
        station.command("pump_pair", "change_over")

    station.command("pump_pair", "restore")
    station.run(900.0)

    assert station.number("P101A.STARTS") > 9412


def test_two_failed_pumps_are_a_fault_that_a_reset_ends(station: LockStep, plant: Plant) -> None:
    for pump in plant.pumps.values():
        pump.dead = True
    station.run(20.0)
    assert station.machines.view("pump_pair").fault == "both pumps have failed"
    assert (station.value("P101A.CMD"), station.value("P101B.CMD")) == (False, False)

    for pump in plant.pumps.values():
        pump.dead = False
    station.command("pump_pair", "reset")
    station.run(10.0)

    assert station.state("pump_pair") == "running"


def test_each_pump_is_watched_by_a_machine_of_its_own(station: LockStep, plant: Plant) -> None:
    station.run(20.0)
    assert (station.state("P101A_watch"), station.state("P101B_watch")) == ("in_service", "standing")

    plant.pumps["A"].dead = True
    station.run(20.0)
    assert (station.state("P101A_watch"), station.state("P101B_watch")) == ("failed", "in_service")

    assert station.command("P101A_watch", "seen_to").state == "standing"


def test_a_pump_that_does_not_start_has_failed(station: LockStep, plant: Plant) -> None:
    plant.pumps["A"].dead = True

    station.run(6.0)

    assert station.state("P101A_watch") == "failed"


def test_an_operator_can_change_over_stop_and_start(station: LockStep) -> None:
    station.run(10.0)
    station.command("pump_pair", "change_over")
    station.run(10.0)
    assert pumps(station) == "B"

    station.command("pump_pair", "stop")
    station.run(20.0)
    assert pumps(station) == ""

    station.command("pump_pair", "start")
    station.run(10.0)
    assert pumps(station) == "B"


def test_the_pumps_wait_for_water_and_then_go_on(station: LockStep, plant: Plant) -> None:
    station.command("supply_filling", "stop")
    wait_for(station, "pump_pair", "dry", 1200)
    station.run(5.0)
    assert pumps(station) == ""
    assert plant.level1 > 0.4

    station.command("supply_filling", "start")
    wait_for(station, "pump_pair", "running", 300)


@pytest.mark.parametrize(
    ("tag", "machine", "output"),
    [
        ("TK101.LT", "supply_filling", "XV101.CMD"),
        ("TK102.LT", "pump_pair", "P101A.CMD"),
        ("FT102", "flow_control", "FV102.CMD"),
        ("TK102.TT", "buffer_heating", "E101.CMD"),
    ],
)
def test_a_bad_input_is_a_fault_with_the_output_safe(station: LockStep, tag: str, machine: str, output: str) -> None:
    station.run(20.0)
    assert station.value(output) not in (False, 0.0)

    station.bad.add(tag)
    station.run(1.0)

    view = station.machines.view(machine)
    assert view.fault == f"{tag} is BAD (no communication)"
    assert station.value(output) in (False, 0.0)
    assert {m.name for m in station.machines.list() if m.fault} == {machine}


def test_after_a_lost_link_everything_runs_again_once_it_is_reset(station: LockStep) -> None:
    station.run(20.0)
    station.bad.update(station.cvt.names())
    station.run(5.0)
    assert [m.state for m in station.machines.list()] == ["fault"] * 6

    station.bad.clear()
    station.run(5.0)
    for machine in station.machines.list():
        station.command(machine.name, "reset")
    station.run(60.0)

    assert not any(m.fault for m in station.machines.list())
    assert pumps(station) != ""


def test_a_valve_that_does_not_open_is_a_fault(station: LockStep, plant: Plant) -> None:
    plant.valve_stuck = True
    station.run(15.0)

    assert station.machines.view("supply_filling").fault == "XV101.CMD: the valve did not open within 10 s"


def test_an_emergency_stop_faults_every_machine_and_its_clear_starts_nothing(station: LockStep) -> None:
    station.run(20.0)
    puts = len(station.outputs.puts)
    station.outputs.trip("test")
    station.run(10.0)
    assert {m.fault for m in station.machines.list()} == {"emergency stop: test"}
    assert len(station.outputs.puts) == puts

    station.outputs.clear()
    station.run(60.0)

    assert [m.state for m in station.machines.list()] == ["fault"] * 6
    assert not any(station.value(name) for name in OUTPUTS)


PER_TAG_UNIT = {"": 1.0, "kPa": 100.0}  # of limits that are not in the unit of their tag


def passed(alarm: AlarmDefinition, value: float) -> bool:
    condition = alarm.condition
    if not isinstance(condition, High | Low):
        return bool(value)
    limit = (condition.limit or 0.0) / PER_TAG_UNIT[condition.unit]
    return value > limit if isinstance(condition, High) else value < limit


class Watch:
    """How long each output was on at a stretch, and how often each alarm's limit was passed."""

    def __init__(self) -> None:
        self.longest = dict.fromkeys(OUTPUTS, 0.0)
        self.passed = {alarm.name: 0 for alarm in APP.all_alarms}
        self._on_for = dict.fromkeys(OUTPUTS, 0.0)
        self._active: set[str] = set()

    def look(self, station: LockStep, dt: float) -> None:
        for name in OUTPUTS:
            self._on_for[name] = self._on_for[name] + dt if station.value(name) else 0.0
            self.longest[name] = max(self.longest[name], self._on_for[name])
        for alarm in APP.all_alarms:
            abnormal = passed(alarm, station.number(alarm.tag))
            self.passed[alarm.name] += abnormal and alarm.name not in self._active
            (self._active.add if abnormal else self._active.discard)(alarm.name)


def test_two_hours_without_a_fault_and_with_every_output_below_its_cap(plant: Plant) -> None:
    caps = {tag.name: tag.max_on_s for tag in APP.all_tags if isinstance(tag, Output) and tag.max_on_s is not None}
    watch = Watch()

    with LockStep(APP, plant, period_s=0.5) as station:
        for _ in range(720):
            station.run(10.0)
            watch.look(station, 10.0)

    assert [event for event in station.events if event.kind == "machine.fault"] == []
    assert 1.5 < station.number("TK102.LT") < 4.0
    assert station.number("TK102.TT") == pytest.approx(18.0, abs=2.0)
    assert all(watch.longest[name] < caps[name] / 2 for name in caps if name in watch.longest)
    assert watch.passed.pop("FT103.H") >= 20
    assert watch.passed.pop("TK102.LT.L") >= 1
    assert set(watch.passed.values()) == {0}


def test_the_same_seed_gives_the_same_hour() -> None:
    stories = []
    for _ in range(2):
        with LockStep(APP, Plant(3), period_s=0.5) as station:
            station.run(600.0)
            stories.append([(event.time, event.subject, event.message) for event in station.events])

    assert stories[0] == stories[1]
    assert len(stories[0]) > 10
