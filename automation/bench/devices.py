"""Many Modbus TCP devices in a process of its own, for benches: registers in memory, and the times at which outputs changed."""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from automation.guard.modbus_wire import (
    Frame,
    Request,
    Table,
    encode_exception,
    encode_frame,
    encode_reply,
    parse_request,
    take_frame,
)
from automation.model.errors import ConfigError, DeviceRefusedError, InvalidValueError
from automation.system.clock import Stopwatch

HOST = "127.0.0.1"
_CHUNK = 65_536
_PRIORITY = 20
_READY_S = 20.0
_MODULE = "automation.bench.devices"


class Device:
    """One device, which answers every unit from the same memory.

    silent: it answers nothing. on_for: for every time that coil 0 was on, how many seconds.
    """

    def __init__(self, watch: Stopwatch) -> None:
        self.silent = False
        self.on_for: list[float] = []
        self._watch = watch
        self._on_at: float | None = None
        self._memory: dict[tuple[Table, int], int] = {}

    def reply(self, frame: Frame) -> bytes | None:
        """The bytes of the answer, None while it is silent."""
        if self.silent:
            return None
        try:
            request = parse_request(frame.pdu)
        except InvalidValueError:
            return encode_frame(frame.transaction, frame.unit, encode_exception(frame.pdu[0], 1))
        return encode_frame(frame.transaction, frame.unit, encode_reply(request, self._carry_out(request)))

    def _carry_out(self, request: Request) -> Sequence[int]:
        if not request.writes:
            return [self._memory.get((request.table, request.offset + i), 0) for i in range(request.size)]
        for i, value in enumerate(request.values):
            self._memory[request.table, request.offset + i] = int(value)
        if request.table is Table.COIL and request.offset == 0:
            self._switched(bool(request.values[0]))
        return ()

    def _switched(self, on: bool) -> None:
        now = self._watch.elapsed_s()
        if on and self._on_at is None:
            self._on_at = now
        if not on and self._on_at is not None:
            self.on_for.append(now - self._on_at)
            self._on_at = None


class _Server:
    """All devices on one selector; orders come as lines on standard input, which ends it when it is closed."""

    def __init__(self, count: int) -> None:
        watch = Stopwatch()
        self.devices = [Device(watch) for _ in range(count)]
        self.ports: list[int] = []
        self._selector = selectors.DefaultSelector()
        self._orders = b""
        self._ended = False
        for device in self.devices:
            listener = socket.create_server((HOST, 0), backlog=16)
            listener.setblocking(False)
            self.ports.append(listener.getsockname()[1])
            self._selector.register(listener, selectors.EVENT_READ, self._acceptor(listener, device))
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ, self._obey)

    def serve(self) -> None:
        """Answer until standard input is closed."""
        while not self._ended:
            for key, _ in self._selector.select():
                key.data()

    def _acceptor(self, listener: socket.socket, device: Device) -> Callable[[], None]:
        def accept() -> None:
            with suppress(OSError):
                raw, _ = listener.accept()
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._selector.register(raw, selectors.EVENT_READ, self._reader(raw, device))

        return accept

    def _reader(self, raw: socket.socket, device: Device) -> Callable[[], None]:
        buffer = bytearray()

        def read() -> None:
            try:
                data = raw.recv(_CHUNK)
                if not data:
                    raise ConnectionError("closed by the other side")
                buffer.extend(data)
                while (frame := take_frame(buffer)) is not None:
                    answer = device.reply(frame)
                    if answer is not None:
                        raw.sendall(answer)
            except (OSError, DeviceRefusedError):
                self._selector.unregister(raw)
                raw.close()

        return read

    def _obey(self) -> None:
        data = os.read(sys.stdin.fileno(), _CHUNK)
        if not data:
            self._ended = True
            return
        *lines, self._orders = (self._orders + data).split(b"\n")
        for line in lines:
            word, _, number = line.decode().partition(" ")
            device = self.devices[int(number)]
            if word == "report":
                _say({"on_for": device.on_for})
                device.on_for = []
            else:
                device.silent = word == "silence"
                _say({})


class DeviceProcess:
    """The devices in a process of their own, started by ``with``; ports: one each.

    realtime: at the guard's priority where that is permitted. Raises ``ConfigError`` if it does not start.
    """

    def __init__(self, count: int, *, realtime: bool = False) -> None:
        self.ports: Sequence[int] = ()
        self._arguments = ["--count", str(count), *(["--realtime"] if realtime else [])]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> DeviceProcess:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", _MODULE, *self._arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.ports = self._answer()["ports"]
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            try:
                process.wait(_READY_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()

    def silence(self, device: int) -> None:
        """Have the device answer nothing from now on."""
        self._ask(f"silence {device}")

    def speak(self, device: int) -> None:
        """Have it answer again."""
        self._ask(f"speak {device}")

    def on_for(self, device: int) -> Sequence[float]:
        """For how many seconds coil 0 of the device was on, each time since this was asked last."""
        found: Sequence[float] = self._ask(f"report {device}")["on_for"]
        return found

    def _ask(self, order: str) -> Mapping[str, Sequence[float]]:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - within the block only
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Mapping[str, Sequence[int]]:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101, PT018 - within the block only
        line = self._process.stdout.readline()
        if not line:
            raise ConfigError("the devices of the bench have ended")
        answer: Mapping[str, Sequence[int]] = json.loads(line)
        return answer


def _say(message: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve so many devices until standard input is closed; says their ports."""
    parser = ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--realtime", action="store_true")
    options = parser.parse_args(arguments)
    if options.realtime:
        ask_for_realtime()
    server = _Server(options.count)
    _say({"ports": server.ports})
    server.serve()


def ask_for_realtime() -> None:
    """Run at the guard's priority, where the system permits it."""
    if hasattr(os, "sched_setscheduler"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))


def pause(seconds: float) -> None:
    """Let so much real time pass."""
    threading.Event().wait(seconds)


if __name__ == "__main__":
    main()
