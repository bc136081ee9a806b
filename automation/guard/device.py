"""The wire to one Modbus device, over TCP, TLS or a serial line; used by its link's owner thread alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from automation.guard.config import GuardedLink
from automation.guard.framing import AsciiFraming, Framing, RtuFraming, TcpFraming
from automation.guard.lanes import Lane
from automation.guard.line import Line, Lines
from automation.guard.modbus_wire import check_reply
from automation.guard.stream import Stream, opener
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.model.link import ModbusTransport
from automation.system.clock import Stopwatch

_SILENT_MAX = 2


class Device(Protocol):
    """A device that answers one request after the other; every call returns within about its timeout."""

    @property
    def connected(self) -> bool:
        """True while requests can be sent."""

    def connect(self) -> None:
        """Open the wire. Raises ``LinkDownError``."""

    def exchange(self, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The answer, checked against the request. lane: how urgent it is, where others share the wire.

        Raises ``LinkDownError``, ``DeviceTimeoutError``, ``DeviceRefusedError``.
        """

    def close(self) -> None:
        """Close the wire; harmless when closed."""


class Wire:
    """A connection that is opened and closed as it is told; see ``line.Connection``.

    endpoint: for texts. It is closed when it is out of step, or after two silent requests; where replies have no number, after
    each silent one, so that a late reply can never answer a later request.
    """

    def __init__(self, endpoint: str, open_stream: Callable[[], Stream], make_framing: Callable[[], Framing]) -> None:
        self.endpoint = endpoint
        self._open_stream = open_stream
        self._make_framing = make_framing
        self._stream: Stream | None = None
        self._framing = make_framing()
        self._buffer = bytearray()
        self._silent = 0

    @property
    def is_open(self) -> bool:
        """True while the connection is open, as far as is known."""
        return self._stream is not None

    def open(self) -> None:
        """Open it, after closing it if it was open. Raises ``LinkDownError``."""
        self.close()
        try:
            self._stream = self._open_stream()
        except (OSError, UnicodeError) as error:
            raise LinkDownError(f"{self.endpoint}: {error}") from error

    def close(self) -> None:
        """Close it; harmless when closed."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self._buffer.clear()
        self._silent = 0

    def exchange(self, unit: int, pdu: bytes, timeout_s: float) -> bytes:
        """The answer of the unit, checked against the request; nothing is repeated."""
        if self._stream is None:
            raise LinkDownError(f"{self.endpoint}: not connected")
        try:
            reply = self._ask(self._stream, unit, pdu, timeout_s)
        except TimeoutError as error:
            self._was_silent()
            raise DeviceTimeoutError(f"{self.endpoint}: no answer of unit {unit} in {timeout_s:g} s") from error
        except (OSError, DeviceRefusedError) as error:
            self.close()
            raise LinkDownError(f"{self.endpoint}: {error}") from error
        self._silent = 0
        check_reply(pdu, reply)
        return reply

    def _ask(self, stream: Stream, unit: int, pdu: bytes, timeout_s: float) -> bytes:
        watch = Stopwatch()
        if not self._framing.numbered:
            stream.discard()
            self._buffer.clear()
        stream.send(self._framing.encode(unit, pdu), timeout_s)
        while (reply := self._framing.take(self._buffer)) is None:
            left = timeout_s - watch.elapsed_s()
            if left <= 0:
                raise TimeoutError
            self._buffer += stream.receive(left)
        return reply

    def _was_silent(self) -> None:
        self._silent += 1
        if self._buffer or self._silent >= _SILENT_MAX or not self._framing.numbered:
            self.close()


class WireDevice:
    """A device that has its wire for itself; see ``Device``."""

    def __init__(self, wire: Wire, timeout_s: float) -> None:
        self._wire = wire
        self._timeout_s = timeout_s

    @property
    def connected(self) -> bool:
        """True while requests can be sent."""
        return self._wire.is_open

    def connect(self) -> None:
        """Open the wire. Raises ``LinkDownError``."""
        self._wire.open()

    def exchange(self, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The answer, checked against the request."""
        _ = lane
        return self._wire.exchange(unit, pdu, self._timeout_s)

    def close(self) -> None:
        """Close the wire; harmless when closed."""
        self._wire.close()


class LineDevice:
    """A device that shares its wire with others; see ``Device``. After two silent requests it counts as gone."""

    def __init__(self, line: Line, wire: Wire, timeout_s: float) -> None:
        self._line = line
        self._wire = wire
        self._timeout_s = timeout_s
        self._silent = 0
        self.connected = False

    def connect(self) -> None:
        """Use the line from now on. Raises ``LinkDownError``."""
        self._line.join(self)
        self._silent = 0
        self.connected = True

    def exchange(self, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The answer, checked against the request."""
        try:
            reply = self._line.ask(self, unit, lane, lambda: self._wire.exchange(unit, pdu, self._timeout_s))
        except DeviceTimeoutError:
            self._silent += 1
            if self._silent >= _SILENT_MAX:
                self.close()
            raise
        except LinkDownError:
            self.close()
            raise
        self._silent = 0
        return reply

    def close(self) -> None:
        """Leave the line to the others; harmless when closed."""
        if self.connected:
            self.connected = False
            self._line.leave(self)


class Devices:
    """Makes the devices of links, so that those on one line or gateway share it. Raises ``ConfigError`` for bad certificates."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._wires: dict[object, tuple[Line, Wire]] = {}

    def make(self, link: GuardedLink) -> Device:
        """The device of the link, not connected."""
        if not (link.serial or link.shared):
            return WireDevice(_wire(link), link.timeout_s)
        key = _wire_of(link)
        known = self._wires.get(key)
        if known is None:
            wire = _wire(link)
            known = self._wires[key] = (self._lines.get(key, wire), wire)
        return LineDevice(*known, link.timeout_s)


def _wire(link: GuardedLink) -> Wire:
    framings: dict[str, Callable[[], Framing]] = {
        ModbusTransport.RTU: RtuFraming,
        ModbusTransport.RTU_OVER_TCP: RtuFraming,
        ModbusTransport.ASCII: AsciiFraming,
    }
    return Wire(link.place, opener(link), framings.get(link.transport, TcpFraming))


def _wire_of(link: GuardedLink) -> object:
    """What links have in common that share a wire."""
    line = (link.serial_port, link.baud, link.parity, link.stop_bits, link.byte_size)
    return (link.transport, link.host, link.port, *line, link.ca_file, link.client_certificate, link.client_key, link.server_name)
