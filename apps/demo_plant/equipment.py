"""Equipment of the pumping station: the pump is described once, and P101A and P101B are made from it."""

from apps.demo_plant.tags import COUNTS, INSTRUMENT_DEADBAND, PUMPS
from automation import Equipment, EquipmentType, FaceplateItem, Parameter, ParameterType


def _address(description: str) -> Parameter:
    return Parameter(type=ParameterType.INTEGER, description=description)


PUMP = EquipmentType(
    name="pump",
    description="Pump with contactor, motor protection and instruments on the controller's cards",
    parameters={
        "letter": Parameter(description="What operators call it"),
        "standby": Parameter(description="Letter of the pump that takes over"),
        "command": _address("Coil that runs it"),
        "running": _address("Digital input of the contactor"),
        "tripped": _address("Digital input of the motor protection"),
        "current": _address("Input register of the motor current"),
        "vibration": _address("Input register of the vibration"),
        "bearing": _address("Input register of the bearing temperature"),
        "hours": _address("First of two input registers of the run hours"),
        "starts": _address("First of two input registers of the starts"),
        "vibration_limit": Parameter(type=ParameterType.NUMBER, default=7.1, description="Where vibration is an alarm, mm/s"),
    },
    tags=(
        {
            "name": "{name}.CMD", "type": "bool", "source": "plant/coil:{command}", "scan": "fast",
            "output": {"safe": False, "continuous": True}, "description": "Run pump {letter}",
        },
        {
            "name": "{name}.RUN", "type": "bool", "source": "plant/discrete:{running}", "scan": "fast",
            "description": "Pump {letter} runs (contactor)",
        },
        {
            "name": "{name}.FLT", "type": "bool", "source": "plant/discrete:{tripped}", "scan": "fast",
            "description": "Pump {letter} tripped (motor protection)",
        },
        {
            "name": "{name}.IT", "source": "plant/input:{current}:int16", "scale": {"raw": COUNTS, "eng": (0.0, 50.0)},
            "range": (0.0, 50.0), "unit": "A", "precision": 1, "deadband": INSTRUMENT_DEADBAND, "history_deadband": "0.2 %",
            "description": "Pump {letter} motor current",
        },
        {
            "name": "{name}.VT", "source": "plant/input:{vibration}:int16", "scale": {"raw": COUNTS, "eng": (0.0, 20.0)},
            "range": (0.0, 20.0), "unit": "mm/s", "deadband": INSTRUMENT_DEADBAND, "history_deadband": "0.5 %",
            "description": "Pump {letter} vibration, r.m.s.", "metadata": {"standard": "ISO 10816-7"},
        },
        {
            "name": "{name}.TT", "source": "plant/input:{bearing}:int16", "scan": "slow",
            "scale": {"raw": COUNTS, "eng": (0.0, 150.0)}, "range": (0.0, 150.0), "unit": "degC", "precision": 1,
            "deadband": INSTRUMENT_DEADBAND, "description": "Pump {letter} bearing temperature",
        },
        {
            "name": "{name}.HRS", "source": "plant/input:{hours}:float32:cdab", "scan": "slow", "unit": "h",
            "description": "Pump {letter} run hours",
        },
        {
            "name": "{name}.STARTS", "type": "int", "width": "uint32", "source": "plant/input:{starts}:uint32", "scan": "slow",
            "precision": 0, "description": "Pump {letter} starts",
        },
    ),
    alarms=(
        {
            "name": "{name}.FLT", "tag": "{name}.FLT", "condition": {"kind": "bool"}, "priority": 2,
            "description": "Pump {letter} tripped", "cause": "Motor overload or blocked impeller",
            "action": "Check that pump {standby} has taken over; inspect pump {letter}",
        },
        {
            "name": "{name}.VT.H", "tag": "{name}.VT", "priority": 3, "on_delay_s": 5.0,
            "condition": {"kind": "high", "limit": "{vibration_limit}", "deadband": 1.0},
            "description": "Pump {letter} vibrates", "cause": "Pump runs dry, cavitates, or has a worn bearing",
            "action": "Check the level of TK101; change over to pump {standby}",
        },
    ),
    machines=(
        {
            "name": "{name}_watch", "kind": "pump_watch", "description": "Pump {letter}: does it run when it is told to?",
            "ports": {"commanded": "{name}.CMD", "running": "{name}.RUN", "tripped": "{name}.FLT"},
        },
    ),
    faceplate=(
        FaceplateItem(tag="{name}.RUN", label="Runs"),
        FaceplateItem(tag="{name}.FLT", label="Tripped"),
        FaceplateItem(tag="{name}.IT", label="Motor current"),
        FaceplateItem(tag="{name}.VT", label="Vibration"),
        FaceplateItem(tag="{name}.TT", label="Bearing temperature"),
        FaceplateItem(tag="{name}.HRS", label="Run hours"),
        FaceplateItem(tag="{name}.STARTS", label="Starts"),
    ),
)  # fmt: skip

P101A = Equipment(
    name="P101A",
    type="pump",
    area=PUMPS,
    description="Pump A, from the supply tank to the buffer tank",
    parameters={
        "letter": "A", "standby": "B",
        "command": 1, "running": 4, "tripped": 5, "current": 8, "vibration": 9, "bearing": 10, "hours": 64, "starts": 66,
    },
)  # fmt: skip

P101B = Equipment(
    name="P101B",
    type="pump",
    area=PUMPS,
    description="Pump B, from the supply tank to the buffer tank",
    parameters={
        "letter": "B", "standby": "A",
        "command": 2, "running": 6, "tripped": 7, "current": 12, "vibration": 13, "bearing": 14, "hours": 68, "starts": 70,
    },
)  # fmt: skip

TYPES = (PUMP,)
EQUIPMENT = (P101A, P101B)
