"""The web faces of the runtime: REST, live feed, metrics and HMI on one server."""

from __future__ import annotations

import ssl
from pathlib import Path

from automation.acquisition.link import LinkStatus
from automation.model.errors import ConfigError
from automation.publishers.rest.sources import LinkFacts
from automation.settings import Web


def facts_of(status: LinkStatus) -> LinkFacts:
    """A link as the publishers tell of it."""
    return LinkFacts(
        name=status.name,
        up=status.up,
        since=status.since,
        last_error=status.last_error,
        requests=status.requests,
        errors=status.errors,
        reconnects=status.reconnects,
        latency_ms=status.latency_ms,
        endpoint=status.endpoint,
        guarded=status.guarded,
    )


def tls_context(web: Web) -> ssl.SSLContext | None:
    """The server's side of TLS 1.2 or newer, None without a certificate. Raises ``ConfigError`` naming the file."""
    if web.certificate is None and web.key is None:
        return None
    if web.certificate is None or web.key is None:
        raise ConfigError("web: certificate and key belong together; one of them is missing")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(Path(web.certificate), Path(web.key))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"web: certificate {web.certificate} with key {web.key}: cannot be used: {error}") from error
    return context
