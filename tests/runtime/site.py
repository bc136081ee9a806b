"""A runtime as a process of its own, and the device it speaks to as another; for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from pymodbus.client import ModbusTcpClient

PASSWORD = "a-long-password-for-tests"
COILS = {"XV101.CMD": 0, "P101A.CMD": 1, "P101B.CMD": 2, "E101.CMD": 3}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], timeout_s: float, what: str) -> Any:
    """What the condition gives once it is true."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail(f"not within {timeout_s} s: {what}")


@dataclass
class Device:
    """The simulated controller; outlives the runtime, as a real one does."""

    port: int = field(default_factory=free_port)
    control_port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "apps.demo_plant.simulator"]
        ports = ["--port", str(self.port), "--control-port", str(self.control_port)]
        self.process = subprocess.Popen([*command, *ports], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("ready")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process = None

    def outputs_on(self) -> set[str]:
        """The names of the coils that are on at the device."""
        client = ModbusTcpClient("127.0.0.1", port=self.port, timeout=2)
        assert client.connect()
        try:
            bits = client.read_coils(0, count=8, device_id=1).bits
        finally:
            client.close()
        return {name for name, offset in COILS.items() if bits[offset]}


@dataclass
class Site:
    """One installation: its settings file, its data folder, and its process while it runs."""

    folder: Path
    device: Device
    web: int = field(default_factory=free_port)
    opcua: int = field(default_factory=free_port)
    with_opcua: bool = False
    process: subprocess.Popen[str] | None = None

    def configure(self) -> None:
        """Write the settings file."""
        self.config.write_text(
            f"""
[site]
id = "test"
name = "Test site"
data = "{self.folder / "data"}"
[apps]
enabled = ["demo_plant"]
[links.plant]
host = "127.0.0.1"
port = {self.device.port}
[web]
port = {self.web}
[opcua]
enabled = {str(self.with_opcua).lower()}
port = {self.opcua}
[guard]
heartbeat_ms = 1000
"""
        )

    @property
    def config(self) -> Path:
        return self.folder / "site.toml"

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text()

    def start(self) -> None:
        self.begin()
        wait_for(self._healthy, 30, "the runtime answers")

    def begin(self) -> None:
        """Start it without waiting for it."""
        self.configure()
        environment = {**os.environ, "AUTOMATION_ADMIN_PASSWORD": PASSWORD}
        with (self.folder / "log.txt").open("a") as log:
            command = [sys.executable, "-m", "automation", "run", "--config", str(self.config)]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)

    def stop(self) -> float:
        """Seconds from SIGTERM to the end of the process."""
        assert self.process is not None
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(15) == 0, self.log
        self.process = None
        return time.monotonic() - begin

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(5)
        self.process = None

    def children(self) -> list[int]:
        """Process numbers of the runtime's children."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(number) for task in tasks for number in task.read_text().split()]

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            url = f"http://127.0.0.1:{self.web}/api"
            token = session.post(f"{url}/auth/login", json={"username": "admin", "password": PASSWORD}, timeout=10).json()[
                "token"
            ]
            return session.request(method, url + path, headers={"Authorization": f"Bearer {token}"}, timeout=10, **options)

    def values(self, *names: str) -> dict[str, tuple[Any, int]]:
        items = self.ask("POST", "/tags/values", json={"names": list(names)}).json()["items"]
        return {name: (value, quality) for name, value, quality, *_ in items}

    def alarm(self, name: str) -> dict[str, Any]:
        alarms = self.ask("GET", "/alarms").json()["items"]
        return next(alarm for alarm in alarms if alarm["name"] == name)

    def _healthy(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            pytest.fail(f"the runtime ended with {self.process.returncode}:\n{self.log}")
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(f"http://127.0.0.1:{self.web}/api/health", timeout=2).ok
        except requests.ConnectionError:
            return False


def alive(pid: int) -> bool:
    """True while the process runs; a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
