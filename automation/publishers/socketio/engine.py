"""The Socket.IO library, fitted to a server that knows its threads: no thread of its own outlives a client."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from engineio import packet as engine_packet
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.socket import Socket
from flask import Flask
from flask_socketio import SocketIO
from simple_websocket import ConnectionClosed
from wsproto.events import TextMessage

from automation.publishers.socketio.messages import Json
from automation.publishers.socketio.sources import Limits
from automation.system.clock import Stopwatch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ASKED = float("inf")  # as a ping's time: sent, and its timeout is ours to judge
_LOOK_S = 0.5
_FLUSH_S = 0.005
_LOG = logging.getLogger(__name__)


class SocketWire:
    """The way to one client over its engine's socket."""

    def __init__(self, engine_socket: Any) -> None:
        self._socket = engine_socket

    @property
    def queued(self) -> int:
        """How many messages wait to be sent."""
        size: int = self._socket.queue.qsize()
        return size

    def send(self, packet: str) -> None:
        """Leave a packet to be sent."""
        if not self._socket.closed:
            self._socket.queue.put(engine_packet.Packet(engine_packet.MESSAGE, packet))

    def end(self) -> None:
        """Close the connection after what waits was sent."""
        self._socket.close(wait=False)

    def cut(self) -> None:
        """Close the connection at once."""
        self._socket.close(wait=False, abort=True)
        raw = getattr(self._socket, "raw", None)
        if raw is not None:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)


class _WebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]  # the library is not typed
    """A websocket of limited message size, sent whole; frames are not compressed, which spares both sides' processors."""

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        daemon = server._async["thread"]  # noqa: SLF001 - where the library keeps it
        super().__init__(handler, server, max_message_size=server.max_http_buffer_size, thread_class=daemon)
        self._engine_socket = handler.__self__  # type: ignore[attr-defined]
        self._sending = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._engine_socket.raw = environ.get("werkzeug.socket")
        environ = {key: value for key, value in environ.items() if key != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        result: Iterable[bytes] = super().__call__(environ, start_response)
        return result

    def wait(self) -> str | bytes | None:
        """The next message, None once the connection is closed or the peer sends nonsense.

        Looks by itself whether the connection is closed, and misses no wake-up.
        """
        while self.ws.connected or self.ws.input_buffer:
            with suppress(ConnectionClosed):
                message: str | bytes | None = self.ws.receive(timeout=_LOOK_S)
                if message is not None:
                    return message if _makes_sense(message) else None
        return None

    def send(self, message: str | bytes) -> None:
        """Send the whole message. Raises ``OSError`` if the connection is closed."""
        if not self.ws.connected:
            raise OSError("the websocket is closed")
        text = message if isinstance(message, str) else message.decode()
        with self._sending:
            self.ws.sock.sendall(self.ws.ws.send(TextMessage(data=text)))


class LiveEngine:
    """The library's server as the feed uses it; ``keep`` is to be called every second."""

    def __init__(self, app: Flask, limits: Limits, guard: AbstractContextManager[object]) -> None:
        self.io = SocketIO(
            app,
            async_mode="threading",
            async_handlers=False,
            cors_allowed_origins=None,  # the same origin only
            json=Json,
            manage_session=False,
            monitor_clients=False,
            max_http_buffer_size=limits.message_bytes,
            ping_interval=limits.ping_s,
            ping_timeout=limits.pong_s,
            logger=_quiet(_LOG, "events"),
            engineio_logger=_quiet(_LOG, "engine"),
        )
        self._limits = limits
        self._asked: dict[str, float] = {}
        self._born: dict[str, float] = {}
        server = self.io.server
        self._engine = server.eio
        self._engine._async = {**self._engine._async, "websocket": _WebSocket}  # noqa: SLF001
        self._start_task = self._engine.start_background_task
        self._engine.start_background_task = self._start
        self._handle_request = self._engine.handle_request
        self._engine.handle_request = self._handle
        server._handle_event_internal = _within(guard, server._handle_event_internal)  # noqa: SLF001
        server._handle_connect = _within(guard, server._handle_connect)  # noqa: SLF001

    def wire(self, sid: str) -> SocketWire:
        """The way to the client of that id. Raises ``KeyError`` if it has gone already."""
        return SocketWire(self._engine.sockets[self.io.server.manager.eio_sid_from_sid(sid, "/")])

    def keep(self, now: float, known: Callable[[str], bool]) -> None:
        """Ask for signs of life, and cut who gives none or does not log in. known: true for a logged-in client's id."""
        sockets = dict(self._engine.sockets)
        for kept in (self._asked, self._born):
            for sid in kept.keys() - sockets.keys():
                del kept[sid]
        for sid, one in sockets.items():
            born = self._born.setdefault(sid, now)
            if one.closed:
                self._engine.sockets.pop(sid, None)
            elif not self._lives(sid, one, now) or (now > born + self._limits.silent_s and not known(self._client_id(sid))):
                SocketWire(one).cut()
                self._engine.sockets.pop(sid, None)

    def close(self, timeout_s: float) -> None:
        """Wait at most timeout_s for farewells to arrive, then cut every connection that is left."""
        stopwatch, pause = Stopwatch(), threading.Event()
        while any(map(_open, dict(self._engine.sockets).values())) and stopwatch.elapsed_s() < timeout_s:
            pause.wait(_FLUSH_S)
        for sid, one in dict(self._engine.sockets).items():
            SocketWire(one).cut()
            self._engine.sockets.pop(sid, None)

    @property
    def connections(self) -> int:
        """How many connections there are, logged in or not."""
        return len(self._engine.sockets)

    @property
    def unanswered(self) -> int:
        """How many connections were asked for a sign of life and have not given it yet."""
        return sum(one.last_ping is not None for one in dict(self._engine.sockets).values())

    def _client_id(self, sid: str) -> str:
        return self.io.server.manager.sid_from_eio_sid(sid, "/") or ""

    def _lives(self, sid: str, one: Any, now: float) -> bool:
        asked = self._asked.setdefault(sid, now)
        if one.last_ping is not None:  # asked, and not answered yet
            return now <= asked + self._limits.ping_s + self._limits.pong_s
        if now >= asked + self._limits.ping_s:
            self._asked[sid] = now
            one.last_ping = _ASKED
            one.queue.put(engine_packet.Packet(engine_packet.PING))
        return True

    def _handle(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer a request; one whose session was ended meanwhile, by a stop or a farewell, like one of an unknown session."""
        try:
            return self._handle_request(environ, start_response)
        except KeyError:
            if any(sid in self._engine.sockets for sid in parse_qs(environ.get("QUERY_STRING", "")).get("sid", ())):
                raise
        start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
        return [b'"The session has ended"']

    def _start(self, target: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Start the library's threads, but none that only sleeps until the next ping: ``keep`` sends those."""
        if getattr(target, "__func__", None) is Socket._send_ping:  # noqa: SLF001
            return None
        return self._start_task(target, *args, **kwargs)


def _makes_sense(message: str | bytes) -> bool:
    try:
        engine_packet.Packet(encoded_packet=message)
    except ValueError:
        return False
    return True


def _open(one: Any) -> bool:
    raw = getattr(one, "raw", None)
    return raw is not None and raw.fileno() >= 0


def _within(guard: AbstractContextManager[object], call: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(*args: Any) -> Any:
        with guard:
            return call(*args)

    return guarded


def _quiet(log: logging.Logger, name: str) -> logging.Logger:
    """A logger for what the library says: each request of a client, good or bad, which must not fill the log."""
    child = log.getChild(name)
    child.setLevel(logging.CRITICAL)
    return child
