"""A Modbus RTU device on a serial line of a given speed, in a process of its own, for benches: a pty pair with paced bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tty
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from automation.bench.devices import Device, ask_for_realtime, pause
from automation.guard.framing import crc16
from automation.guard.modbus_wire import Frame, Table, parse_request, read_request, write_request
from automation.model.errors import ConfigError, InvalidValueError
from automation.system.clock import Stopwatch

_MODULE = "automation.bench.line"
_BITS_PER_CHARACTER = 11
_ENVELOPE = 3  # unit and checksum
_CHUNK = 4096
_READY_S = 20.0
# As long as the requests that the bench sends: a read or write of one value, and a write of several.
_SIZES = {len(read_request(Table.HOLDING, 0, 1)) + _ENVELOPE, len(write_request(Table.COIL, 0, [1, 1])) + _ENVELOPE}


@contextmanager
def paced_line(baud: int) -> Iterator[str]:
    """The path of the line's end, on which the device answers until the end of the block. Raises ``ConfigError``."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", _MODULE, "--baud", str(baud)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both were asked for
    try:
        path = process.stdout.readline().decode().strip()
        if not path:
            raise ConfigError("the serial line of the bench did not start")
        yield path
    finally:
        process.kill()
        process.wait(_READY_S)
        process.stdin.close()
        process.stdout.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer on a new line until killed; says its path."""
    parser = ArgumentParser(description=main.__doc__)
    parser.add_argument("--baud", type=int, default=9600)
    character_s = _BITS_PER_CHARACTER / parser.parse_args(arguments).baud
    ask_for_realtime()
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    sys.stdout.write(os.ttyname(theirs) + "\n")
    sys.stdout.flush()
    device, buffer = Device(Stopwatch()), bytearray()
    while True:
        buffer += os.read(ours, _CHUNK)
        request = _whole(buffer)
        if request is None:
            continue
        answer = _answer(device, request)
        pause((len(request) + len(answer)) * character_s)
        os.write(ours, answer)


def _whole(buffer: bytearray) -> bytes | None:
    """The request, removed from the buffer; None while it is not whole."""
    for size in sorted(_SIZES):
        data = bytes(buffer[:size])
        if len(data) == size and crc16(data[:-2]) == data[-2:]:
            buffer.clear()
            return data
    if len(buffer) > max(_SIZES):
        buffer.clear()
    return None


def _answer(device: Device, request: bytes) -> bytes:
    try:
        parse_request(request[1:-2])
    except InvalidValueError:
        return b""
    frame = device.reply(Frame(0, request[0], request[1:-2])) or b""
    data = frame[6:]  # what follows the header of TCP: unit and PDU
    return data + crc16(data)


if __name__ == "__main__":
    main()
