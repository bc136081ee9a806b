"""Modbus devices for tests, in memory and on loopback: registers in a dict, and switches for their faults."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from automation.guard.lanes import Lane
from automation.guard.modbus_wire import (
    MASK_WRITE,
    Frame,
    Request,
    Table,
    check_reply,
    encode_exception,
    encode_frame,
    encode_reply,
    parse_request,
    take_frame,
)
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker

_ACCEPT_S = 0.05
_RECV = 4096


class DeviceMemory:
    """What a device holds, and how it answers a request.

    memory: values by (table, offset), 0 where nothing was written. log: the writes in the order in which they took effect. Fault
    switches: silent answers nothing, refuse_with answers that exception code, refused holds (table, offset) that are refused with
    code 2, functions_missing holds functions that are refused with code 1.
    """

    def __init__(self) -> None:
        self.memory: dict[tuple[Table, int], int] = {}
        self.log: list[tuple[Table, int, tuple[int, ...]]] = []
        self.requests = 0
        self.silent = False
        self.refuse_with: int | None = None
        self.refused: set[tuple[Table, int]] = set()
        self.functions_missing: set[int] = set()
        self._changed = threading.Condition()

    def value(self, table: Table, offset: int) -> int:
        """What the device holds now."""
        return self.memory.get((table, offset), 0)

    def set(self, table: Table, offset: int, values: Sequence[int]) -> None:
        """Give the device values, as its plant does."""
        with self._changed:
            for i, value in enumerate(values):
                self.memory[table, offset + i] = int(value)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool], timeout_s: float = 3.0) -> bool:
        """True as soon as the condition holds; False after timeout_s of real time."""
        watch = Stopwatch()
        with self._changed:
            while not condition():
                left = timeout_s - watch.elapsed_s()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.02))
        return True

    def reply(self, pdu: bytes) -> bytes | None:
        """The answer to a request PDU, carried out; None where the device is silent."""
        self.requests += 1
        if self.silent:
            return None
        try:
            request = parse_request(pdu)
        except InvalidValueError:
            return encode_exception(pdu[0], 1)
        if self.refuse_with is not None:
            return encode_exception(request.function, self.refuse_with)
        if request.function in self.functions_missing:
            return encode_exception(request.function, 1)
        if any((request.table, request.offset + i) in self.refused for i in range(request.size)):
            return encode_exception(request.function, 2)
        return encode_reply(request, self._carry_out(request))

    def _carry_out(self, request: Request) -> Sequence[int]:
        if request.function == MASK_WRITE:
            keep, on = request.values
            register = self.value(request.table, request.offset)
            request = request._replace(values=(register & keep | on & ~keep & 0xFFFF,))
        if request.writes:
            self.log.append((request.table, request.offset, tuple(int(value) for value in request.values)))
            self.set(request.table, request.offset, request.values)
            offset, count = request.reads
            return [self.value(request.table, offset + i) for i in range(count)]
        return [self.value(request.table, request.offset + i) for i in range(request.size)]


class MemoryDevice(DeviceMemory):
    """A device that the guard calls directly, for tests on a virtual clock; one that answers every unit.

    reachable: False refuses and drops the connection.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reachable = True
        self.connections = 0
        self._connected = False

    @property
    def connected(self) -> bool:
        """True while requests can be sent."""
        return self._connected

    def connect(self) -> None:
        """Connect. Raises ``LinkDownError`` while the device is not reachable."""
        if not self.reachable:
            raise LinkDownError("memory device: not reachable")
        self._connected = True
        self.connections += 1

    def exchange(self, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The answer, checked. Raises ``LinkDownError``, ``DeviceTimeoutError`` or ``DeviceRefusedError``."""
        _ = lane
        if not (self._connected and self.reachable):
            self._connected = False
            raise LinkDownError("memory device: not connected")
        reply = self.reply(pdu)
        if reply is None:
            raise DeviceTimeoutError(f"memory device: no answer of unit {unit}")
        check_reply(pdu, reply)
        return reply

    def close(self) -> None:
        """Disconnect."""
        self._connected = False


class LoopbackDevice(DeviceMemory):
    """A Modbus TCP device on loopback that answers every unit from the same memory.

    delay_s: waits before each answer. mangle: changes the frames it sends. Use ``running``, or start and stop.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__()
        self.connections = 0
        self.delay_s = 0.0
        self.mangle: Callable[[bytes], bytes] | None = None
        self.port = port
        self._clock = RealClock()
        self._listener: socket.socket | None = None
        self._acceptor: Worker | None = None
        self._sessions: list[tuple[Worker, socket.socket]] = []
        self._stopping = threading.Event()

    def start(self) -> None:
        """Listen; on the same port again after a stop."""
        self._stopping.clear()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listener.settimeout(_ACCEPT_S)
        self.port = self._listener.getsockname()[1]
        self._acceptor = Worker("test-device", self._accept, None, self._clock)
        self._acceptor.start()
        self._acceptor.wake()

    def stop(self) -> None:
        """Vanish: close the port and every connection."""
        self._stopping.set()
        if self._acceptor is not None:
            self._acceptor.stop()
        if self._listener is not None:
            self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every connection and go on listening."""
        sessions, self._sessions = self._sessions, []
        for _, raw in sessions:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
        for worker, raw in sessions:
            worker.stop()
            raw.close()

    @contextmanager
    def running(self) -> Iterator[LoopbackDevice]:
        """The device, listening until the end of the block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def _accept(self, _now: float) -> None:
        assert self._listener is not None
        while not self._stopping.is_set():
            try:
                raw, _ = self._listener.accept()
            except TimeoutError:
                continue
            raw.settimeout(None)
            self.connections += 1
            worker = Worker("test-device-session", partial(self._serve, raw), None, self._clock)
            self._sessions.append((worker, raw))
            worker.start()
            worker.wake()

    def _serve(self, raw: socket.socket, _now: float) -> None:
        buffer = bytearray()
        with raw, suppress(OSError, DeviceRefusedError):
            while not self._stopping.is_set():
                frame = take_frame(buffer)
                if frame is not None:
                    self._answer(raw, frame)
                    continue
                data = raw.recv(_RECV)
                if not data:
                    return
                buffer += data

    def _answer(self, raw: socket.socket, frame: Frame) -> None:
        if self.delay_s:
            self._stopping.wait(self.delay_s)
        pdu = self.reply(frame.pdu)
        if pdu is None:
            return
        reply = encode_frame(frame.transaction, frame.unit, pdu)
        raw.sendall(reply if self.mangle is None else self.mangle(reply))
