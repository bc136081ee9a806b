"""One time limit for a whole conversation, however many small pieces the other side sends it in."""

from __future__ import annotations

import io
import socket
import threading
from contextlib import suppress
from typing import Any

from automation.system.clock import Stopwatch


class Deadline:
    """The time that is left of limit_s; all of it is gone after ``cancel``."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._watch = Stopwatch()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cancelled = False

    def left(self) -> float:
        """Seconds that are left. Raises ``TimeoutError`` if none are."""
        left = self.limit_s - self._watch.elapsed_s()
        if left <= 0 or self._cancelled:
            raise TimeoutError("timed out")
        return left

    def guard(self, sock: socket.socket) -> None:
        """Limit the next exchange on the socket, and end it on ``cancel``."""
        with self._lock:
            self._socket = sock
        sock.settimeout(self.left())

    def cancel(self) -> None:
        """End what is going on; from any thread."""
        with self._lock:
            self._cancelled = True
            sock = self._socket
        if sock is not None:
            with suppress(OSError):
                # The plain call also for TLS, whose own would first speak with the other side.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class DeadlineReader(io.RawIOBase):
    """Reads from a socket until the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer with what comes next. Raises ``OSError``, of which ``TimeoutError`` is one."""
        self._deadline.guard(self._socket)
        return self._socket.recv_into(buffer)


def buffered(sock: socket.socket, deadline: Deadline) -> io.BufferedReader:
    """A file over the socket, to be read line by line."""
    return io.BufferedReader(DeadlineReader(sock, deadline))
