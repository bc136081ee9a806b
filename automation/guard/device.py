"""The wire to one Modbus TCP device; used by its link's owner thread alone."""

from __future__ import annotations

import socket
from typing import Protocol

from automation.guard.modbus_wire import check_reply, encode_frame, take_frame
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.system.clock import Stopwatch

_RECV = 4096
_SILENT_MAX = 2


class Device(Protocol):
    """A device that answers one request after the other; every call returns within about its timeout."""

    @property
    def connected(self) -> bool:
        """True while requests can be sent."""

    def connect(self) -> None:
        """Open the wire. Raises ``LinkDownError``."""

    def exchange(self, unit: int, pdu: bytes) -> bytes:
        """The answer, checked against the request. Raises ``LinkDownError``, ``DeviceTimeoutError``, ``DeviceRefusedError``."""

    def close(self) -> None:
        """Close the wire; harmless when closed."""


class ModbusTcpDevice:
    """A Modbus TCP device.

    An answer that comes too late is told by its transaction number and dropped. The connection is closed when it is out of step,
    or after two silent requests.
    """

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self._host = host
        self._port = port
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self._transaction = 0
        self._silent = 0

    @property
    def connected(self) -> bool:
        """True while the connection is open, as far as is known."""
        return self._socket is not None

    def connect(self) -> None:
        """Open the connection. Raises ``LinkDownError``."""
        self.close()
        try:
            raw = socket.create_connection((self._host, self._port), self._timeout_s)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, UnicodeError) as error:
            raise LinkDownError(f"{self._host}:{self._port}: {error}") from error
        self._socket = raw

    def exchange(self, unit: int, pdu: bytes) -> bytes:
        """The answer, checked against the request; nothing is repeated."""
        if self._socket is None:
            raise LinkDownError(f"{self._host}:{self._port}: not connected")
        self._transaction = (self._transaction + 1) & 0xFFFF
        watch = Stopwatch()
        try:
            self._socket.settimeout(self._timeout_s)
            self._socket.sendall(encode_frame(self._transaction, unit, pdu))
            reply = self._receive(self._socket, unit, watch)
        except TimeoutError as error:
            self._was_silent()
            raise DeviceTimeoutError(f"{self._host}:{self._port}: no answer of unit {unit} in {self._timeout_s:g} s") from error
        except (OSError, DeviceRefusedError) as error:
            self.close()
            raise LinkDownError(f"{self._host}:{self._port}: {error}") from error
        self._silent = 0
        check_reply(pdu, reply)
        return reply

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._buffer.clear()
        self._silent = 0

    def _receive(self, raw: socket.socket, unit: int, watch: Stopwatch) -> bytes:
        while True:
            frame = take_frame(self._buffer)
            if frame is not None:
                if frame.transaction == self._transaction and frame.unit == unit:
                    return frame.pdu
                continue
            left = self._timeout_s - watch.elapsed_s()
            if left <= 0:
                raise TimeoutError
            raw.settimeout(left)
            data = raw.recv(_RECV)
            if not data:
                raise ConnectionError("the device closed the connection")
            self._buffer += data

    def _was_silent(self) -> None:
        self._silent += 1
        if self._buffer or self._silent >= _SILENT_MAX:
            self.close()
