"""What a device or a server tells of itself, so that people find their way: servers, ways in, nodes, variables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TreeNode:
    """One node of the tree. kind: ``object``, ``variable``, ``method`` or another class of nodes."""

    address: str
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable that may become a tag.

    path: names from the root on. type: of its value in OPC UA's words, empty where it is none that a tag can have; array: more
    than one of them. range: low and high in the unit.
    """

    address: str
    path: str
    name: str
    description: str
    type: str
    array: bool
    readable: bool
    writable: bool
    unit: str
    range: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far to look. depth: levels below the root; count: variables; seconds: of looking for them."""

    depth: int = 12
    count: int = 10_000
    seconds: float = 30.0


@dataclass(frozen=True, kw_only=True)
class Variables:
    """What was found. complete: False if a limit was met before everything was seen."""

    found: Sequence[Variable]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class FoundServer:
    """One server. uri: of the application; urls: where it can be asked for its endpoints."""

    name: str
    uri: str
    urls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One way into a server. policy, mode: as a link declares them. certificate: DER. logins: ``anonymous``, ``username`` ..."""

    url: str
    policy: str
    mode: str
    certificate: bytes
    logins: tuple[str, ...]

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the certificate in hex, empty if the server shows none."""
        return hashlib.sha256(self.certificate).hexdigest() if self.certificate else ""


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What was found at an address: the servers that it knows, and the ways into it."""

    servers: Sequence[FoundServer] = ()
    endpoints: Sequence[Endpoint] = ()
