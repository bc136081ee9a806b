"""Simulators: processes that stand in for the devices of an application."""

from __future__ import annotations

import logging
import selectors
import subprocess
import sys
from dataclasses import replace
from typing import IO, Any, cast

from automation.app import App, Simulator
from automation.model.errors import ConfigError
from automation.model.link import LinkDeclaration
from automation.system.clock import Stopwatch

log = logging.getLogger(__name__)

_READY_S = 20.0
_RESTART_AFTER_S = 10.0


class SimulatorProcess:
    """One simulator; started again on the same ports some seconds after it has died, as a device comes back by itself."""

    def __init__(self, simulator: Simulator, speed: float = 1.0) -> None:
        self.simulator = simulator
        self.port = 0
        self.control_port = 0
        self._speed = speed
        self._process: subprocess.Popen[str] | None = None
        self._died_at: float | None = None

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Run it and wait until it listens. Raises ``ConfigError`` with what it said if it does not."""
        command = [sys.executable, *self.simulator.arguments(self.port, self.control_port, self._speed)]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and a module that the application names
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self._process = process
        try:
            self.port, self.control_port = self.simulator.ports(_first_line(process, self.simulator.module))
        except ConfigError:
            self.stop()
            raise

    def step(self, now: float) -> None:
        """Start it again when it has been dead for a while; called by a worker."""
        if self._process is None or self._process.poll() is None:
            return
        if self._died_at is None:
            self._died_at = now
            log.warning("simulator %s ended with status %s", self.simulator.module, self._process.returncode)
        if now - self._died_at >= _RESTART_AFTER_S:
            _close_pipes(self._process)
            self.start()
            self._died_at = None
            log.info("simulator %s started again", self.simulator.module)

    def stop(self, timeout_s: float = 2.0) -> None:
        """End the process and wait for it; harmless when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close_pipes(process)


class Simulated:
    """Where the links of simulated devices are now: each at its simulator, as long as nobody has taken it elsewhere."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[LinkDeclaration, int]] = {}

    def add(self, link: LinkDeclaration, port: int) -> None:
        """Have the link, as its application declares it, at the simulator that listens on the port."""
        self._places[link.name] = (link, port)

    def placed(self, link: LinkDeclaration) -> LinkDeclaration:
        """The link at its simulator; the link itself if it has none."""
        known = self._places.get(link.name)
        if known is None or _place(link) != _place(known[0]):
            return link
        return cast("LinkDeclaration", replace(cast("Any", link), host="127.0.0.1", port=known[1]))


def _place(link: LinkDeclaration) -> object:
    return link.kind, getattr(link, "host", None), getattr(link, "port", None)


def simulators_of(app: App, speed: float) -> list[SimulatorProcess]:
    """The application's simulators, not yet started."""
    return [] if app.simulator is None else [SimulatorProcess(app.simulator, speed)]


def _first_line(process: subprocess.Popen[str], name: str) -> str:
    stdout = process.stdout
    assert stdout is not None  # noqa: S101 - asked for with PIPE
    watch = Stopwatch()
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while watch.elapsed_s() < _READY_S:
            if selector.select(_READY_S - watch.elapsed_s()):
                return _line_or_death(process, stdout, name)
    raise ConfigError(f"simulator {name}: not ready within {_READY_S:.0f} s")


def _line_or_death(process: subprocess.Popen[str], stdout: IO[str], name: str) -> str:
    line = stdout.readline()
    if line:
        return line
    process.wait()
    raise ConfigError(f"simulator {name}: ended with status {process.returncode} before it was ready")


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
