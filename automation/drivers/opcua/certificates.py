"""Who we are and whom we expect: key pair, login, pinned certificate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from automation.model.discovery import Endpoint
from automation.model.errors import ConfigError
from automation.model.opcua_link import OpcUaLink

_THUMBPRINT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FOLDER = "opcua"
_PEM = b"-----BEGIN"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the link's names of files and variables stand for. server: the pinned certificate, or its thumbprint (hex)."""

    own: x509.Certificate | None = None
    key: RSAPrivateKey | None = field(default=None, repr=False)
    server: x509.Certificate | None = None
    thumbprint: str = ""
    password: str | None = field(default=None, repr=False)
    user_certificate: x509.Certificate | None = None
    user_key: RSAPrivateKey | None = field(default=None, repr=False)


def credentials_of(link: OpcUaLink, environment: Mapping[str, str], folder: Path) -> Credentials:
    """What is needed to connect. folder: of the site's data, where names of files begin.

    Raises ``ConfigError`` naming the link and the file or variable that is missing.
    """
    if not link.secure:
        return Credentials()
    if link.password_env and link.password_env not in environment:
        raise ConfigError(f"link {link.name}: password_env: the variable {link.password_env} is not set")
    own = folder / (link.certificates or _FOLDER) / "own"
    digits = link.server_certificate.replace(":", "").replace(" ", "").lower()
    is_thumbprint = _THUMBPRINT.fullmatch(digits) is not None
    return Credentials(
        own=_certificate(link, own / "certificate.der"),
        key=_key(link, own / "key.pem"),
        server=None if is_thumbprint else _certificate(link, folder / link.server_certificate),
        thumbprint=digits if is_thumbprint else "",
        password=environment.get(link.password_env),
        user_certificate=_certificate(link, folder / link.user_certificate) if link.user_certificate else None,
        user_key=_key(link, folder / link.user_key) if link.user_key else None,
    )


def pinned(endpoints: Sequence[Endpoint], thumbprint: str) -> x509.Certificate | None:
    """The certificate among those shown that has the thumbprint."""
    for endpoint in endpoints:
        if endpoint.certificate and thumbprint in _thumbprints(endpoint.certificate):
            return x509.load_der_x509_certificate(endpoint.certificate)
    return None


def uri_of(certificate: x509.Certificate) -> str:
    """The application's URI, which a certificate of OPC UA always names. Raises ``ConfigError`` if it does not."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return str(names.get_values_for_type(x509.UniformResourceIdentifier)[0])
    except (x509.ExtensionNotFound, IndexError):
        raise ConfigError("certificate: it names no application URI") from None


def der_of(chain: bytes) -> bytes:
    """The first certificate of a chain; servers may send theirs with those that signed it."""
    if len(chain) < 4 or chain[1] != 0x82:  # noqa: PLR2004 - a sequence whose length has two bytes
        return chain
    return chain[: int.from_bytes(chain[2:4], "big") + 4]


def _thumbprints(certificate: bytes) -> tuple[str, str]:
    # SHA-1 is what OPC UA calls the thumbprint (Part 6, 6.7.2.3) and all that most tools show.
    return hashlib.sha256(certificate).hexdigest(), hashlib.sha1(certificate, usedforsecurity=False).hexdigest()


def _certificate(link: OpcUaLink, path: Path) -> x509.Certificate:
    data = _bytes(link, path)
    try:
        return x509.load_pem_x509_certificate(data) if data.startswith(_PEM) else x509.load_der_x509_certificate(data)
    except ValueError as error:
        raise ConfigError(f"link {link.name}: certificate {path}: {error}") from error


def _key(link: OpcUaLink, path: Path) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(_bytes(link, path), None)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"link {link.name}: key {path}: {error}") from error
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"link {link.name}: key {path}: not an RSA key")
    return key


def _bytes(link: OpcUaLink, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"link {link.name}: {path}: {error.strerror}") from error
