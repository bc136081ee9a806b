"""The bench of the demo plant: how soon its first page is there, and what it costs when nobody looks."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from automation.bench.process import RuntimeProcess, free_port
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.system.clock import Stopwatch

FIRST_PAGE = Figure(
    bench="demo",
    name="first_page_s",
    unit="s",
    below=10,
    method="`automation demo` started on data of an earlier start -> the page of the HMI is served",
)
IDLE_CPU = Figure(
    bench="demo",
    name="idle_cpu_pct",
    unit="% of a core",
    below=15,
    method="processor time of the runtime process alone, demo plant moving, OPC UA server on, no client connected",
)
RSS = Figure(
    bench="demo",
    name="rss_mb",
    unit="MB",
    below=350,
    method="resident memory of the runtime process alone after the idle time of idle_cpu_pct",
)
_READY_S = 120.0
_PAGE = 'id="root"'  # as the built HMI has it; the page that says that there is none has not


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures, all of them from the same starts of the demo."""
    starts, settle_s, idle_s, windows = (1, 3.0, 3.0, 3) if quick else (3, 10.0, 10.0, 5)
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as name:
        folder = Path(name)
        pages: list[float] = []
        for start in range(starts):
            # The first start makes databases, keys and certificates; it is not counted.
            with _demo(folder) as (runtime, seconds):
                if start:
                    pages.append(seconds)
                runtime.wait_for("/api/health", "", _READY_S)
        with _demo(folder) as (runtime, seconds):
            pages.append(seconds)
            if FIRST_PAGE in figures:
                yield Result(figure=FIRST_PAGE, values=pages)
            if {IDLE_CPU, RSS} & set(figures):
                _wait(settle_s)
                loads = [_load(runtime, idle_s) for _ in range(windows)]
                found = {IDLE_CPU: loads, RSS: [runtime.rss_mb()]}
                yield from (Result(figure=figure, values=found[figure]) for figure in (IDLE_CPU, RSS) if figure in figures)


@contextmanager
def _demo(folder: Path) -> Iterator[tuple[RuntimeProcess, float]]:
    """The demo and the seconds until its page was there."""
    port = free_port()
    arguments = ["demo", "--port", str(port), "--opcua-port", str(free_port()), "--data", str(folder / "data")]
    with RuntimeProcess(arguments, port, folder) as runtime:
        yield runtime, runtime.wait_for("/", _PAGE, _READY_S)


def _load(runtime: RuntimeProcess, seconds: float) -> float:
    watch, before = Stopwatch(), runtime.cpu_s()
    _wait(seconds)
    return (runtime.cpu_s() - before) / watch.elapsed_s() * 100


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


BENCH = Bench((FIRST_PAGE, IDLE_CPU, RSS), measure)
