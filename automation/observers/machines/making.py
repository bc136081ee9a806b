"""Machines of equipment: from what is declared to the machine, by the classes that applications offer."""

from __future__ import annotations

from collections.abc import Mapping

from automation.model.errors import ConfigError
from automation.model.machine import MachineDeclaration
from automation.observers.machines.machine import Machine


def made_machine(declared: MachineDeclaration, kinds: Mapping[str, type[Machine]]) -> Machine:
    """The machine, for a manager to run. Raises ``ConfigError`` if no application offers the kind, or its ports are others."""
    kind = kinds.get(declared.kind)
    if kind is None:
        raise ConfigError(f"machine {declared.name}: no application offers machines of the kind {declared.kind}")
    return kind(declared.name, description=declared.description, area=declared.area, **declared.ports)
