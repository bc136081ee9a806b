"""Devices at the other end of a wire: raw frames over pty pairs and sockets, independent of any Modbus library."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

Send: TypeAlias = Callable[[bytes], None]


class Request:
    """One request as it came, and the framing of its reply."""

    def __init__(self, framing: Framing, unit: int, pdu: bytes, transaction: int = 0) -> None:
        self.unit = unit
        self.pdu = pdu
        self._framing = framing
        self._transaction = transaction

    def frame(self, pdu: bytes, unit: int | None = None) -> bytes:
        """The reply as it goes onto the wire."""
        return self._framing.frame(self.unit if unit is None else unit, pdu, self._transaction)


class Framing(Protocol):
    """How a PDU travels."""

    def frame(self, unit: int, pdu: bytes, transaction: int) -> bytes: ...

    def take(self, buffer: bytearray) -> Request | None:
        """The first request of the buffer, taken out of it; None while it is not whole."""


class Mbap:
    def frame(self, unit: int, pdu: bytes, transaction: int) -> bytes:
        return transaction.to_bytes(2, "big") + b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes([unit]) + pdu

    def take(self, buffer: bytearray) -> Request | None:
        end = 6 + int.from_bytes(buffer[4:6], "big")
        if len(buffer) < 8 or len(buffer) < end:
            return None
        data = bytes(buffer[:end])
        del buffer[:end]
        return Request(self, data[6], data[7:], int.from_bytes(data[:2], "big"))


class Rtu:
    def frame(self, unit: int, pdu: bytes, transaction: int) -> bytes:
        data = bytes([unit]) + pdu
        return data + crc(data)

    def take(self, buffer: bytearray) -> Request | None:
        if len(buffer) < 8:
            return None
        size = {15: 9 + buffer[6], 16: 9 + buffer[6], 22: 10, 23: 13 + (buffer[10] if len(buffer) > 10 else 0)}.get(buffer[1], 8)
        if len(buffer) < size:
            return None
        data = bytes(buffer[:size])
        del buffer[:size]
        assert crc(data[:-2]) == data[-2:]
        return Request(self, data[0], data[1:-2])


class Ascii:
    def frame(self, unit: int, pdu: bytes, transaction: int) -> bytes:
        data = bytes([unit]) + pdu
        return b":" + (data + bytes([-sum(data) % 256])).hex().upper().encode() + b"\r\n"

    def take(self, buffer: bytearray) -> Request | None:
        end = buffer.find(b"\r\n")
        if end < 0:
            return None
        line = bytes(buffer[:end])
        del buffer[: end + 2]
        assert line[:1] == b":"
        assert line == line.upper()
        data = bytes.fromhex(line[1:].decode())
        assert sum(data) % 256 == 0
        return Request(self, data[0], data[1:-1])


def crc(data: bytes) -> bytes:
    """CRC-16/MODBUS, bit by bit, low byte first."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register.to_bytes(2, "little")


class Memory:
    """What a device holds: 64 bits and 200 registers of each kind; units that are not in units say nothing."""

    def __init__(self, *units: int) -> None:
        self.units = units or (1,)
        self.bits = {1: [False] * 64, 2: [False] * 64}
        self.registers = {3: [0] * 200, 4: [0] * 200}
        self.refused: set[int] = set()

    def answer(self, pdu: bytes) -> bytes:
        """The right reply."""
        function, offset, number = pdu[0], int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        if function in self.refused:
            return bytes([function | 0x80, 1])
        count = number if function in (1, 2, 3, 4, 15, 16) else 1
        table = (
            self.bits.get(function)
            or self.registers.get(function)
            or (self.bits[1] if function in (5, 15) else self.registers[3])
        )
        if offset + count > len(table):
            return bytes([function | 0x80, 2])
        if function in (1, 2):
            packed = sum(1 << i for i, bit in enumerate(self.bits[function][offset : offset + count]) if bit)
            size = (count + 7) // 8
            return bytes([function, size]) + packed.to_bytes(size, "little")
        if function in (3, 4):
            return bytes([function, 2 * count]) + b"".join(n.to_bytes(2, "big") for n in table[offset : offset + count])
        return self._write(pdu, function, offset, number)

    def _write(self, pdu: bytes, function: int, offset: int, number: int) -> bytes:
        words = [int.from_bytes(pdu[i : i + 2], "big") for i in range(6, len(pdu) - 1, 2)]
        if function == 5:
            self.bits[1][offset] = number == 0xFF00
        elif function == 6:
            self.registers[3][offset] = number
        elif function == 16:
            self.registers[3][offset : offset + number] = words
        elif function == 23:
            count, target = number, int.from_bytes(pdu[5:7], "big")
            words = [int.from_bytes(pdu[i : i + 2], "big") for i in range(10, len(pdu) - 1, 2)]
            self.registers[3][target : target + len(words)] = words
            shown = self.registers[3][offset : offset + count]
            return bytes([23, 2 * count]) + b"".join(n.to_bytes(2, "big") for n in shown)
        elif function == 22:
            on = int.from_bytes(pdu[5:7], "big")
            self.registers[3][offset] = self.registers[3][offset] & number | on & ~number
            return pdu
        else:
            return bytes([function | 0x80, 1])
        return pdu[:5]

    def reply(self, request: Request, send: Send) -> None:
        """The script of a device that works."""
        if request.unit in self.units:
            send(request.frame(self.answer(request.pdu)))


class Device:
    """A thread that serves one wire as its script says. seen: the requests so far."""

    def __init__(self, framing: Framing) -> None:
        self.memory = Memory()
        self.script: Callable[[Request, Send], None] = self.memory.reply
        self.seen: list[Request] = []
        self.framing = framing

    @property
    def pdus(self) -> list[bytes]:
        """The requests so far."""
        return [request.pdu for request in self.seen]

    def take(self, buffer: bytearray, data: bytes, send: Send) -> None:
        """Serve what has come."""
        buffer += data
        while (request := self.framing.take(buffer)) is not None:
            self.seen.append(request)
            self.script(request, send)


class PtyDevice(Device):
    """A device on a serial line, which is a pty pair; path leads to the master's end of it."""

    def __init__(self, framing: Framing, path: Path) -> None:
        super().__init__(framing)
        self.path = path
        self._ends: tuple[int, ...] = ()
        self._wake = (-1, -1)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        device, line = os.openpty()
        self._ends, self._wake = (device, line), os.pipe()
        self.path.symlink_to(os.ttyname(line))
        self._thread = threading.Thread(target=self._serve, args=(device, self._wake[0]), name="serial device")
        self._thread.start()

    def stop(self) -> None:
        if self._thread is None:
            return
        os.write(self._wake[1], b"\0")
        self._thread.join(5)
        self._thread = None
        self.path.unlink()
        for end in (*self._ends, *self._wake):
            os.close(end)

    def _serve(self, device: int, wake: int) -> None:
        buffer = bytearray()
        while True:
            ready = select.select([device, wake], [], [])[0]
            if wake in ready:
                return
            self.take(buffer, os.read(device, 4096), lambda data: _write_all(device, data))


class SocketDevice(Device):
    """A device on a TCP port, with TLS if there is a context. connections: how many there were; most: at any one time."""

    def __init__(self, framing: Framing, port: int, context: ssl.SSLContext | None = None) -> None:
        super().__init__(framing)
        self.port = port
        self.connections = self.most = 0
        self._context = context
        self._peers: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=self._accept, args=(self._listener,), name="socket device")]
        self._threads[0].start()

    def stop(self) -> None:
        if self._listener is None:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None
        self._threads[0].join(5)
        for peer in list(self._peers):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(5)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peers.append(peer)
            self.connections += 1
            self.most = max(self.most, len(self._peers))
            self._threads.append(threading.Thread(target=self._serve, args=(peer,), name="socket device peer"))
            self._threads[-1].start()

    def _serve(self, peer: socket.socket) -> None:
        buffer = bytearray()
        stream = peer
        try:
            if self._context is not None:
                stream = self._context.wrap_socket(peer, server_side=True)
                self._peers[self._peers.index(peer)] = stream
            while data := stream.recv(4096):
                self.take(buffer, data, stream.sendall)
        except OSError:
            pass
        finally:
            self._peers = [each for each in self._peers if each not in (peer, stream)]
            stream.close()
            peer.close()


def _write_all(end: int, data: bytes) -> None:
    while data:
        data = data[os.write(end, data) :]


def byte_by_byte(send: Send, data: bytes) -> None:
    """Send as a slow line does."""
    for byte in data:
        send(bytes([byte]))
        time.sleep(0.001)
