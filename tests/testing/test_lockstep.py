"""An application and its plant in lock-step, with everything that its equipment makes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from automation import App, ConfigError, Equipment, EquipmentType, In, Machine, ModbusLink, Out, State, Tag, state
from automation.testing.lockstep import LockStep, PlantValue


class Tank:
    """A level that rises by 1 per second while the pump runs."""

    def __init__(self) -> None:
        self.level, self.pump = 0.0, False

    def step(self, dt: float) -> None:
        self.level += dt * self.pump

    def values(self) -> Mapping[str, PlantValue]:
        return {"T1.LT": self.level, "P1.CMD": self.pump}

    def put(self, name: str, value: PlantValue) -> None:
        assert name == "P1.CMD"
        self.pump = bool(value)


class Fill(Machine):
    """Fill the tank."""

    level: In
    pump: Out

    @state()
    def filling(self) -> State | None:
        """Pump on until the level is 5."""
        self.pump.put(self.level.value < 5.0)
        return None

    initial = filling


TYPES = (
    EquipmentType(
        name="tank", tags=({"name": "{name}.LT", "source": "plc/input:0"}, {"name": "{name}.VOL", "expression": "2 * {name}.LT"})
    ),
    EquipmentType(
        name="pump",
        tags=({"name": "{name}.CMD", "type": "bool", "source": "plc/coil:0", "output": {"safe": False, "continuous": True}},),
    ),
)
APP = App(
    name="small",
    title="Small",
    links=(ModbusLink(name="plc", host="127.0.0.1", guarded=True),),
    types=TYPES,
    equipment=(Equipment(name="T1", type="tank"), Equipment(name="P1", type="pump")),
    tags=(Tag(name="HALF", expression="T1.VOL / 4"),),
    machines=(Fill("fill", level="T1.LT", pump="P1.CMD"),),
)


def test_the_tags_that_equipment_makes_are_measured_put_and_computed() -> None:
    tank = Tank()

    with LockStep(APP, tank) as station:
        station.run(10.0)

        assert station.number("T1.LT") == pytest.approx(5.0, abs=0.3)
        assert station.number("T1.VOL") == pytest.approx(2 * station.number("T1.LT"))
        assert station.number("HALF") == pytest.approx(station.number("T1.LT") / 2)
        assert not tank.pump


def test_an_application_with_mistakes_is_not_run() -> None:
    app = App(name="small", title="Small", equipment=(Equipment(name="T1", type="tank"),))

    with pytest.raises(ConfigError, match="equipment T1: type: unknown type tank"):
        LockStep(app, Tank())
