"""What a busy runtime does, in a process of its own: for benches that measure beside it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from automation.bench.live import LiveClient
from automation.bench.process import HOST, RuntimeProcess, free_port
from automation.cvt.table import Cvt
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.historian.recorder import FLUSH_INTERVAL_S, Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.system.clock import RealClock
from automation.system.process import tune_interpreter
from automation.system.worker import Worker

_MODULE = "automation.bench.load"
_READY_S = 120.0
_STOP_S = 10.0
_TICK_S = 0.1
_RECEIVE_S = 0.5
_SLICE = 20_000


@contextmanager
def busy_site(folder: Path, *, clients: int, values_per_s: int, burners: int) -> Iterator[None]:
    """The demo plant with so many clients of its live feed, and a process with CPU-bound threads and a historian at work.

    Raises ``ConfigError`` if a part of it does not start.
    """
    with ExitStack() as stack:
        port = free_port()
        arguments = ["demo", "--port", str(port), "--opcua-port", str(free_port()), "--data", str(folder / "data")]
        runtime = stack.enter_context(RuntimeProcess(arguments, port, folder))
        runtime.wait_started(_READY_S)
        words = ["--port", port, "--clients", clients, "--token", runtime.token()]
        stack.enter_context(_child(["watch", *words]))
        stack.enter_context(_child(["burn", "--values", values_per_s, "--threads", burners, "--folder", folder]))
        yield


@contextmanager
def _child(words: Sequence[object]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", _MODULE, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both were asked for
    try:
        if not process.stdout.readline():
            raise ConfigError(f"the load {words[0]} of the bench did not start")
        yield
    finally:
        process.stdin.close()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Be the load until standard input is closed; says ``ready`` once it is there."""
    parser = ArgumentParser(description=main.__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    watch = kinds.add_parser("watch")
    watch.add_argument("--port", type=int, required=True)
    watch.add_argument("--clients", type=int, required=True)
    watch.add_argument("--token", required=True)
    burn = kinds.add_parser("burn")
    burn.add_argument("--values", type=int, required=True)
    burn.add_argument("--threads", type=int, required=True)
    burn.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        if options.kind == "watch":
            stack.enter_context(_watching(options.port, options.clients, options.token))
        else:
            stack.enter_context(_burning(options.values, options.threads, options.folder))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


@contextmanager
def _watching(port: int, count: int, token: str) -> Iterator[None]:
    """Clients of the live feed that are shown every tag of the demo plant."""
    clock = RealClock()
    with ExitStack() as stack:
        for number in range(count):
            client = stack.enter_context(LiveClient(HOST, port, token))
            client.subscribe(["TK101.LT", "TK101.TT", "FT101", "PT101", "P101A.RUN"])
            _run(stack, Worker(f"watch-{number}", _receiver(client), 0.001, clock, expected=(ConfigError,)))
        yield


def _receiver(client: LiveClient) -> Callable[[float], None]:
    def step(_now: float) -> None:
        client.receive(_RECEIVE_S)

    return step


@contextmanager
def _burning(values_per_s: int, threads: int, folder: Path) -> Iterator[None]:
    """Threads that never rest, and a table whose changes are all recorded."""
    tune_interpreter()
    clock = RealClock()
    with ExitStack() as stack, tempfile.TemporaryDirectory(dir=folder) as name:
        database = Database(f"sqlite:///{Path(name) / 'history.db'}")
        database.migrate("history")
        stack.callback(database.close)
        cvt = Cvt()
        group = cvt.add([Tag(name=f"LOAD{i}") for i in range(round(values_per_s * _TICK_S))], clock.now())
        recorder = Recorder(cvt, SqlHistoryStore(database), Spool(Path(name) / "spool"))
        counter = iter(range(sys.maxsize))

        def feed(now: float) -> None:
            value = float(next(counter))
            group.update([value] * len(group.index), Quality.GOOD, now, now)

        _run(stack, Worker("history", recorder.step, FLUSH_INTERVAL_S, clock))
        _run(stack, Worker("feed", feed, _TICK_S, clock))
        for number in range(threads):
            _run(stack, Worker(f"burner-{number}", _burn, 1e-6, clock))
        yield


def _burn(_now: float) -> None:
    sum(i * i for i in range(_SLICE))


def _run(stack: ExitStack, worker: Worker) -> None:
    stack.callback(worker.stop)
    stack.callback(worker.finish)
    worker.start()


if __name__ == "__main__":
    main()
