"""The guard as a process of its own: its birth, its restarts, and the deaths of its runtime."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automation.guard.client import Endpoint, GuardClient
from automation.guard.config import GuardConfig
from automation.guard.modbus_wire import Table
from automation.guard.process import GuardProcess
from automation.model.errors import ConfigError, GuardUnavailableError
from automation.system.clock import Stopwatch
from automation.testing.device import LoopbackDevice

pytestmark = pytest.mark.process

PUMP, DOOR = (Table.COIL, 0), (Table.COIL, 5)

# A runtime reduced to its hold on the guard: puts two outputs on, says where the guard is, and lives until it is killed.
RUNTIME = """
import json, sys, threading
from automation.guard.config import GuardConfig
from automation.guard.process import GuardProcess

process = GuardProcess(GuardConfig.from_json(json.loads(sys.stdin.readline())))
process.start()
client = process.client()
client.put("PUMP", [1], client.heartbeat().epoch)
client.put("DOOR", [1], client.heartbeat().epoch)
print(json.dumps([process.pid, *process.endpoint()]), flush=True)
beat = sys.argv[1] == "beat"
while not threading.Event().wait(0.1):
    if beat:
        process.step(0.0)
"""


@pytest.fixture
def process(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> Iterator[GuardProcess]:
    process = GuardProcess(make_config(device.port))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def client(process: GuardProcess) -> Iterator[GuardClient]:
    client = process.client()
    yield client
    client.close()


def put(client: GuardClient, device: LoopbackDevice, *names: str) -> None:
    for name in names:
        client.put(name, [1], client.heartbeat().epoch)
    assert device.value(*PUMP) == 1


def reaches(pid: int, states: str, timeout_s: float = 5.0) -> bool:
    watch = Stopwatch()
    while watch.elapsed_s() < timeout_s:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            state = "X"
        if state in states:
            return True
        threading.Event().wait(0.02)
    return False


def gone(pid: int) -> bool:
    return reaches(pid, "XZ")


def revived(process: GuardProcess) -> bool:
    for _ in range(100):
        process.step(0.0)
        if process.restarts == 1:
            return True
        threading.Event().wait(0.02)
    return False


def test_importing_and_running_the_guard_loads_the_standard_library_only() -> None:
    code = (
        "import sys, runpy; before = set(sys.modules)\n"
        "try: runpy.run_module('automation.guard', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "import automation.guard.service, automation.guard.gateway\n"
        "print([n for n in sorted({m.partition('.')[0] for m in set(sys.modules) - before})\n"
        "       if n not in sys.stdlib_module_names and n != 'automation'],\n"
        "      [n for n in sys.modules if n.startswith('automation.') and n.split('.')[1] not in ('guard', 'model', 'system')],\n"
        "      file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, timeout=20, check=True)

    assert run.stderr.decode().splitlines()[-1] == "[] []"
    assert "started by its runtime" in json.loads(run.stdout)["error"]


def test_a_stop_in_order_ends_in_safe_outputs_but_for_the_held(
    process: GuardProcess, client: GuardClient, device: LoopbackDevice
) -> None:
    put(client, device, "PUMP", "DOOR")
    pid = process.pid
    process.stop()

    assert (device.value(*PUMP), device.value(*DOOR)) == (0, 1)
    assert pid is not None
    assert gone(pid)
    assert not process.alive
    with pytest.raises(GuardUnavailableError, match="not running"):
        client.estop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_of_the_terminal_ends_in_safe_outputs_or_is_ignored(
    process: GuardProcess, client: GuardClient, device: LoopbackDevice, number: int
) -> None:
    put(client, device, "PUMP")
    assert process.pid is not None
    os.kill(process.pid, number)

    if number == signal.SIGINT:
        assert not client.heartbeat().latched
        assert device.value(*PUMP) == 1
    else:
        assert device.wait_for(lambda: device.value(*PUMP) == 0)
        assert gone(process.pid)


def test_a_killed_guard_is_started_again_and_begins_from_safe(
    process: GuardProcess, client: GuardClient, device: LoopbackDevice
) -> None:
    put(client, device, "PUMP")
    before = client.heartbeat()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert gone(process.pid)
    with pytest.raises(GuardUnavailableError):
        client.put("PUMP", [1], before.epoch)

    assert revived(process)
    assert device.wait_for(lambda: device.value(*PUMP) == 0)
    assert client.estop().epoch > before.epoch


def test_the_latch_survives_a_kill_of_the_guard(process: GuardProcess, client: GuardClient, device: LoopbackDevice) -> None:
    tripped = client.trip("smoke", "anna")
    watch = Stopwatch()
    while not client.status().latch_saved:
        assert watch.elapsed_s() < 3
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert gone(process.pid)
    assert revived(process)

    state = client.estop()
    assert (state.latched, state.id, state.reason) == (True, tripped.id, "smoke")


def test_a_hanging_guard_is_killed_and_replaced(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> None:
    process = GuardProcess(make_config(device.port), hung_after_s=0.5)
    process.start()
    try:
        process.step(0.0)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        assert reaches(process.pid, "T")
        process.step(0.0)
        assert not process.alive

        process.step(0.0)
        assert process.alive
    finally:
        process.stop()


def test_a_trip_says_soon_that_the_guard_hangs(process: GuardProcess, client: GuardClient) -> None:
    client.estop()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    assert reaches(process.pid, "T")
    watch = Stopwatch()
    try:
        with pytest.raises(GuardUnavailableError):
            client.trip("smoke", "anna")
    finally:
        os.kill(process.pid, signal.SIGCONT)

    assert watch.elapsed_s() < 2.9


@pytest.mark.parametrize("beating", ["beat", "still"])
def test_a_runtime_killed_without_warning_leaves_all_outputs_safe(
    make_config: Callable[..., GuardConfig], device: LoopbackDevice, beating: str
) -> None:
    config = make_config(device.port, heartbeat_timeout_s=60.0)
    command = [sys.executable, "-c", RUNTIME, beating]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as runtime:
        assert runtime.stdin is not None
        assert runtime.stdout is not None
        runtime.stdin.write(json.dumps(config.to_json()).encode() + b"\n")
        runtime.stdin.flush()
        guard_pid = json.loads(runtime.stdout.readline())[0]
        assert (device.value(*PUMP), device.value(*DOOR)) == (1, 1)
        runtime.kill()

        assert device.wait_for(lambda: (device.value(*PUMP), device.value(*DOOR)) == (0, 0))
        assert gone(guard_pid)


def test_a_runtime_that_is_stopped_changes_nothing_for_trip_and_limits(
    make_config: Callable[..., GuardConfig], device: LoopbackDevice
) -> None:
    config = make_config(device.port, heartbeat_timeout_s=60.0)
    command = [sys.executable, "-c", RUNTIME, "beat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as runtime:
        assert runtime.stdin is not None
        assert runtime.stdout is not None
        runtime.stdin.write(json.dumps(config.to_json()).encode() + b"\n")
        runtime.stdin.flush()
        guard_pid, *where = json.loads(runtime.stdout.readline())
        endpoint = Endpoint(*where)
        other_way = GuardClient(lambda: endpoint)
        other_way.put("VALVE", [1], other_way.estop().epoch)
        runtime.send_signal(signal.SIGSTOP)
        assert reaches(runtime.pid, "T")

        assert device.wait_for(lambda: device.value(Table.COIL, 1) == 0, 1.5)
        assert device.value(*PUMP) == 1
        assert other_way.trip("smoke", "anna").unconfirmed == ()
        assert device.value(*PUMP) == 0
        other_way.close()
        runtime.kill()
    assert gone(guard_pid)


def test_a_second_guard_waits_for_the_first_and_says_so(
    process: GuardProcess, make_config: Callable[..., GuardConfig], device: LoopbackDevice
) -> None:
    second = GuardProcess(make_config(device.port))

    with pytest.raises(ConfigError, match="owned by another guard"):
        second.start()
    assert not second.alive
    second.stop()


def test_a_guard_that_cannot_be_started_says_why(make_config: Callable[..., GuardConfig], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = GuardProcess(make_config(state_dir=str(tmp_path / "file")))

    with pytest.raises(ConfigError, match="file"):
        process.start()
    process.stop()


def test_the_secret_is_not_among_the_arguments(process: GuardProcess) -> None:
    endpoint = process.endpoint()
    assert endpoint is not None
    for file in ("cmdline", "environ"):
        assert endpoint.secret.encode() not in Path(f"/proc/{process.pid}/{file}").read_bytes()


def test_the_log_is_one_line_per_record(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> None:
    order = json.dumps({"config": make_config(device.port).to_json(), "secret": "s"}).encode() + b"\n"
    run = subprocess.run([sys.executable, "-m", "automation.guard"], input=order, capture_output=True, timeout=20, check=False)

    assert run.returncode == 0
    lines = run.stderr.decode().splitlines()
    assert any("the runtime is gone: all outputs to safe" in line for line in lines)
    assert all(" guard: " in line and line[10] == "T" and "Z " in line for line in lines)


@pytest.mark.timing
def test_a_trip_is_confirmed_by_the_device_within_100_ms(client: GuardClient, device: LoopbackDevice) -> None:
    for _ in range(200):
        put(client, device, "PUMP")
        state = client.trip("test", "anna")
        assert state.unconfirmed == ()
        took_ms = client.status().trip_ms
        assert took_ms is not None
        assert took_ms < 100
        client.clear(state.id, "test", "anna")
