"""A server to try a link against: for tests, demos and measurements, never for a plant."""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from asyncua import Server, ua
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import User, UserRole

from automation.model.sample import Value
from automation.system.island import Island

T = TypeVar("T")

URI = "urn:automation-runtime:simulator"
_START_S = 120.0
_CALL_S = 30.0
_STEP_S = 0.02
_READ, _WRITE = 1, 3  # AccessLevel bits (Part 3, 8.57)
_FOLDER_SIZE = 100
_TYPES = {bool: "Boolean", int: "Int32", float: "Double", str: "String"}


@dataclass(frozen=True, kw_only=True)
class SimulatedNode:
    """One variable. type: of its value, by its name in OPC UA, guessed if empty; folder: path under Objects."""

    name: str
    value: Value | Sequence[Value] = None
    type: str = ""
    folder: str = "Plant"
    writable: bool = True
    unit: str = ""
    range: tuple[float, float] | None = None

    @property
    def variant_type(self) -> ua.VariantType:
        """The type of the value on the wire."""
        first = self.value[0] if isinstance(self.value, list) else self.value
        return ua.VariantType[self.type or _TYPES[type(first)]]

    @property
    def variant(self) -> ua.Variant:
        """The value as it is sent."""
        return ua.Variant(None, ua.VariantType.Null) if self.value is None else ua.Variant(self.value, self.variant_type)


class Simulator:
    """A server with the nodes; their ids are ``nsu=urn:automation-runtime:simulator:nodes;s=NAME``.

    own: certificate (DER) and key (PEM), without which it has no security. users: passwords by name; without any everybody may
    come in. ``stop`` is as sudden as a power failure; ``start`` brings it back, with namespaces at other indexes if told so.
    """

    def __init__(
        self,
        port: int,
        nodes: Sequence[SimulatedNode],
        own: tuple[Path, Path] | None = None,
        users: Mapping[str, str] | None = None,
    ) -> None:
        self.url = f"opc.tcp://127.0.0.1:{port}/simulator"
        self.refuse_certificates = False
        self._nodes = {node.name: node for node in nodes}
        self._own = own
        self.users = users
        self._index = 2
        self._server: Server | None = None
        self._made: list[ua.NodeId] = []
        self._listening = False
        self._island = Island("opcua simulator")
        self._island.start()

    def start(self, index: int = 2) -> None:
        """Listen. index: of the namespace of the nodes."""
        self._call(self._start(index), _START_S)

    def stop(self) -> None:
        """Be gone: connections, sessions and subscriptions with it."""
        self._call(self._stop())

    def close(self) -> None:
        """End for good."""
        self.stop()
        if self._server is not None:
            self._call(self._server.iserver.stop())
        self._island.stop()

    def set(self, name: str, value: Value, status: int = 0, at: float | None = None) -> None:
        """Give the node another value. at: the source's time, POSIX seconds."""
        self._call(self._set(name, value, status, at))

    def set_many(self, names: Sequence[str], value: float) -> None:
        """Give nodes of type Double another value at once."""
        self._call(self._set_many(names, value))

    def change(self, names: Sequence[str], rate: float) -> None:
        """Count up nodes of type Double from now on, one after the other, so many of them per second."""
        self._island.submit(self._change(names, rate))

    def get(self, name: str) -> Value:
        """The node's value."""
        value: Value = self._call(self._get(name))
        return value

    def set_limits(self, *, subscriptions: int = 1000, nodes_per_read: int = 10_000) -> None:
        """Give no more subscriptions than these, and say how many nodes one read may have."""
        self._call(self._set_limits(subscriptions, nodes_per_read))

    def drop_sessions(self) -> None:
        """Forget every session while their connections stay."""
        self._call(self._drop_sessions())

    def freeze(self, seconds: float) -> None:
        """Do nothing for a while, as a process that is stopped."""
        self._island.submit(_freeze(seconds))

    def get_user(
        self, iserver: Any, username: str | None = None, password: str | None = None, certificate: Any = None
    ) -> User | None:
        """The library's question who comes in."""
        if self.users is None:
            return User(role=UserRole.User)
        known = username is not None and self.users.get(username) == password
        return User(role=UserRole.User, name=username) if known else None

    def _call(self, coroutine: Coroutine[Any, Any, T], timeout_s: float = _CALL_S) -> T:
        return self._island.call(coroutine, timeout_s)

    @property
    def _running(self) -> Server:
        assert self._server is not None  # noqa: S101 - called after start only
        return self._server

    async def _start(self, index: int) -> None:
        self._listening = True
        if self._server is None:
            self._server = await self._make()
            await self._fill(index)
            await self._server.start()
            return
        if index != self._index:
            gone = [ua.DeleteNodesItem(NodeId=node, DeleteTargetReferences=True) for node in self._made]
            await self._server.iserver.isession.delete_nodes(ua.DeleteNodesParameters(NodesToDelete=gone))
            await self._fill(index)
        assert self._server.bserver is not None  # noqa: S101
        await self._server.bserver.start()

    async def _make(self) -> Server:
        server = Server(user_manager=self)
        server.iserver.disabled_clock = True
        await server.init()
        await server.set_application_uri(URI)
        server.set_endpoint(self.url)
        policies = [ua.SecurityPolicyType.NoSecurity]
        if self._own is not None:
            policies += [ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt, ua.SecurityPolicyType.Basic256Sha256_Sign]
            policies += [ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt]
            await server.load_certificate(self._own[0].read_bytes(), "der")
            await server.load_private_key(self._own[1].read_bytes(), format="pem")
        server.set_security_policy(policies)
        server.set_certificate_validator(self._validate)
        return server

    async def _validate(self, _certificate: Any, _description: Any) -> None:
        if self.refuse_certificates:
            raise ServiceError(ua.StatusCodes.BadCertificateUntrusted)

    async def _stop(self) -> None:
        if not self._listening:
            return
        self._listening = False
        server = self._running
        assert server.bserver is not None  # noqa: S101
        for transport in list(server.iserver.asyncio_transports):
            transport.abort()
        await self._drop_sessions()
        await server.bserver.stop()

    async def _drop_sessions(self) -> None:
        service = self._running.iserver.subscription_service
        await service.delete_subscriptions(list(service.subscriptions))
        for session in list(self._running.iserver._external_sessions.values()):  # noqa: SLF001 - the library has no other register
            await session.close_session()

    def _folders(self) -> Sequence[str]:
        return sorted({node.folder for node in self._nodes.values()})

    async def _fill(self, index: int) -> None:
        """Make the nodes in a namespace of the index, after others that nobody asked for."""
        self._index = index
        uris = ["http://opcfoundation.org/UA/", URI, *(f"urn:other:{n}" for n in range(2, index)), f"{URI}:nodes"]
        await self._running.get_node(ua.NodeId(ua.ObjectIds.Server_NamespaceArray)).write_value(uris)
        items = [_folder(folder, index) for folder in self._folders()]
        for node in self._nodes.values():
            items += _variable(node, index)
        self._made = [item.RequestedNewNodeId for item in items]
        for start in range(0, len(items), _FOLDER_SIZE):
            for result in await self._running.iserver.isession.add_nodes(items[start : start + _FOLDER_SIZE]):
                result.StatusCode.check()
            await asyncio.sleep(0)

    async def _set(self, name: str, value: Value, status: int, at: float | None) -> None:
        number = self._nodes[name].variant_type
        variant = ua.Variant(value, number) if value is not None else ua.Variant(None, ua.VariantType.Null)
        time = None if at is None else datetime.fromtimestamp(at, UTC)
        await self._running.write_attribute_value(
            ua.NodeId(name, self._index), ua.DataValue(variant, ua.StatusCode(status), SourceTimestamp=time)
        )

    async def _set_many(self, names: Sequence[str], value: float) -> None:
        time = datetime.now(UTC)  # noqa: TID251 - a device has a clock of its own
        data = ua.DataValue(ua.Variant(value, ua.VariantType.Double), SourceTimestamp=time)
        for name in names:
            await self._running.write_attribute_value(ua.NodeId(name, self._index), data)

    async def _change(self, names: Sequence[str], rate: float) -> None:
        loop = asyncio.get_running_loop()
        begin, done = loop.time(), 0
        while True:
            await asyncio.sleep(_STEP_S)
            due = int((loop.time() - begin) * rate)
            for number in range(done, due):
                data = ua.DataValue(ua.Variant(number // len(names) + 1.0, ua.VariantType.Double))
                data.SourceTimestamp = datetime.now(UTC)  # noqa: TID251 - a device has a clock of its own
                await self._running.write_attribute_value(ua.NodeId(names[number % len(names)], self._index), data)
            done = due

    async def _get(self, name: str) -> Any:
        return await self._running.get_node(ua.NodeId(name, self._index)).read_value()

    async def _set_limits(self, subscriptions: int, nodes_per_read: int) -> None:
        server = self._running
        server.iserver.max_subscriptions = subscriptions
        node = ua.NodeId(ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead)
        await server.write_attribute_value(node, ua.DataValue(ua.Variant(nodes_per_read, ua.VariantType.UInt32)))


async def _freeze(seconds: float) -> None:
    """Hold up the whole loop."""
    threading.Event().wait(seconds)


def _folder(path: str, index: int) -> ua.AddNodesItem:
    return ua.AddNodesItem(
        RequestedNewNodeId=ua.NodeId(path, index),
        BrowseName=ua.QualifiedName(path, index),
        NodeClass=ua.NodeClass.Object,
        ParentNodeId=ua.NodeId(ua.ObjectIds.ObjectsFolder),
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.Organizes),
        TypeDefinition=ua.NodeId(ua.ObjectIds.FolderType),
        NodeAttributes=ua.ObjectAttributes(DisplayName=ua.LocalizedText(path), EventNotifier=0),
    )


def _variable(node: SimulatedNode, index: int) -> list[ua.AddNodesItem]:
    level = _WRITE if node.writable else _READ
    items = [
        ua.AddNodesItem(
            RequestedNewNodeId=ua.NodeId(node.name, index),
            BrowseName=ua.QualifiedName(node.name, index),
            NodeClass=ua.NodeClass.Variable,
            ParentNodeId=ua.NodeId(node.folder, index),
            ReferenceTypeId=ua.NodeId(ua.ObjectIds.HasComponent),
            TypeDefinition=ua.NodeId(ua.ObjectIds.AnalogItemType if node.range else ua.ObjectIds.BaseDataVariableType),
            NodeAttributes=ua.VariableAttributes(
                DisplayName=ua.LocalizedText(node.name),
                Description=ua.LocalizedText(f"Simulated {node.name}"),
                Value=node.variant,
                DataType=ua.NodeId(node.variant_type.value),
                ValueRank=1 if isinstance(node.value, list) else -1,
                AccessLevel=level,
                UserAccessLevel=level,
            ),
        )
    ]
    if node.range is not None:
        items.append(_property(node, "EURange", ua.Range(Low=node.range[0], High=node.range[1]), ua.ObjectIds.Range, index))
    if node.unit:
        unit = ua.EUInformation(DisplayName=ua.LocalizedText(node.unit), UnitId=-1)
        items.append(_property(node, "EngineeringUnits", unit, ua.ObjectIds.EUInformation, index))
    return items


def _property(node: SimulatedNode, name: str, value: object, data_type: int, index: int) -> ua.AddNodesItem:
    return ua.AddNodesItem(
        RequestedNewNodeId=ua.NodeId(f"{node.name}.{name}", index),
        BrowseName=ua.QualifiedName(name, 0),
        NodeClass=ua.NodeClass.Variable,
        ParentNodeId=ua.NodeId(node.name, index),
        ReferenceTypeId=ua.NodeId(ua.ObjectIds.HasProperty),
        TypeDefinition=ua.NodeId(ua.ObjectIds.PropertyType),
        NodeAttributes=ua.VariableAttributes(
            DisplayName=ua.LocalizedText(name),
            Value=ua.Variant(value, ua.VariantType.ExtensionObject),
            DataType=ua.NodeId(data_type),
            ValueRank=-1,
            AccessLevel=_READ,
            UserAccessLevel=_READ,
        ),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a server with nodes ``N0``, ``N1`` ... that change, until standard input is closed; says ``ready`` and its port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--changes", type=float, default=100.0, help="per second, over all nodes")
    options = parser.parse_args(arguments)
    port = options.port or _free_port()
    names = [f"N{number}" for number in range(options.nodes)]
    nodes = [SimulatedNode(name=name, value=0.0, folder=f"Plant{n // _FOLDER_SIZE}") for n, name in enumerate(names)]
    simulator = Simulator(port, nodes)
    simulator.start()
    simulator.change(names, options.changes)
    sys.stdout.write(f"ready {port} 0\n")
    sys.stdout.flush()
    sys.stdin.read()
    simulator.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
