"""Faults that the simulated controller can be told to have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from apps.demo_plant.physics import Plant


class FaultError(ValueError):
    """A request for a fault that cannot be had; the text says what is wrong with it."""


class PlantFault(Enum):
    """What can go wrong with the equipment, as opposed to the controller."""

    PUMP_A_BLOCKED = "pump_a_blocked"
    PUMP_B_BLOCKED = "pump_b_blocked"
    PUMP_A_DEAD = "pump_a_dead"
    PUMP_B_DEAD = "pump_b_dead"
    MAINS = "mains"
    INLET_VALVE_STUCK = "inlet_valve_stuck"
    TEMPERATURE_DRIFT = "temperature_drift"


@dataclass
class Faults:
    """What is wrong with the controller now.

    silent: it answers nothing and does nothing. frozen: its measured values stand still. noise: standard deviation of extra
    noise on the analog inputs, as a share of their span. exception: Modbus exception code of every answer, 0 for none.
    """

    silent: bool = False
    frozen: bool = False
    noise: float = 0.0
    exception: int = 0

    def clear(self) -> None:
        """End all of them."""
        self.silent, self.frozen, self.noise, self.exception = False, False, 0.0, 0


def apply(request: Mapping[str, object], faults: Faults, plant: Plant) -> None:
    """Have the fault that the request names, such as ``{"fault": "noise", "amplitude": 0.05}``, or end all with ``clear``.

    Raises ``FaultError`` naming what is wrong with the request.
    """
    kind = request.get("fault")
    if kind == "clear":
        faults.clear()
        _repair(plant)
    elif kind == "silent":
        faults.silent = True
    elif kind == "freeze":
        faults.frozen = True
    elif kind == "noise":
        faults.noise = _number(request, "amplitude", 0.05, 0.0, 1.0)
    elif kind == "exception":
        faults.exception = int(_number(request, "code", 4, 1, 11))
    else:
        _break(kind, plant)


def parse(line: bytes) -> Mapping[str, object]:
    """The request on a line of JSON. Raises ``FaultError``."""
    try:
        request = json.loads(line)
    except ValueError as error:
        raise FaultError(f"not JSON: {error}") from error
    if not isinstance(request, dict):
        raise FaultError("expected an object with 'fault'")
    return request


def _number(request: Mapping[str, object], key: str, default: float, low: float, high: float) -> float:
    value = request.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise FaultError(f"{key}: expected a number from {low:g} to {high:g}")
    return value


def _break(kind: object, plant: Plant) -> None:
    known = ["silent", "freeze", "noise", "exception", "clear", *(fault.value for fault in PlantFault)]
    try:
        fault = PlantFault(kind)
    except ValueError:
        raise FaultError(f"fault {kind!r}: expected one of {', '.join(known)}") from None
    if fault is PlantFault.MAINS:
        plant.mains_failure = True
        return
    if fault is PlantFault.INLET_VALVE_STUCK:
        plant.valve_stuck = True
        return
    if fault is PlantFault.TEMPERATURE_DRIFT:
        plant.sensor_drift = True
        return
    pump = plant.pumps["A" if "_a_" in fault.value else "B"]
    if fault.value.endswith("dead"):
        pump.dead = True
    else:
        pump.blocked = True


def _repair(plant: Plant) -> None:
    plant.mains_failure = plant.valve_stuck = plant.sensor_drift = False
    for pump in plant.pumps.values():
        pump.blocked = pump.dead = False
