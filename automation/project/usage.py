"""Who uses which tag: alarms, other tags, machines, screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from automation.expressions.expression import Expression
from automation.model.configuration import Body, ConfigObject, Json, ObjectKind, Usage
from automation.model.errors import ConfigError
from automation.model.machine import MachineDeclaration

EXPRESSION = "expression"
FUNCTION = "function"
AGREES_WITH = "checks.agrees_with"
OTHER_TAGS = ("limit_tag", "setpoint_tag", "other")  # of the condition of an alarm
CONDITIONS = ("permissives", "interlocks")
ENABLED_WHEN = "enabled_when"
WATCHES = "tag"
READBACK = "output.readback"
_EXPRESSIONS = 65_536


class Reference(NamedTuple):
    """A tag that an object refers to.

    how: ``tag``, ``enabled_when``, ``limit_tag``, ``setpoint_tag`` or ``other`` of an alarm, of one of its levels such as
    ``high.limit_tag``, ``expression``, ``function``, ``checks.agrees_with``, ``output.permissives``, ``output.interlocks``,
    ``output.readback``, or such as ``port level``, then of the machine.
    """

    tag: str
    how: str
    machine: str = ""


@dataclass(frozen=True, kw_only=True)
class AppUse:
    """A tag that the code or a screen of an application uses. writes: a machine puts it; puts: it does or may."""

    tag: str
    kind: str
    name: str
    how: str
    writes: bool = False
    puts: bool = False

    def usage(self) -> Usage:
        """As others see it."""
        return Usage(kind=self.kind, name=self.name, how=self.how)


def references(given: ConfigObject) -> Sequence[Reference]:
    """The tags that the object refers to, in the order of its body; none of a type or of equipment."""
    if given.kind is ObjectKind.ALARM:
        return tuple(_of_alarm(given.body))
    if given.kind is not ObjectKind.TAG:
        return ()
    return tuple(_of_tag(given.body))


def references_of_machines(machines: Sequence[MachineDeclaration]) -> Sequence[Reference]:
    """The tags that machines of equipment are bound to."""
    return tuple(Reference(tag, f"port {port}", machine.name) for machine in machines for port, tag in machine.ports.items())


def computed_from(found: Sequence[Reference]) -> tuple[str, ...]:
    """The tags among the references that a derived tag is computed from."""
    return tuple(reference.tag for reference in found if reference.how in (EXPRESSION, FUNCTION))


def renamed_references(given: ConfigObject, old: str, new: str, expression: Callable[[str, str, str], str]) -> Body:
    """The object's body with its references to the old name following to the new one.

    expression: the text of an expression with a tag renamed.
    """
    body = dict(given.body)
    if given.kind is ObjectKind.ALARM:
        _rename_in_alarm(body, old, new)
        text = body.get(ENABLED_WHEN)
        if isinstance(text, str) and old in _read_by(text):
            body[ENABLED_WHEN] = expression(text, old, new)
    if given.kind is ObjectKind.TAG:
        _rename_in_tag(body, old, new, expression)
    if given.kind is ObjectKind.EQUIPMENT:
        parameters = cast("Mapping[str, Json]", body.get("parameters", {}))
        body["parameters"] = {name: new if value == old else value for name, value in parameters.items()}
    return body


def renamed_alarm(given: ConfigObject, old: str, new: str) -> Body | None:
    """The alarm's body with another alarm called by its new name; None if it does not say the old one."""
    body = dict(given.body)
    condition = cast("Mapping[str, Json]", body["condition"])
    if isinstance(named := body.get("supersedes"), Sequence):
        body["supersedes"] = [new if name == old else name for name in named]
    if isinstance(members := condition.get("members"), Sequence):
        body["condition"] = {**condition, "members": [new if name == old else name for name in members]}
    return None if body == given.body else body


def renamed_link(given: ConfigObject, old: str, new: str) -> Body | None:
    """The object's body with the link called by its new name; None if it does not say the old one."""
    body = dict(given.body)
    if given.kind is ObjectKind.TAG:
        body["source"] = _moved_source(body.get("source"), old, new)
    elif given.kind is ObjectKind.TYPE:
        templates = cast("Sequence[Mapping[str, Json]]", body.get("tags", ()))
        body["tags"] = [
            {**tag, "source": _moved_source(tag["source"], old, new)} if "source" in tag else tag for tag in templates
        ]
    elif given.kind is ObjectKind.EQUIPMENT:
        parameters = cast("Mapping[str, Json]", body.get("parameters", {}))
        moved = {name: new if value == old else _moved_source(value, old, new) for name, value in parameters.items()}
        body["parameters"] = moved
    else:
        return None
    body = {name: value for name, value in body.items() if name in given.body}
    return None if body == given.body else body


def _moved_source(source: Json, old: str, new: str) -> Json:
    start = f"{old}/"
    return f"{new}/{source.removeprefix(start)}" if isinstance(source, str) and source.startswith(start) else source


def _rename_in_tag(body: dict[str, Json], old: str, new: str, expression: Callable[[str, str, str], str]) -> None:
    text, checks = body.get("expression"), body.get("checks")
    if isinstance(text, str) and old in _read_by(text):
        body["expression"] = expression(text, old, new)
    if isinstance(checks, Mapping) and checks.get("agrees_with") == old:
        body["checks"] = {**checks, "agrees_with": new}
    output = body.get("output")
    if isinstance(output, Mapping):
        body["output"] = _renamed_in_output(output, old, new, expression)


def _renamed_in_output(
    output: Mapping[str, Json], old: str, new: str, expression: Callable[[str, str, str], str]
) -> Mapping[str, Json]:
    changed = dict(output)
    if changed.get("readback") == old:
        changed["readback"] = new
    for field in CONDITIONS:
        if field in changed:
            changed[field] = [
                {**part, "expression": expression(text, old, new) if old in _read_by(text) else text}
                for part, text in _conditions(output, field)
            ]
    return changed


def _conditions(output: Mapping[str, Json], field: str) -> Iterator[tuple[Mapping[str, Json], str]]:
    """The conditions of the field with the texts of their expressions."""
    for part in cast("Sequence[Mapping[str, Json]]", output.get(field, ())):
        yield part, str(part.get("expression", ""))


def _of_alarm(body: Body) -> Iterator[Reference]:
    if body.get("tag"):
        yield Reference(str(body["tag"]), WATCHES)
    if isinstance(text := body.get(ENABLED_WHEN), str):
        yield from (Reference(name, ENABLED_WHEN) for name in _read_by(text))
    for place, part in _parts(cast("Mapping[str, Json]", body["condition"])):
        for field in OTHER_TAGS:
            if part.get(field):
                yield Reference(str(part[field]), f"{place}{field}")


def _rename_in_alarm(body: dict[str, Json], old: str, new: str) -> None:
    if body.get("tag") == old:
        body["tag"] = new
    condition = dict(cast("Mapping[str, Json]", body["condition"]))
    for place, part in _parts(condition):
        moved = {field: new if field in OTHER_TAGS and value == old else value for field, value in part.items()}
        if place:
            condition[place.removesuffix(".")] = moved
        else:
            condition = {**moved}
    body["condition"] = condition


def _parts(condition: Mapping[str, Json]) -> Sequence[tuple[str, Mapping[str, Json]]]:
    """The condition, and its levels by their names, which may name tags of their own."""
    return [("", condition), *((f"{name}.", part) for name, part in condition.items() if isinstance(part, Mapping))]


def _of_tag(body: Body) -> Iterator[Reference]:
    text, inputs, checks = body.get("expression"), body.get("inputs"), body.get("checks")
    if isinstance(text, str):
        yield from (Reference(name, EXPRESSION) for name in _read_by(text))
    if isinstance(inputs, Sequence):
        yield from (Reference(str(name), FUNCTION) for name in dict.fromkeys(inputs))
    if isinstance(checks, Mapping) and isinstance(checks.get("agrees_with"), str):
        yield Reference(str(checks["agrees_with"]), AGREES_WITH)
    output = body.get("output")
    if isinstance(output, Mapping):
        for field in CONDITIONS:
            for _, condition in _conditions(output, field):
                yield from (Reference(name, f"output.{field}") for name in _read_by(condition))
        if output.get("readback"):
            yield Reference(str(output["readback"]), READBACK)


@lru_cache(maxsize=_EXPRESSIONS)
def _read_by(text: str) -> tuple[str, ...]:
    """The tags that the expression reads; none if it cannot be compiled, which is told elsewhere."""
    try:
        return Expression.compile(text).tags
    except ConfigError:
        return ()
