"""What is wrong with the machines of equipment, and of the types that they are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from automation.model.configuration import Mistake
from automation.model.equipment import EquipmentType
from automation.model.machine import MachineDeclaration
from automation.model.output import Output
from automation.model.tag import Kind, Tag
from automation.project.apps import KindFacts
from automation.project.running import Item, Running
from automation.project.suggest import Suggestions
from automation.project.usage import AppUse

_PUTS = ("out", "inout")


class MachineChecks:
    """Checks of machines against all that runs.

    kinds: classes that applications offer. own: names of the applications' own machines; uses: tags that applications use. tag:
    one by name, None if there is none; meant: the name that was probably meant.
    """

    def __init__(
        self,
        running: Running,
        kinds: Mapping[str, KindFacts],
        own: frozenset[str],
        uses: Mapping[str, Sequence[AppUse]],
        *,
        tag: Callable[[str], Tag | None],
        meant: Callable[[str], str],
    ) -> None:
        self._running = running
        self._kinds = kinds
        self._own = own
        self._uses = uses
        self._tag = tag
        self._meant = meant
        self._meant_kind = Suggestions(kinds)

    def of_type(self, item: Item, kind: EquipmentType) -> Iterator[Mistake]:
        """What no application offers of the machines of a type."""
        for i, template in enumerate(kind.machines):
            word, given = str(template.get("kind")), template.get("ports", {})
            bound = list(given) if isinstance(given, Mapping) else []
            for field, words, near in self._template_mistakes(word, bound):
                yield Mistake(subject=item.subject, field=f"machines.{i}.{field}", message=words, suggestion=near)

    def of_equipment(self, item: Item) -> Iterator[Mistake]:
        """What is wrong with the machines of equipment whose type is right."""
        for machine in item.machines:
            subject = f"machine {machine.name}"
            taken = self._name_mistake(item.object.name, machine.name)
            if taken:
                yield Mistake(subject=subject, field="name", message=taken)
            for port, name in machine.ports.items():
                tag = self._tag(name)
                words = f"unknown tag {name}" if tag is None else self._port_mistake(machine, port, tag)
                if words:
                    near = self._meant(name) if tag is None else ""
                    yield Mistake(subject=subject, field=f"ports.{port}", message=words, suggestion=near)

    def _template_mistakes(self, word: str, bound: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Field, words, and what was probably meant."""
        kind = self._kinds.get(word)
        if kind is None:
            yield "kind", f"no application offers machines of the kind {word}", self._meant_kind(word)
            return
        for port in bound:
            if port not in kind.ports:
                yield f"ports.{port}", f"machines of the kind {word} have no such port", Suggestions(kind.ports)(port)
        for port in kind.ports:
            if port not in bound:
                yield f"ports.{port}", f"machines of the kind {word} need a tag here", ""

    def _name_mistake(self, equipment: str, name: str) -> str:
        if name in self._own:
            return "an application has a machine of that name already"
        first = next(iter(self._running.machines.get(name, ())), equipment)
        return "" if first == equipment else f"equipment {first} makes it too"

    def _port_mistake(self, machine: MachineDeclaration, port: str, tag: Tag) -> str:
        direction = self._direction(machine, port)
        if direction == "out" and (tag.system or tag.derived or (tag.kind is Kind.FIELD and not tag.writable)):
            return f"{tag.name} cannot be written"
        other = self._other_hand(machine, tag) if direction in _PUTS and isinstance(tag, Output) else ""
        return f"output {tag.name} is already put by machine {other}" if other else ""

    def _other_hand(self, machine: MachineDeclaration, output: Output) -> str:
        """Another machine that puts the output, empty if there is none; of two of equipment, only the later has one."""
        for use in self._uses.get(output.name, ()):
            if use.puts:
                return use.name
        for user in self._running.users.get(output.name, ()):
            for other in self._running.items[user].machines:
                if other.name == machine.name:
                    return ""
                if any(name == output.name and self._direction(other, port) in _PUTS for port, name in other.ports.items()):
                    return other.name
        return ""

    def _direction(self, machine: MachineDeclaration, port: str) -> str:
        kind = self._kinds.get(machine.kind)
        return "" if kind is None else kind.ports.get(port, "")
