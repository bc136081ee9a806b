"""The manifest of one application: what it adds to the runtime, declared as data and checked as a whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from automation.acquisition.diagnostics import diagnostic_tags
from automation.model.alarm import AlarmDefinition
from automation.model.equipment import Equipment, EquipmentType
from automation.model.errors import ConfigError, NotFoundError
from automation.model.link import LinkDeclaration, up_tag
from automation.model.machine import KIND_PATTERN, MachineDeclaration
from automation.model.output import Output
from automation.model.tag import NAME_PATTERN, Kind, Tag
from automation.observers.machines.machine import Machine
from automation.observers.machines.making import made_machine
from automation.observers.machines.port import Out
from automation.project.declared import Parts, declared_mistakes, parts_of_equipment


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """A process that stands in for the device of a link.

    module: started with ``python -m``, and with ``--port 0 --control-port 0 --speed 1``; it prints ``ready`` and its two ports on
    standard output once it listens, and ends on SIGTERM or when its standard input is closed. link: name of the link.
    """

    module: str
    link: str

    def arguments(self, port: int = 0, control_port: int = 0, speed: float = 1.0) -> Sequence[str]:
        """What follows the interpreter on the command line; port 0 lets the simulator choose, speed is plant per real seconds."""
        return ("-m", self.module, "--port", str(port), "--control-port", str(control_port), "--speed", f"{speed:g}")

    @staticmethod
    def ports(ready: str) -> tuple[int, int]:
        """Port and control port of the line that the simulator prints. Raises ``ConfigError`` if it is another line."""
        words = ready.split()
        if len(words) != 3 or words[0] != "ready" or not all(word.isdigit() for word in words[1:]):  # noqa: PLR2004
            raise ConfigError(f"simulator: expected 'ready <port> <control port>', got {ready.strip()[:80]!r}")
        return int(words[1]), int(words[2])


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A mimic of the application: its id, which is the file's name, its title, and what it draws."""

    id: str
    title: str
    content: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class App:
    """One application.

    name: as in ``/api/apps``. types, equipment: kinds of equipment described once, and the units of plant of those kinds, whose
    tags, alarms and machines come on top of the declared ones. machines: declarations, of which each runtime runs a copy.
    machine_kinds: classes of machines that types may have, by the name that a type says. screens: folder of the mimics, one JSON
    file each. simulator: what stands in for its device in a demo. ``validate`` checks that the parts fit together.
    """

    name: str
    title: str
    description: str = ""
    links: Sequence[LinkDeclaration] = ()
    types: Sequence[EquipmentType] = ()
    equipment: Sequence[Equipment] = ()
    tags: Sequence[Tag] = ()
    alarms: Sequence[AlarmDefinition] = ()
    machines: Sequence[Machine] = ()
    machine_kinds: Mapping[str, type[Machine]] = field(default_factory=dict)
    screens: Path | None = None
    simulator: Simulator | None = None

    @property
    def all_tags(self) -> Sequence[Tag]:
        """The declared tags, and then those that equipment makes; what cannot be made, which ``mistakes`` names, is missing."""
        return (*self.tags, *self._parts.tags)

    @property
    def all_alarms(self) -> Sequence[AlarmDefinition]:
        """The declared alarms, and then those that equipment makes, as ``all_tags``."""
        return (*self.alarms, *self._parts.alarms)

    @cached_property
    def all_machines(self) -> Sequence[Machine]:
        """The declared machines, and then those that equipment makes, as ``all_tags``."""
        return (*self.machines, *filter(None, map(self._made, self._parts.machines)))

    @cached_property
    def _parts(self) -> Parts:
        return parts_of_equipment(self)

    def with_link(self, name: str, **place: object) -> App:
        """The application with one link elsewhere, such as at a simulator's port.

        place: fields of the link's declaration, such as ``host`` and ``port``; None leaves one as it is. Raises ``ConfigError``
        if there is no such link or it has no such field.
        """
        if name not in {link.name for link in self.links}:
            raise ConfigError(f"app {self.name}: unknown link {name}")
        return replace(self, links=tuple(_moved(link, place) if link.name == name else link for link in self.links))

    def validate(self) -> None:
        """Do nothing if all parts fit together. Raises ``ConfigError`` with one line per mistake, each naming the thing."""
        mistakes = tuple(self.mistakes())
        if mistakes:
            raise ConfigError("\n".join(mistakes))

    def mistakes(self) -> Iterator[str]:
        """One line per mistake, each naming the thing."""
        if not NAME_PATTERN.fullmatch(self.name):
            yield f"app {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'"
        yield from self._duplicates()
        yield from (str(mistake) for mistake in declared_mistakes(self))
        yield from self._kind_mistakes()
        yield from self._machine_mistakes()
        yield from self._screen_mistakes()

    def screen_list(self) -> Sequence[Screen]:
        """All mimics, ``overview`` first, then by id. Raises ``ConfigError`` naming a file that cannot be read."""
        if self.screens is None:
            return ()
        if not self.screens.is_dir():
            raise ConfigError(f"app {self.name}: screens: {self.screens} is not a folder")
        found = [_screen(path) for path in self.screens.glob("*.json")]
        return sorted(found, key=lambda screen: (screen.id != "overview", screen.id))

    def screen(self, screen_id: str) -> Screen:
        """The mimic of that id. Raises ``NotFoundError``."""
        for screen in self.screen_list():
            if screen.id == screen_id:
                return screen
        raise NotFoundError(f"app {self.name} has no screen {screen_id}")

    def _duplicates(self) -> Iterator[str]:
        kinds: Mapping[str, Sequence[str]] = {
            "link": [link.name for link in self.links],
            "type": [kind.name for kind in self.types],
            "equipment": [equipment.name for equipment in self.equipment],
            "tag": [tag.name for tag in self.tags],
            "alarm": [alarm.name for alarm in self.alarms],
            "machine": [machine.name for machine in self.machines],
        }
        for kind, names in kinds.items():
            for name, times in Counter(names).items():
                if times > 1:
                    yield f"{kind} {name}: declared {times} times"

    def _made(self, declared: MachineDeclaration) -> Machine | None:
        try:
            return made_machine(declared, self.machine_kinds)
        except (ConfigError, TypeError):
            return None

    def _kind_mistakes(self) -> Iterator[str]:
        for name, kind in self.machine_kinds.items():
            if not KIND_PATTERN.fullmatch(name):
                yield f"machine kind {name!r}: a name in code has 1 to 128 letters, digits or '_', and begins with a letter"
            try:
                made_machine(
                    MachineDeclaration(name="X", kind=name, ports=dict.fromkeys(kind.declared_ports(), "X")), {name: kind}
                )
            except (ConfigError, TypeError) as error:
                yield f"machine kind {name}: {error}"

    def _machine_mistakes(self) -> Iterator[str]:
        tags = {tag.name: tag for tag in self.all_tags}
        owners: dict[str, str] = {}
        for machine in self.machines:
            for port in machine.ports:
                tag = tags.get(port.tag_name)
                place = f"machine {machine.name}: port {port.name}"
                if tag is None:
                    yield f"{place}: unknown tag {port.tag_name}"
                elif port.direction == "out" and (tag.derived or (tag.kind is Kind.FIELD and not tag.writable)):
                    yield f"{place}: {tag.name} cannot be written"
                elif (
                    isinstance(port, Out)
                    and isinstance(tag, Output)
                    and owners.setdefault(tag.name, machine.name) != machine.name
                ):
                    yield f"{place}: output {tag.name} is already put by machine {owners[tag.name]}"

    def _screen_mistakes(self) -> Iterator[str]:
        try:
            screens = self.screen_list()
        except ConfigError as error:
            yield str(error)
            return
        names = {tag.name for tag in self.all_tags} | {up_tag(link.name) for link in self.links}
        names |= {tag.name for link in self.links for tag in diagnostic_tags(link.name)}
        machines = {machine.name: machine for machine in self.all_machines}
        ids = {screen.id for screen in screens}
        for screen in screens:
            for element in screen.content["elements"]:
                place = f"screen {screen.id}: element {element.get('id')}"
                yield from _element_mistakes(place, element, names, machines, ids)


def _element_mistakes(
    place: str, element: Mapping[str, Any], tags: set[str], machines: Mapping[str, Machine], screens: set[str]
) -> Iterator[str]:
    properties = element.get("props", {})
    for key, name in element.get("bind", {}).items():
        if key == "machine":
            if name not in machines:
                yield f"{place}: unknown machine {name}"
            elif element.get("type") == "button" and properties.get("command") not in machines[name].commands:
                yield f"{place}: machine {name} has no command {properties.get('command')}"
        elif name not in tags:
            yield f"{place}: unknown tag {name}"
    if element.get("type") == "link" and properties.get("screen") not in screens:
        yield f"{place}: unknown screen {properties.get('screen')}"


def _moved(link: LinkDeclaration, place: Mapping[str, object]) -> LinkDeclaration:
    given = {name: value for name, value in place.items() if value is not None}
    for name in given:
        if not hasattr(link, name):
            raise ConfigError(f"link {link.name}: {name}: a link of kind {link.kind} has none")
    moved: LinkDeclaration = replace(cast("Any", link), **given)
    return moved


def _screen(path: Path) -> Screen:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"screen {path}: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("elements"), list):
        raise ConfigError(f"screen {path}: expected an object with 'elements'")
    if content.get("id") != path.stem:
        raise ConfigError(f"screen {path}: id {content.get('id')!r} is not the file's name")
    return Screen(id=path.stem, title=str(content.get("title", path.stem)), content=content)
