"""What servers tell of themselves before anybody logs in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


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
