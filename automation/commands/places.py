"""Where in the plant that is which a command is about, for its row in the journal."""

from __future__ import annotations

from collections.abc import Mapping

from automation.commands.ports import MachinesPort, TagsPort
from automation.model.errors import NotFoundError, UnknownTagError
from automation.model.output import Output
from automation.model.sample import Value

_TAG_KINDS = ("tag.", "output.")
_PUTS = "tag.put"  # to an output, too, which the other kinds say by themselves
_MACHINE_KINDS = ("machine.",)


class Places:
    """Knows the area of tags and machines, and which tags are outputs."""

    def __init__(self, tags: TagsPort, machines: MachinesPort) -> None:
        self._tags = tags
        self._machines = machines

    def of(self, kind: str, subject: str) -> Mapping[str, Value]:
        """What a row of that kind tells of where its subject is; nothing of what is unknown."""
        if kind.startswith(_TAG_KINDS):
            return self._of_tag(kind, subject)
        return self._of_machine(subject) if kind.startswith(_MACHINE_KINDS) else {}

    def _of_tag(self, kind: str, name: str) -> Mapping[str, Value]:
        try:
            tag = self._tags.tag(name)
        except UnknownTagError:
            return {}
        area: Mapping[str, Value] = {"area": tag.area} if tag.area else {}
        return {**area, "output": True} if kind.startswith(_PUTS) and isinstance(tag, Output) else area

    def _of_machine(self, name: str) -> Mapping[str, Value]:
        try:
            area = self._machines.view(name).area
        except NotFoundError:
            return {}
        return {"area": area} if area else {}
