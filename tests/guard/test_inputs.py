"""Emergency-stop buttons that the guard watches by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from automation.guard.config import GuardConfig, GuardedInput
from automation.guard.modbus_wire import Table
from automation.model.errors import ConfigError, ConflictError
from automation.testing.clock import FakeClock
from automation.testing.device import MemoryDevice
from automation.testing.guard import LockstepGuard

PLANT = GuardedInput(name="ES1", link="plc", unit=1, table=Table.DISCRETE, offset=7)
YARD = GuardedInput(
    name="ES2", link="plc", unit=1, table=Table.HOLDING, offset=30, bit=2, pressed=True, zone="yard", on_loss="ignore"
)


@pytest.fixture
def watched(make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice) -> Iterator[LockstepGuard]:
    memory.set(Table.DISCRETE, 7, [1])
    guard = LockstepGuard(make_config(inputs=(PLANT, YARD)), clock, {"plc": memory})
    guard.start()
    clock.advance(0.2)
    yield guard
    memory.reachable = True
    guard.stop()


def test_a_button_that_is_pressed_stops_the_plant_within_its_period(
    watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock
) -> None:
    watched.put("PUMP", [1], watched.estop().epoch)

    memory.set(Table.DISCRETE, 7, [0])
    clock.advance(0.08)

    state = watched.estop()
    assert (state.latched, state.reason, state.actor) == (True, "button ES1 pressed", "ES1")
    assert memory.value(Table.COIL, 0) == 0


def test_a_button_of_a_zone_stops_that_zone_alone(watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock) -> None:
    memory.set(Table.HOLDING, 30, [0b0100])
    clock.advance(0.1)

    state = watched.estop()
    assert not state.latched
    assert [(zone.zone, zone.reason) for zone in state.zones] == [("yard", "button ES2 pressed")]


def test_the_stop_is_cleared_only_after_the_button_was_released(
    watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock
) -> None:
    memory.set(Table.DISCRETE, 7, [0])
    clock.advance(0.1)

    with pytest.raises(ConflictError, match="ES1") as refused:
        watched.clear(watched.estop().id, "looked", "ben")
    memory.set(Table.DISCRETE, 7, [1])
    clock.advance(0.1)

    assert refused.value.reason == "input_active"
    assert not watched.clear(watched.estop().id, "looked", "ben").latched


def test_a_button_held_down_trips_once(watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock) -> None:
    memory.set(Table.DISCRETE, 7, [0])
    clock.advance(0.1)
    first = watched.estop().id
    clock.advance(2.0)

    assert watched.estop().id == first
    assert watched.status().trips == 1


def test_a_button_that_cannot_be_read_any_more_trips_after_a_second_unless_that_is_ignored(
    watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock
) -> None:
    memory.reachable = False
    clock.advance(0.8)
    assert not watched.estop().latched
    clock.advance(0.5)

    state = watched.estop()
    assert (state.latched, state.reason) == (True, "button ES1 cannot be read any more")
    assert not any(zone.latched for zone in state.zones)
    assert [(given.name, given.pressed) for given in watched.status().inputs] == [("ES1", None), ("ES2", None)]


def test_a_button_that_was_never_read_trips_nothing(
    make_config: Callable[..., GuardConfig], clock: FakeClock, memory: MemoryDevice
) -> None:
    memory.reachable = False
    guard = LockstepGuard(make_config(inputs=(PLANT,)), clock, {"plc": memory})
    guard.start()
    clock.advance(10.0)

    assert not guard.estop().latched
    memory.reachable = True
    guard.stop()


def test_the_status_tells_of_each_button(watched: LockstepGuard, memory: MemoryDevice, clock: FakeClock) -> None:
    memory.set(Table.DISCRETE, 7, [0])
    clock.advance(0.1)

    told = {given.name: given for given in watched.status().inputs}

    assert (told["ES1"].pressed, told["ES2"].pressed, told["ES2"].zone) == (True, False, "yard")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"table": Table.HOLDING}, "bit None"),
        ({"bit": 3}, "bit 3"),
        ({"link": "nowhere"}, "no guarded link nowhere"),
        ({"period_s": 0.0}, "period_s"),
    ],
)
def test_a_button_that_makes_no_sense_is_named(
    make_config: Callable[..., GuardConfig], changes: dict[str, object], words: str
) -> None:
    fields = {"name": "ES1", "link": "plc", "unit": 1, "table": Table.DISCRETE, "offset": 7, **changes}

    with pytest.raises(ConfigError, match="guarded input ES1") as raised:
        make_config(inputs=(GuardedInput(**fields),))  # type: ignore[arg-type]

    assert words in str(raised.value)
