"""The controller in the field: its memory, its watchdog and its faults."""

from __future__ import annotations

import struct

import pytest

from apps.demo_plant.device import WATCHDOG_REGISTER, Device, RefusedError
from apps.demo_plant.faults import FaultError, Faults, apply, parse
from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import Plant
from apps.demo_plant.registers import points
from automation import Tag


@pytest.fixture
def device(plant: Plant) -> Device:
    device = Device(plant, Faults())
    device.write("holding", WATCHDOG_REGISTER, [1])
    device.step(0.1)
    return device


def kicked(device: Device, seconds: float) -> None:
    for kick in range(round(seconds / 0.5)):
        device.write("holding", WATCHDOG_REGISTER, [100 + kick])
        for _ in range(5):
            device.step(0.1)


def float_of(words: list[int]) -> float:
    return float(struct.unpack(">f", struct.pack(">2H", words[1], words[0]))[0])


def test_an_analog_input_is_raw_counts_of_its_range(device: Device) -> None:
    raw = device.read("input", 0, 1)[0]

    assert raw == pytest.approx(device.plant.level1 / 5.0 * 27648, abs=30)


def test_every_value_has_a_place_of_its_own() -> None:
    taken: set[tuple[str, int, int | None]] = set()
    for point in points(APP.all_tags, "plant").values():
        for place in range(point.offset, point.offset + point.size):
            key = (point.table, place, point.bit)
            assert key not in taken, point.name
            assert (point.table, place, None) not in taken, point.name
            taken.add(key)
    assert ("holding", WATCHDOG_REGISTER, None) not in taken


def test_a_coil_that_is_written_switches_the_plant_and_reads_back(device: Device) -> None:
    device.write("coil", 1, [1])
    kicked(device, 1.0)

    assert device.read("coil", 0, 3) == [0, 1, 0]
    assert device.read("discrete", 4, 1) == [1]
    assert device.plant.pumps["A"].running


def test_a_setpoint_is_a_float_with_swapped_words(device: Device) -> None:
    assert float_of(list(device.read("holding", 20, 2))) == pytest.approx(3.2)

    high, low = struct.unpack(">2H", struct.pack(">f", 2.5))
    device.write("holding", 20, [low, high])
    device.step(0.1)

    assert device.plant.command("TK101.SP") == 2.5
    assert float_of(list(device.read("holding", 20, 2))) == 2.5


@pytest.mark.parametrize("value", [99.0, -1.0, float("nan"), float("inf")])
def test_a_setpoint_out_of_range_is_refused_and_not_taken(device: Device, value: float) -> None:
    high, low = struct.unpack(">2H", struct.pack(">f", value))

    with pytest.raises(RefusedError) as refused:
        device.write("holding", 20, [low, high])

    assert refused.value.code == 3
    assert float_of(list(device.read("holding", 20, 2))) == pytest.approx(3.2)


def test_text_and_status_bits_are_readable(device: Device) -> None:
    words = device.read("input", 90, 8)

    assert struct.pack(">8H", *words) == b"PUMPSTATION V1.3"
    assert device.read("input", 86, 1) == [0b11]


def test_an_address_beyond_the_memory_is_refused(device: Device) -> None:
    with pytest.raises(RefusedError) as refused:
        device.read("input", 120, 20)
    assert refused.value.code == 2


def test_without_its_watchdog_the_device_makes_all_outputs_safe(device: Device) -> None:
    device.write("coil", 0, [1, 1, 0, 1, 0])
    device.write("holding", 0, [13824])
    kicked(device, 2.0)
    assert device.plant.command("FV102.CMD") == 50.0

    for _ in range(25):
        device.step(0.1)

    assert device.read("coil", 0, 5) == [0, 0, 0, 0, 0]
    assert device.read("holding", 0, 1) == [0]
    assert device.read("discrete", 12, 1) == [0]
    assert not device.plant.pumps["A"].running


def test_a_watchdog_register_that_does_not_change_is_no_sign_of_life(device: Device) -> None:
    device.write("coil", 1, [1])
    for _ in range(25):
        device.write("holding", WATCHDOG_REGISTER, [1])
        device.step(0.1)

    assert device.read("coil", 1, 1) == [0]


def test_after_the_watchdog_an_output_waits_for_a_new_write(device: Device) -> None:
    device.write("coil", 1, [1])
    for _ in range(30):
        device.step(0.1)
    device.write("coil", 1, [1])
    device.step(0.1)
    assert device.read("coil", 1, 1) == [0]

    kicked(device, 1.0)
    assert device.read("coil", 1, 1) == [0]
    device.write("coil", 1, [1])
    device.step(0.1)

    assert device.read("coil", 1, 1) == [1]


def test_frozen_values_stand_still_and_outputs_still_work(device: Device) -> None:
    apply({"fault": "freeze"}, device.faults, device.plant)
    before = device.read("input", 0, 100)
    device.write("coil", 0, [1])
    kicked(device, 3.0)

    assert device.read("input", 0, 100) == before
    assert device.read("coil", 0, 1) == [1]


def test_noise_disturbs_the_analog_inputs(device: Device) -> None:
    apply({"fault": "noise", "amplitude": 0.1}, device.faults, device.plant)
    levels = []
    for _ in range(50):
        device.step(0.1)
        levels.append(device.read("input", 0, 1)[0])

    assert max(levels) - min(levels) > 2000


def test_an_exception_code_answers_everything_until_cleared(device: Device) -> None:
    apply({"fault": "exception", "code": 6}, device.faults, device.plant)

    for act in (lambda: device.read("coil", 0, 1), lambda: device.write("coil", 0, [1])):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == 6

    apply({"fault": "clear"}, device.faults, device.plant)
    assert device.read("coil", 0, 1) == [0]


def test_a_silent_device_takes_nothing(device: Device) -> None:
    apply({"fault": "silent"}, device.faults, device.plant)

    device.write("coil", 0, [1])

    assert device.read("coil", 0, 1) == [0]


def wrong(plant: Plant) -> list[bool]:
    pumps = plant.pumps
    broken = [pumps["A"].blocked, pumps["B"].blocked, pumps["A"].dead, pumps["B"].dead]
    return [*broken, plant.mains_failure, plant.valve_stuck, plant.sensor_drift]


def test_plant_faults_can_be_had_and_repaired(plant: Plant) -> None:
    pump_faults = ("pump_a_blocked", "pump_b_blocked", "pump_a_dead", "pump_b_dead")
    faults = (*pump_faults, "mains", "inlet_valve_stuck", "temperature_drift")
    for count, fault in enumerate(faults, start=1):
        apply({"fault": fault}, Faults(), plant)
        assert wrong(plant) == [True] * count + [False] * (len(faults) - count)

    apply({"fault": "clear"}, Faults(), plant)

    assert wrong(plant) == [False] * len(faults)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not JSON"),
        (b"[1]", "expected an object"),
        (b'{"fault": "flood"}', "expected one of silent, freeze, noise, exception, clear"),
        (b'{"fault": "noise", "amplitude": "much"}', "amplitude: expected a number from 0 to 1"),
        (b'{"fault": "exception", "code": 99}', "code: expected a number from 1 to 11"),
    ],
)
def test_a_fault_that_cannot_be_had_is_named(plant: Plant, line: bytes, message: str) -> None:
    with pytest.raises(FaultError, match=message):
        apply(parse(line), Faults(), plant)


def test_an_address_that_the_controller_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="tag X: the controller has no address drum:1"):
        points([Tag(name="X", source="plant/drum:1")], "plant")
