"""The bounded web server: a thread per connection, so many and no more, and a clean end."""

from __future__ import annotations

import errno
import logging
import socket
import ssl
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer

from automation.model.errors import ConfigError
from automation.publishers.web.handler import HEADER_TIMEOUT_S, Handler
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

_POLL_S = 0.5
_BACKLOG = 128
_FULL = (
    b"HTTP/1.1 503 SERVICE UNAVAILABLE\r\nContent-Type: application/json\r\nContent-Length: 76\r\nConnection: close\r\n"
    b'Retry-After: 5\r\n\r\n{"error":{"code":"too_many_connections","message":"too many connections now"}}'
)


class BoundedServer(ThreadedWSGIServer):
    """Accepts connections and gives each its own daemon thread, up to a limit; knows every one of them."""

    daemon_threads = True
    request_queue_size = _BACKLOG

    def __init__(self, listener: socket.socket, app: WSGIApplication, tls: ssl.SSLContext | None, max_connections: int) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, app, Handler, fd=listener.fileno())
        listener.close()  # the base class works on a copy
        self.timeout = _POLL_S
        self.stopping = False
        self.refused = 0
        self._tls = tls
        self._uptime = Stopwatch()
        self._slots = threading.BoundedSemaphore(max_connections)
        self._lock = threading.Lock()
        self._deadlines: dict[socket.socket, float | None] = {}
        self._serving: set[Any] = set()  # the threads of the open connections

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._deadlines)

    def limit(self, connection: socket.socket, seconds: float | None) -> None:
        """Close the connection in that many seconds unless called again before; None sets it free."""
        with self._lock:
            if connection in self._deadlines:
                self._deadlines[connection] = None if seconds is None else self._uptime.elapsed_s() + seconds

    def service_actions(self) -> None:
        """Close the connections that have overstayed."""
        now = self._uptime.elapsed_s()
        with self._lock:
            late = [c for c, deadline in self._deadlines.items() if deadline is not None and deadline < now]
        for connection in late:
            _shut(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or turn it away when all are taken."""
        if self.stopping or not self._slots.acquire(blocking=False):
            self._turn_away(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._slots.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end; runs in its own thread, the TLS handshake too."""
        connection: socket.socket = request
        with self._lock:
            self._serving.add(threading.current_thread())
        try:
            connection.settimeout(HEADER_TIMEOUT_S)
            with self._lock:
                self._deadlines[connection] = self._uptime.elapsed_s() + HEADER_TIMEOUT_S
            if self._tls is not None:
                connection = self._secured(connection)
            super().process_request_thread(connection, client_address)
        except (OSError, ValueError) as error:  # no handshake, or closed meanwhile: the peer's business
            log.debug("connection from %s ended: %s", client_address, error)
            connection.close()
        finally:
            with self._lock:
                self._deadlines.pop(connection, None)
                self._serving.discard(threading.current_thread())
            self._slots.release()

    def _secured(self, plain: socket.socket) -> socket.socket:
        assert self._tls is not None  # noqa: S101 - asked by the caller
        secure = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._deadlines[secure] = self._deadlines.pop(plain, None)
        try:
            secure.do_handshake()
        except OSError:
            with self._lock:
                self._deadlines.pop(secure, None)
            secure.close()
            raise
        return secure

    def _turn_away(self, request: socket.socket) -> None:
        self.refused += 1
        with suppress(OSError):
            request.setblocking(False)
            if self._tls is None:
                request.send(_FULL)
        self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what ended a connection against its will."""
        del request
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            log.error("connection from %s failed", client_address, exc_info=error)

    def drop_all(self, timeout_s: float) -> bool:
        """Shut every connection and wait for their threads; True when all are gone in time."""
        stopwatch = Stopwatch()
        with self._lock:
            connections, threads = list(self._deadlines), list(self._serving)
        for connection in connections:
            _shut(connection)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.01, timeout_s - stopwatch.elapsed_s()))
        return not any(thread.is_alive() for thread in threads)


class WebServer:
    """Serves one WSGI application on one address; listening begins when it is made, answering with ``start``.

    port 0 takes a free one, see ``port``. tls: makes it HTTPS. Raises ``ConfigError`` naming the address if it cannot be had.
    """

    def __init__(
        self, app: WSGIApplication, host: str, port: int, *, tls: ssl.SSLContext | None = None, max_connections: int = 200
    ) -> None:
        self._server = BoundedServer(_listen(host, port), app, tls, max_connections)
        self._worker = Worker("web", self._step, None, RealClock())
        self.host = host
        self.port: int = self._server.server_address[1]
        self.scheme = "http" if tls is None else "https"

    @property
    def url(self) -> str:
        """Where it answers, such as ``http://127.0.0.1:8080``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self._server.connections

    @property
    def refused(self) -> int:
        """How many connections were turned away because all were taken."""
        return self._server.refused

    def start(self) -> None:
        """Begin to answer."""
        self._worker.start()
        self._worker.wake()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Stop listening, close every connection and wait for their threads; True when all are gone in time."""
        stopwatch = Stopwatch()
        self._server.stopping = True
        with suppress(OSError):
            self._server.socket.shutdown(socket.SHUT_RDWR)  # wakes the accept at once
        ended = self._worker.stop(timeout_s)
        self._server.server_close()
        return self._server.drop_all(max(0.1, timeout_s - stopwatch.elapsed_s())) and ended

    def _step(self, _now: float) -> None:
        self._server.handle_request()
        self._server.service_actions()
        if not self._server.stopping:
            self._worker.wake()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(f"web server {host}:{port}: {_reason(error)}") from error
    return listener


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "the port is in use by another program"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return "no permission to listen on this port"
    return f"cannot listen there: {error.strerror if isinstance(error, OSError) else error}"


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
