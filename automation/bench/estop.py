"""The bench of the emergency stop: from the guard's reading of it to the last device's confirmation, beside a busy site."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from automation.bench.devices import HOST, DeviceProcess, pause
from automation.bench.frozen import freezable_disk
from automation.bench.line import paced_line
from automation.bench.load import busy_site
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.guard.client import GuardClient
from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table, read_request
from automation.guard.process import GuardProcess
from automation.guard.status import GuardStatus
from automation.model.errors import AutomationError, ConfigError
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker

log = logging.getLogger(__name__)

DEVICES = 8
CLIENTS, VALUES_PER_S = 50, 10_000
_BAUD, _BLOCK = 9600, 8
_BESIDE = (
    "beside the demo plant with 50 clients of its live feed, one CPU-bound thread per core and a historian that records 10,000 "
    "values/s; the devices run at the guard's priority"
)

_BAUD_METHOD = "a pty pair with paced bytes, that is polled without pause in blocks of 8 registers"

MAX = Figure(
    bench="estop",
    name="estop_max_ms",
    unit="ms",
    below=100,
    method=f"the guard has read a stop -> the last of 8 devices has confirmed its safe value, {_BESIDE}; real-time "
    "priority where the system permits it",
)
P99 = Figure(
    bench="estop", name="estop_p99_ms", unit="ms", below=15, method="as estop_max_ms, p99; the goal is for real-time priority"
)
PLAIN_MAX = Figure(
    bench="estop", name="estop_plain_max_ms", unit="ms", below=100, method="as estop_max_ms without real-time priority"
)
PLAIN_P99 = Figure(bench="estop", name="estop_plain_p99_ms", unit="ms", method="as estop_plain_max_ms, p99")
BLOCKED = Figure(
    bench="estop",
    name="estop_blocked_trials",
    unit="trials",
    below=1,
    method="as estop_max_ms while one device is silent for 5 s: trials in which another device had not confirmed within 100 ms",
)
DISK = Figure(
    bench="estop",
    name="estop_disk_max_ms",
    unit="ms",
    below=100,
    method="as estop_max_ms while every write to the guard's state folder hangs, a tenth of the trials; needs root, for the disk",
)
CAP = Figure(
    bench="estop",
    name="cap_error_max_ms",
    unit="ms",
    below=50,
    method=f"outputs put for 0.3 s: how much longer the device saw them on, {_BESIDE}",
)
RTU = Figure(
    bench="estop",
    name="estop_rtu_max_ms",
    unit="ms",
    below=100,
    method=f"as estop_max_ms for one output on a serial line of 9600 baud, {_BAUD_METHOD}",
)
_FOR_S = 0.3
_READY_S = 30.0
_SETTLED_S = 3.0


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures."""
    wanted = set(figures)
    trials = 200 if quick else 2_000
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as name:
        folder = Path(name)
        with busy_site(folder, clients=CLIENTS, values_per_s=VALUES_PER_S, burners=cores):
            yield from (result for result in _all(folder, wanted, trials) if result.figure in wanted)


def _all(folder: Path, wanted: set[Figure], trials: int) -> Iterator[Result]:
    if wanted & {MAX, P99, BLOCKED, CAP}:
        with _guarded(folder / "realtime", realtime=True) as (devices, client):
            yield from _trips(client, trials, MAX, P99)
            if BLOCKED in wanted:
                yield Result(figure=BLOCKED, values=[_blocked(devices, client, max(5, trials // 100))])
            if CAP in wanted:
                yield Result(figure=CAP, values=[_cap_error_ms(devices, client, max(10, trials // 50))])
    if DISK in wanted:
        yield from _hung_disk(folder / "hung", max(40, trials // 10))
    if wanted & {PLAIN_MAX, PLAIN_P99}:
        with _guarded(folder / "plain", realtime=False) as (_, client):
            yield from _trips(client, trials, PLAIN_MAX, PLAIN_P99)
    if RTU in wanted:
        yield Result(figure=RTU, values=[_slow_line_ms(folder / "rtu", max(40, trials // 10))])


BENCH = Bench((MAX, P99, BLOCKED, DISK, CAP, PLAIN_MAX, PLAIN_P99, RTU), measure)


def _hung_disk(folder: Path, trials: int) -> Iterator[Result]:
    """The longest stop while the latch cannot be saved; nothing where such a disk cannot be had."""
    folder.mkdir()
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(freezable_disk(folder))
        except ConfigError as error:
            log.warning("%s is not measured: %s", DISK.name, error)
            return
        _, client = stack.enter_context(_guarded(disk.folder / "guard", realtime=True))
        with disk.frozen():
            found = [_trip_ms(client, trial) for trial in range(trials)]
            saved = client.status().latch_saved
        if saved:
            raise ConfigError("the disk of the bench did not hang")
        yield Result(figure=DISK, values=[max(found)])


@contextmanager
def _guarded(folder: Path, *, realtime: bool) -> Iterator[tuple[DeviceProcess, GuardClient]]:
    """A guard with one output on each of the devices, all confirmed safe."""
    folder.mkdir()
    with ExitStack() as stack:
        devices = stack.enter_context(DeviceProcess(DEVICES, realtime=realtime))
        links = tuple(GuardedLink(name=f"D{i}", host=HOST, port=port) for i, port in enumerate(devices.ports))
        outputs = tuple(
            GuardedOutput(name=f"D{i}.CMD", link=f"D{i}", unit=1, table=Table.COIL, offset=0, safe=(0,)) for i in range(DEVICES)
        )
        config = GuardConfig(state_dir=str(folder), links=links, outputs=outputs, realtime=realtime, heartbeat_timeout_s=60.0)
        guard = GuardProcess(config)
        guard.start()
        stack.callback(guard.stop)
        client = guard.client()
        stack.callback(client.close)
        _settled(client, _READY_S)
        yield devices, client


def _slow_line_ms(folder: Path, trials: int) -> float:
    """The longest stop of an output on a line that is polled all the time."""
    folder.mkdir()
    clock = RealClock()
    with ExitStack() as stack:
        path = stack.enter_context(paced_line(_BAUD))
        link = GuardedLink(name="line", transport="rtu", serial_port=path, baud=_BAUD, parity="none", timeout_s=0.5)
        output = GuardedOutput(name="D0.CMD", link="line", unit=1, table=Table.COIL, offset=0, safe=(0,))
        guard = GuardProcess(GuardConfig(state_dir=str(folder), links=(link,), outputs=(output,), heartbeat_timeout_s=60.0))
        guard.start()
        stack.callback(guard.stop)
        client = guard.client()
        stack.callback(client.close)
        _settled(client, _READY_S)
        request = read_request(Table.HOLDING, 0, _BLOCK)
        poller = Worker("poller", lambda _now: client.execute("line", 1, request), 1e-3, clock, expected=(AutomationError,))
        stack.callback(poller.stop)
        poller.start()
        found = []
        for trial in range(trials):
            client.put("D0.CMD", (1,), client.estop().epoch)
            pause(0.01 * (trial % 9))  # every phase of a poll
            client.trip(f"trial {trial}", "bench")
            status = _settled(client, _SETTLED_S)
            if status.trip_ms is None:
                raise ConfigError("the output on the line was not made safe")
            found.append(status.trip_ms)
            client.clear(status.estop.id, "next trial", "bench")
    return max(found)


def _settled(client: GuardClient, timeout_s: float) -> GuardStatus:
    """The guard once all its outputs are confirmed safe. Raises ``ConfigError`` after timeout_s."""
    watch = Stopwatch()
    while watch.elapsed_s() < timeout_s:
        status = client.status()
        if not any(output.safe_pending for output in status.outputs):
            return status
        pause(0.002)
    raise ConfigError("the outputs of the bench do not become safe")


def _trips(client: GuardClient, trials: int, longest: Figure, p99: Figure) -> Iterator[Result]:
    found = sorted(_trip_ms(client, trial) for trial in range(trials))
    yield Result(figure=longest, values=[found[-1]])
    yield Result(figure=p99, values=[found[int(len(found) * 0.99)]])


def _trip_ms(client: GuardClient, trial: int) -> float:
    _switch_on(client)
    client.trip(f"trial {trial}", "bench")
    status = _settled(client, _SETTLED_S)
    if status.trip_ms is None or any(output.active for output in status.outputs):
        raise ConfigError(f"trial {trial}: the outputs were not made safe")
    client.clear(status.estop.id, "next trial", "bench")
    return status.trip_ms


def _switch_on(client: GuardClient, for_s: float | None = None) -> None:
    for i in range(DEVICES):
        client.put(f"D{i}.CMD", (1,), client.estop().epoch, for_s=for_s)


def _blocked(devices: DeviceProcess, client: GuardClient, trials: int) -> float:
    """In how many trials another than the silent device had not confirmed when the stop was reported."""
    late = 0
    for trial in range(trials):
        _switch_on(client)
        devices.silence(0)
        left = set(client.trip(f"trial {trial}", "bench").unconfirmed)
        late += bool(left - {"D0.CMD"})
        pause(0.5 if trial else 5.0)
        devices.speak(0)
        status = _settled(client, _READY_S)
        client.clear(status.estop.id, "next trial", "bench")
        _wait_link(client)
    return late


def _wait_link(client: GuardClient) -> None:
    """Wait until the device that was silent takes a value again."""
    watch = Stopwatch()
    while watch.elapsed_s() < _READY_S:
        try:
            client.put("D0.CMD", (0,), client.estop().epoch)
        except AutomationError:
            pause(0.05)
        else:
            return
    raise ConfigError("the device that was silent does not come back")


def _cap_error_ms(devices: DeviceProcess, client: GuardClient, trials: int) -> float:
    for i in range(DEVICES):
        devices.on_for(i)
    for _ in range(trials):
        _switch_on(client, _FOR_S)
        pause(_FOR_S + 0.1)
        _settled(client, _SETTLED_S)
    found = [seconds for i in range(DEVICES) for seconds in devices.on_for(i)]
    if len(found) != trials * DEVICES:
        raise ConfigError(f"the devices were on {len(found)} times in place of {trials * DEVICES}")
    return max(found) * 1000 - _FOR_S * 1000
