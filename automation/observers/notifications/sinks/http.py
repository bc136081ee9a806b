"""A POST with one time limit, verified TLS, and no redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from automation.model.errors import ConfigError
from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.sinks.deadline import Deadline, buffered

_ANSWER_MAX = 64 * 1024
_QUOTED = 200
_RETRY_AFTER_MAX_S = 3600.0
_OK, _REDIRECT, _REFUSED, _FAILED = 200, 300, 400, 500
_LATER = (408, 425, 429)


class Poster:
    """Posts to one address. ca_file: PEM of who is trusted alone, empty for the system's own.

    Raises ``ConfigError`` if the file cannot be used.
    """

    def __init__(self, url: str, ca_file: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._tls = tls_context(ca_file) if parts.scheme == "https" else None
        self._timeout_s = timeout_s
        self._deadline: Deadline | None = None

    @property
    def target(self) -> str:
        """Host and port; the path is often a secret."""
        return f"{self._host}:{self._port}"

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Return once the other side has answered with success. Raises ``SinkError``."""
        self._deadline = deadline = Deadline(self._timeout_s)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        try:
            self._exchange(connection, deadline, body, headers)
        except TimeoutError as error:
            raise SinkError(f"{self.target} did not answer within {self._timeout_s:g} s") from error
        except ssl.SSLError as error:
            raise SinkError(f"{self.target}: no secure connection: {_words(error)}") from error
        except (OSError, http.client.HTTPException) as error:
            raise SinkError(f"{self.target} cannot be reached: {_words(error)}") from error
        finally:
            self._deadline = None
            with suppress(OSError):
                connection.close()

    def cancel(self) -> None:
        """End the post that runs."""
        deadline = self._deadline
        if deadline is not None:
            deadline.cancel()

    def _exchange(
        self, connection: http.client.HTTPConnection, deadline: Deadline, body: bytes, headers: Mapping[str, str]
    ) -> None:
        sock: socket.socket = socket.create_connection((self._host, self._port), deadline.left())
        connection.sock = sock
        if self._tls is not None:
            deadline.guard(sock)
            connection.sock = sock = self._tls.wrap_socket(sock, server_hostname=self._host)
        deadline.guard(sock)
        connection.putrequest("POST", self._path, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = http.client.HTTPResponse(sock, method="POST")
        response.fp.close()
        response.fp = buffered(sock, deadline)
        try:
            response.begin()
            answer = response.read(_ANSWER_MAX)
        finally:
            response.close()
        _judge(response, answer, self.target)


def tls_context(ca_file: str) -> ssl.SSLContext:
    """A client's side of TLS 1.2 or newer that believes nobody unverified. Raises ``ConfigError`` naming the file."""
    try:
        context = ssl.create_default_context(cafile=str(Path(ca_file)) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"ca_file {ca_file}: cannot be used: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _judge(response: http.client.HTTPResponse, answer: bytes, target: str) -> None:
    status = response.status
    if _OK <= status < _REDIRECT:
        return
    if _REDIRECT <= status < _REFUSED:
        raise SinkError(f"{target} answered {status}: it wants to redirect, which is not followed; mend the address")
    text = " ".join(answer.decode("utf-8", "replace").split())
    quoted = "".join(c for c in text[:_QUOTED] if c.isprintable())
    words = f"{target} answered {status} {response.reason}".rstrip() + (f": {quoted}" if quoted else "")
    whole = status >= _FAILED or status in _LATER
    raise SinkError(words, whole=whole, retry_after_s=_retry_after(response.getheader("Retry-After")))


def _retry_after(header: str | None) -> float | None:
    if header is None or not header.isascii() or not header.isdigit():
        return None
    return min(float(header), _RETRY_AFTER_MAX_S)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, socket.gaierror):
        return "its name is not known"
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())
