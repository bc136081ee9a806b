"""The bench of configuration: starting with many tags, finding them, and changing many while links are scanned."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

from automation.bench.browser import APP, Device, bench_settings
from automation.bench.process import HOST, USER, RuntimeProcess, free_port
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.client import Client, ProjectClient
from automation.model.configuration import ImportOptions, ObjectKind
from automation.model.errors import ConfigError
from automation.runtime.apps import load_apps
from automation.settings import Apps, Settings
from automation.system.clock import Stopwatch

MANY, CHANGED = 100_000, 10_000

START = Figure(
    bench="tags",
    name="start_100k_s",
    unit="s",
    below=30,
    method="process started with 100,000 soft and derived tags in its database, OPC UA server off -> everything runs",
)
RSS = Figure(
    bench="tags",
    name="rss_100k_mb",
    unit="MB",
    below=1500,
    method="resident memory of the runtime process of start_100k_s, 10 s after its start",
)
LIST = Figure(
    bench="tags",
    name="list_page_p95_ms",
    unit="ms",
    below=100,
    method="GET /api/tags of 100,000, pages of 200 with search, area, sort and offset in turn, p95 as the client sees it",
)
IMPORT = Figure(
    bench="tags",
    name="import_10k_s",
    unit="s",
    below=20,
    method="CSV of 10,000 tags through the command that a person uses, client and interface included, demo plant scanning",
)
APPLY = Figure(
    bench="tags",
    name="apply_10k_s",
    unit="s",
    below=20,
    method="apply of project files that add, then change, then remove 10,000 tags (a tenth of them on the link that is "
    "scanned) of the running demo plant, the slowest of the three",
)
LATE = Figure(
    bench="tags",
    name="apply_scan_late_max_ms",
    unit="ms",
    below=100,
    method="longest time between two polls of the 100 ms scan beyond its period, as the device sees it, during apply_10k_s",
)
_READY_S, _SETTLE_S = 180.0, 10.0
_SCAN_S = 0.1
_FIELD_PART = 10
_PAGE = 200


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures; quick leaves out those that need 100,000 tags."""
    wanted = set(figures)
    if wanted & {IMPORT, APPLY, LATE}:
        yield from _only(wanted, _measure_changes(1 if quick else 3))
    if wanted & {START, RSS, LIST} and not quick:
        yield from _only(wanted, _measure_many())


def _only(wanted: set[Figure], results: Iterator[Result]) -> Iterator[Result]:
    return (result for result in results if result.figure in wanted)


def _measure_changes(runs: int) -> Iterator[Result]:
    with _site() as (device, runtime):
        client = ProjectClient(_client(runtime))
        imports = []
        for run in range(runs):
            watch = Stopwatch()
            client.import_table(ObjectKind.TAG, _table(f"I{run}", CHANGED), "csv", ImportOptions(dry_run=False))
            imports.append(watch.elapsed_s())
            client.apply({}, overwrite=True)
        yield Result(figure=IMPORT, values=imports)
        slowest, late = [], []
        for _ in range(runs):
            device.polls.clear()
            steps = [_project(1), _project(2), {}]
            slowest.append(max(_timed(lambda files=files: client.apply(files)) for files in steps))  # type: ignore[misc]
            late.append(_late_ms(device.polls))
        yield Result(figure=APPLY, values=slowest)
        yield Result(figure=LATE, values=late)


def _measure_many() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as name:
        folder = Path(name)
        with _bare(folder) as runtime:
            password = runtime.password
            ProjectClient(_client(runtime)).import_table(ObjectKind.TAG, _table("T", MANY), "csv", ImportOptions(dry_run=False))
        starts = []
        for last in (False, False, True):
            with _bare(folder, password) as runtime:
                starts.append(runtime.wait_started(_READY_S))
                if not last:
                    continue
                threading.Event().wait(_SETTLE_S)
                rss = runtime.rss_mb()
                pages = _pages(_client(runtime))
        yield Result(figure=START, values=starts)
        yield Result(figure=RSS, values=[rss])
        yield Result(figure=LIST, values=[sorted(pages)[int(len(pages) * 0.95)]])


def _pages(client: Client) -> Sequence[float]:
    questions: tuple[Mapping[str, object], ...] = (
        {"offset": 50_000},
        {"search": "T99"},
        {"under": "area/7", "sort": "-name"},
        {"sort": "description", "offset": 99_000},
        {"kind": "derived", "sort": "unit"},
        {"search": "of unit 123"},
    )
    found = []
    for question in questions * 20:
        watch = Stopwatch()
        client.get("/tags", limit=_PAGE, **question)
        found.append(watch.elapsed_s() * 1000)
    return found


@contextmanager
def _site() -> Iterator[tuple[Device, RuntimeProcess]]:
    """The demo plant on a device of ours, running."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="automation-bench-")))
        device = stack.enter_context(Device().serving())
        port = free_port()
        config = folder / "bench.toml"
        config.write_text(bench_settings(folder, port, device.port))
        runtime = stack.enter_context(RuntimeProcess(["run", "--config", str(config)], port, folder))
        runtime.wait_started(_READY_S)
        yield device, runtime


@contextmanager
def _bare(folder: Path, password: str = "") -> Iterator[RuntimeProcess]:
    """A runtime without applications, on the data of its last start; that start's administrator has the password."""
    port = free_port()
    config = folder / "bench.toml"
    config.write_text(
        f'site = {{ id = "bench", name = "Bench", data = "{folder / "data"}" }}\n'
        f'web = {{ host = "{HOST}", port = {port} }}\nopcua = {{ enabled = false }}\nlog = {{ level = "WARNING" }}\n'
    )
    with RuntimeProcess(["run", "--config", str(config)], port, folder, password) as runtime:
        runtime.wait_started(_READY_S)
        yield runtime


def _client(runtime: RuntimeProcess) -> Client:
    client = Client(f"http://{HOST}:{runtime.port}", timeout_s=_READY_S)
    client.login(USER, runtime.password)
    return client


def _table(prefix: str, count: int) -> bytes:
    """Soft tags of many areas; one in ten is derived from its neighbour."""
    rows = ["name,type,unit,description,area,range,initial,expression"]
    for i in range(count):
        name, area = f"{prefix}{i:06d}", f"area/{i % 50}/{i % 7}"
        if i % 10 == 9:  # noqa: PLR2004
            rows.append(f"{name},float,m,Twice the level of unit {i},{area},0;20,,{prefix}{i - 1:06d} * 2")
        else:
            rows.append(f"{name},float,m,Level of unit {i},{area},0;10,{i % 10},")
    return "\n".join(rows).encode()


def _project(version: int) -> Mapping[str, str]:
    """Files with 10,000 tags, other ones in every version though with the same names."""
    (app,) = load_apps(Settings(apps=Apps(enabled=(APP,))))
    link = app.links[0].name
    lines = []
    for i in range(CHANGED):
        lines += ["[[tag]]", f'name = "P{i:05d}"', f'description = "Version {version}"', f'area = "bench/{i % 40}"']
        lines += [f"range = [0, {100 * version}]", f"deadband = {version}", 'unit = "m"']
        if i % _FIELD_PART == 0:
            lines += [f'source = "{link}/input:{i % 100}:int16"', 'scan = "fast"']
    return {"tags/bench.toml": "\n".join(lines) + "\n"}


def _timed(work: Callable[[], object]) -> float:
    watch = Stopwatch()
    work()
    return watch.elapsed_s()


def _late_ms(polls: Sequence[float]) -> float:
    """How much later than the period the latest poll came. Raises ``ConfigError`` if the device was not polled."""
    gaps = [later - earlier for earlier, later in pairwise(polls)]
    if not gaps:
        raise ConfigError("the device was not polled")
    return max(0.0, max(gaps) - _SCAN_S) * 1000


BENCH = Bench((IMPORT, APPLY, LATE, START, RSS, LIST), measure)
