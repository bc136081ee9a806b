"""The demo plant as a process of its own: Modbus TCP on one loopback port, faults as JSON lines on another.

``python -m apps.demo_plant.simulator --port 0 --control-port 0`` prints ``ready <port> <control port>`` once it listens. It ends
on SIGTERM, on SIGINT, or when its standard input, if that is a pipe, is closed; so it never outlives whoever started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import stat
import sys
from collections.abc import Sequence
from typing import cast

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from apps.demo_plant.device import SIZES, Device, RefusedError
from apps.demo_plant.faults import FaultError, Faults, apply, parse
from apps.demo_plant.physics import Plant

HOST = "127.0.0.1"
PERIOD_S = 0.05
_TABLES = {1: "coil", 5: "coil", 15: "coil", 2: "discrete", 4: "input", 3: "holding", 6: "holding", 16: "holding"}


class ModbusFace:
    """The device as pymodbus's server asks for it; the server's own registers are a copy that each request renews."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def server(self, port: int) -> ModbusTcpServer:
        """A server of the device that is not listening yet."""
        bits = {table: [SimData(0, count=SIZES[table], values=False, datatype=DataType.BITS)] for table in ("coil", "discrete")}
        words = {table: [SimData(0, count=SIZES[table], datatype=DataType.REGISTERS)] for table in ("holding", "input")}
        unit = SimDevice(1, simdata=(bits["coil"], bits["discrete"], words["holding"], words["input"]), action=self._asked)
        return ModbusTcpServer(unit, address=(HOST, port), trace_packet=self._packet)

    async def _asked(
        self, function: int, start: int, address: int, count: int, registers: list[int], values: list[int] | list[bool] | None
    ) -> ExcCodes | None:
        table = _TABLES.get(function)
        if table is None:
            return ExcCodes.ILLEGAL_FUNCTION
        try:
            if values is not None:
                self._device.write(table, address, [int(value) for value in values])
            self._renew(table, start, address, count, registers)
        except RefusedError as error:
            return ExcCodes(error.code)
        return None

    def _renew(self, table: str, start: int, address: int, count: int, registers: list[int]) -> None:
        if table in ("holding", "input"):
            registers[address - start : address - start + count] = self._device.read(table, address, count)
            return
        # The server keeps sixteen bits in a register, and counts in those.
        first = address // 16
        bits = self._device.read(table, 16 * first, min(16 * count, SIZES[table] - 16 * first))
        for place in range(0, len(bits), 16):
            registers[first - start + place // 16] = sum(bit << i for i, bit in enumerate(bits[place : place + 16]))

    def _packet(self, sending: bool, data: bytes) -> bytes:
        return b"" if sending and self._device.faults.silent else data


class ControlFace:
    """Faults on request: one JSON object per line in, one per line out."""

    def __init__(self, device: Device) -> None:
        self._device = device

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until it is closed."""
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self.answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            return  # gone, or a line without end
        finally:
            writer.close()

    def answer(self, line: bytes) -> dict[str, object]:
        """The answer to one line: ``ok``, and ``error`` or what is wrong now."""
        faults = self._device.faults
        try:
            request = parse(line)
            if request.get("fault") != "none":
                apply(request, faults, self._device.plant)
        except FaultError as error:
            return {"ok": False, "error": str(error)}
        return {"ok": True, **vars(faults), "watchdog": self._device.alive}


async def run(port: int, control_port: int, speed: float, seed: int) -> None:
    """Simulate until told to stop. Raises ``OSError`` or ``RuntimeError`` if a port is taken."""
    device = Device(Plant(seed), Faults())
    stopping = asyncio.Event()
    _stop_on_signals(stopping)
    _stop_with_parent(stopping)
    server = ModbusFace(device).server(port)
    await server.serve_forever(background=True)
    control = await asyncio.start_server(ControlFace(device).serve, HOST, control_port)
    _say(f"ready {_port(cast(asyncio.Server, server.transport))} {_port(control)}")
    try:
        await _move(device, speed, stopping)
    finally:
        control.close()
        await server.shutdown()  # type: ignore[no-untyped-call]


async def _move(device: Device, speed: float, stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    last = loop.time()
    while not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), PERIOD_S)
        except TimeoutError:
            now = loop.time()
            device.step((now - last) * speed)
            last = now


def _stop_on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)


def _stop_with_parent(stopping: asyncio.Event) -> None:
    descriptor = sys.stdin.fileno()
    if not stat.S_ISFIFO(os.fstat(descriptor).st_mode) and not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        return  # a terminal or nothing: there is no parent that holds the other end
    loop = asyncio.get_running_loop()

    def readable() -> None:
        if not os.read(descriptor, 4096):
            loop.remove_reader(descriptor)
            stopping.set()

    loop.add_reader(descriptor, readable)


def _port(server: asyncio.Server) -> int:
    number: int = server.sockets[0].getsockname()[1]
    return number


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator as a program; the exit code is 1 if a port is taken."""
    parser = argparse.ArgumentParser(prog="apps.demo_plant.simulator", description="Simulate the demo plant over Modbus TCP.")
    parser.add_argument("--port", type=int, default=5020, help="Modbus TCP port on loopback, 0 for any")
    parser.add_argument("--control-port", type=int, default=0, help="port for fault requests on loopback, 0 for any")
    parser.add_argument("--speed", type=float, default=1.0, help="plant seconds per second")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sensor noise")
    given = parser.parse_args(arguments)
    # A master that comes and goes is the simulator's daily bread, not something to report.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    try:
        asyncio.run(run(given.port, given.control_port, given.speed, given.seed))
    except BrokenPipeError:
        return 0  # whoever started it has gone meanwhile
    except (OSError, RuntimeError) as error:
        sys.stderr.write(f"simulator: cannot listen on {HOST}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
