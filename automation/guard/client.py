"""The runtime's side of the guard: calls from any thread, each lane on connections of its own."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from automation.guard.config import GuardTables
from automation.guard.lanes import Lane
from automation.guard.messages import (
    MalformedMessageError,
    Message,
    encode,
    error_from_json,
    estop_from_json,
    proof,
    proven,
    status_from_json,
    take_message,
)
from automation.guard.status import GuardStatus
from automation.model.errors import AutomationError, GuardUnavailableError
from automation.model.estop import EstopState
from automation.system.clock import Stopwatch

_IDLE_MAX = 8
_WRITES_MAX = 16
_CONTROL_S = 1.0
READS_MAX = 32
_RECV = 65_536


class Endpoint(NamedTuple):
    """Where a guard listens, and the secret that it shares with its runtime."""

    host: str
    port: int
    secret: str


class GuardClient:
    """Calls to the guard, from any thread.

    endpoint: tells where the guard is now, None while there is none; a restarted guard is found by itself. timeout_s: tells the
    longest wait for one answer, longer than any link's own timeout; what waits for no device, a trip among it, is answered within
    a second or not at all. No lane waits for another: a slow poll never delays a trip. Every call raises
    ``GuardUnavailableError`` when no guard answers in time.
    """

    def __init__(self, endpoint: Callable[[], Endpoint | None], timeout_s: Callable[[], float] = lambda: 3.0) -> None:
        self._endpoint = endpoint
        self._polls = _Pool(endpoint, timeout_s)
        self._writes = _Pool(endpoint, timeout_s, _WRITES_MAX)
        self._control = _Pool(endpoint, lambda: min(timeout_s(), _CONTROL_S))

    @classmethod
    def at(cls, host: str, port: int, secret: str, timeout_s: float = 3.0) -> GuardClient:
        """A client of a guard that stays where it is."""
        endpoint = Endpoint(host, port, secret)
        return cls(lambda: endpoint, lambda: timeout_s)

    def execute(self, link: str, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The device's answer to a read, checked against the request PDU.

        Raises ``LinkDownError``, ``DeviceTimeoutError``, ``DeviceRefusedError``, ``NotFoundError`` for an unknown link, or
        ``InvalidValueError`` for a request that is no read.
        """
        pool = self._polls if lane is Lane.POLL else self._writes
        reply = pool.request({"op": "execute", "link": link, "unit": unit, "pdu": pdu.hex(), "lane": int(lane)}, repeat=True)
        return _pdu(reply)

    def execute_many(
        self, link: str, unit: int, pdus: Sequence[bytes], lane: Lane = Lane.POLL
    ) -> Sequence[bytes | AutomationError]:
        """The device's answer to each of several reads, or the error that ``execute`` would raise, in order.

        Writes and safe values still go in between. Raises as ``execute`` where no read can be made.
        """
        pool = self._polls if lane is Lane.POLL else self._writes
        found: list[bytes | AutomationError] = []
        for start in range(0, len(pdus), READS_MAX):
            part = [pdu.hex() for pdu in pdus[start : start + READS_MAX]]
            reply = pool.request({"op": "execute_many", "link": link, "unit": unit, "pdus": part, "lane": int(lane)}, repeat=True)
            found += _answers(reply, len(part))
        return found

    def put(
        self,
        output: str,
        words: Sequence[int],
        epoch: int,
        *,
        for_s: float | None = None,
        direction: int = 1,
        force: bool = False,
    ) -> None:
        """Write an output and return when the device has confirmed.

        words: as the device holds them, one 0 or 1 for a coil or a bit. epoch: of the ``EstopState`` under which the command was
        given; older ones are void. for_s: made safe again after so many seconds, no more than its longest time. direction: 1 or
        -1, which way it moves its motion group. force: the safe value is written also within the shortest time on. Raises
        ``EstopActiveError``, ``InterlockedError`` for times and motion groups, ``InvalidValueError``, ``LinkDownError``,
        ``DeviceTimeoutError``, ``DeviceRefusedError``.
        """
        message = {"op": "put", "output": output, "words": [int(word) for word in words], "epoch": epoch, "for_s": for_s}
        self._writes.request({**message, "direction": direction, "force": force})

    def write(self, link: str, unit: int, pdu: bytes, epoch: int | None = None) -> bytes:
        """The device's answer to a write of addresses that are no output. epoch: as of ``put``, None for the present one.

        Raises ``NotAllowedError`` if it touches an output or the watchdog register, else as ``put``.
        """
        reply = self._writes.request({"op": "write", "link": link, "unit": unit, "pdu": pdu.hex(), "epoch": epoch})
        return _pdu(reply)

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Stop: latch, then safe values on all links; returns when all have confirmed, or after 100 ms naming the others.

        zone: stops that part of the plant only. Raises ``NotFoundError`` for an unknown one.
        """
        return _estop(self._control.request({"op": "trip", "reason": reason, "actor": actor, "zone": zone}, repeat=True))

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Release the latch of that id, of the plant or of a zone; starts nothing.

        Raises ``ConflictError`` with reason ``not_latched``, ``stale_estop`` (another stop came since), ``input_active`` (a
        button is pressed) or ``unconfirmed``.
        """
        return _estop(self._control.request({"op": "clear", "estop_id": estop_id, "reason": reason, "actor": actor}))

    def estop(self) -> EstopState:
        """The latch as it is now."""
        return _estop(self._control.request({"op": "estop"}, repeat=True))

    def heartbeat(self) -> EstopState:
        """Tell the guard that the runtime lives; returns the latch as it is now."""
        return _estop(self._control.request({"op": "heartbeat"}, repeat=True))

    def status(self) -> GuardStatus:
        """Everything that the guard tells of itself."""
        reply = self._control.request({"op": "status"}, repeat=True)
        try:
            return status_from_json(reply)
        except (TypeError, ValueError) as error:
            raise GuardUnavailableError(f"the guard's answer is not understood: {error}") from error

    def configure(self, tables: GuardTables, *, dry_run: bool = False, released: Collection[str] = ()) -> None:
        """Have the guard know these links, outputs and buttons in place of those before; what is new is written to safe first.

        dry_run: only tell whether it could. released: outputs that are made safe before, so that they do not count. Raises
        ``ConfigError`` for what makes no sense, ``ConflictError`` with reason ``output_active`` if an output would go or change
        that is not confirmed safe.
        """
        message = {"op": "configure", **tables.to_json(), "dry_run": dry_run, "released": sorted(released)}
        self._writes.request(message, repeat=True)

    def close(self) -> None:
        """Close the idle connections; harmless when closed. A later call opens new ones."""
        for pool in (self._polls, self._writes, self._control):
            pool.close()


def _pdu(reply: Mapping[str, Any]) -> bytes:
    try:
        return bytes.fromhex(reply["pdu"])
    except (KeyError, TypeError, ValueError) as error:
        raise GuardUnavailableError("the guard's answer is not understood: no pdu") from error


def _answers(reply: Mapping[str, Any], count: int) -> list[bytes | AutomationError]:
    answers = reply.get("answers")
    if not isinstance(answers, list) or len(answers) != count:
        raise GuardUnavailableError("the guard's answer is not understood: no answers")
    return [error_from_json(answer["error"]) if "error" in answer else _pdu(answer) for answer in answers]


def _estop(reply: Mapping[str, Any]) -> EstopState:
    try:
        return estop_from_json(reply)
    except ValueError as error:
        raise GuardUnavailableError(f"the guard's answer is not understood: {error}") from error


class _Pool:
    """Connections of one lane: one per call that runs, kept for the next."""

    def __init__(self, endpoint: Callable[[], Endpoint | None], timeout_s: Callable[[], float], most: int | None = None) -> None:
        self._endpoint = endpoint
        self._timeout_s = timeout_s
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()
        self._running = None if most is None else threading.BoundedSemaphore(most)

    def request(self, message: Message, *, repeat: bool = False) -> Message:
        """The guard's answer. repeat: a second attempt does no harm, so one is made where a kept connection turns out dead."""
        with self._turn():
            connection, kept = self._take()
            try:
                return self._ask(connection, message)
            except _ConnectionLostError as error:
                if not (repeat and kept):
                    raise GuardUnavailableError(str(error)) from error
            self.close()
            connection, _ = self._take()
            try:
                return self._ask(connection, message)
            except _ConnectionLostError as error:
                raise GuardUnavailableError(str(error)) from error

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._running is None:
            yield
            return
        if not self._running.acquire(timeout=self._timeout_s()):
            raise GuardUnavailableError("the guard is busy: too many writes wait for it")
        try:
            yield
        finally:
            self._running.release()

    def _ask(self, connection: _Connection, message: Message) -> Message:
        answer = connection.request(message, self._timeout_s())
        self._give_back(connection)
        error = answer.get("error")
        if isinstance(error, dict):
            raise error_from_json(error)
        reply = answer.get("ok")
        if not isinstance(reply, dict):
            raise GuardUnavailableError("the guard's answer is not understood")
        return reply

    def _take(self) -> tuple[_Connection, bool]:
        endpoint = self._endpoint()
        if endpoint is None:
            self.close()
            raise GuardUnavailableError("the guard is not running")
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return _open(endpoint, self._timeout_s()), False
            if connection.endpoint == endpoint:
                return connection, True
            connection.close()

    def _give_back(self, connection: _Connection) -> None:
        with self._lock:
            if len(self._idle) < _IDLE_MAX:
                self._idle.append(connection)
                return
        connection.close()


class _ConnectionLostError(Exception):
    """The connection ended before the answer; the request may have been carried out."""


def _open(endpoint: Endpoint, timeout_s: float) -> _Connection:
    try:
        raw = socket.create_connection(endpoint[:2], timeout_s)
    except OSError as error:
        raise GuardUnavailableError(f"the guard does not answer: {error}") from error
    connection = _Connection(endpoint, raw)
    try:
        connection.greet(timeout_s)
    except _ConnectionLostError as error:
        raise GuardUnavailableError(str(error)) from error
    return connection


class _Connection:
    """One authenticated connection; used by one call at a time."""

    def __init__(self, endpoint: Endpoint, raw: socket.socket) -> None:
        self.endpoint = endpoint
        self._socket = raw
        self._buffer = bytearray()
        self._number = 0
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def greet(self, timeout_s: float) -> None:
        """Prove the secret to the guard and have it prove the same. Raises ``_ConnectionLostError``."""
        hello = self._receive(timeout_s)
        nonce = secrets.token_hex(16)
        secret = self.endpoint.secret
        self._send({"op": "auth", "nonce": nonce, "proof": proof(secret, "client", str(hello.get("nonce")))}, timeout_s)
        answer = self._receive(timeout_s)
        if not proven(secret, "guard", nonce, answer.get("proof")):
            self.close()
            raise _ConnectionLostError("the guard and its client do not share a secret")

    def request(self, message: Message, timeout_s: float) -> Message:
        """The answer to the message. Raises ``_ConnectionLostError``; the connection is then closed."""
        self._number += 1
        message["id"] = self._number
        self._send(message, timeout_s)
        answer = self._receive(timeout_s)
        if answer.get("id") != self._number:
            self.close()
            raise _ConnectionLostError("the guard's answer belongs to another request")
        return answer

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        self._socket.close()

    def _send(self, message: Message, timeout_s: float) -> None:
        self._socket.settimeout(timeout_s)
        try:
            self._socket.sendall(encode(message))
        except OSError as error:
            self.close()
            raise _ConnectionLostError(f"the guard does not answer: {error}") from error

    def _receive(self, timeout_s: float) -> Message:
        watch = Stopwatch()
        try:
            while (message := take_message(self._buffer)) is None:
                self._socket.settimeout(max(0.001, timeout_s - watch.elapsed_s()))
                data = self._socket.recv(_RECV)
                if not data:
                    self.close()
                    raise _ConnectionLostError("the guard closed the connection")
                self._buffer += data
        except (OSError, MalformedMessageError) as error:
            self.close()
            raise _ConnectionLostError(f"the guard does not answer: {error}") from error
        return message
