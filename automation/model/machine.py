"""A machine as equipment declares it: which kind it is, and which tags its ports are bound to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

KIND_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")


@dataclass(frozen=True, kw_only=True)
class MachineDeclaration:
    """One machine. kind: name under which an application offers its class; ports: the tag's name of each port.

    description: the class's own if empty.
    """

    name: str
    kind: str
    description: str = ""
    area: str = ""
    ports: Mapping[str, str] = field(default_factory=dict)

    def like(self, other: MachineDeclaration) -> bool:
        """True if it does the same; then only texts differ."""
        return (self.name, self.kind, self.ports) == (other.name, other.kind, other.ports)
