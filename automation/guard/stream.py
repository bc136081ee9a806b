"""Streams of bytes to a device: TCP, TLS and serial lines; standard library only."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import socket
import ssl
import termios
from collections.abc import Callable
from typing import Protocol, TypeAlias

from automation.guard.config import GuardedLink
from automation.model.errors import ConfigError
from automation.model.link import ModbusLink, ModbusTransport, Parity
from automation.system.clock import Stopwatch

Place: TypeAlias = ModbusLink | GuardedLink

_CHUNK = 4096
# Nobody sends this much unasked; a line that goes on is no device.
_MOST_DISCARDED = 64
# Modbus over Serial Line V1.02, section 2.5.1.1: frames are 3.5 characters apart, 1.75 ms above 19200 baud.
_GAP_CHARACTERS, _SHORTEST_GAP_S = 3.5, 0.00175
_BITS_PER_CHARACTER = 11
_FRAME = termios.CSIZE | termios.PARENB | termios.PARODD | termios.CSTOPB
_BYTE_SIZES = {7: termios.CS7, 8: termios.CS8}


class Stream(Protocol):
    """One open connection. send and receive raise ``OSError``, which includes ``TimeoutError``."""

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send all of it."""

    def receive(self, timeout_s: float) -> bytes:
        """What has arrived, empty if nothing has within timeout_s. Raises ``ConnectionError`` when the device hangs up."""

    def discard(self) -> None:
        """Throw away what has arrived unasked, and wait until the line is quiet where frames are told apart by that."""

    def close(self) -> None:
        """Close it."""


class SocketStream:
    """A TCP connection, with TLS or without; see ``Stream``."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connected

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send all of it."""
        self._socket.settimeout(timeout_s)
        self._socket.sendall(data)

    def receive(self, timeout_s: float) -> bytes:
        """What has arrived, empty if nothing has within timeout_s."""
        self._socket.settimeout(timeout_s)
        try:
            data = self._socket.recv(_CHUNK)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return b""
        if not data:
            raise ConnectionResetError("the device closed the connection")
        return data

    def discard(self) -> None:
        """Throw away what has arrived unasked."""
        for _ in range(_MOST_DISCARDED):
            if not self.receive(0.0):
                return

    def close(self) -> None:
        """Close it."""
        self._socket.close()


class SerialStream:
    """A serial line; see ``Stream``.

    gap_s: how long the line must have been quiet before a request. Raises ``OSError`` if the port cannot be opened, or is open
    already.
    """

    def __init__(self, link: Place, gap_s: float) -> None:
        self._gap_s = gap_s
        self._port = os.open(link.serial_port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            fcntl.flock(self._port, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _set_up(self._port, link)
        except termios.error as error:
            os.close(self._port)
            raise OSError(*error.args) from error
        except OSError:
            os.close(self._port)
            raise

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send all of it."""
        watch = Stopwatch()
        left = data
        while left:
            if not select.select([], [self._port], [], max(0.0, timeout_s - watch.elapsed_s()))[1]:
                raise TimeoutError("the port takes no more bytes")
            left = left[os.write(self._port, left) :]

    def receive(self, timeout_s: float) -> bytes:
        """What has arrived, empty if nothing has within timeout_s."""
        if not select.select([self._port], [], [], timeout_s)[0]:
            return b""
        data = os.read(self._port, _CHUNK)
        if not data:
            raise ConnectionResetError("the port is gone")
        return data

    def discard(self) -> None:
        """Throw away what has arrived unasked, until nothing has for the length of the gap."""
        for _ in range(_MOST_DISCARDED):
            if not self.receive(self._gap_s):
                return

    def close(self) -> None:
        """Close it, without waiting for what has not been sent."""
        with contextlib.suppress(termios.error):  # the port is gone, and with it what was to be flushed
            termios.tcflush(self._port, termios.TCIOFLUSH)
        os.close(self._port)


def opener(link: Place) -> Callable[[], Stream]:
    """Opens a connection to the link's device, or raises ``OSError``, at each call.

    Raises ``ConfigError`` naming a file of certificates or keys that cannot be used.
    """
    context = _tls_context(link) if link.transport == ModbusTransport.TLS else None
    return lambda: _open(link, context)


def _open(link: Place, context: ssl.SSLContext | None) -> Stream:
    if link.serial:
        return SerialStream(link, _gap_s(link))
    connected = socket.create_connection((link.host, link.port), link.timeout_s)
    if context is None:
        return SocketStream(connected)
    try:
        secured = context.wrap_socket(connected, server_hostname=link.server_name or link.host)
    except OSError:
        connected.close()
        raise
    return SocketStream(secured)


def _tls_context(link: Place) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the device's own certificate will do in place of its authority's
    try:
        context.load_verify_locations(link.ca_file)
    except OSError as error:
        raise ConfigError(f"link {link.name}: ca_file {link.ca_file}: {error.strerror or error}") from error
    if link.client_certificate:
        files = f"client_certificate {link.client_certificate}, client_key {link.client_key}"
        try:
            context.load_cert_chain(link.client_certificate, link.client_key, password=_no_password)
        except (OSError, ValueError) as error:
            raise ConfigError(f"link {link.name}: {files}: {error}") from error
    return context


def _no_password() -> str:
    """In place of a question to a terminal."""
    raise ValueError("the key has a password")


def _gap_s(link: Place) -> float:
    if link.transport != ModbusTransport.RTU:
        return 0.0
    return max(_SHORTEST_GAP_S, _GAP_CHARACTERS * _BITS_PER_CHARACTER / link.baud)


def _set_up(port: int, link: Place) -> None:
    """Raw bytes, no flow control, the link's speed and frame, nothing left from before. Raises ``OSError``, ``termios.error``."""
    frame = _BYTE_SIZES[link.byte_size]
    if link.parity != Parity.NONE:
        frame |= termios.PARENB
    if link.parity == Parity.ODD:
        frame |= termios.PARODD
    if link.stop_bits > 1:
        frame |= termios.CSTOPB
    speed = getattr(termios, f"B{link.baud}")
    characters = termios.tcgetattr(port)[6]
    wanted = [0, 0, frame | termios.CREAD | termios.CLOCAL, 0, speed, speed, characters]
    with contextlib.suppress(termios.error):  # told by what the port then has, as not every refusal is an error
        termios.tcsetattr(port, termios.TCSANOW, wanted)
    taken = termios.tcgetattr(port)
    if taken[2] & _FRAME != frame or taken[4:6] != [speed, speed]:
        raise OSError(errno.EINVAL, "the port does not support this speed or frame")
    termios.tcflush(port, termios.TCIOFLUSH)
