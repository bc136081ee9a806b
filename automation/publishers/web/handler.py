"""One connection of the web server: HTTP/1.1 with keep-alive, limits on time and body, hand-over to a websocket."""

from __future__ import annotations

import logging
import ssl
from typing import IO, TYPE_CHECKING, Any, cast

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from automation.publishers.web.server import BoundedServer

log = logging.getLogger(__name__)

HEADER_TIMEOUT_S = 15.0
BODY_TIMEOUT_S = 30.0
_DRAIN_LIMIT = 16 * 1024 * 1024
_DRAIN_CHUNK = 64 * 1024
_NO_BODY = frozenset({204, 304})


class Handler(WSGIRequestHandler):
    """Reads requests of one connection and answers them until either side has had enough."""

    server: BoundedServer
    protocol_version = "HTTP/1.1"
    timeout = HEADER_TIMEOUT_S
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for the head and a small body

    def handle_one_request(self) -> None:
        """Read one request within the header limit and answer it."""
        self.server.limit(self.connection, HEADER_TIMEOUT_S)
        super().handle_one_request()

    def make_environ(self) -> WSGIEnvironment:
        """The request as WSGI has it; a websocket's connection is freed of every limit on time."""
        environ = super().make_environ()
        environ["wsgi.url_scheme"] = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        environ["SERVER_SOFTWARE"] = ""
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            self.close_connection = True
            self.connection.settimeout(None)
        return environ

    def run_wsgi(self) -> None:
        """Have the application answer; called by the base class for every method."""
        self.server.limit(self.connection, None)
        length = self._body_length()
        if length is None:
            self.close_connection = True
            self.send_error(411 if "Transfer-Encoding" in self.headers else 400)
            return
        environ = self.make_environ()
        body = _Body(self, length)
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        if length:
            self.server.limit(self.connection, BODY_TIMEOUT_S)
        try:
            _Answer(self).run(environ)
            self._drain(body, length)
        except OSError:  # the peer went away, or a websocket has ended
            self.close_connection = True
        finally:
            self.server.limit(self.connection, None)

    def _body_length(self) -> int | None:
        if "Transfer-Encoding" in self.headers:
            return None
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        text = lengths.pop().strip() if len(lengths) == 1 else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004

    def _drain(self, body: LimitedStream, length: int) -> None:
        """Read what the application left of the body, so that the client sees the answer and not a reset."""
        left = length - body.tell()
        if left <= 0:
            return
        if left > _DRAIN_LIMIT:
            self.close_connection = True
        left = min(left, _DRAIN_LIMIT)
        while left > 0 and (data := self.rfile.read(min(left, _DRAIN_CHUNK))):
            left -= len(data)

    def handle_expect_100(self) -> bool:
        """Ask for the body at once, not when the buffer is full."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def send_response(self, code: int, message: str | None = None) -> None:
        """Write the status line; unlike the base class without naming the server."""
        self.send_response_only(code, message)
        self.send_header("Date", self.date_time_string())

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no proper request, in the form of all our errors."""
        del explain
        short = message or self.responses.get(code, ("bad request", ""))[0]
        text = "".join(c if c.isalnum() or c in " ._-/" else "?" for c in short)[:200]
        body = f'{{"error":{{"code":"bad_request","message":"{text}"}}}}'.encode()
        self.close_connection = True
        self.request_version = self.protocol_version  # a request line that made no sense leaves one without a head
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Send the base class's messages to our log, for those who look for them."""
        log.debug("%s %s", self.client_address[0], message % args if args else message)


class _Body(LimitedStream):
    """The body of a request; the limit on time is lifted once all of it has come, however long the answer takes."""

    def __init__(self, handler: Handler, length: int) -> None:
        super().__init__(cast("IO[bytes]", handler.rfile), length)
        self._handler = handler

    def readinto(self, b: bytearray) -> int | None:  # type: ignore[override]
        """Read like the base class."""
        size = super().readinto(b)
        if self.is_exhausted:
            self._handler.server.limit(self._handler.connection, None)
        return size


class _Answer:
    """One run of the application for one request."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._status: tuple[str, list[tuple[str, str]]] | None = None
        self._sent = False
        self._chunked = False

    def run(self, environ: WSGIEnvironment) -> None:
        """Call the application and write what it answers."""
        try:
            parts = self._handler.server.app(environ, self._start)
            try:
                for part in parts:
                    self._write(part)
                self._finish()
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()
        except OSError:
            raise
        except Exception:  # the edge: one request that failed must not be the end of the others
            log.exception("request %s failed", self._handler.path)
            self._handler.close_connection = True
            if not self._sent:
                self._handler.send_error(500)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        del exc_info
        self._status = status, headers
        return self._write

    def _write(self, data: bytes) -> None:
        if not self._sent:
            self._send_head()
        if data and self._chunked:
            self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        elif data:
            self._handler.wfile.write(data)

    def _finish(self) -> None:
        if not self._sent:
            self._send_head()
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")
        self._handler.wfile.flush()

    def _send_head(self) -> None:
        if self._status is None:
            raise RuntimeError("the application answered nothing")
        self._sent = True
        handler = self._handler
        status, headers = self._status
        code, _, reason = status.partition(" ")
        handler.send_response(int(code), reason)
        for name, value in headers:
            handler.send_header(name, value)
        sized = any(name.lower() == "content-length" for name, _ in headers)
        self._chunked = (
            not sized and handler.request_version >= "HTTP/1.1" and handler.command != "HEAD" and int(code) not in _NO_BODY
        )
        if not sized and not self._chunked:
            handler.close_connection = handler.close_connection or int(code) not in _NO_BODY
        if self._chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        if handler.close_connection or handler.server.stopping:
            handler.send_header("Connection", "close")
        handler.end_headers()
