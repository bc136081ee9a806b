"""The bench of the history: from the table into each database, the room that it takes, and trends of long ranges."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from automation.bench.history_reads import Ask, last_hour, line, one_tag, trend
from automation.bench.history_writes import bare_inserts, plant, random_passes, slow_passes
from automation.bench.process import rss_mb
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.bench.timing import Work
from automation.model.errors import ConfigError
from automation.storage.database import Database
from automation.system.clock import Stopwatch
from automation.system.process import tune_interpreter

log = logging.getLogger(__name__)

_LONG_S = 60.0  # of writing, so that a memory that grows is seen
_YEAR, _MONTH = 365, 30
_WRITTEN = (
    "10,000 tags with values without a pattern, 10 each a second of plant time, as fast as they can be recorded: table, "
    "recorder, store, blocks and rollups, all packed within the time; limit: rows (tag, time, value, quality) by the driver "
    "alone into a table without an index"
)
_READ = (
    "one tag with a sample a second for {}, the last 10 minutes not packed yet, SQLite; a range of microseconds, another in "
    "each run"
)

SQLITE = Figure(bench="history", name="sqlite_per_s", unit="samples/s", at_least=100_000, method=f"{_WRITTEN}; SQLite")
MEMORY = Figure(
    bench="history",
    name="rss_growth_mb",
    unit="MB",
    below=30,
    method="resident memory at the end of sqlite_per_s, which lasts 60 s, over that after its first round; not with --quick",
)
CPU = Figure(
    bench="history",
    name="cpu_10k_pct",
    unit="% of a core",
    below=20,
    method="processor time for 100 s of 10,000 tags with a sample a second each into SQLite, blocks and rollups included, worked "
    "off at once",
)
MONTH = Figure(
    bench="history",
    name="trend_30d_ms",
    unit="ms",
    below=150,
    method=f"min, max and mean in 1,000 buckets of 30 days; {_READ.format('as long')}",
)
YEAR = Figure(
    bench="history",
    name="trend_1y_ms",
    unit="ms",
    below=300,
    method=f"min, max and mean in 1,000 buckets of a year; {_READ.format('as long')}; not with --quick",
)
MONTH_LINE = Figure(
    bench="history",
    name="plot_30d_ms",
    unit="ms",
    below=150,
    method=f"what a trend of 1,000 pixels asks for: 30 days as a line; {_READ.format('as long')}",
)
YEAR_LINE = Figure(
    bench="history",
    name="plot_1y_ms",
    unit="ms",
    below=300,
    method=f"the same of a year; {_READ.format('as long')}; not with --quick",
)
HOUR = Figure(
    bench="history", name="raw_1h_ms", unit="ms", below=30, method=f"every sample of the last hour; {_READ.format('30 days')}"
)
SIZE = Figure(
    bench="history",
    name="bytes_per_sample",
    unit="bytes",
    below=25,
    method="pages in use of the SQLite file by samples, everything included, after 100 s of 10,000 tags with a sample a second "
    "each are packed; floats without a pattern",
)
SLOW_SIZE = Figure(
    bench="history",
    name="bytes_per_slow_sample",
    unit="bytes",
    below=25,
    method="as bytes_per_sample, of transmitters with 12 bits that move by a step or two with each sample; not with --quick",
)
POSTGRESQL = Figure(
    bench="history", name="postgresql_per_s", unit="samples/s", at_least=80_000, method=f"{_WRITTEN}; PostgreSQL on this machine"
)
MARIADB = Figure(
    bench="history", name="mariadb_per_s", unit="samples/s", at_least=40_000, method=f"{_WRITTEN}; MariaDB on this machine"
)


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures; none of a database whose server does not answer."""
    tune_interpreter()
    wanted = set(figures)
    with TemporaryDirectory(prefix="automation-bench-") as name:
        for part in (_into_sqlite, _at_ease, _slow, _read, _into_servers):
            yield from (result for result in part(Path(name), wanted, quick) if result.figure in wanted)


BENCH = Bench((SQLITE, MEMORY, CPU, SIZE, SLOW_SIZE, MONTH, MONTH_LINE, YEAR, YEAR_LINE, HOUR, POSTGRESQL, MARIADB), measure)


def _into_sqlite(folder: Path, wanted: set[Figure], quick: bool) -> Iterator[Result]:
    if wanted & {SQLITE, MEMORY}:
        result, memory = _written("sqlite", SQLITE, folder, 1 if quick else _LONG_S)
        yield result
        if not quick:
            yield Result(figure=MEMORY, values=[max(0.0, memory[-1] - memory[0])])


def _into_servers(folder: Path, wanted: set[Figure], quick: bool) -> Iterator[Result]:
    for dialect, figure in (("postgresql", POSTGRESQL), ("mariadb", MARIADB)):
        if figure in wanted:
            try:
                yield _written(dialect, figure, folder, 1 if quick else _LONG_S / 3)[0]
            except ConfigError as error:
                log.warning("%s is not measured: %s", figure.name, error)


def _written(dialect: str, figure: Figure, folder: Path, seconds: float) -> tuple[Result, Sequence[float]]:
    """Rounds of a million samples for so long, in turns with the driver alone, and the resident memory after each."""
    passes = random_passes()
    rates: list[float] = []
    limits: list[float] = []
    memory: list[float] = []
    with plant(dialect, folder, passes, hz=10.0) as site, bare_inserts(dialect, folder, passes) as bare:
        site.begin()
        watch = Stopwatch()
        while watch.elapsed_s() < seconds:
            rates.append(_per_s(site.work))
            limits.append(_per_s(bare))
            memory.append(rss_mb(os.getpid()))
        site.check()
    return Result(figure=figure, values=rates, limit=median(limits)), memory


def _per_s(work: Work) -> float:
    watch = Stopwatch()
    return work() / watch.elapsed_s()


def _at_ease(folder: Path, wanted: set[Figure], quick: bool) -> Iterator[Result]:
    if not wanted & {CPU, SIZE}:
        return
    passes = random_passes()
    with plant("sqlite", folder, passes, hz=1.0) as site:
        site.begin()
        used: list[float] = []
        for _ in range(1 if quick else 3):
            begun = process_time()
            site.work()
            used.append((process_time() - begun) / len(passes) * 100)
        site.check()
        size = _bytes_in_use(site.database) / site.samples
    yield Result(figure=CPU, values=used)
    yield Result(figure=SIZE, values=[size])


def _slow(folder: Path, wanted: set[Figure], quick: bool) -> Iterator[Result]:
    if SLOW_SIZE in wanted and not quick:
        with plant("sqlite", folder, slow_passes(), hz=1.0) as site:
            site.work()
            yield Result(figure=SLOW_SIZE, values=[_bytes_in_use(site.database) / site.samples])


def _bytes_in_use(database: Database) -> int:
    with database.begin() as connection:
        pages, free, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def _read(folder: Path, wanted: set[Figure], quick: bool) -> Iterator[Result]:
    asks: Mapping[Figure, tuple[int, Callable[..., Ask]]] = {
        MONTH: (_MONTH, lambda store: trend(store, _MONTH)),
        MONTH_LINE: (_MONTH, lambda store: line(store, _MONTH)),
        HOUR: (_MONTH, last_hour),
        YEAR: (_YEAR, lambda store: trend(store, _YEAR)),
        YEAR_LINE: (_YEAR, lambda store: line(store, _YEAR)),
    }
    chosen = [figure for figure in asks if figure in wanted and not (quick and figure in (YEAR, YEAR_LINE))]
    days = {asks[figure][0] for figure in chosen}
    for length in sorted(days):
        with one_tag(folder, length + 1) as store:
            for figure in chosen:
                if asks[figure][0] == length:
                    ask = asks[figure][1](store)
                    ask(0)  # what a runtime has after its first question
                    yield Result(figure=figure, values=[ask(number) for number in range(1, 6 if quick else 12)])
