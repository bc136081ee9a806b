"""The guard's port: many connections on one thread, each of which must prove the secret first."""

from __future__ import annotations

import logging
import secrets
import selectors
import socket
import threading
from collections.abc import Callable

from automation.guard.messages import (
    GREETING_MAX,
    MESSAGE_MAX,
    MalformedMessageError,
    Message,
    encode,
    proof,
    proven,
    take_message,
)
from automation.system.clock import RealClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

_GREETING_S = 2.0
_LOOK_S = 0.5
_RECV = 65_536
_UNSENT_MAX = 4 << 20


class Gateway:
    """Listens on a loopback port that the kernel chooses, from the moment it is made.

    handle: called with each message and the call that answers it, which may be used from any thread. most: connections at once;
    beyond it one that has not proven the secret yet gives way, else the newcomer is refused.
    """

    def __init__(
        self, secret: str, handle: Callable[[Message, Callable[[Message], None]], None], clock: RealClock, most: int
    ) -> None:
        self._secret = secret
        self._handle = handle
        self._clock = clock
        self._most = most
        self._sessions: list[_Session] = []
        self._refused = 0
        self._closing = False
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=most)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._bell, self._bell_push = socket.socketpair()
        self._bell.setblocking(False)
        self._bell_push.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._worker = Worker("guard-gateway", self.step, None, clock)

    def start(self) -> None:
        """Begin to serve."""
        self._worker.start()
        self._worker.wake()

    def stop(self, timeout_s: float = 1.0) -> None:
        """Close the port and all connections."""
        self._closing = True
        self._ring()
        self._worker.stop(timeout_s)
        for session in list(self._sessions):
            self._drop(session)
        self._selector.close()
        for raw in (self._listener, self._bell, self._bell_push):
            raw.close()

    def step(self, _now: float) -> None:
        """Serve until the gateway is stopped."""
        while not self._closing:
            for key, events in self._selector.select(_LOOK_S):
                session: _Session | None = key.data
                if session is not None:
                    self._serve(session, events)
                elif key.fileobj is self._listener:
                    self._accept()
                else:
                    self._hear_bell()
            self._drop_the_silent()

    def _accept(self) -> None:
        try:
            raw, _ = self._listener.accept()
        except OSError as error:
            log.warning("a connection could not be accepted: %s", error)
            return
        if len(self._sessions) >= self._most and not self._make_room():
            raw.close()
            self._refused += 1
            if self._refused == 1:
                log.warning("more than %d connections; the newest are refused", self._most)
            return
        self._refused = 0
        session = _Session(raw, self._ring, self._clock.now())
        self._sessions.append(session)
        self._selector.register(raw, selectors.EVENT_READ, session)
        session.send({"nonce": session.nonce})

    def _make_room(self) -> bool:
        for session in self._sessions:
            if not session.proven:
                self._drop(session)
                return True
        return False

    def _serve(self, session: _Session, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                session.flush()
            if events & selectors.EVENT_READ and not session.receive():
                self._drop(session)
                return
            self._read_messages(session)
        except (OSError, MalformedMessageError) as error:
            if isinstance(error, MalformedMessageError):
                log.warning("a connection to the guard was closed: %s", error)
            self._drop(session)
            return
        self._watch(session)

    def _read_messages(self, session: _Session) -> None:
        while True:
            message = take_message(session.arrived, MESSAGE_MAX if session.proven else GREETING_MAX)
            if message is None:
                return
            if session.proven:
                self._handle(message, session.answer_to(message.get("id")))
            else:
                self._greet(session, message)

    def _greet(self, session: _Session, message: Message) -> None:
        if not proven(self._secret, "client", session.nonce, message.get("proof")):
            raise MalformedMessageError("it did not prove the secret")
        session.proven = True
        session.send({"proof": proof(self._secret, "guard", str(message.get("nonce")))})

    def _watch(self, session: _Session) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.unsent else 0)
        if not session.closed and self._selector.get_key(session.raw).events != wanted:
            self._selector.modify(session.raw, wanted, session)

    def _hear_bell(self) -> None:
        try:
            self._bell.recv(_RECV)
        except BlockingIOError:
            return
        for session in list(self._sessions):
            if session.closed:
                self._drop(session)
            else:
                self._watch(session)

    def _drop_the_silent(self) -> None:
        now = self._clock.now()
        for session in [s for s in self._sessions if not s.proven and now - s.since > _GREETING_S]:
            self._drop(session)

    def _drop(self, session: _Session) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
            self._selector.unregister(session.raw)
        session.close()

    def _ring(self) -> None:
        """Have the gateway's thread look at its sessions; from any thread."""
        try:
            self._bell_push.send(b"!")
        except OSError:
            return  # full, so it rings already; or closed, so nobody listens


class _Session:
    """One connection; read by the gateway's thread, answered from any."""

    def __init__(self, raw: socket.socket, ring: Callable[[], None], now: float) -> None:
        raw.setblocking(False)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.raw = raw
        self.nonce = secrets.token_hex(16)
        self.since = now
        self.proven = False
        self.closed = False
        self.arrived = bytearray()
        self.unsent = bytearray()
        self._ring = ring
        self._lock = threading.Lock()

    def receive(self) -> bool:
        """Take what has arrived; False at the end."""
        try:
            data = self.raw.recv(_RECV)
        except BlockingIOError:
            return True
        self.arrived += data
        return bool(data)

    def answer_to(self, number: object) -> Callable[[Message], None]:
        """The call that answers the message of that number."""

        def answer(message: Message) -> None:
            self.send({"id": number, **message})

        return answer

    def send(self, message: Message) -> None:
        """Send at once what the connection takes, the rest when it is ready; never blocks, never raises."""
        with self._lock:
            if self.closed:
                return
            self.unsent += encode(message)
            try:
                self._flush()
            except OSError:
                self.closed = True
            if len(self.unsent) > _UNSENT_MAX:
                self.closed = True  # it asks, but does not read
            left = bool(self.unsent) or self.closed
        if left:
            self._ring()

    def flush(self) -> None:
        """Send more of what waits. Raises ``OSError`` if the connection is gone."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        while self.unsent:
            try:
                sent = self.raw.send(self.unsent)
            except BlockingIOError:
                return
            del self.unsent[:sent]

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self.closed = True
            self.raw.close()
