"""The demo plant as a person would run it; for tests."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

REPO = Path(__file__).resolve().parents[2]
PASSWORD = "a-long-password-for-tests"


@dataclass
class Demo:
    """The demo as a person would run it."""

    url: str
    opcua: str
    process: subprocess.Popen[str]
    data: Path

    def fault_port(self) -> int:
        """Where the simulator takes faults, as the banner says."""
        found = re.search(r"faults 127\.0\.0\.1:(\d+)", (self.data / "log.txt").read_text())
        assert found is not None
        return int(found[1])

    def api(self, method: str, path: str, **options: object) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{self.url}/api/auth/login", json={"username": "admin", "password": PASSWORD}, timeout=10)
            headers = {"Authorization": f"Bearer {answer.json()['token']}"}
            return session.request(method, f"{self.url}/api{path}", headers=headers, timeout=10, **options)  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(demo: Demo, log: Path, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline:
            if demo.process.poll() is not None:
                pytest.fail(f"the demo ended with {demo.process.returncode}:\n{log.read_text()}")
            try:
                if session.get(f"{demo.url}/api/health", timeout=2).ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
    pytest.fail(f"the demo was not ready in {timeout_s} s:\n{log.read_text()}")
