"""How a Modbus PDU travels: over TCP, or as RTU and ASCII on a serial line; pure."""

from __future__ import annotations

import struct
from typing import Protocol

from automation.guard.modbus_wire import encode_frame, reply_size, take_frame
from automation.model.errors import DeviceRefusedError

_EXCEPTION = 0x80
_LEAST_RTU = 5  # unit, function, exception code, checksum
_RTU_ENVELOPE = 4  # unit, function and checksum
_MOST_ASCII = 520
_POLYNOMIAL = 0xA001


class Framing(Protocol):
    """One framing with the state of its connection.

    numbered: replies tell which request they answer, so that what comes late is known.
    """

    numbered: bool

    def encode(self, unit: int, pdu: bytes) -> bytes:
        """The bytes of a request, which is the one that ``take`` waits for from now on."""

    def take(self, buffer: bytearray) -> bytes | None:
        """The PDU of the reply, removed from the buffer; None while it is not whole.

        Raises ``DeviceRefusedError`` if the bytes cannot be a reply; the connection is then out of step.
        """


class TcpFraming:
    """Modbus Messaging on TCP/IP V1.0b; a reply to an earlier request is dropped."""

    numbered = True

    def __init__(self) -> None:
        self._transaction = 0
        self._unit = 0

    def encode(self, unit: int, pdu: bytes) -> bytes:
        """The bytes of a request."""
        self._transaction = (self._transaction + 1) & 0xFFFF
        self._unit = unit
        return encode_frame(self._transaction, unit, pdu)

    def take(self, buffer: bytearray) -> bytes | None:
        """The PDU of the reply to the last request."""
        while (frame := take_frame(buffer)) is not None:
            if frame.transaction == self._transaction and frame.unit == self._unit:
                return frame.pdu
        return None


class RtuFraming:
    """Modbus over Serial Line V1.02, section 2.5.1: unit, PDU and CRC-16, its length known by the function."""

    numbered = False

    def __init__(self) -> None:
        self._unit = 0
        self._request = b""

    def encode(self, unit: int, pdu: bytes) -> bytes:
        """The bytes of a request."""
        self._unit, self._request = unit, pdu
        data = bytes((unit,)) + pdu
        return data + crc16(data)

    def take(self, buffer: bytearray) -> bytes | None:
        """The PDU of the reply, after its checksum was seen to be right."""
        if len(buffer) < _LEAST_RTU:
            return None
        size = _LEAST_RTU if buffer[1] & _EXCEPTION else _RTU_ENVELOPE + reply_size(self._request)
        if len(buffer) < size:
            return None
        data = bytes(buffer[:size])
        del buffer[:size]
        if crc16(data[:-2]) != data[-2:]:
            raise DeviceRefusedError("a reply with a wrong checksum")
        if data[0] != self._unit:
            raise DeviceRefusedError(f"unit {data[0]} answered in place of unit {self._unit}")
        return data[1:-2]


class AsciiFraming:
    """Modbus over Serial Line V1.02, section 2.5.2: a colon, hexadecimal digits, LRC, and the end of the line."""

    numbered = False

    def __init__(self) -> None:
        self._unit = 0

    def encode(self, unit: int, pdu: bytes) -> bytes:
        """The bytes of a request."""
        self._unit = unit
        data = bytes((unit,)) + pdu
        return b":" + (data + bytes((-sum(data) & 0xFF,))).hex().upper().encode() + b"\r\n"

    def take(self, buffer: bytearray) -> bytes | None:
        """The PDU of the reply, after its checksum was seen to be right."""
        end = buffer.find(b"\r\n")
        if end < 0:
            if len(buffer) > _MOST_ASCII:
                raise DeviceRefusedError("a line that does not end")
            return None
        line = bytes(buffer[:end])
        del buffer[: end + 2]
        begin = line.rfind(b":")
        try:
            data = bytes.fromhex(line[begin + 1 :].decode("ascii"))
        except (UnicodeDecodeError, ValueError) as error:
            raise DeviceRefusedError("a line that is not hexadecimal") from error
        if begin < 0 or len(data) < 3 or sum(data) & 0xFF:  # noqa: PLR2004 - unit, function and checksum
            raise DeviceRefusedError("a line with a wrong checksum")
        if data[0] != self._unit:
            raise DeviceRefusedError(f"unit {data[0]} answered in place of unit {self._unit}")
        return data[1:-1]


def crc16(data: bytes) -> bytes:
    """The checksum of an RTU frame, low byte first."""
    register = 0xFFFF
    for byte in data:
        register = register >> 8 ^ _TABLE[(register ^ byte) & 0xFF]
    return struct.pack("<H", register)


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_TABLE = tuple(_entry(value) for value in range(256))
