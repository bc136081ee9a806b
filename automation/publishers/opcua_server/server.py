"""The publisher: starts the server on the island and keeps its nodes as new as the table."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asyncua import Server, ua

from automation.cvt.table import Change, Cvt
from automation.model.errors import ConfigError
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag
from automation.publishers.opcua_server.address_space import (
    attributes,
    data_value,
    nodes,
    properties,
    property_node,
    root_folder,
    same_node,
    state_text,
    tag_node,
)
from automation.publishers.opcua_server.session import Login, PasswordGate, SecureServer, end_sessions
from automation.security.key_pair import own_key_pair
from automation.security.principal import Principal
from automation.system.island import Island
from automation.system.mailbox import LatestMailbox

log = logging.getLogger(__name__)

_CHUNK = 100
_START_S = 60.0
_STOP_S = 5.0
_WRITE_S = 10.0
_LOOK_S = 2.0
_POLICIES = (
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
)


@dataclass(frozen=True, kw_only=True)
class OpcUaOptions:
    """Where and as what the server appears. site: ends the namespace URI; pki: folder of the certificates."""

    site: str
    name: str
    host: str
    port: int
    pki: Path

    @property
    def uri(self) -> str:
        """Namespace and application URI."""
        return f"urn:automation-runtime:{self.site}"

    @property
    def endpoint(self) -> str:
        """The address that clients connect to."""
        return f"opc.tcp://{self.host}:{self.port}/automation"


class OpcUaPublisher:
    """The tags of a table as OPC UA variables. Raises ``ConfigError`` naming the endpoint when its port is in use.

    login verifies user name and password; standing tells whether a principal that logged in may still be here; now gives the
    present instant. ``step`` is called by a worker; tags added to the table while running appear with the next step.
    """

    def __init__(
        self,
        options: OpcUaOptions,
        cvt: Cvt,
        island: Island,
        login: Login,
        now: Callable[[], float],
        standing: Callable[[Principal], bool] = lambda _principal: True,
    ) -> None:
        _check_free(options)
        self.options = options
        self.namespace = 0
        self.mailbox: LatestMailbox[Change] = LatestMailbox(lambda change: id(change.group), Change.merged_into)
        self._cvt = cvt
        self._island = island
        self._now = now
        self._gate = PasswordGate(login)
        self._standing = standing
        self._looked = 0.0
        self._server: Server | None = None
        self._known: dict[str, Tag] = {}
        self._folders: set[str] = set()
        self._generation = -1
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Listen and show the present samples. Raises ``ConfigError`` naming the endpoint when the port has been taken."""
        pair = own_key_pair(self.options.pki, self.options.uri, self.options.host, self._now())
        self._unsubscribe = self._cvt.subscribe(self.mailbox)
        try:
            self._island.call(self._open(pair.certificate, pair.key), _START_S)
        except OSError as error:
            self._unsubscribe()
            raise ConfigError(f"opcua {self.options.endpoint}: cannot listen: {error.strerror or error}") from error
        log.info("OPC UA server ready at %s with %d tags", self.options.endpoint, len(self._known))

    def step(self, now: float) -> None:
        """Publish what changed since the last step, and now and then part with users who were revoked."""
        if self._server is None:
            return
        if now - self._looked >= _LOOK_S:
            self._looked = now
            self._island.call(end_sessions(self._server.iserver, self._standing), _WRITE_S)
        if self._generation != self._cvt.generation:
            self._island.call(self._sync(), _START_S)
        changes = self.mailbox.take()
        if changes:
            self._island.call(self._publish(changes), _WRITE_S)

    def stop(self) -> None:
        """Close every session and stop listening."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        server, self._server = self._server, None
        if server is not None:
            self._island.call(server.stop(), _STOP_S)

    async def _open(self, certificate: Path, key: Path) -> None:
        server = Server(iserver=SecureServer(self._gate))
        server.name = self.options.name
        server.product_uri = "urn:automation-runtime"
        server.manufacturer_name = "Automation Runtime"
        server.limits.max_message_size = 4 * 1024 * 1024
        server.limits.max_chunk_count = 64
        await server.init()
        await server.set_application_uri(self.options.uri)
        server.set_endpoint(self.options.endpoint)
        server.set_security_policy(list(_POLICIES))
        await server.load_certificate(certificate)
        await server.load_private_key(key)
        self.namespace = await server.register_namespace(self.options.uri)
        await self._add(server, [root_folder(self.namespace)])
        self._server = server
        await self._sync()
        try:
            await server.start()
        except OSError:
            self._server = None
            raise

    async def _sync(self) -> None:
        """Make the nodes match the table's tags."""
        server = self._server
        assert server is not None  # noqa: S101 - called between start and stop only
        self._generation = self._cvt.generation
        present = {tag.name: tag for tag in self._cvt.tags()}
        kept = {name for name, tag in self._known.items() if name in present and same_node(tag, present[name])}
        changed = [present[name] for name in kept if present[name] is not self._known[name]]
        gone = [tag for name, tag in self._known.items() if name not in kept]
        new = [tag for name, tag in present.items() if name not in kept]
        await self._remove(server, [tag_node(tag.name, self.namespace) for tag in gone])
        former = [*gone, *(self._known[tag.name] for tag in changed)]
        await self._remove(server, [item.RequestedNewNodeId for tag in former for item in properties(tag, self.namespace)])
        await self._add(server, nodes(new, self.namespace, self._folders))
        await self._describe(server, changed)
        self._known = present
        await self._write([(tag, self._cvt.read(tag.name)) for tag in (*new, *changed) if tag.name in self._cvt])

    async def _add(self, server: Server, items: object) -> None:
        batch: list[ua.AddNodesItem] = []
        for item in items:  # type: ignore[attr-defined]
            batch.append(item)
            if len(batch) == _CHUNK:
                await self._add_batch(server, batch)
                batch = []
        await self._add_batch(server, batch)

    @staticmethod
    async def _add_batch(server: Server, batch: list[ua.AddNodesItem]) -> None:
        for item, result in zip(batch, await server.iserver.isession.add_nodes(batch), strict=True):
            if not result.StatusCode.is_good():
                log.error("OPC UA node %s: %s", item.RequestedNewNodeId, result.StatusCode.name)
        await asyncio.sleep(0)

    async def _describe(self, server: Server, tags: Sequence[Tag]) -> None:
        """Give variables that stay the attributes and properties of their new declarations."""
        for tag in tags:
            for attribute, value in attributes(tag).items():
                await server.iserver.aspace.write_attribute_value(tag_node(tag.name, self.namespace), attribute, value)
        await self._add(server, [item for tag in tags for item in properties(tag, self.namespace)])

    @staticmethod
    async def _remove(server: Server, ids: Sequence[ua.NodeId]) -> None:
        for start in range(0, len(ids), _CHUNK):
            items = [ua.DeleteNodesItem(NodeId=node, DeleteTargetReferences=True) for node in ids[start : start + _CHUNK]]
            await server.iserver.isession.delete_nodes(ua.DeleteNodesParameters(NodesToDelete=items))
            await asyncio.sleep(0)

    async def _publish(self, changes: Sequence[Change]) -> None:
        for change in changes:
            await self._write(list(change.samples()))

    async def _write(self, samples: Sequence[tuple[Tag, Sample]]) -> None:
        """Store the samples in their nodes, handing the loop over now and then so that clients are served meanwhile."""
        server = self._server
        if server is None:
            return
        write = server.iserver.aspace.write_attribute_value
        for number, (tag, sample) in enumerate(samples, 1):
            if self._known.get(tag.name) is tag:
                await write(tag_node(tag.name, self.namespace), ua.AttributeIds.Value, data_value(tag, sample))
                if tag.type is DataType.ENUM:
                    text = state_text(tag, sample)
                    await write(property_node(tag.name, "ValueAsText", self.namespace), ua.AttributeIds.Value, text)
            if number % _CHUNK == 0:
                await asyncio.sleep(0)


def _check_free(options: OpcUaOptions) -> None:
    """Refuse a port in use before the address space is built for nothing. Raises ``ConfigError``."""
    try:
        socket.create_server((options.host, options.port)).close()
    except OSError as error:
        raise ConfigError(f"opcua {options.endpoint}: cannot listen: {error.strerror or error}") from error
