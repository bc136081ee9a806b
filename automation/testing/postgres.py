"""A PostgreSQL server of a test's own, which it may kill; the one on the standard port belongs to everybody."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from automation.system.clock import Stopwatch

_ACCOUNT = "postgres"  # a server refuses to run as root
_START_S = 30.0
_PAUSE_S = 0.05


class OwnPostgres:
    """A server in a folder of its own, on loopback, that can be killed and started again; made by ``own_postgres``."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._account = _ACCOUNT if os.geteuid() == 0 else None
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{_ACCOUNT}@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        """Make the files of an empty database."""
        words = ["-D", str(self._folder / "data"), "-U", _ACCOUNT, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
        self._run("initdb", words).wait(_START_S)

    def start(self) -> None:
        """Run it, and return when it takes connections; on the port that it had before."""
        words = ["-D", str(self._folder / "data"), "-h", "127.0.0.1", "-p", str(self._port), "-k", str(self._folder)]
        watch = Stopwatch()
        self._process = self._run("postgres", words)
        while not self._answers():
            if self._process.poll() is not None:  # what is left of the one that was killed is in its way
                self._process = self._run("postgres", words)
            if watch.elapsed_s() > _START_S:
                pytest.fail(f"PostgreSQL does not start; see {self._folder / 'log'}")
            threading.Event().wait(_PAUSE_S)

    def kill(self) -> None:
        """Kill the server and every process of it, as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _run(self, program: str, words: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a program of the database
                [str(self._programs / program), *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._account,
                cwd=self._folder,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        try:
            psycopg2.connect(host="127.0.0.1", port=self._port, user=_ACCOUNT, dbname="postgres", connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A running server with an empty database; killed at the end. Skips the test, with the reason, where none is installed."""
    initdb = shutil.which("initdb")
    if initdb is None:
        pytest.skip("no PostgreSQL is installed: initdb is not on the path")
    folder = Path(tempfile.mkdtemp(prefix="automation-postgres-"))
    server = OwnPostgres(Path(initdb).resolve().parent, folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _ACCOUNT)
        server.make()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
