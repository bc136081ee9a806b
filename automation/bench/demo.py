"""The bench of the demo plant: how soon its first page is there, and what it costs when nobody looks."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
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
_PAGE, _NO_PAGE = 'id="root"', "the hmi is not built"


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures, on one data folder; its first start, which makes databases and keys, is not counted."""
    starts, settle_s, idle_s = (1, 3.0, 3.0) if quick else (3, 10.0, 10.0)
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as name:
        folder = Path(name)
        with _demo(folder) as runtime:
            runtime.wait_started(_READY_S)
            if {IDLE_CPU, RSS} & set(figures):
                _wait(settle_s)
                loads = [_load(runtime, idle_s) for _ in range(3)]
                found = {IDLE_CPU: loads, RSS: [runtime.rss_mb()]}
                yield from (Result(figure=figure, values=found[figure]) for figure in (IDLE_CPU, RSS) if figure in figures)
        if FIRST_PAGE in figures:
            yield Result(figure=FIRST_PAGE, values=[_seconds_to_page(folder) for _ in range(starts)])


def _seconds_to_page(folder: Path) -> float:
    with _demo(folder) as runtime:
        return runtime.wait_for("/", _READY_S, contains=_PAGE, never=_NO_PAGE)


def _demo(folder: Path) -> RuntimeProcess:
    port = free_port()
    arguments = ["demo", "--port", str(port), "--opcua-port", str(free_port()), "--data", str(folder / "data")]
    return RuntimeProcess(arguments, port, folder)


def _load(runtime: RuntimeProcess, seconds: float) -> float:
    watch, before = Stopwatch(), runtime.cpu_s()
    _wait(seconds)
    return (runtime.cpu_s() - before) / watch.elapsed_s() * 100


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


BENCH = Bench((IDLE_CPU, RSS, FIRST_PAGE), measure)
