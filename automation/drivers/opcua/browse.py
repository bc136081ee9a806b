"""What a server contains: as a tree that opens level by level, or all its variables at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from automation.drivers.opcua.address import parse
from automation.drivers.opcua.certificates import Credentials
from automation.drivers.opcua.client.session import Reference, Session
from automation.drivers.opcua.connection import Connection
from automation.drivers.opcua.values import readable_type
from automation.model.discovery import Limits, TreeNode, Variable, Variables
from automation.model.errors import NotFoundError
from automation.model.opcua_link import OpcUaLink

OBJECTS = "i=85"
_PROPERTY = 68  # PropertyType
_SERVER = "i=2253"
_RANGE, _UNIT = "EURange", "EngineeringUnits"


class OpcUaBrowser:
    """A session of its own for looking around, to be closed; see ``drivers.base.Browser``.

    Raises ``LinkDownError`` if the server lets us not in.
    """

    def __init__(self, link: OpcUaLink, credentials: Credentials) -> None:
        self._connection = Connection(link, credentials)

    def __enter__(self) -> OpcUaBrowser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def children(self, address: str = "") -> Sequence[TreeNode]:
        """What the node contains, properties left out.

        Raises ``ConfigError`` if the address is none, ``NotFoundError`` if the server has no such namespace, ``DriverError``.
        """
        return self._connection.call(_children(self._connection.session, address or OBJECTS))

    def variables(self, address: str = "", limits: Limits | None = None) -> Variables:
        """All variables below the node, what the server tells of itself left out. Raises as ``children`` does."""
        limits = limits or Limits()
        requests = 1 + round(limits.seconds)
        return self._connection.call(_variables(self._connection.session, address or OBJECTS, limits), requests)


@dataclass
class _Found:
    """A variable as it is found: what is told later are its properties."""

    reference: Reference
    path: str
    properties: dict[str, Any]


async def _children(session: Session, address: str) -> Sequence[TreeNode]:
    (references,) = await session.browse([_root(session, address)])
    return [
        TreeNode(address=session.text(each.node), name=each.display_name, kind=each.kind)
        for each in references
        if each.type != _PROPERTY
    ]


async def _variables(session: Session, address: str, limits: Limits) -> Variables:
    root = _root(session, address)
    found: dict[Any, _Found] = {}
    try:
        async with asyncio.timeout(limits.seconds):
            complete = await _walk(session, root, limits, found)
    except TimeoutError:
        complete = False
    chosen = list(found.values())[: limits.count]
    return Variables(found=await _described(session, chosen), complete=complete and len(chosen) == len(found))


async def _walk(session: Session, root: Any, limits: Limits, found: dict[Any, _Found]) -> bool:
    """Collect variables level by level; True if nothing is left."""
    seen = {root, session.node(parse(_SERVER))}
    level: list[tuple[Any, str]] = [(root, "")]
    for _ in range(limits.depth):
        if not level or len(found) >= limits.count:
            break
        contents = await session.browse([node for node, _path in level])
        below: list[tuple[Any, str]] = []
        for (parent, path), references in zip(level, contents, strict=True):
            for each in references:
                below += _take(each, parent, path, found, seen)
        level = below
    return not level


def _take(reference: Reference, parent: Any, path: str, found: dict[Any, _Found], seen: set[Any]) -> Sequence[tuple[Any, str]]:
    """Note the reference; itself if there may be more below it."""
    if reference.type == _PROPERTY:
        if parent in found:
            found[parent].properties[reference.name] = reference.node
        return ()
    if reference.node in seen:
        return ()
    seen.add(reference.node)
    own = f"{path}/{reference.display_name}" if path else reference.display_name
    if reference.kind == "variable":
        found[reference.node] = _Found(reference, own, {})
    return [(reference.node, own)] if reference.kind in ("object", "variable") else ()


async def _described(session: Session, found: Sequence[_Found]) -> Sequence[Variable]:
    nodes = [each.reference.node for each in found]
    types = await session.data_types(nodes)
    ranks = await session.attribute(nodes, "ValueRank")
    levels = await session.attribute(nodes, "UserAccessLevel")
    texts = await session.attribute(nodes, "Description")
    ranges = await _property(session, found, _RANGE)
    units = await _property(session, found, _UNIT)
    described = []
    for place, each in enumerate(found):
        level = levels[place] or 0
        described.append(
            Variable(
                address=session.text(each.reference.node),
                path=each.path,
                name=each.reference.display_name,
                description=getattr(texts[place], "Text", None) or "",
                type=readable_type(types[place]),
                array=(ranks[place] or -1) >= 0,
                readable=bool(level & 1),
                writable=bool(level & 2),
                unit=getattr(getattr(units[place], "DisplayName", None), "Text", None) or "",
                range=_low_high(ranges[place]),
            )
        )
    return described


async def _property(session: Session, found: Sequence[_Found], name: str) -> Sequence[Any]:
    """The value of the property of each variable, None where it has none."""
    nodes = [each.properties[name] for each in found if name in each.properties]
    values = iter(await session.attribute(nodes, "Value"))
    return [next(values) if name in each.properties else None for each in found]


def _low_high(value: Any) -> tuple[float, float] | None:
    low, high = getattr(value, "Low", None), getattr(value, "High", None)
    return (float(low), float(high)) if low is not None and high is not None and low < high else None


def _root(session: Session, address: str) -> Any:
    node = session.node(parse(address))
    if node is None:
        raise NotFoundError(f"node {address}: the server has no such namespace")
    return node
