"""One session with a server: what it knows, reads, writes and contains."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from asyncua import ua

from automation.drivers.base import Reading
from automation.drivers.opcua import status as codes
from automation.drivers.opcua.address import NodeAddress, text_of
from automation.drivers.opcua.client.channel import Channel
from automation.drivers.opcua.client.readings import reading_of, reason_of, status_of
from automation.drivers.opcua.client.reports import Reports
from automation.drivers.opcua.status import is_bad, quality_of
from automation.drivers.opcua.values import fit, type_of
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.model.quality import Quality
from automation.model.sample import Value

log = logging.getLogger(__name__)

_CHUNK = 1000
_TOLD = 20
_ANCESTORS = 8
_OWN_TYPES = 29  # built-in types, the abstract numbers and Enumeration (Part 6, 5.1.2)
_LIMITS = (
    ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
    ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
    ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
)


class Reference(NamedTuple):
    """What a node contains. kind: ``object``, ``variable`` or other. type: of its definition, a number of namespace 0, or 0."""

    node: ua.NodeId
    name: str
    display_name: str
    kind: str
    type: int


class Session:
    """An open session, made by ``opening.open_session``. reports: what the server sends by itself."""

    def __init__(self, channel: Channel) -> None:
        self.namespaces: Sequence[str] = ()
        self.channel = channel
        self.reports = Reports(channel, self.reading)
        self._max_read = self._max_browse = _CHUNK
        self._types: dict[ua.NodeId, int] = {}
        self._told: set[ua.NodeId] = set()

    async def begin(self) -> None:
        """Ask the server for its namespaces and how much it takes at once. Raises ``DriverError``."""
        nodes = [ua.NodeId(number) for number in (ua.ObjectIds.Server_NamespaceArray, *_LIMITS)]
        uris, *limits = await self.attribute(nodes, "Value")
        self.namespaces = [str(uri) for uri in uris or ()]
        self._max_read, self.reports.max_items, self._max_browse = (_chunk(limit) for limit in limits)

    def node(self, address: NodeAddress) -> ua.NodeId | None:
        """The node on this server, None if the server has no such namespace."""
        index = address.index_in(self.namespaces)
        return None if index is None else ua.NodeId(address.identifier, index)

    def text(self, node: ua.NodeId) -> str:
        """The address of a node of this server, which it still has when namespaces have other indexes."""
        index = int(node.NamespaceIndex)
        return text_of(self.namespaces[index] if 0 < index < len(self.namespaces) else "", node.Identifier, index)

    async def read(self, nodes: Sequence[ua.NodeId]) -> list[Reading]:
        """The values of the nodes. Raises ``LinkDownError`` or ``DeviceTimeoutError``."""
        readings: list[Reading] = []
        while len(readings) < len(nodes):
            part = nodes[len(readings) : len(readings) + self._max_read]
            try:
                values = await self._read(part, ua.AttributeIds.Value)
                readings += [self.reading(node, value) for node, value in zip(part, values, strict=True)]
            except DeviceRefusedError as error:
                if error.code in codes.TOO_LARGE and len(part) > 1:
                    self._max_read = len(part) // 2
                    continue
                readings += [Reading(None, quality_of(error.code))] * len(part)
        return readings

    async def attribute(self, nodes: Sequence[ua.NodeId], name: str) -> list[Any]:
        """One attribute of each node as the library decodes it, None where the server gives none. Raises ``DriverError``."""
        found: list[Any] = []
        for start in range(0, len(nodes), self._max_read):
            values = await self._read(nodes[start : start + self._max_read], ua.AttributeIds[name])
            found += [None if is_bad(status_of(value)) or value.Value is None else value.Value.Value for value in values]
        return found

    async def data_types(self, nodes: Sequence[ua.NodeId]) -> list[int | None]:
        """The data type of each variable: the nearest one of namespace 0 that it is derived from, None where there is none.

        Raises ``DriverError``.
        """
        declared = await self.attribute(nodes, "DataType")
        bases = {kind: await self._base(kind) for kind in dict.fromkeys(declared) if isinstance(kind, ua.NodeId)}
        return [bases.get(kind) for kind in declared]

    async def write(self, address: str, node: ua.NodeId, value: Value) -> None:
        """Write the value in the node's own type.

        Raises ``InvalidValueError`` before anything is sent, ``DeviceRefusedError`` with the name of the code, and
        ``DeviceTimeoutError`` also where the connection is lost meanwhile.
        """
        number = self._types.get(node)
        if number is None:
            number = self._types[node] = await self._type(address, node)
        variant = ua.Variant(fit(address, number, value), ua.VariantType(number))
        # Neither status nor times: many servers refuse to have them written.
        item = ua.WriteValue(NodeId=node, AttributeId=ua.AttributeIds.Value, Value=ua.DataValue(variant, StatusCode=None))
        request = ua.WriteRequest()
        request.Parameters.NodesToWrite = [item]
        self.channel.check_open()
        try:
            response = await self.channel.request(request, ua.WriteResponse)
        except LinkDownError as error:
            raise DeviceTimeoutError(f"address {address}: {error}; whether it took effect is uncertain") from error
        except DeviceRefusedError as error:
            raise DeviceRefusedError(f"address {address}: {error}", error.code) from error
        self._check_written(address, response.Results[0])

    async def browse(self, nodes: Sequence[ua.NodeId]) -> list[list[Reference]]:
        """What each node contains, properties included. Raises ``DriverError``."""
        found: list[list[Reference]] = []
        for start in range(0, len(nodes), self._max_browse):
            request = ua.BrowseRequest()
            request.Parameters.NodesToBrowse = [_browse_down(node) for node in nodes[start : start + self._max_browse]]
            response = await self.channel.request(request, ua.BrowseResponse)
            found += [await self._references(result) for result in response.Results]
        return found

    def reading(self, node: ua.NodeId, value: ua.DataValue) -> Reading:
        """The reading of the node; why it is wrongly configured is logged once."""
        reading = reading_of(value)
        if reading.quality is Quality.BAD_CONFIGURATION_ERROR and node not in self._told and len(self._told) < _TOLD:
            self._told.add(node)
            log.warning("link %s: %s: %s", self.channel.link.name, self.text(node), reason_of(value))
        return reading

    async def close(self) -> None:
        """End everything; harmless when lost."""
        self.reports.close()
        await self.channel.close()

    async def _read(self, nodes: Sequence[ua.NodeId], attribute: ua.AttributeIds) -> Sequence[ua.DataValue]:
        if not nodes:
            return []
        request = ua.ReadRequest()
        request.Parameters.TimestampsToReturn = ua.TimestampsToReturn.Source
        request.Parameters.NodesToRead = [ua.ReadValueId(NodeId=node, AttributeId=attribute) for node in nodes]
        response = await self.channel.request(request, ua.ReadResponse)
        if len(response.Results) != len(nodes):
            raise LinkDownError(f"{self.channel.link.url}: {len(response.Results)} values in answer to {len(nodes)} nodes")
        return list(response.Results)

    async def _base(self, kind: ua.NodeId) -> int | None:
        """The nearest ancestor of the data type in namespace 0, where values have types of their own."""
        for _ in range(_ANCESTORS):
            if kind.NamespaceIndex == 0 and isinstance(kind.Identifier, int) and kind.Identifier <= _OWN_TYPES:
                return int(kind.Identifier)
            request = ua.BrowseRequest()
            request.Parameters.NodesToBrowse = [_browse_up(kind)]
            (result,) = (await self.channel.request(request, ua.BrowseResponse)).Results
            if not result.References:
                return None
            above = result.References[0].NodeId
            kind = ua.NodeId(above.Identifier, int(above.NamespaceIndex))
        return None

    async def _type(self, address: str, node: ua.NodeId) -> int:
        """The type that the node's value has, or is declared to have where there is none yet."""
        (value,) = await self._read([node], ua.AttributeIds.Value)
        if status_of(value) == codes.NODE_ID_UNKNOWN:
            raise DeviceRefusedError(f"address {address}: refused: BadNodeIdUnknown", codes.NODE_ID_UNKNOWN)
        variant = value.Value
        number: int | None
        if variant is not None and variant.Value is not None:
            number = None if isinstance(variant.Value, list) else type_of(int(variant.VariantType.value))
        else:
            (kind,), (rank,) = await self.data_types([node]), await self.attribute([node], "ValueRank")
            number = type_of(kind) if kind is not None and (rank is None or rank < 0) else None
        if number is None:
            raise InvalidValueError(f"address {address}: not a node that takes one plain value")
        return number

    @staticmethod
    def _check_written(address: str, result: ua.StatusCode) -> None:
        status = int(result.value)
        if status in codes.TIMEOUTS:
            raise DeviceTimeoutError(f"address {address}: {result.name}; whether it took effect is uncertain")
        if is_bad(status):
            raise DeviceRefusedError(f"address {address}: refused: {result.name}", status)

    async def _references(self, result: ua.BrowseResult) -> list[Reference]:
        references, point = list(result.References or ()), result.ContinuationPoint
        while point:
            request = ua.BrowseNextRequest()
            request.Parameters.ContinuationPoints = [point]
            (more,) = (await self.channel.request(request, ua.BrowseNextResponse)).Parameters.Results
            references += more.References or ()
            point = more.ContinuationPoint
        return [_reference(found) for found in references if not getattr(found.NodeId, "ServerIndex", 0)]


def _chunk(limit: object) -> int:
    """How many nodes go into one request: as many as the server says, 0 being any number, and never too many."""
    return min(_CHUNK, limit) if isinstance(limit, int) and limit > 0 else _CHUNK


def _browse_down(node: ua.NodeId) -> ua.BrowseDescription:
    return ua.BrowseDescription(
        NodeId=node,
        BrowseDirection=ua.BrowseDirection.Forward,
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HierarchicalReferences),
        IncludeSubtypes=True,
        NodeClassMask=0,
        ResultMask=ua.BrowseResultMask.All,
    )


def _browse_up(data_type: ua.NodeId) -> ua.BrowseDescription:
    return ua.BrowseDescription(
        NodeId=data_type,
        BrowseDirection=ua.BrowseDirection.Inverse,
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HasSubtype),
        IncludeSubtypes=False,
        NodeClassMask=0,
        ResultMask=ua.BrowseResultMask.All,
    )


def _reference(found: ua.ReferenceDescription) -> Reference:
    kind = found.TypeDefinition
    return Reference(
        node=ua.NodeId(found.NodeId.Identifier, int(found.NodeId.NamespaceIndex)),
        name=found.BrowseName.Name or "",
        display_name=found.DisplayName.Text or found.BrowseName.Name or "",
        kind=ua.NodeClass(found.NodeClass).name.lower(),
        type=kind.Identifier if kind.NamespaceIndex == 0 and isinstance(kind.Identifier, int) else 0,
    )
