"""The plant as nature has it: water and heat are kept, and nothing leaves its range."""

from __future__ import annotations

import math

import pytest

from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import TK101_AREA, TK102_AREA, Plant
from automation import DataType, Output

RANGES = {tag.name: tag.range for tag in APP.all_tags if tag.range is not None}


def everything_on(plant: Plant) -> None:
    for name in ("XV101.CMD", "P101A.CMD", "P101B.CMD", "E101.CMD"):
        plant.put(name, True)
    plant.put("FV102.CMD", 80.0)


def water(plant: Plant) -> float:
    return plant.level1 * TK101_AREA + plant.level2 * TK102_AREA


def test_water_is_neither_made_nor_lost() -> None:
    plant, before = Plant(), water(Plant())
    everything_on(plant)

    for _ in range(600):
        plant.step(1.0)

    came, went = plant.inlet_total, plant.demand_total + plant.spilled_total
    assert came > 5.0
    assert water(plant) == pytest.approx(before + came - went, abs=1e-9)


def test_a_tank_that_overflows_spills_and_does_not_rise_further() -> None:
    plant = Plant()
    plant.put("XV101.CMD", True)

    plant.step(1200.0)

    assert plant.level1 == 4.95
    assert plant.spilled_total > 1.0
    assert plant.values()["TK101.LSHH"] is True


def test_an_empty_tank_gives_no_water() -> None:
    plant = Plant()

    plant.step(3600.0)

    assert 0.0 <= plant.level2 < 0.05
    assert plant.demand < 10.0


def test_a_dry_pump_moves_nothing_and_shakes() -> None:
    plant = Plant()
    plant.level1 = 0.1
    plant.put("P101A.CMD", True)
    plant.put("FV102.CMD", 100.0)

    plant.step(20.0)

    values = plant.values()
    assert values["TK101.LSLL"] is True
    assert values["FT102"] == 0.0
    assert float(values["P101A.VT"]) > 7.0


def test_two_pumps_move_more_than_one_but_not_twice_as_much() -> None:
    flows = []
    for pumps in (("A",), ("A", "B")):
        plant = Plant()
        plant.put("FV102.CMD", 100.0)
        for pump in pumps:
            plant.put(f"P101{pump}.CMD", True)
        plant.step(20.0)
        flows.append(plant.pumped)

    assert flows[0] * 1.1 < flows[1] < flows[0] * 2


def test_the_flow_follows_the_valve() -> None:
    flows = []
    for position in (0.0, 20.0, 50.0, 100.0):
        plant = Plant()
        plant.put("P101A.CMD", True)
        plant.put("FV102.CMD", position)
        plant.step(20.0)
        flows.append(plant.pumped)

    assert flows[0] == 0.0
    assert flows == sorted(flows)


def test_heat_raises_the_temperature_as_much_as_its_energy_allows() -> None:
    plant = Plant()
    plant.put("E101.CMD", True)
    volume, before = plant.level2 * TK102_AREA, plant.temperature2

    plant.step(30.0)

    expected = plant.energy / (1.163 * volume)
    assert plant.energy == pytest.approx(320.0 * 30 / 3600)
    assert plant.temperature2 - before == pytest.approx(expected, rel=0.1)


def test_an_uncovered_heater_is_switched_off_by_its_thermostat() -> None:
    plant = Plant()
    plant.level2 = 0.3
    plant.put("E101.CMD", True)

    hottest = 0.0
    for _ in range(200):
        plant.step(0.5)
        plant.level2 = 0.3
        hottest = max(hottest, plant.element)

    assert 130.0 < hottest < 160.0
    assert plant.thermostat or plant.element < 130.0


def test_a_blocked_pump_trips_and_stays_tripped_until_it_is_freed_and_switched_off() -> None:
    plant = Plant()
    plant.pumps["A"].blocked = True
    plant.put("P101A.CMD", True)
    plant.step(3.0)
    assert plant.values()["P101A.FLT"] is True
    assert plant.values()["P101A.RUN"] is False

    plant.pumps["A"].blocked = False
    plant.step(1.0)
    assert plant.values()["P101A.FLT"] is True
    plant.put("P101A.CMD", False)
    plant.step(1.0)

    assert plant.values()["P101A.FLT"] is False


def test_a_dead_pump_does_not_run() -> None:
    plant = Plant()
    plant.pumps["B"].dead = True
    plant.put("P101B.CMD", True)
    plant.step(5.0)

    assert plant.values()["P101B.RUN"] is False
    assert plant.values()["P101B.STARTS"] == 9388


def test_run_hours_and_starts_count() -> None:
    plant = Plant()
    for command in (True, False, True):
        plant.put("P101A.CMD", command)
        plant.step(36.0)

    values = plant.values()
    assert values["P101A.STARTS"] == 9414
    assert values["P101A.HRS"] == pytest.approx(1874.2 + 0.02, abs=1e-6)


def test_a_surge_of_demand_comes_within_the_first_minute_and_again() -> None:
    plant, above = Plant(), []
    for second in range(600):
        plant.step(1.0)
        plant.level2 = 3.0
        if plant.demand > 60.0:
            above.append(second)

    assert 40 <= above[0] < 60
    assert any(second > 280 for second in above)
    assert len(above) < 250


def test_the_same_seed_gives_the_same_plant_and_another_seed_another() -> None:
    plants = [Plant(7), Plant(7), Plant(8)]
    for plant in plants:
        everything_on(plant)
        plant.step(10.0)
    first, same, other = (plant.values() for plant in plants)

    assert first == same
    assert first != other


def test_the_length_of_the_step_hardly_matters() -> None:
    fine, coarse = Plant(), Plant()
    for plant in (fine, coarse):
        everything_on(plant)

    for _ in range(1200):
        fine.step(0.05)
    coarse.step(60.0)

    assert fine.level1 == pytest.approx(coarse.level1, abs=0.01)
    assert fine.temperature2 == pytest.approx(coarse.temperature2, abs=0.05)


@pytest.mark.parametrize("commands", ["all off", "all on"])
def test_every_instrument_stays_finite_and_in_its_range(commands: str) -> None:
    plant = Plant()
    if commands == "all on":
        everything_on(plant)

    for _ in range(360):
        plant.step(5.0)
        for name, value in plant.values().items():
            if isinstance(value, float):
                low, high = RANGES.get(name) or (-math.inf, math.inf)
                assert math.isfinite(value)
                assert low <= value <= high, name


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(KeyError):
        Plant().put("P999.CMD", True)


def test_every_field_tag_has_a_value_of_its_type() -> None:
    values = Plant().values()
    types = {DataType.FLOAT: float, DataType.INT: int, DataType.BOOL: bool}

    for tag in APP.all_tags:
        if tag.source is not None and not tag.name.startswith("PLC101.") and tag.type in types:
            assert isinstance(values[tag.name], types[tag.type]), tag.name
    assert all(tag.name in values for tag in APP.all_tags if isinstance(tag, Output))


def test_the_two_sensors_of_the_buffer_tank_agree_until_one_drifts() -> None:
    plant = Plant()
    good = plant.values()
    plant.sensor_drift = True
    drifted = plant.values()

    assert float(good["TK102.TT2"]) == pytest.approx(float(good["TK102.TT"]), abs=0.2)
    assert float(drifted["TK102.TT2"]) == pytest.approx(float(drifted["TK102.TT"]) + 3.0, abs=0.2)
