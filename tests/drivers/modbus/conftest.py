"""A device for the Modbus driver: pymodbus's own server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


class Device:
    """pymodbus's server in a thread: unit 1 with 64 coils and inputs, holding 0 to 199 and 300 to 399, input 0 to 199.

    Holding registers 200 to 299 do not exist. set and get take the function code that reads the table.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: ModbusTcpServer | None = None

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="modbus device")
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._shutdown(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop = self._thread = None

    def set(self, function: int, offset: int, values: list[int] | list[bool]) -> None:
        assert self._loop is not None
        assert self._server is not None
        call = self._server.async_setValues(1, function, offset, values)
        asyncio.run_coroutine_threadsafe(call, self._loop).result(10)

    def get(self, function: int, offset: int, count: int = 1) -> list[int] | list[bool]:
        assert self._loop is not None
        assert self._server is not None
        call = self._server.async_getValues(1, function, offset, count)
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(10)

    def _run(self, ready: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()
        loop.run_until_complete(self._serve())
        ready.set()
        loop.run_forever()
        loop.close()

    async def _serve(self) -> None:
        registers = [SimData(0, count=200, datatype=DataType.REGISTERS), SimData(300, count=100, datatype=DataType.REGISTERS)]
        bits = [SimData(0, count=64, values=False, datatype=DataType.BITS)]
        inputs = [SimData(0, count=200, datatype=DataType.REGISTERS)]
        device = SimDevice(1, simdata=(bits, bits, registers, inputs))
        self._server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await self._server.serve_forever(background=True)

    async def _shutdown(self) -> None:
        assert self._server is not None
        await _settle()
        await self._server.shutdown()
        await _settle()


async def _settle() -> None:
    """Let the loop finish what has begun, such as a connection that is half accepted or half closed."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def device(free_port: int) -> Iterator[Device]:
    """A running device."""
    running = Device(free_port)
    running.start()
    yield running
    running.stop()
