"""Our own key pair for OPC UA: made when first needed, renewed before it ends."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from automation.model.errors import StorageError
from automation.storage.files import write_atomic

_VALID = timedelta(days=730)
_RENEW_BEFORE = timedelta(days=30)


class KeyPair(NamedTuple):
    """Where certificate (DER) and private key (PEM, 0600) lie, and until when the certificate is valid (POSIX seconds)."""

    certificate: Path
    key: Path
    valid_until: float


def own_key_pair(folder: Path, application_uri: str, host: str, now: float) -> KeyPair:
    """The key pair of the folder, made if absent, ending within 30 days, or for another application URI.

    host: the address the endpoint is reached by. Raises ``StorageError`` naming the file that cannot be read or written.
    """
    certificate, key = folder / "own" / "certificate.der", folder / "own" / "key.pem"
    instant = datetime.fromtimestamp(now, UTC)
    existing = _load(certificate, key)
    if existing is None or not _fits(existing, application_uri, instant):
        existing = _make(certificate, key, application_uri, host, instant)
    return KeyPair(certificate, key, existing.not_valid_after_utc.timestamp())


def _load(certificate: Path, key: Path) -> x509.Certificate | None:
    if not (certificate.exists() and key.exists()):
        return None
    try:
        return x509.load_der_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise StorageError(f"certificate {certificate}: cannot be read: {error}") from error


def _fits(certificate: x509.Certificate, application_uri: str, now: datetime) -> bool:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return application_uri in uris and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _RENEW_BEFORE


def _make(certificate: Path, key: Path, application_uri: str, host: str, now: datetime) -> x509.Certificate:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, application_uri.rpartition(":")[2] or "automation")])
    names: list[x509.GeneralName] = [
        x509.UniformResourceIdentifier(application_uri),
        x509.DNSName(socket.gethostname()),
        _address(host),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomic(key, pem, mode=0o600)
    write_atomic(certificate, made.public_bytes(serialization.Encoding.DER), mode=0o644)
    return made


def _address(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
