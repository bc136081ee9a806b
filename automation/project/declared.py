"""What an application declares as it runs by itself: with the parts of its equipment, and checked as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Mistake, ObjectKind
from automation.model.machine import MachineDeclaration
from automation.model.tag import Tag
from automation.project.apps import App, declared_objects, functions_of, kind_facts, uses_of_machines
from automation.project.codec import alarm_of, tag_of
from automation.project.equipment import expand
from automation.project.making import Making, Wanted
from automation.project.running import Running
from automation.project.usage import AppUse
from automation.project.validation import Facts, mistakes_of


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What equipment is made of."""

    tags: Sequence[Tag] = ()
    alarms: Sequence[AlarmDefinition] = ()
    machines: Sequence[MachineDeclaration] = ()


def parts_of_equipment(app: App) -> Parts:
    """The tags, alarms and machines that the application's equipment makes; what cannot be made is missing."""
    types = {kind.name: kind for kind in app.types}
    made = [expand(types[equipment.type], equipment) for equipment in app.equipment if equipment.type in types]
    parts = [part for expansion in made for part in expansion.objects]
    return Parts(
        tags=[tag_of(part.body) for part in parts if part.kind is ObjectKind.TAG],
        alarms=[alarm_of(part.body) for part in parts if part.kind is ObjectKind.ALARM],
        machines=[machine for expansion in made for machine in expansion.machines],
    )


def declared_mistakes(app: App) -> Sequence[Mistake]:
    """Everything that is wrong with the application's types, equipment, tags and alarms, where nothing was edited."""
    objects, mistakes = declared_objects(app)
    wanted = {given.key: Wanted(object=given) for given in objects}
    made = Making(Running(), wanted, functions_of(app), lambda _name: "").made()
    found = mistakes_of(made, Running(), _facts(app))
    return [*mistakes, *(mistake for told in found.values() for mistake in told)]


def _facts(app: App) -> Facts:
    uses: dict[str, list[AppUse]] = {}
    for use in uses_of_machines(app.machines):
        # The application itself says what its own machines cannot write.
        uses.setdefault(use.tag, []).append(replace(use, writes=False))
    return Facts(
        uses=uses,
        kinds={kind.name: kind for kind in kind_facts(app)},
        machines=frozenset(machine.name for machine in app.machines),
    )
