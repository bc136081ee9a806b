"""What applications bring into the configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import ConfigObject, InvalidConfigurationError, Mistake
from automation.model.equipment import Equipment, EquipmentType
from automation.model.link import LinkDeclaration
from automation.model.tag import Tag
from automation.observers.machines.machine import Machine
from automation.project.codec import object_of_alarm, object_of_equipment, object_of_link, object_of_tag, object_of_type
from automation.project.usage import AppUse

T = TypeVar("T")

_MACHINE = "machine"  # the binding of an element that is no tag


@dataclass(frozen=True, kw_only=True)
class KindFacts:
    """What must be known of a class of machines to judge one of equipment. ports: ``in``, ``out`` or ``inout`` by name."""

    name: str
    ports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AppObjects:
    """One application as the configuration sees it.

    objects: what it declares. functions: its tags that a Python function computes, as declared, by name. uses: tags that its
    machines and screens use. kinds: classes of machines that it offers to equipment; machines: names of its own. simulated: names
    of its links whose devices it stands in for.
    """

    name: str
    objects: Sequence[ConfigObject] = ()
    functions: Mapping[str, Tag] = field(default_factory=dict)
    uses: Sequence[AppUse] = ()
    kinds: Sequence[KindFacts] = ()
    machines: Sequence[str] = ()
    simulated: Sequence[str] = ()


class Screen(Protocol):
    """A mimic, of which the tags that it shows are needed."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def content(self) -> Mapping[str, Any]:
        """What it draws."""


class App(Protocol):
    """What is needed of ``automation.app.App``."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def types(self) -> Sequence[EquipmentType]:
        """Its equipment types."""

    @property
    def equipment(self) -> Sequence[Equipment]:
        """Its equipment."""

    @property
    def tags(self) -> Sequence[Tag]:
        """Its tags."""

    @property
    def alarms(self) -> Sequence[AlarmDefinition]:
        """Its alarms."""

    @property
    def machines(self) -> Sequence[Machine]:
        """Its machines."""

    @property
    def machine_kinds(self) -> Mapping[str, type[Machine]]:
        """The classes of machines that it offers to equipment, by name."""

    @property
    def links(self) -> Sequence[LinkDeclaration]:
        """Its links."""

    def screen_list(self) -> Sequence[Screen]:
        """Its mimics. Raises ``ConfigError``."""


def app_objects(app: App) -> AppObjects:
    """The application as the configuration sees it.

    Raises ``InvalidConfigurationError`` for types and equipment that make no sense, ``ConfigError`` for a screen that cannot be
    read.
    """
    objects, mistakes = declared_objects(app)
    if mistakes:
        raise InvalidConfigurationError(mistakes)
    return AppObjects(
        name=app.name,
        objects=objects,
        functions=functions_of(app),
        uses=[*uses_of_machines(app.machines), *_of_screens(app)],
        kinds=kind_facts(app),
        machines=[machine.name for machine in app.machines],
    )


def declared_objects(app: App) -> tuple[Sequence[ConfigObject], Sequence[Mistake]]:
    """What the application declares as objects, and every mistake in the types and equipment that are left out for it."""
    mistakes: list[Mistake] = []
    objects = [
        *(object_of_link(link) for link in app.links),
        *_made(object_of_type, app.types, mistakes),
        *_made(object_of_equipment, app.equipment, mistakes),
        *(object_of_tag(tag) for tag in app.tags),
        *(object_of_alarm(alarm) for alarm in app.alarms),
    ]
    return objects, mistakes


def _made(make: Callable[[T], ConfigObject], given: Iterable[T], mistakes: list[Mistake]) -> Iterator[ConfigObject]:
    for one in given:
        try:
            yield make(one)
        except InvalidConfigurationError as error:
            mistakes += error.mistakes


def functions_of(app: App) -> Mapping[str, Tag]:
    """The application's tags that a Python function computes, by name."""
    return {tag.name: tag for tag in app.tags if tag.function is not None}


def kind_facts(app: App) -> Sequence[KindFacts]:
    """What must be known of the classes of machines that the application offers."""
    return [
        KindFacts(name=name, ports={port: made.direction for port, made in machine.declared_ports().items()})
        for name, machine in app.machine_kinds.items()
    ]


def uses_of_machines(machines: Sequence[Machine]) -> Iterator[AppUse]:
    """The tags that an application's own machines are bound to."""
    for machine in machines:
        for port in machine.ports:
            yield AppUse(
                tag=port.tag_name,
                kind="machine",
                name=machine.name,
                how=f"port {port.name}",
                writes=port.direction == "out",
                puts=port.direction != "in",
            )


def _of_screens(app: App) -> Iterator[AppUse]:
    for screen in app.screen_list():
        for element in screen.content["elements"]:
            for key, name in element.get("bind", {}).items():
                if key != _MACHINE:
                    how = f"element {element.get('id')}: {key}"
                    yield AppUse(tag=str(name), kind="screen", name=f"{app.name}/{screen.id}", how=how)
