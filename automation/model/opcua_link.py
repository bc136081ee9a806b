"""The declaration of an OPC UA server that is read: where it is, and how it proves itself and we to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from automation.model.errors import ConfigError
from automation.model.link import DEFAULT_SCANS, check_link

_SCHEME = "opc.tcp"


class SecurityPolicy(StrEnum):
    """The policies that still count as secure (OPC UA Part 7), and none."""

    BASIC256SHA256 = "Basic256Sha256"
    AES128_SHA256_RSAOAEP = "Aes128Sha256RsaOaep"
    AES256_SHA256_RSAPSS = "Aes256Sha256RsaPss"
    NONE = "None"


class SecurityMode(StrEnum):
    """What is done to every message under a policy other than none."""

    SIGN = "Sign"
    SIGN_AND_ENCRYPT = "SignAndEncrypt"


@dataclass(frozen=True, kw_only=True)
class OpcUaLink:
    """One OPC UA server; see ``LinkDeclaration``.

    url: ``opc.tcp://host:port/path``. policy: ``None`` only where it is said. server_certificate: file (DER or PEM) of the one
    certificate that the server may show, or its thumbprint in hex (SHA-256, or SHA-1 as most tools show it). certificates: folder
    with our own pair, ``own/certificate.der`` and ``own/key.pem``; the site's folder ``opcua`` if empty. user with password_env,
    the name of the environment variable that holds the password, or user_certificate with user_key (files): who we log in as,
    nobody if all are empty. timeout_s: of every request. keep_alive_s: how often a server without news says that it is there;
    three missed ones are a lost subscription. queue_size: samples of one node that the server keeps between two publications.
    polled: scan classes that are read in place of being subscribed. Raises ``ConfigError`` naming link and field.
    """

    name: str
    url: str
    policy: str = SecurityPolicy.BASIC256SHA256
    mode: str = SecurityMode.SIGN_AND_ENCRYPT
    server_certificate: str = ""
    certificates: str = ""
    user: str = ""
    password_env: str = ""
    user_certificate: str = ""
    user_key: str = ""
    timeout_s: float = 4.0
    keep_alive_s: float = 2.0
    session_timeout_s: float = 60.0
    queue_size: int = 10
    scans: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_SCANS))
    polled: Sequence[str] = ()

    kind: ClassVar[str] = "opcua"
    guarded: ClassVar[bool] = False  # the guard speaks no OPC UA, so no output may be on such a link

    def __post_init__(self) -> None:
        fits = {
            "timeout_s": (self.timeout_s, 0 < self.timeout_s <= 60),  # noqa: PLR2004
            "keep_alive_s": (self.keep_alive_s, 0.1 <= self.keep_alive_s <= 60),  # noqa: PLR2004
            "session_timeout_s": (self.session_timeout_s, 3 * self.keep_alive_s <= self.session_timeout_s <= 3600),  # noqa: PLR2004
            "queue_size": (self.queue_size, 2 <= self.queue_size <= 1000),  # noqa: PLR2004
        }
        check_link(self.name, fits, self.scans)
        for scan in self.polled:
            if scan not in self.scans:
                raise ConfigError(f"link {self.name}: polled: no scan class {scan}")
        self._check_url()
        self._check_security()
        self._check_login()

    @property
    def endpoint(self) -> str:
        """Where the device is, for people."""
        return self.url

    @property
    def secure(self) -> bool:
        """True if messages are signed."""
        return self.policy != SecurityPolicy.NONE

    def _check_url(self) -> None:
        try:
            parts = urlsplit(self.url)
            whole = parts.scheme == _SCHEME and bool(parts.hostname) and bool(parts.port)
        except ValueError:
            whole = False
        if not whole:
            raise ConfigError(f"link {self.name}: url {self.url!r}: expected opc.tcp://HOST:PORT/PATH")
        if "@" in parts.netloc:
            raise ConfigError(f"link {self.name}: url: a user belongs into user and password_env")

    def _check_security(self) -> None:
        if self.policy not in tuple(SecurityPolicy):
            raise ConfigError(f"link {self.name}: policy {self.policy!r}: expected one of {', '.join(SecurityPolicy)}")
        if self.mode not in tuple(SecurityMode):
            raise ConfigError(f"link {self.name}: mode {self.mode!r}: expected one of {', '.join(SecurityMode)}")
        if self.secure and not self.server_certificate:
            raise ConfigError(f"link {self.name}: server_certificate: needed unless policy is 'None'")

    def _check_login(self) -> None:
        if bool(self.user) != bool(self.password_env):
            raise ConfigError(f"link {self.name}: user and password_env belong together")
        if bool(self.user_certificate) != bool(self.user_key):
            raise ConfigError(f"link {self.name}: user_certificate and user_key belong together")
        if self.user and self.user_certificate:
            raise ConfigError(f"link {self.name}: either user or user_certificate")
        if (self.user or self.user_certificate) and not self.secure:
            raise ConfigError(f"link {self.name}: policy 'None' would give the login away")
