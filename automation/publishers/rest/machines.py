"""Machines: to see, and to command."""

from __future__ import annotations

from automation.publishers.rest.models import MachinesView, MachineView
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission


class Machines(Endpoint):
    """All machines."""

    @operation("List machines", needs=Permission.VIEW, returns=MachinesView)
    def get(self) -> object:
        """Every machine."""
        return {"items": self.sources.machines.list()}


class MachineCommand(Endpoint):
    """A command of a machine."""

    @operation("Command a machine", needs=Permission.OPERATE, returns=MachineView, errors=(404, 409, 423, 502, 503, 504))
    def post(self, name: str, command: str) -> object:
        """The machine after it has taken the command."""
        return self.sources.commands.machine(self.gate.principal(), name, command)


ROUTES = (("", Machines), ("/<string:name>/commands/<string:command>", MachineCommand))
