"""The plant as nature has it: water, heat and motors, moved on by a pure ``step(dt)``."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

Value = bool | int | float | str

TK101_AREA, TK101_WEIR = 2.0, 4.95  # m2; m, where it runs over
TK102_AREA, TK102_WEIR = 1.0, 5.9
LIFT_M = 12.0  # from the floor of TK101 to the floor of TK102
PUMP_HEAD, PUMP_LOSS = 40.0, 0.004  # m at no flow; m per (m3/h)2
PIPE_LOSS, VALVE_LOSS = 0.001, 0.00278  # m per (m3/h)2, the valve's when open
BAR_PER_M = 0.0981
HEATER_KW = 320.0
HEAT_KWH_PER_M3_K = 1.163
AMBIENT = 16.0
SURGE_PERIOD_S, SURGE_FIRST_S, SURGE_LENGTH_S, SURGE_FLOW = 240.0, 40.0, 60.0, 45.0
MAX_DT = 0.25

# What the controller's outputs and setpoints are when it is switched on.
COMMANDS: Mapping[str, Value] = {
    "XV101.CMD": False,
    "P101A.CMD": False,
    "P101B.CMD": False,
    "E101.CMD": False,
    "XA901.CMD": False,
    "FV102.CMD": 0.0,
    "TK101.SP": 3.2,
    "TK102.SP": 3.0,
    "TK102.TSP": 18.0,
    "FT102.SP": 45.0,
}


class Pump:
    """One pump with its motor. blocked: it trips its motor protection; dead: its contactor does not close."""

    def __init__(self) -> None:
        self.blocked = False
        self.dead = False
        self.tripped = False
        self.running = False
        self.speed = 0.0
        self.flow = 0.0
        self.bearing = AMBIENT
        self.hours = 0.0
        self.starts = 0
        self._strain_s = 0.0

    def step(self, command: bool, dry: bool, dt: float) -> None:
        """Move the motor on; a trip is reset by taking the command away."""
        self._protect(command, dt)
        running = command and not self.tripped and not self.dead
        self.starts += running and not self.running
        self.running = running
        self.speed = _toward(self.speed, 1.0 if running and not self.blocked else 0.0, dt / 2.0)
        self.hours += dt / 3600 if running else 0.0
        self.bearing += (AMBIENT + self.speed * (60.0 if dry else 28.0) - self.bearing) * dt / 240.0

    def _protect(self, command: bool, dt: float) -> None:
        self._strain_s = self._strain_s + dt if self.running and self.blocked else 0.0
        if self._strain_s > 1.5:  # noqa: PLR2004 - trip class of the motor protection
            self.tripped = True
        elif not command and not self.blocked:
            self.tripped = False

    @property
    def current(self) -> float:
        """Motor current in A."""
        if not self.running:
            return 0.0
        return 48.0 if self.blocked else 11.0 + 0.3 * self.flow + 25.0 * (1.0 - self.speed)

    @property
    def power(self) -> float:
        """Electric power in kW."""
        return 0.554 * self.current  # 400 V, power factor 0.8


class Plant:
    """The pumping station; the same seed and the same commands give the same plant.

    Not for several threads. Volumes are m3, flows m3/h, temperatures degC, pressures bar.
    """

    def __init__(self, seed: int = 1) -> None:
        self.time_s = 0.0
        self.pumps = {"A": Pump(), "B": Pump()}
        self.level1, self.level2 = 2.9, 2.75
        self.temperature1, self.temperature2 = 12.0, 17.4
        self.inlet_valve, self.flow_valve = 0.0, 0.0
        self.inlet, self.pumped, self.demand = 0.0, 0.0, 0.0
        self.inlet_total, self.pumped_total, self.demand_total, self.spilled_total = 0.0, 0.0, 0.0, 0.0
        self.element, self.heater_on, self.thermostat, self.energy = 18.0, False, False, 0.0
        self.mains_failure, self.valve_stuck, self.sensor_drift = False, False, False
        self._commands: dict[str, Value] = dict(COMMANDS)
        self._random = random.Random(seed)  # noqa: S311 - sensor noise
        self._noise: dict[str, float] = {}

    def put(self, name: str, value: Value) -> None:
        """Set an output or setpoint of the controller. Raises ``KeyError`` if there is none of that name."""
        if name not in self._commands:
            raise KeyError(name)
        self._commands[name] = value

    def command(self, name: str) -> Value:
        """The output or setpoint of that name."""
        return self._commands[name]

    def step(self, dt: float) -> None:
        """Move on by dt seconds (0 to an hour), in pieces short enough to be stable."""
        left = dt
        while left > 1e-9:  # noqa: PLR2004
            piece = min(left, MAX_DT)
            self._piece(piece)
            left -= piece

    def _piece(self, dt: float) -> None:
        self.time_s += dt
        self._move_valves(dt)
        for name, pump in self.pumps.items():
            pump.step(bool(self._commands[f"P101{name}.CMD"]), self._dry, dt)
        self._set_flows()
        self._move_heat(dt)
        self._move_water(dt)

    @property
    def mains_pressure(self) -> float:
        """Pressure of the mains, swinging slowly; 1.8 bar while it fails."""
        return 1.8 if self.mains_failure else 4.0 + 0.25 * math.sin(self.time_s / 97.0)

    @property
    def _dry(self) -> bool:
        return self.level1 < 0.15  # noqa: PLR2004 - top of the suction bell

    def _move_valves(self, dt: float) -> None:
        if not self.valve_stuck:
            self.inlet_valve = _toward(self.inlet_valve, 1.0 if self._commands["XV101.CMD"] else 0.0, dt / 4.0)
        self.flow_valve = _toward(self.flow_valve, float(self._commands["FV102.CMD"]), 10.0 * dt)

    def _set_flows(self) -> None:
        self.inlet = 70.0 * self.inlet_valve * math.sqrt(self.mains_pressure / 4.0)
        self.pumped = self._pumped_flow()
        speeds = sum(pump.speed for pump in self.pumps.values())
        for pump in self.pumps.values():
            pump.flow = self.pumped * pump.speed / speeds if speeds > 0 else 0.0
        self.demand = self._demanded_flow() * min(1.0, max(0.0, self.level2 / 0.2))

    def _pumped_flow(self) -> float:
        pumping = sum(pump.speed for pump in self.pumps.values())
        opening = self.flow_valve / 100.0
        if self._dry or pumping < 0.05 or opening < 0.01:  # noqa: PLR2004
            return 0.0
        speed = max(pump.speed for pump in self.pumps.values())
        spare = PUMP_HEAD * speed**2 - (LIFT_M + self.level2 - self.level1)
        # The check valve keeps the water from running back.
        return math.sqrt(max(0.0, spare) / (PUMP_LOSS / pumping**2 + PIPE_LOSS + VALVE_LOSS / opening**2))

    def _demanded_flow(self) -> float:
        usual = 28.0 + 7.0 * math.sin(2 * math.pi * self.time_s / 310.0) + 2.0 * math.sin(2 * math.pi * self.time_s / 23.0)
        into = (self.time_s - SURGE_FIRST_S) % SURGE_PERIOD_S
        if self.time_s < SURGE_FIRST_S or into > SURGE_LENGTH_S:
            return usual
        return usual + SURGE_FLOW * min(1.0, into / 5.0, (SURGE_LENGTH_S - into) / 5.0)

    def _move_heat(self, dt: float) -> None:
        hours = dt / 3600
        incoming = 11.5 + math.sin(self.time_s / 611.0)
        self.temperature1 += self.inlet * hours * (incoming - self.temperature1) / max(0.5, self.level1 * TK101_AREA)
        volume = max(0.25, self.level2 * TK102_AREA)
        heat = self.heater_kw * hours / HEAT_KWH_PER_M3_K if self._covered else 0.0
        mixed = self.pumped * hours * (self.temperature1 - self.temperature2)
        self.temperature2 += (mixed + heat) / volume + (AMBIENT - self.temperature2) * dt / 40_000.0
        self._move_element(dt)

    @property
    def heater_kw(self) -> float:
        """Power of the heater now."""
        return HEATER_KW if self.heater_on else 0.0

    @property
    def _covered(self) -> bool:
        return self.level2 > 0.6  # noqa: PLR2004 - top of the element

    def _move_element(self, dt: float) -> None:
        self.thermostat = self.element > (130.0 if not self.thermostat else 70.0)
        self.heater_on = bool(self._commands["E101.CMD"]) and not self.thermostat
        self.energy += self.heater_kw * dt / 3600
        rise = 0.0 if not self.heater_on else 48.0 if self._covered else 350.0
        self.element += (self.temperature2 + rise - self.element) * dt / 15.0

    def _move_water(self, dt: float) -> None:
        inlet, pumped, demand = (flow * dt / 3600 for flow in (self.inlet, self.pumped, self.demand))
        self.inlet_total += inlet
        self.pumped_total += pumped
        self.demand_total += demand
        self.level1, spilled1 = _filled(self.level1 + (inlet - pumped) / TK101_AREA, TK101_WEIR)
        self.level2, spilled2 = _filled(self.level2 + (pumped - demand) / TK102_AREA, TK102_WEIR)
        self.spilled_total += spilled1 * TK101_AREA + spilled2 * TK102_AREA

    def values(self) -> dict[str, Value]:
        """What the instruments show now, by tag, with their noise; the outputs and setpoints as they are commanded."""
        measured: dict[str, float] = {**self._supply(), **self._pumping(), **self._buffer()}
        spread = self._random.gauss
        noisy: dict[str, Value] = {
            name: max(0.0, value + spread(0.0, _NOISE[name])) if value > 0 and name in _NOISE else value
            for name, value in measured.items()
        }
        return noisy | self._contacts() | self._counters() | self._commands

    def _supply(self) -> dict[str, float]:
        return {
            "TK101.LT": self.level1,
            "TK101.TT": self.temperature1,
            "FT101": self.inlet,
            "PT101": self.mains_pressure - 0.4 * self.inlet_valve,
            "AT101": 0.35 + 0.08 * math.sin(self.time_s / 173.0) + 0.001 * self.inlet,
            "AT102": 0.45 + 0.06 * math.sin(self.time_s / 241.0),
        }

    def _pumping(self) -> dict[str, float]:
        suction = self.level1 * BAR_PER_M - 0.00003 * self.pumped**2
        speed = max(pump.speed for pump in self.pumps.values())
        pumping = max(1.0, sum(pump.speed for pump in self.pumps.values()))
        pump_head = PUMP_HEAD * speed**2 - PUMP_LOSS * (self.pumped / pumping) ** 2
        discharge = max(suction + pump_head * BAR_PER_M, (LIFT_M + self.level2) * BAR_PER_M)
        found = {
            "P101.PT1": suction,
            "P101.PT2": discharge,
            "FT102": self.pumped,
            "FV102.ZT": self.flow_valve,
            "P101.JT": sum(pump.power for pump in self.pumps.values()),
        }
        for name, pump in self.pumps.items():
            found[f"P101{name}.IT"] = pump.current
            found[f"P101{name}.VT"] = (
                0.1 + pump.speed * (7.5 if self._dry else 1.8) + (3.0 if pump.blocked and pump.running else 0.0)
            )
            found[f"P101{name}.TT"] = pump.bearing
        return found

    def _buffer(self) -> dict[str, float]:
        return {
            "TK102.LT": self.level2,
            "TK102.TT": self.temperature2,
            "TK102.TT2": self.temperature2 + (3.0 if self.sensor_drift else 0.05),
            "TK102.PT": 1.0 + self.level2 * BAR_PER_M - 0.00004 * self.demand**2,
            "FT103": self.demand,
            "E101.JT": self.heater_kw,
            "E101.TT": self.element,
            "PLC101.TT": 31.0 + 3.0 * math.sin(self.time_s / 500.0),
        }

    def _contacts(self) -> dict[str, Value]:
        found: dict[str, Value] = {
            "TK101.LSHH": self.level1 > 4.7,  # noqa: PLR2004 - where the switches are mounted, here and below
            "TK101.LSLL": self.level1 < 0.5,  # noqa: PLR2004
            "TK102.LSHH": self.level2 > 5.2,  # noqa: PLR2004
            "TK102.LSLL": self.level2 < 0.8,  # noqa: PLR2004
            "XV101.ZSO": self.inlet_valve > 0.97,  # noqa: PLR2004
            "XV101.ZSC": self.inlet_valve < 0.03,  # noqa: PLR2004
            "E101.RUN": self.heater_on,
            "E101.TSHH": self.thermostat,
            "PLC101.MAINS": True,
            "PLC101.UPS": True,
            "PLC101.DOOR": False,
        }
        for name, pump in self.pumps.items():
            found[f"P101{name}.RUN"] = pump.running
            found[f"P101{name}.FLT"] = pump.tripped
        return found

    def _counters(self) -> dict[str, Value]:
        found: dict[str, Value] = {
            "FQ101": 18_250.0 + self.inlet_total,
            "FQ102": 17_940.0 + self.pumped_total,
            "FQ103": 17_911.0 + self.demand_total,
            "E101.JQ": 4_120.0 + self.energy,
        }
        for (name, pump), hours, starts in zip(self.pumps.items(), (1874.2, 1866.9), (9412, 9388), strict=True):
            found[f"P101{name}.HRS"] = hours + pump.hours
            found[f"P101{name}.STARTS"] = starts + pump.starts
        return found


# Standard deviation of the instruments' noise, in the unit of the tag.
_NOISE: Mapping[str, float] = {
    "TK101.LT": 0.0008, "TK101.TT": 0.01, "FT101": 0.08, "PT101": 0.008, "AT101": 0.004, "AT102": 0.003,
    "P101A.IT": 0.05, "P101A.VT": 0.04, "P101A.TT": 0.05, "P101B.IT": 0.05, "P101B.VT": 0.04, "P101B.TT": 0.05,
    "P101.PT1": 0.003, "P101.PT2": 0.008, "FT102": 0.1, "P101.JT": 0.03,
    "TK102.LT": 0.001, "TK102.TT": 0.01, "TK102.TT2": 0.01, "TK102.PT": 0.002, "FT103": 0.12,
    "E101.JT": 0.2, "E101.TT": 0.1, "PLC101.TT": 0.05,
}  # fmt: skip


def _toward(value: float, target: float, most: float) -> float:
    return value + min(most, max(-most, target - value))


def _filled(level: float, weir: float) -> tuple[float, float]:
    """The level within its tank, and what of it ran over (positive) or was not there (negative), in m."""
    kept = min(weir, max(0.0, level))
    return kept, level - kept
