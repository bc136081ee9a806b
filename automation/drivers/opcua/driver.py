"""The OPC UA driver: addresses to nodes of the server as it is now, values polled or reported."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from automation.drivers.base import Reading, Sink
from automation.drivers.opcua.address import NodeAddress, parse
from automation.drivers.opcua.certificates import Credentials
from automation.drivers.opcua.connection import Connection
from automation.drivers.opcua.status import NODE_ID_UNKNOWN
from automation.model.errors import DeviceRefusedError, LinkDownError
from automation.model.opcua_link import OpcUaLink
from automation.model.quality import Quality
from automation.model.sample import Value

log = logging.getLogger(__name__)

_KEPT_SCANS = 64
_LEAST_CHUNK = 100
_ABSENT = Reading(None, Quality.BAD_CONFIGURATION_ERROR)


class OpcUaDriver:
    """One OPC UA server; see ``drivers.base.SubscribingDriver``.

    Namespaces are looked up anew with every connect, for a server may number them otherwise after a restart.
    """

    def __init__(self, link: OpcUaLink, credentials: Credentials) -> None:
        self._link = link
        self._credentials = credentials
        self._parsed: dict[str, NodeAddress] = {}
        self._connection: Connection | None = None
        self._scans: dict[tuple[str, ...], Sequence[Any]] = {}
        self._subscriptions: dict[str, int] = {}

    def check(self, address: str) -> None:
        """Do nothing if the address is a node id. Raises ``ConfigError`` naming what is wrong with it."""
        self._parse(address)

    def check_write(self, address: str) -> None:
        """Do nothing if the node may be one to write to; the server has the last word. Raises ``ConfigError`` otherwise."""
        self._parse(address).check_write()

    def prepare(self, addresses: Sequence[str]) -> None:
        """Parse the addresses. Raises ``ConfigError`` for one that is none."""
        for address in addresses:
            self._parse(address)

    def connect(self) -> None:
        """Open a session. Raises ``LinkDownError`` naming what is in the way."""
        self.close()
        self._connection = Connection(self._link, self._credentials)

    def close(self) -> None:
        """End the session; nothing is reported once this returns. Harmless when closed."""
        connection, self._connection = self._connection, None
        self._scans.clear()
        self._subscriptions.clear()
        if connection is not None:
            connection.close()

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """One reading per address, in order, in one request for as many nodes as the server takes at once.

        Raises ``LinkDownError`` or ``DeviceTimeoutError``.
        """
        connection = self._connected()
        nodes = self._nodes(connection, tuple(addresses))
        present = [node for node in nodes if node is not None]
        if not present:
            return [_ABSENT] * len(nodes)
        readings = connection.call(connection.session.read(present), _requests(len(nodes)))
        if len(present) == len(nodes):
            return readings
        found = iter(readings)
        return [_ABSENT if node is None else next(found) for node in nodes]

    def write(self, address: str, value: Value) -> None:
        """Write one raw value in the node's own type and return when the server has accepted it.

        Raises ``DeviceRefusedError`` with the name of the server's code, ``DeviceTimeoutError`` (effect uncertain),
        ``LinkDownError``, or ``InvalidValueError`` before anything is sent.
        """
        connection = self._connected()
        node = connection.session.node(self._parse(address))
        if node is None:
            raise DeviceRefusedError(f"address {address}: the server has no such namespace", NODE_ID_UNKNOWN)
        connection.call(connection.session.write(address, node, value), 4)

    def subscribe(self, scan: str, period_s: float, addresses: Sequence[str], sink: Sink) -> bool:
        """True if the server reports these addresses from now on, in place of what was subscribed for the scan.

        False where it has no subscriptions to give; then they are polled. The sink hears of (index into addresses, reading), in
        the order of the server, from the session's thread. Raises ``LinkDownError`` or ``DeviceTimeoutError``.
        """
        connection = self._connected()
        self.unsubscribe(scan)
        nodes = self._nodes(connection, tuple(addresses))
        reports = connection.session.reports
        number = connection.call(reports.subscribe(scan, period_s, nodes, sink), 2 + _requests(len(nodes)))
        if number is None:
            log.warning("link %s: scan %s: the server gives no subscription; it is polled", self._link.name, scan)
            return False
        self._subscriptions[scan] = number
        return True

    def unsubscribe(self, scan: str) -> None:
        """End the reports of the scan; none comes once this returns."""
        number = self._subscriptions.pop(scan, None)
        if number is not None and self._connection is not None:
            self._connection.call(self._connection.session.reports.unsubscribe(number))

    def check_alive(self) -> None:
        """Do nothing while reports can come. Raises ``LinkDownError`` or ``DeviceTimeoutError`` once that is over."""
        self._connected().session.reports.check_alive()

    def _connected(self) -> Connection:
        if self._connection is None:
            raise LinkDownError(f"{self._link.url}: not connected")
        return self._connection

    def _parse(self, address: str) -> NodeAddress:
        parsed = self._parsed.get(address)
        if parsed is None:
            parsed = self._parsed[address] = parse(address)
        return parsed

    def _nodes(self, connection: Connection, addresses: tuple[str, ...]) -> Sequence[Any]:
        """The node of each address on the server as it is now, None where it has no such namespace."""
        nodes = self._scans.get(addresses)
        if nodes is None:
            if len(self._scans) >= _KEPT_SCANS:
                self._scans.clear()
            nodes = self._scans[addresses] = [connection.session.node(self._parse(address)) for address in addresses]
            self._tell(addresses, nodes)
        return nodes

    def _tell(self, addresses: Sequence[str], nodes: Sequence[Any]) -> None:
        absent = [address for address, node in zip(addresses, nodes, strict=True) if node is None]
        if absent:
            log.warning(
                "link %s: the server has no such namespace: %d addresses, %s first", self._link.name, len(absent), absent[0]
            )


def _requests(nodes: int) -> int:
    """The most requests that so many nodes may need."""
    return 1 + nodes // _LEAST_CHUNK
