"""From the register of a device to a client of the live feed: the whole way in, over real sockets."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from automation.bench.live import LiveClient
from automation.bench.process import HOST, RuntimeProcess, free_port
from automation.drivers.modbus.address import Table, parse
from automation.model.errors import ConfigError
from automation.model.tag import Scale, Tag
from automation.runtime.apps import load_apps
from automation.settings import Apps, Settings
from automation.system.clock import Stopwatch
from automation.system.island import Island

APP = "demo_plant"
_CHANNELS = 5
_READY_S = 60.0
_ARRIVAL_S = 5.0
_WARM_UP = 50
_ISLAND_S = 5.0
_RAW = (1_000, 20_000)
_PAUSE_S = (0.02, 0.16)  # spans more than a scan period, so that every phase is met
_READ_INPUT = 4
_HEARTBEAT = 84  # the input register that nothing but the 100 ms scan reads


class Device:
    """A Modbus TCP device of pymodbus's server whose input registers this process sets; all else is memory.

    polls: when the 100 ms scan read it, seconds of a clock of its own.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.polls: list[float] = []
        self._watch = Stopwatch()
        self._registers = [0] * 1024
        bits = [SimData(0, count=1024, values=False, datatype=DataType.BITS)]
        words = [SimData(0, count=1024, datatype=DataType.REGISTERS)]
        self._unit = SimDevice(1, simdata=(bits, bits, words, words), action=self._asked)

    async def _asked(
        self, function: int, start: int, address: int, count: int, registers: list[int], values: list[int] | list[bool] | None
    ) -> None:
        if function == _READ_INPUT and values is None:
            if address <= _HEARTBEAT < address + count:
                self.polls.append(self._watch.elapsed_s())
            registers[address - start : address - start + count] = self._registers[address : address + count]

    def set(self, register: int, value: int) -> None:
        """Give an input register a value; the next request reads it."""
        self._registers[register] = value

    @contextmanager
    def serving(self) -> Iterator[Device]:
        """The device, answering until the end of the block."""
        island = Island("bench-device")
        island.start()
        try:
            server = island.call(self._listen(), _ISLAND_S)
            yield self
            island.call(server.shutdown(), _ISLAND_S)  # type: ignore[no-untyped-call]
        finally:
            island.stop()

    async def _listen(self) -> ModbusTcpServer:
        server = ModbusTcpServer(self._unit, address=(HOST, self.port))
        await server.serve_forever(background=True)
        return server


@dataclass
class Channel:
    """One analog value that the bench changes. sent_at: instant of the change that is under way, None between two."""

    tag: str
    register: int
    scale: Scale
    raw: int = 0
    sent_at: float | None = None
    due: float = 0.0

    def matches(self, value: object) -> bool:
        """True if the value is the one of the change under way."""
        return isinstance(value, float) and round(self.scale.to_raw(value)) == self.raw


def latencies_ms(*, changes: int, runs: int) -> Sequence[Sequence[float]]:
    """Milliseconds from the register to the client, of each change of each run.

    Raises ``ConfigError`` if the runtime does not start or a change does not arrive.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="automation-bench-")))
        device = stack.enter_context(Device().serving())
        channels = fast_channels()
        for channel in channels:
            device.set(channel.register, _RAW[0])
        port = free_port()
        config = folder / "bench.toml"
        config.write_text(bench_settings(folder, port, device.port))
        runtime = stack.enter_context(RuntimeProcess(["run", "--config", str(config)], port, folder))
        runtime.wait_started(_READY_S)
        client = stack.enter_context(LiveClient(HOST, port, runtime.token()))
        client.subscribe([channel.tag for channel in channels])
        _measure(device, client, channels, _WARM_UP)  # until every part has done its work many times
        return [_measure(device, client, channels, changes) for _ in range(runs)]


def fast_channels() -> list[Channel]:
    """The scaled values in single input registers that the demo application scans every 100 ms."""
    (app,) = load_apps(Settings(apps=Apps(enabled=(APP,))))
    found = [channel for tag in app.tags if tag.scan == "fast" and (channel := _channel(tag)) is not None]
    if not found:
        raise ConfigError(f"app {APP}: no scaled input register with scan fast")
    return found[:_CHANNELS]


def _channel(tag: Tag) -> Channel | None:
    if tag.scale is None or tag.address is None:
        return None
    address = parse(tag.address)
    return Channel(tag.name, address.offset, tag.scale) if address.table is Table.INPUT and address.count == 1 else None


def bench_settings(folder: Path, port: int, device_port: int) -> str:
    """The text of a settings file: the demo plant with its link at the device's port."""
    (app,) = load_apps(Settings(apps=Apps(enabled=(APP,))))
    return f"""
site = {{ id = "bench", name = "Bench", data = "{folder / "data"}" }}
apps = {{ enabled = ["{APP}"], simulate = false }}
web = {{ host = "{HOST}", port = {port} }}
opcua = {{ host = "{HOST}", port = {free_port()} }}
links = {{ {app.links[0].name} = {{ host = "{HOST}", port = {device_port} }} }}
log = {{ level = "WARNING" }}
"""


def _measure(device: Device, client: LiveClient, channels: Sequence[Channel], changes: int) -> Sequence[float]:
    """Change the channels, each after a random pause, so that every phase of scan and push is met."""
    chance = random.Random(changes)  # noqa: S311 - pauses
    by_name = {channel.tag: channel for channel in channels}
    latencies: list[float] = []
    watch = Stopwatch()
    while len(latencies) < changes:
        _send_due(device, channels, chance, watch)
        event = client.receive(_until_due(channels, watch))
        arrived = watch.elapsed_s()
        if event is None or event.name != "tags":
            continue
        for name, value, *_ in event.data["items"]:
            channel = by_name[cast(str, name)]
            if channel.sent_at is not None and channel.matches(value):
                latencies.append((arrived - channel.sent_at) * 1e3)
                channel.sent_at = None
                channel.due = arrived + chance.uniform(*_PAUSE_S)
    for channel in channels:
        channel.sent_at, channel.due = None, 0.0
    return latencies[:changes]


def _send_due(device: Device, channels: Sequence[Channel], chance: random.Random, watch: Stopwatch) -> None:
    for channel in channels:
        now = watch.elapsed_s()
        if channel.sent_at is not None:
            if now - channel.sent_at > _ARRIVAL_S:
                raise ConfigError(f"the change of {channel.tag} did not reach the client within {_ARRIVAL_S:.0f} s")
        elif now >= channel.due:
            step = chance.randint(500, 5_000)  # well beyond the deadband
            low, high = _RAW
            channel.raw = low + (channel.raw - low + step) % (high - low)
            channel.sent_at = watch.elapsed_s()
            device.set(channel.register, channel.raw)


def _until_due(channels: Sequence[Channel], watch: Stopwatch) -> float:
    waiting = [channel.due for channel in channels if channel.sent_at is None]
    return max(0.0, min(waiting, default=watch.elapsed_s() + 1.0) - watch.elapsed_s())
