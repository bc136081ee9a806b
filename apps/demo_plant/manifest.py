"""The demo plant as the runtime finds it."""

from __future__ import annotations

from pathlib import Path

from apps.demo_plant.alarms import ALARMS
from apps.demo_plant.equipment import EQUIPMENT, TYPES
from apps.demo_plant.machines.fill_tank import FillTank
from apps.demo_plant.machines.flow_control import FlowControl
from apps.demo_plant.machines.heater import Heater
from apps.demo_plant.machines.pump_pair import PumpPair
from apps.demo_plant.machines.pump_watch import PumpWatch
from apps.demo_plant.tags import BUFFER, PUMPS, SUPPLY, TAGS
from automation import App, ModbusLink, Simulator

MACHINES = (
    FillTank(
        "supply_filling",
        area=SUPPLY,
        level="TK101.LT",
        setpoint="TK101.SP",
        overfill="TK101.LSHH",
        opened="XV101.ZSO",
        closed="XV101.ZSC",
        valve="XV101.CMD",
    ),
    PumpPair(
        "pump_pair",
        area=PUMPS,
        level="TK102.LT",
        setpoint="TK102.SP",
        suction_low="TK101.LSLL",
        command_a="P101A.CMD",
        running_a="P101A.RUN",
        tripped_a="P101A.FLT",
        command_b="P101B.CMD",
        running_b="P101B.RUN",
        tripped_b="P101B.FLT",
        duty="P101.DUTY",
    ),
    FlowControl(
        "flow_control",
        area=PUMPS,
        flow="FT102",
        setpoint="FT102.SP",
        position="FV102.ZT",
        running_a="P101A.RUN",
        running_b="P101B.RUN",
        valve="FV102.CMD",
    ),
    Heater(
        "buffer_heating",
        area=BUFFER,
        temperature="TK102.TT",
        setpoint="TK102.TSP",
        uncovered="TK102.LSLL",
        thermostat="E101.TSHH",
        closed="E101.RUN",
        heater="E101.CMD",
    ),
)

APP = App(
    name="demo_plant",
    title="Pumping station",
    description="Supply tank, pump pair, and a heated buffer tank that feeds a small network",
    links=(ModbusLink(name="plant", host="127.0.0.1", port=5020, guarded=True, watchdog="holding:200", watchdog_period_s=0.5),),
    types=TYPES,
    equipment=EQUIPMENT,
    tags=TAGS,
    alarms=ALARMS,
    machines=MACHINES,
    machine_kinds={"fill_tank": FillTank, "heater": Heater, "pump_watch": PumpWatch},
    screens=Path(__file__).parent / "screens",
    simulator=Simulator(module="apps.demo_plant.simulator", link="plant"),
)
