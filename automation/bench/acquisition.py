"""The bench of acquisition: how much of the bare library is left, how regular many scans are, and how many reports are taken."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.bench.devices import HOST, DeviceProcess, pause
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.bench.timing import Work, rates
from automation.cvt.table import Cvt
from automation.drivers.base import Reading
from automation.drivers.modbus.build import build_driver
from automation.drivers.opcua.build import build_driver as build_opcua_driver
from automation.guard.client import GuardClient
from automation.guard.config import GuardConfig, GuardedLink
from automation.guard.modbus_wire import Table, read_request
from automation.guard.process import GuardProcess
from automation.guard.stream import opener
from automation.model.errors import AutomationError, ConfigError
from automation.model.link import ModbusLink
from automation.model.opcua_link import OpcUaLink, SecurityPolicy
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock, Stopwatch
from automation.system.process import tune_interpreter

BLOCK = 125
BLOCKS = 8
DEVICES = 100
NODES, OFFERED = 10_000, 5_200.0

MODBUS = Figure(
    bench="acquisition",
    name="modbus_ratio",
    unit="blocks/s",
    ratio_at_least=0.8,
    method="blocks of 125 registers read one after the other over Modbus TCP by the transport of a link, replies checked, not "
    "decoded; limit: pymodbus's client, in the same run",
)
GUARDED = Figure(
    bench="acquisition",
    name="modbus_guarded_ratio",
    unit="blocks/s",
    ratio_at_least=0.5,
    method="as modbus_ratio through the gateway of a guard process, in polls of 8 blocks; limit as there",
)
JITTER = Figure(
    bench="acquisition",
    name="scan_jitter_p99_ms",
    unit="ms",
    below=100,
    method="100 Modbus TCP devices with 125 tags each, scanned every second into the table: how late polls are, p99 of the worst "
    "link",
)
CPU = Figure(
    bench="acquisition",
    name="scan_cpu_pct",
    unit="% of a core",
    below=60,
    method="processor time of the process of scan_jitter_p99_ms",
)
REPORTS = Figure(
    bench="acquisition",
    name="opcua_client_changes_per_s",
    unit="changes/s",
    at_least=5_000,
    method="10,000 nodes of an OPC UA server in another process subscribed, which change one after the other: reports taken by "
    "the driver, none lost, as every node counts up by one",
)
_SETTLE_S = 5.0
_START_S = 180.0


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures."""
    wanted = set(figures)
    if wanted & {MODBUS, GUARDED}:
        yield from (result for result in _blocks(quick) if result.figure in wanted)
    if wanted & {JITTER, CPU}:
        yield from (result for result in _scans(quick) if result.figure in wanted)
    if REPORTS in wanted:
        yield _reports(quick)


BENCH = Bench((MODBUS, GUARDED, JITTER, CPU, REPORTS), measure)


def _blocks(quick: bool) -> Iterator[Result]:
    tune_interpreter()
    with ExitStack() as stack:
        (port,) = stack.enter_context(DeviceProcess(1)).ports
        works = [stack.enter_context(make(port)) for make in (_bare, _direct, _through_guard)]
        runs, seconds = (5, 0.4) if quick else (7, 1.5)
        bare, direct, guarded = rates(works, runs=runs, seconds=seconds)
    limit = median(bare)
    yield Result(figure=MODBUS, values=direct, limit=limit)
    yield Result(figure=GUARDED, values=guarded, limit=limit)


@contextmanager
def _bare(port: int) -> Iterator[Work]:
    from pymodbus.client import ModbusTcpClient  # noqa: PLC0415 - the limit; nothing else here needs it

    client = ModbusTcpClient(HOST, port=port)
    if not client.connect():  # type: ignore[no-untyped-call]
        raise ConfigError(f"bench device at {HOST}:{port}: no connection")

    def work() -> int:
        reply = client.read_holding_registers(0, count=BLOCK, device_id=1)
        return int(len(reply.registers) == BLOCK)

    try:
        yield work
    finally:
        client.close()  # type: ignore[no-untyped-call]


@contextmanager
def _direct(port: int) -> Iterator[Work]:
    from automation.drivers.modbus.address import Table as Registers  # noqa: PLC0415 - beside the wire's own table
    from automation.drivers.modbus.wire import Connection, WireTransport  # noqa: PLC0415

    link = ModbusLink(name="bench", host=HOST, port=port)
    transport = WireTransport(Connection(link.place, link.transport, opener(link)), link.timeout_s)
    transport.connect()
    try:
        yield lambda: int(len(transport.read(Registers.HOLDING, 0, BLOCK, 1)) == BLOCK)
    finally:
        transport.close()


@contextmanager
def _through_guard(port: int) -> Iterator[Work]:
    request = read_request(Table.HOLDING, 0, BLOCK)
    requests = [request] * BLOCKS
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as folder:
        guard = GuardProcess(GuardConfig(state_dir=folder, links=(GuardedLink(name="bench", host=HOST, port=port),)))
        guard.start()
        client = guard.client()
        try:
            _wait_up(lambda: _answers(client, request))
            yield lambda: sum(isinstance(answer, bytes) for answer in client.execute_many("bench", 1, requests))
        finally:
            client.close()
            guard.stop()


def _answers(client: GuardClient, request: bytes) -> bool:
    try:
        client.execute("bench", 1, request)
    except AutomationError:
        return False
    return True


def _wait_up(up: Callable[[], bool]) -> None:
    watch = Stopwatch()
    while not up():
        if watch.elapsed_s() > _START_S:
            raise ConfigError("the links of the bench do not come up")
        pause(0.02)


def _scans(quick: bool) -> Iterator[Result]:
    tune_interpreter()
    seconds = 8.0 if quick else 30.0
    with DeviceProcess(DEVICES) as devices:
        acquisition = Acquisition(Cvt(), RealClock())
        for number, port in enumerate(devices.ports):
            link = ModbusLink(name=f"D{number}", host=HOST, port=port, max_block=BLOCK, scans={"normal": 1.0})
            setup = LinkSetup(name=link.name, driver=build_driver(link), scans=link.scans, spread=True)
            acquisition.add(setup, _tags(link.name))
        acquisition.start()
        try:
            _wait_up(lambda: all(status.up for status in acquisition.status()))
            pause(_SETTLE_S)
            loads = [_load_pct(seconds / 3) for _ in range(3)]
            late = max(scan.lateness_p99_ms for status in acquisition.status() for scan in status.scans)
        finally:
            acquisition.stop()
    yield Result(figure=JITTER, values=[late])
    yield Result(figure=CPU, values=loads)


def _tags(link: str) -> Sequence[Tag]:
    return [Tag(name=f"{link}.R{i}", type=DataType.INT, source=f"{link}/holding:{i}:uint16") for i in range(BLOCK)]


def _load_pct(seconds: float) -> float:
    before, watch = os.times(), Stopwatch()
    pause(seconds)
    after = os.times()
    return (after.user + after.system - before.user - before.system) / watch.elapsed_s() * 100


class _Tally:
    """Takes reports, and sees whether every node counts up by one."""

    def __init__(self, nodes: int) -> None:
        self.taken = 0
        self.lost = 0
        self._last: list[float] = [-1.0] * nodes

    def take(self, readings: Sequence[tuple[int, Reading]]) -> None:
        """Count the readings; called in the driver's thread."""
        for index, reading in readings:
            value = reading.value
            if not isinstance(value, float):
                continue
            if self._last[index] >= 0:
                self.lost += int(value - self._last[index]) - 1
            self._last[index] = value
        self.taken += len(readings)


def _reports(quick: bool) -> Result:
    seconds, runs = (4.0, 2) if quick else (10.0, 5)
    with _opcua_server() as port:
        names = [f"nsu=urn:automation-runtime:simulator:nodes;s=N{number}" for number in range(NODES)]
        link = OpcUaLink(name="bench", url=f"opc.tcp://{HOST}:{port}/simulator", policy=SecurityPolicy.NONE, timeout_s=30.0)
        driver, tally, found = build_opcua_driver(link), _Tally(NODES), []
        driver.connect()
        try:
            if not driver.subscribe("bench", 0.5, names, tally.take):
                raise ConfigError("the OPC UA server of the bench does not report by itself")
            pause(_SETTLE_S)
            for _ in range(runs):
                before, watch = tally.taken, Stopwatch()
                pause(seconds)
                found.append((tally.taken - before) / watch.elapsed_s())
        finally:
            driver.close()
    if tally.lost:
        raise ConfigError(f"{REPORTS.name}: {tally.lost} of {tally.taken} changes were lost")
    return Result(figure=REPORTS, values=found)


@contextmanager
def _opcua_server() -> Iterator[int]:
    arguments: Mapping[str, object] = {"--nodes": NODES, "--changes": OFFERED}
    words = [str(word) for pair in arguments.items() for word in pair]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "automation.drivers.opcua.simulator", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both were asked for
    try:
        line = process.stdout.readline().split()
        if not line:
            raise ConfigError("the OPC UA server of the bench did not start")
        yield int(line[1])
    finally:
        process.stdin.close()
        try:
            process.wait(_START_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
