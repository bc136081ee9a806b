"""The runtime's hold on its guard process: start, heartbeat, restart, stop in order."""

from __future__ import annotations

import json
import logging
import os
import secrets
import select
import subprocess
import sys
import threading
from collections.abc import Collection

from automation.guard.client import Endpoint, GuardClient
from automation.guard.config import GuardConfig, GuardTables
from automation.model.errors import AutomationError, ConfigError, GuardUnavailableError
from automation.system.clock import Stopwatch

log = logging.getLogger(__name__)

_LOOK_S = 0.1
_READY_MAX = 65_536
_STOP_S = 4.0
_KILL_S = 2.0


class GuardProcess:
    """The guard of one runtime.

    ready_timeout_s: longest wait for the new process. hung_after_s: a guard that answers no heartbeat for so long is killed and
    started again, which writes the safe values. All times are real ones. ``step`` belongs into a Worker on a clock of plain
    speed, with a period well below the config's heartbeat_timeout_s.
    """

    def __init__(self, config: GuardConfig, *, ready_timeout_s: float = 10.0, hung_after_s: float = 5.0) -> None:
        self.restarts = 0
        self._config = config
        self._ready_timeout_s = ready_timeout_s
        self._hung_after_s = hung_after_s
        self._child: subprocess.Popen[bytes] | None = None
        self._endpoint: Endpoint | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._heart = self.client(timeout_s=1.0)
        self._teller = self.client()
        self._answered = Stopwatch()

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        child = self._child
        return child is not None and child.poll() is None

    @property
    def pid(self) -> int | None:
        """The process's number, None before the first start."""
        return None if self._child is None else self._child.pid

    def endpoint(self) -> Endpoint | None:
        """Where the guard listens now, None while there is none."""
        return self._endpoint

    def client(self, timeout_s: float | None = None) -> GuardClient:
        """A client that finds the guard wherever it is; without timeout_s it waits as long as the slowest link may take."""
        return GuardClient(self.endpoint, self._patience_s if timeout_s is None else lambda: timeout_s)

    def _patience_s(self) -> float:
        return 1.5 + 3 * max((link.timeout_s for link in self._config.links), default=0.0)

    def start(self) -> None:
        """Start the process and wait until it listens.

        Raises ``ConfigError`` if it refuses its settings or its state folder, ``GuardUnavailableError`` if it does not start.
        """
        with self._lock:
            self._stopping.clear()
            self._spawn()

    @property
    def tables(self) -> GuardTables:
        """What the guard is told to know."""
        return self._config.tables

    def check(self, tables: GuardTables, released: Collection[str] = ()) -> None:
        """Do nothing if ``configure`` could be done now. released: outputs that are made safe before.

        Raises ``ConfigError`` naming what makes no sense, ``ConflictError`` naming outputs that are not confirmed safe, and
        ``GuardUnavailableError``.
        """
        self._config.with_tables(tables)
        self._teller.configure(tables, dry_run=True, released=released)

    def configure(self, tables: GuardTables) -> None:
        """Have the guard, and each one that is started later, know these tables in place of those before.

        Raises as ``GuardClient.configure``; then nothing has changed.
        """
        config = self._config.with_tables(tables)
        with self._lock:
            if self.alive:
                self._teller.configure(tables)
            self._config = config

    def stop(self) -> None:
        """Have the guard write the safe values and end; killed if it does not within 4 s. Harmless when stopped."""
        self._stopping.set()
        with self._lock:
            child, self._child, self._endpoint = self._child, None, None
            self._heart.close()
            self._teller.close()
            if child is not None:
                _end(child)

    def step(self, _now: float) -> None:
        """Start a dead guard again and tell a living one that the runtime lives; called by a Worker.

        Raises ``GuardUnavailableError`` or ``ConfigError`` if the guard cannot be started; the next step tries again.
        """
        with self._lock:
            if self._stopping.is_set():
                return
            if self.alive:
                self._beat()
            else:
                self._restart()

    def _beat(self) -> None:
        try:
            self._heart.heartbeat()
        except AutomationError as error:
            silent_s = self._answered.elapsed_s()
            log.warning("the guard does not answer its heartbeat for %.1f s: %s", silent_s, error)
            if silent_s > self._hung_after_s:
                self._kill()
        else:
            self._answered = Stopwatch()

    def _kill(self) -> None:
        log.error("the guard hangs; it is killed")
        if self._child is not None:
            self._child.kill()
            self._child.wait(_KILL_S)

    def _restart(self) -> None:
        code = None if self._child is None else self._child.returncode
        log.error("the guard is gone (exit code %s); it is started again", code)
        self.restarts += 1
        self._spawn()

    def _spawn(self) -> None:
        self._endpoint = None
        self._answered = Stopwatch()
        if self._child is not None:
            _end(self._child)
        secret = secrets.token_hex(32)
        command = [sys.executable, "-m", "automation.guard"]
        self._child = child = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        try:
            self._endpoint = self._introduce(child, secret)
        except AutomationError:
            self._child = None
            child.kill()
            _end(child)
            raise

    def _introduce(self, child: subprocess.Popen[bytes], secret: str) -> Endpoint:
        order = json.dumps({"config": self._config.to_json(), "secret": secret}).encode() + b"\n"
        assert child.stdin is not None  # noqa: S101 - asked for
        try:
            child.stdin.write(order)
            child.stdin.flush()
        except OSError as error:
            raise GuardUnavailableError(f"the guard ended at once (exit code {child.wait(_KILL_S)})") from error
        answer = self._ready(child)
        if "error" in answer:
            raise ConfigError(str(answer["error"]))
        port = answer.get("port")
        if not isinstance(port, int):
            raise GuardUnavailableError("the guard does not tell its port")
        log.info("the guard runs as process %d", child.pid)
        return Endpoint("127.0.0.1", port, secret)

    def _ready(self, child: subprocess.Popen[bytes]) -> dict[str, object]:
        assert child.stdout is not None  # noqa: S101 - asked for
        line = b""
        watch = Stopwatch()
        with child.stdout as told:
            while not line.endswith(b"\n"):
                if watch.elapsed_s() > self._ready_timeout_s or self._stopping.is_set():
                    raise GuardUnavailableError(f"the guard was not ready within {self._ready_timeout_s:g} s")
                if not select.select([told], [], [], _LOOK_S)[0]:
                    continue
                data = os.read(told.fileno(), _READY_MAX)
                if not data:
                    raise GuardUnavailableError(f"the guard ended before it was ready (exit code {_code(child)})")
                line += data
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise GuardUnavailableError("the guard's first words are not understood") from error
        return answer if isinstance(answer, dict) else {}


def _code(child: subprocess.Popen[bytes]) -> int | None:
    try:
        return child.wait(_KILL_S)
    except subprocess.TimeoutExpired:
        return None


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None  # noqa: S101 - asked for
    try:
        child.stdin.write(b"stop\n")
        child.stdin.close()
    except OSError as error:
        log.debug("the guard is gone already: %s", error)
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        log.error("the guard did not end within %.0f s; it is killed", _STOP_S)  # noqa: TRY400 - no traceback for an operator
        child.kill()
        child.wait(_KILL_S)
    if child.stdout is not None:
        child.stdout.close()
