"""All kinds of links, our own and those of other packages, by entry point."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from automation.drivers.base import Driver, DriverContext, DriverKind
from automation.model.errors import ConfigError
from automation.model.link import LinkDeclaration

GROUP = "automation.drivers"
_OWN = {
    "modbus": "automation.drivers.modbus.kind:KIND",
    "opcua": "automation.drivers.opcua.kind:KIND",
    "mqtt": "automation.drivers.mqtt.kind:KIND",
    "http_push": "automation.drivers.http_push.kind:KIND",
}


def own_kinds() -> Sequence[EntryPoint]:
    """The kinds that come with the runtime; not taken from the installation, so that they are there whatever its age."""
    return [EntryPoint(name=name, value=value, group=GROUP) for name, value in _OWN.items()]


class DriverRegistry:
    """The kinds of links that are installed; each is imported when its first link is built.

    points: in place of our own kinds and all those that are installed.
    """

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        self._points: dict[str, list[EntryPoint]] = {}
        for point in (*own_kinds(), *entry_points(group=GROUP)) if points is None else points:
            known = self._points.setdefault(point.name, [])
            if point.value not in {other.value for other in known}:
                known.append(point)
        self._kinds: dict[str, DriverKind] = {}

    @property
    def names(self) -> Sequence[str]:
        """The names of all kinds, sorted."""
        return sorted(self._points)

    @property
    def places(self) -> Mapping[str, str]:
        """Where each kind comes from, ``module:object`` by name."""
        return {name: points[0].value for name, points in self._points.items()}

    def build(self, link: LinkDeclaration, context: DriverContext) -> Driver:
        """The driver of the link, not connected. Raises ``ConfigError`` naming the link, its kind and what is wrong."""
        try:
            kind = self.kind(link.kind)
        except ConfigError as error:
            raise ConfigError(f"link {link.name}: {error}") from error
        if not isinstance(link, kind.declaration):
            declared, wanted = type(link).__name__, kind.declaration.__name__
            raise ConfigError(f"link {link.name}: declared as {declared}, but links of kind {link.kind} are {wanted}")
        return kind.build(link, context)

    def kind(self, name: str) -> DriverKind:
        """The kind of that name. Raises ``ConfigError`` if there is none, more than one, or it cannot be imported."""
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = _load(self._point(name))
        return found

    def _point(self, name: str) -> EntryPoint:
        points = self._points.get(name)
        if points is None:
            close = difflib.get_close_matches(name, self._points, 1)
            hint = f"did you mean {close[0]}?" if close else f"installed: {', '.join(self.names) or 'none'}"
            raise ConfigError(f"unknown kind {name}; {hint}")
        if len(points) > 1:
            raise ConfigError(f"kind {name}: registered twice, as {' and '.join(point.value for point in points)}")
        return points[0]


@cache
def installed() -> DriverRegistry:
    """The kinds of this installation, looked for once."""
    return DriverRegistry()


def _load(point: EntryPoint) -> DriverKind:
    try:
        kind = point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"kind {point.name}: cannot be imported from {point.value}: {error}") from error
    if not isinstance(kind, DriverKind):
        raise ConfigError(f"kind {point.name}: {point.value} is not a DriverKind")
    return kind
