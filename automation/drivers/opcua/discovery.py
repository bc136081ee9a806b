"""Which servers there are, and which ways lead into them; no login is needed."""

from __future__ import annotations

from collections.abc import Sequence

from automation.drivers.opcua.client import opening
from automation.drivers.opcua.connection import alone
from automation.model.discovery import Discovery, Endpoint, FoundServer
from automation.model.errors import DeviceRefusedError


def find_servers(url: str, timeout_s: float = 4.0) -> Sequence[FoundServer]:
    """The servers that the one at the URL knows of, a discovery server (port 4840) as a rule, else only itself.

    Raises ``LinkDownError`` or ``DeviceTimeoutError``, and ``DeviceRefusedError`` if it does not tell.
    """
    return alone(f"opcua {url}", lambda: opening.servers(url, timeout_s), timeout_s)


def find_endpoints(url: str, timeout_s: float = 4.0) -> Sequence[Endpoint]:
    """The endpoints of the server at the URL, with the certificates that a link may pin.

    What it says is not proven: compare the thumbprint with the one that the server's own tool shows. Raises as ``find_servers``.
    """
    return alone(f"opcua {url}", lambda: opening.endpoints(url, timeout_s), timeout_s)


def discover(url: str) -> Discovery:
    """The servers that the one at the URL knows of, and the ways into it. Raises as ``find_endpoints``."""
    endpoints = find_endpoints(url)
    try:
        servers = find_servers(url)
    except DeviceRefusedError:  # not every server tells
        servers = ()
    return Discovery(servers=servers, endpoints=endpoints)
