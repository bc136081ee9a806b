"""The bench of alarms: the quiet path, the way from a sample to a published transition, and a burst."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from automation.bench.alarm_burst import answers_ms
from automation.bench.alarm_journal import END, ROWS, fill, questions
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.bench.timing import Work, rates
from automation.cvt.table import Cvt, Group
from automation.model.alarm import AlarmDefinition, Condition, High, Low
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import Tag
from automation.observers.alarms.analytics.service import AlarmAnalytics
from automation.observers.alarms.journal.reader import SqlAlarmJournal
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.alarms.view import AlarmView
from automation.settings import AlarmTargets
from automation.storage.database import Database
from automation.storage.days import local_day
from automation.storage.journal import Journal
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker

TAGS, BATCH = 10_000, 1_000
_LIMIT = 80.0
_T0 = 1_800_000_000.0
_PERIOD_S = 0.1
_PAGE = 200
WATCH = Stopwatch()

QUIET = Figure(
    bench="alarms",
    name="quiet_per_s",
    unit="samples/s",
    at_least=300_000,
    method="10,000 tags with 4 alarms each (two highs, two lows, deadbands) in batches of 1,000 values that all change and "
    "cross no limit: update of the table and judgement of every alarm, in one thread; no limit by a bare library",
)
PUBLISHED = Figure(
    bench="alarms",
    name="sample_to_published_p99_ms",
    unit="ms",
    below=50,
    method="10,000 samples/s into the table, 10 of them a second raise an alarm; sample in the table -> transition in the "
    "journal (SQLite, flushed) and told to a listener, p99 of a run",
)
JOURNAL = Figure(
    bench="alarms",
    name="journal_page_ms",
    unit="ms",
    below=200,
    method="journal of a million rows of a year, 2,000 alarms, SQLite: the slowest of 22 filtered first pages of 200 rows and of "
    "the pages below them; journal of 20,000 rows with --quick",
)
ANALYTICS = Figure(
    bench="alarms",
    name="analytics_30_days_ms",
    unit="ms",
    below=2_000,
    method="every figure of the last 30 days of the same journal",
)
BURST = Figure(
    bench="alarms",
    name="burst_1000_ms",
    unit="ms",
    method="1,000 alarms of one update: sample in the table -> the last of them journalled and told",
)
API_BURST = Figure(
    bench="alarms",
    name="api_burst_p95_ms",
    unit="ms",
    below=200,
    method="1,000 alarms raised within one second in a runtime of its own process (OPC UA server on, 5 clients of the live feed) "
    "while three clients list all alarms, read the newest 200 rows of the journal, and acknowledge, each ten times a second: p95 "
    "of their answers until the last alarm is journalled; every row must be there, in its order",
)


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures, in the order of the bench."""
    for figure in figures:
        yield _MEASURES[figure.name](quick)


def _definitions(count: int) -> list[AlarmDefinition]:
    conditions: Mapping[str, Condition] = {
        "HH": High(limit=90.0, deadband=1.0),
        "H": High(limit=_LIMIT, deadband=1.0),
        "L": Low(limit=20.0, deadband=1.0),
        "LL": Low(limit=10.0, deadband=1.0),
    }
    return [
        AlarmDefinition(name=f"T{i}.{name}", tag=f"T{i}", condition=condition)
        for i in range(count)
        for name, condition in conditions.items()
    ]


def _groups(cvt: Cvt, count: int) -> Sequence[Group]:
    tags = [Tag(name=f"T{i}") for i in range(count)]
    return [cvt.add(tags[at : at + BATCH], _T0) for at in range(0, count, BATCH)]


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


class _NoStore:
    """A store for alarms that never move."""

    def load(self) -> Mapping[str, object]:
        return {}

    def save(self, *_: object) -> None:
        raise AssertionError("a quiet alarm moved")


def quiet_work(tags: int) -> Work:
    """Updates and judges one batch per call; returns how many samples that were."""
    cvt = Cvt()
    groups = _groups(cvt, tags)
    manager = AlarmManager(_definitions(tags), cvt, _NoStore())  # type: ignore[arg-type]
    values: Sequence[Sequence[Value]] = [[50.0 + step + i % 7 for i in range(BATCH)] for step in range(2)]
    turns = cycle([(group, batch) for batch in values for group in groups])
    now = _T0
    for group in groups:
        group.update(values[1], Quality.GOOD, now, now)
    manager.step(now)

    def work() -> int:
        nonlocal now
        group, batch = next(turns)
        now += 0.001
        group.update(batch, Quality.GOOD, now, now)
        manager.step(now)
        return BATCH

    return work


def _quiet(quick: bool) -> Result:
    runs, seconds = (3, 0.5) if quick else (7, 2.0)
    [values] = rates([quiet_work(TAGS)], runs=runs, seconds=seconds)
    return Result(figure=QUIET, values=values)


class _Plant:
    """A table, a manager in its thread, and a journal in a database; notes when each transition was told."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'bench.db'}")
        self.database.migrate("config")
        self.clock = RealClock()
        self.cvt = Cvt()
        self.groups = _groups(self.cvt, TAGS)
        self.manager = AlarmManager(_definitions(TAGS), self.cvt, SqlAlarmStore(self.database, Journal(self.database)))
        self.told: dict[str, float] = {}
        self.enough = threading.Event()
        self._expected = 0
        self.manager.on_transition(self._note)
        self.worker = Worker("alarms", self.manager.step, 0.05, self.clock)
        self.manager.on_work = self.worker.wake
        self.values = [[50.0] * BATCH for _ in self.groups]
        for at in range(len(self.groups)):
            self.update(at)
        self.worker.start()
        _pause(0.5)

    def _note(self, view: AlarmView, event: Event) -> None:
        if event.kind == "alarm.raised":
            self.told[view.tag] = WATCH.elapsed_s()
            if len(self.told) >= self._expected:
                self.enough.set()

    def expect(self, count: int) -> None:
        self.enough.clear()
        self.told.clear()
        self._expected = count

    def update(self, at: int) -> None:
        now = self.clock.now()
        self.groups[at].update(self.values[at], Quality.GOOD, now, now)

    def close(self) -> None:
        self.worker.stop()
        self.manager.close()
        self.database.close()


def _published(quick: bool) -> Result:
    values = []
    for _ in range(1 if quick else 3):
        with TemporaryDirectory() as folder, closing(_Plant(Path(folder))) as plant:
            values.append(_latency(plant, seconds=3.0 if quick else 20.0))
    return Result(figure=PUBLISHED, values=values)


def _latency(plant: _Plant, seconds: float) -> float:
    """The p99 of a run, ms: every 100 ms one batch of 1,000, one of whose tags goes over its limit for good."""
    put: dict[str, float] = {}
    rounds = round(seconds / _PERIOD_S)
    plant.expect(rounds)
    begin = WATCH.elapsed_s()
    for turn in range(rounds):
        at, index = turn % len(plant.groups), turn // len(plant.groups)
        plant.values[at] = [50.0 + (turn + i) % 5 if value < _LIMIT else value for i, value in enumerate(plant.values[at])]
        plant.values[at][index] = 85.0
        _pause(max(0.0, begin + turn * _PERIOD_S - WATCH.elapsed_s()))
        put[f"T{at * BATCH + index}"] = WATCH.elapsed_s()
        plant.update(at)
    plant.enough.wait(10.0)
    took = sorted((plant.told[tag] - since) * 1000 for tag, since in put.items())
    return took[min(len(took) - 1, int(len(took) * 0.99))]


def _burst(quick: bool) -> Result:
    values = []
    for _ in range(1 if quick else 5):
        with TemporaryDirectory() as folder, closing(_Plant(Path(folder))) as plant:
            plant.expect(BATCH)
            plant.values[0] = [85.0] * BATCH
            since = WATCH.elapsed_s()
            plant.update(0)
            if not plant.enough.wait(30.0):
                raise AssertionError(f"{len(plant.told)} of {BATCH} alarms were told")
            values.append((max(plant.told.values()) - since) * 1000)
    return Result(figure=BURST, values=values)


def _api_burst(quick: bool) -> Result:
    values = []
    for _ in range(1 if quick else 5):
        took = sorted(answers_ms())
        values.append(took[min(len(took) - 1, int(len(took) * 0.95))])
    return Result(figure=API_BURST, values=values)


@lru_cache(maxsize=1)
def _asked(quick: bool) -> tuple[Sequence[float], Sequence[float]]:
    """The slowest page and the time of the analytics, ms, run by run."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        with closing(database):
            database.migrate("config")
            fill(database, 20_000 if quick else ROWS)
            runs = range(1 if quick else 3)
            return [_slowest_page(database) for _ in runs], [_report(database) for _ in runs]


def _slowest_page(database: Database) -> float:
    journal, took = SqlAlarmJournal(database), []
    for wanted in questions():
        before: int | None = None
        for _ in range(2):
            watch = Stopwatch()
            before = journal.page(wanted, _PAGE, before).next
            took.append(watch.elapsed_s() * 1000)
            if before is None:
                break
    return max(took)


def _report(database: Database) -> float:
    analytics = AlarmAnalytics(database, lambda _area: {}, local_day("UTC"), AlarmTargets())
    watch = Stopwatch()
    analytics.report(END - 30 * 86_400.0, END, "", END)
    return watch.elapsed_s() * 1000


def _journal(quick: bool) -> Result:
    return Result(figure=JOURNAL, values=_asked(quick)[0])


def _analytics(quick: bool) -> Result:
    return Result(figure=ANALYTICS, values=_asked(quick)[1])


_MEASURES: Mapping[str, Callable[[bool], Result]] = {
    QUIET.name: _quiet,
    PUBLISHED.name: _published,
    BURST.name: _burst,
    API_BURST.name: _api_burst,
    JOURNAL.name: _journal,
    ANALYTICS.name: _analytics,
}
BENCH = Bench(figures=(QUIET, PUBLISHED, BURST, API_BURST, JOURNAL, ANALYTICS), measure=measure)
