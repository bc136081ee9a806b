"""Automation Runtime: a SCADA runtime, and the names from which applications are built on it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.app import App, Screen, Simulator
    from automation.frames.history import history
    from automation.model.alarm import AlarmDefinition, BadQuality, Bool, Comms, Discrete, High, Low, Priority
    from automation.model.conditioning import Checks, FirstOrder, Kalman, Median, MovingAverage, Outlier
    from automation.model.deadband import Deadband
    from automation.model.equipment import Equipment, EquipmentType, FaceplateItem, Parameter, ParameterType
    from automation.model.errors import (
        AutomationError,
        BadQualityError,
        CommandError,
        ConfigError,
        ConflictError,
        DeviceRefusedError,
        DeviceTimeoutError,
        DriverError,
        EstopActiveError,
        InterlockedError,
        InvalidValueError,
        LinkDownError,
        NotFoundError,
        UnknownTagError,
    )
    from automation.model.estop import EstopInput
    from automation.model.event import Event
    from automation.model.http_push_link import HttpPushLink
    from automation.model.link import ModbusLink
    from automation.model.mqtt_link import MqttLink
    from automation.model.opcua_link import OpcUaLink
    from automation.model.output import Condition, OnReturn, Operate, Output
    from automation.model.quality import Quality, Severity
    from automation.model.sample import Sample, Value
    from automation.model.tag import Curve, DataType, Kind, Scale, Tag, Width
    from automation.observers.machines.machine import Machine, State, command, state
    from automation.observers.machines.manager import MachineManager
    from automation.observers.machines.port import In, Out, Port
    from automation.observers.machines.view import MachineView
    from automation.runtime import Runtime

_HOMES = {
    "automation.app": ("App", "Screen", "Simulator"),
    "automation.frames.history": ("history",),
    "automation.model.alarm": ("AlarmDefinition", "BadQuality", "Bool", "Comms", "Discrete", "High", "Low", "Priority"),
    "automation.model.conditioning": ("Checks", "FirstOrder", "Kalman", "Median", "MovingAverage", "Outlier"),
    "automation.model.deadband": ("Deadband",),
    "automation.model.equipment": ("Equipment", "EquipmentType", "FaceplateItem", "Parameter", "ParameterType"),
    "automation.model.errors": (
        "AutomationError",
        "BadQualityError",
        "CommandError",
        "ConfigError",
        "ConflictError",
        "DeviceRefusedError",
        "DeviceRefusedError",
        "DeviceTimeoutError",
        "LinkDownError",
        "DriverError",
        "EstopActiveError",
        "InterlockedError",
        "InvalidValueError",
        "NotFoundError",
        "UnknownTagError",
    ),
    "automation.model.estop": ("EstopInput",),
    "automation.model.event": ("Event",),
    "automation.model.http_push_link": ("HttpPushLink",),
    "automation.model.link": ("ModbusLink",),
    "automation.model.mqtt_link": ("MqttLink",),
    "automation.model.opcua_link": ("OpcUaLink",),
    "automation.model.output": ("Condition", "OnReturn", "Operate", "Output"),
    "automation.model.quality": ("Quality", "Severity"),
    "automation.model.sample": ("Sample", "Value"),
    "automation.model.tag": ("Curve", "DataType", "Kind", "Scale", "Tag", "Width"),
    "automation.observers.machines.machine": ("Machine", "State", "command", "state"),
    "automation.observers.machines.manager": ("MachineManager",),
    "automation.observers.machines.port": ("In", "Out", "Port"),
    "automation.observers.machines.view": ("MachineView",),
    "automation.runtime": ("Runtime",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AlarmDefinition",
    "App",
    "AutomationError",
    "BadQuality",
    "BadQualityError",
    "Bool",
    "Checks",
    "CommandError",
    "Comms",
    "Condition",
    "ConfigError",
    "ConflictError",
    "Curve",
    "DataType",
    "Deadband",
    "DeviceRefusedError",
    "DeviceTimeoutError",
    "Discrete",
    "DriverError",
    "Equipment",
    "EquipmentType",
    "EstopActiveError",
    "EstopInput",
    "Event",
    "FaceplateItem",
    "FirstOrder",
    "High",
    "HttpPushLink",
    "In",
    "InterlockedError",
    "InvalidValueError",
    "Kalman",
    "Kind",
    "LinkDownError",
    "Low",
    "Machine",
    "MachineManager",
    "MachineView",
    "Median",
    "ModbusLink",
    "MovingAverage",
    "MqttLink",
    "NotFoundError",
    "OnReturn",
    "OpcUaLink",
    "Operate",
    "Out",
    "Outlier",
    "Output",
    "Parameter",
    "ParameterType",
    "Port",
    "Priority",
    "Quality",
    "Runtime",
    "Sample",
    "Scale",
    "Screen",
    "Severity",
    "Simulator",
    "State",
    "Tag",
    "UnknownTagError",
    "Value",
    "Width",
    "command",
    "history",
    "state",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562), so that a small process loads little."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'automation' has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
