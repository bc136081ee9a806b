"""What the objects of the configuration have in common: to read a definition, to make, to change and to remove one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from automation.model.configuration import Body, ChangeResult, Entry, Key, ObjectKind, Plan
from automation.publishers.rest.operation import Endpoint
from automation.publishers.rest.views import Json

CREATED = 201
CREATE_ERRORS = (409, 423, 503)
CHANGE_ERRORS = (404, 409, 423, 503)


class DefinitionEndpoint(Endpoint):
    """A route to objects of one kind."""

    kind: ClassVar[ObjectKind]

    def definition(self, name: str) -> Json:
        """The object. Raises ``NotFoundError``."""
        return definition_view(self.sources.configuration.entry(self.kind, name))

    def definitions(self) -> Json:
        """All objects of the kind, by name."""
        entries = sorted(self.sources.configuration.entries(self.kind), key=lambda entry: entry.object.name)
        return {"items": [definition_view(entry) for entry in entries]}

    def create(self, body: Body) -> Json:
        """The new object, with what should be mended."""
        result = self.sources.commands.configuration.create(self.gate.principal(), self.kind, body)
        return {**self.definition(str(body["name"])), "warnings": result.warnings}

    def replace(self, name: str, body: Body, seen: str | None) -> Json:
        """The object with another body, with what should be mended."""
        result = self.sources.commands.configuration.replace(self.gate.principal(), self.kind, name, body, seen)
        return {**self.definition(name), "warnings": result.warnings}

    def remove(self, name: str, seen: str | None) -> Json:
        """The answer to a removal."""
        self.sources.commands.configuration.delete(self.gate.principal(), self.kind, name, seen)
        return {"ok": True}


def definition_view(entry: Entry) -> Json:
    """An object as it is written in a file."""
    there = entry.object
    return {
        "name": there.name,
        "body": there.body,
        "hash": there.hash,
        "owner": entry.owner,
        "edited": entry.edited,
        "changed_at": entry.changed_us / 1_000_000 if entry.changed_us else None,
        "changed_by": entry.changed_by or None,
    }


def change_view(result: ChangeResult) -> Json:
    """What a change came to."""
    return {
        "added": _keys(result.added),
        "changed": _keys(result.changed),
        "removed": _keys(result.removed),
        "restart": result.restart,
        "warnings": result.warnings,
    }


def plan_view(plan: Plan) -> Json:
    """What would change."""
    lines = [
        {
            "action": line.action.value,
            "kind": line.kind.value,
            "name": line.name,
            "fields": line.fields,
            "touches": line.touches,
        }
        for line in plan.lines
    ]
    return {"lines": lines, "restart": plan.restart, "warnings": plan.warnings, "conflicts": len(plan.conflicts)}


def _keys(keys: Iterable[Key]) -> list[Json]:
    return [{"kind": kind.value, "name": name} for kind, name in keys]
