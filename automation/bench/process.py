"""The runtime in a process of its own, as its users start it, and what the system says of it."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from automation.model.errors import ConfigError
from automation.system.clock import Stopwatch

HOST = "127.0.0.1"
USER = "admin"
_RUNNING = "is running; stop it"  # the command line says so once everything has started
_OK = 200
_POLL_S = 0.02
_STOP_S = 10.0
_REQUEST_S = 5.0
_LOG_TAIL = 2_000


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class RuntimeProcess:
    """``automation`` with the arguments, serving the web at port; started by ``with``, and stopped in order at its end.

    folder: where its log goes. password: of the administrator whom an earlier start made; random without one.
    """

    def __init__(self, arguments: Sequence[str], port: int, folder: Path, password: str = "") -> None:
        self.port = port
        self.password = password or f"Bench-{secrets.token_urlsafe(16)}1"
        self.pid = 0
        self._arguments = arguments
        self._log = folder / "runtime.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = Stopwatch()

    def __enter__(self) -> RuntimeProcess:
        environment = {**os.environ, "AUTOMATION_ADMIN_PASSWORD": self.password}
        self._watch = Stopwatch()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own command line
                [sys.executable, "-m", "automation", *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        self.pid = self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_started(self, timeout_s: float) -> float:
        """Seconds from the start until everything runs.

        Raises ``ConfigError`` with the end of the log if the process ends or takes longer.
        """
        while self._watch.elapsed_s() < timeout_s:
            self._check_alive("had started")
            if _RUNNING in self._log.read_text(errors="replace"):
                return self._watch.elapsed_s()
            threading.Event().wait(_POLL_S)
        raise ConfigError(f"the runtime had not started within {timeout_s:.0f} s:\n{self._tail()}")

    def _check_alive(self, what: str) -> None:
        if self._process is None or self._process.poll() is not None:
            raise ConfigError(f"the runtime ended before it {what}:\n{self._tail()}")

    def wait_for(self, path: str, timeout_s: float, *, contains: str = "", never: str | None = None) -> float:
        """Seconds from the start until a GET of the path is answered by 200 and a text that contains this, in small letters.

        Raises ``ConfigError`` with the end of the log if the process ends, does not answer so in time, or answers never.
        """
        answer = "nothing"
        while self._watch.elapsed_s() < timeout_s:
            self._check_alive(f"served {path}")
            try:
                status, body = self._get(path)
            except OSError:
                threading.Event().wait(_POLL_S)
                continue
            text = body.decode(errors="replace").lower()
            if status == _OK and contains in text:
                return self._watch.elapsed_s()
            if never is not None and never in text:
                raise ConfigError(f"{path}: {never}")
            answer = f"status {status}"
            threading.Event().wait(_POLL_S)
        raise ConfigError(
            f"the runtime did not serve {path} within {timeout_s:.0f} s, the last answer was {answer}:\n{self._tail()}"
        )

    def _get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_REQUEST_S)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def token(self) -> str:
        """A token of the administrator. Raises ``ConfigError`` if the login is refused."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_REQUEST_S)
        try:
            body = json.dumps({"username": USER, "password": self.password})
            connection.request("POST", "/api/auth/login", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer: Mapping[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != _OK:
            raise ConfigError(f"login: status {response.status}: {answer}")
        return str(answer["token"])

    def cpu_s(self) -> float:
        """Seconds of processor time that the process, not its children, has used."""
        fields = _proc(self.pid, "stat").rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])  # utime and stime, counted from the field after the name
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        """Resident memory of the process, not its children, in millions of bytes."""
        return rss_mb(self.pid)

    def _tail(self) -> str:
        try:
            return self._log.read_text(errors="replace")[-_LOG_TAIL:]
        except OSError:
            return ""


def rss_mb(pid: int) -> float:
    """Resident memory of a process in millions of bytes. Raises ``ConfigError`` where that cannot be told."""
    for line in _proc(pid, "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ConfigError(f"/proc/{pid}/status: no VmRSS")


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError as error:
        raise ConfigError(f"/proc/{pid}/{name}: {error.strerror}; this figure needs Linux and a running runtime") from error
