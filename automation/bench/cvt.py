"""The bench of the current value table: updates, reads, and the way from a device's register to a browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from statistics import median

from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.bench.timing import Work, rates
from automation.cvt.table import Change, Cvt
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.system.mailbox import ResyncMailbox
from automation.system.process import tune_interpreter

BATCH = 1_000
_T0 = 1_800_000_000.0

UPDATE = Figure(
    bench="cvt",
    name="update_per_s",
    unit="samples/s",
    at_least=1_000_000,
    method="10,000 tags in batches of 1,000 raw values, every value changed, change detection, one mailbox subscribed and "
    "emptied, a sample made when somebody reads it; limit: a named tuple per value put into a dict, one lock per batch",
)
UPDATE_100K = Figure(
    bench="cvt",
    name="update_per_s_100k_tags",
    unit="samples/s",
    ratio_at_least=0.7,
    method="as update_per_s with 100,000 tags; limit: update_per_s with 10,000 tags, measured in the same run",
)
UPDATE_READ = Figure(
    bench="cvt",
    name="update_all_read_per_s",
    unit="samples/s",
    method="as update_per_s, and the observer reads every changed sample, so that every one is made; limit as there",
)
READ = Figure(
    bench="cvt",
    name="read_per_s",
    unit="reads/s",
    at_least=2_000_000,
    method="newest sample of a tag by its name, 10,000 tags in turn; limit: the same lookup in a plain dict of samples",
)
BROWSER = Figure(
    bench="cvt",
    name="device_to_browser_p99_ms",
    unit="ms",
    below=250,
    method="register of a Modbus TCP device changed -> value received by a Socket.IO client, p99 of the changes of a run; demo "
    "application, 100 ms scan through the guard, 100 ms push period, all processes on this machine",
)


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures, in the order of the bench."""
    for figure in figures:
        yield _MEASURES[figure.name](quick)


def _update(quick: bool) -> Result:
    return _rated(UPDATE, [_update_work(10_000), _limit_work(10_000)], quick)


def _update_100k(quick: bool) -> Result:
    return _rated(UPDATE_100K, [_update_work(100_000), _update_work(10_000)], quick)


def _update_read(quick: bool) -> Result:
    return _rated(UPDATE_READ, [_update_work(10_000, reading=True), _limit_work(10_000)], quick)


def _read(quick: bool) -> Result:
    return _rated(READ, [_read_work(10_000), _plain_read_work(10_000)], quick)


def _browser(quick: bool) -> Result:
    from automation.bench.browser import latencies_ms  # noqa: PLC0415 - the other figures need no web client

    runs = latencies_ms(changes=200 if quick else 400, runs=1 if quick else 3)
    return Result(figure=BROWSER, values=[_p99(run) for run in runs])


_MEASURES: Mapping[str, Callable[[bool], Result]] = {
    UPDATE.name: _update,
    UPDATE_100K.name: _update_100k,
    UPDATE_READ.name: _update_read,
    READ.name: _read,
    BROWSER.name: _browser,
}
BENCH = Bench((UPDATE, UPDATE_100K, UPDATE_READ, READ, BROWSER), measure)


def _rated(figure: Figure, works: Sequence[Work], quick: bool) -> Result:
    tune_interpreter()
    values, limits = rates(works, runs=5 if quick else 7, seconds=0.2 if quick else 0.5)
    return Result(figure=figure, values=values, limit=median(limits))


def _p99(latencies: Sequence[float]) -> float:
    return sorted(latencies)[max(0, -(-len(latencies) * 99 // 100) - 1)]


def _names(size: int) -> Sequence[str]:
    return [f"AREA{i % 7}.UNIT{i}.PV" for i in range(size)]


def _values(size: int) -> Iterator[Sequence[Sequence[float]]]:
    """Batches of raw values, pass after pass, every value another one than in the pass before."""
    passes = [[[float(i + step) for i in range(start, start + BATCH)] for start in range(0, size, BATCH)] for step in (0, 1)]
    return cycle(passes)


def _update_work(size: int, *, reading: bool = False) -> Work:
    cvt = Cvt()
    names = _names(size)
    groups = [cvt.add([Tag(name=name) for name in names[i : i + BATCH]], _T0) for i in range(0, size, BATCH)]
    mailbox = ResyncMailbox[Change](size)
    cvt.subscribe(mailbox)
    passes = _values(size)
    now = _T0

    def work() -> int:
        nonlocal now
        now += 0.1
        for group, values in zip(groups, next(passes), strict=True):
            group.update(values, Quality.GOOD, now, now)
        changes, _ = mailbox.take()
        if reading:
            for change in changes:
                for _tag, _sample in change.samples():
                    pass
        return sum(len(change.changed) for change in changes)

    return work


def _limit_work(size: int) -> Work:
    table: dict[str, Sample] = {}
    names = _names(size)
    batches = [names[i : i + BATCH] for i in range(0, size, BATCH)]
    lock = threading.Lock()
    passes = _values(size)
    now = _T0

    def work() -> int:
        nonlocal now
        now += 0.1
        for batch, values in zip(batches, next(passes), strict=True):
            with lock:
                for name, value in zip(batch, values, strict=True):
                    table[name] = Sample(value, Quality.GOOD, now, now)
        return size

    return work


def _read_work(size: int) -> Work:
    cvt = Cvt()
    names = _names(size)
    cvt.add([Tag(name=name, initial=1.0) for name in names], _T0)

    def work() -> int:
        for name in names:
            cvt.read(name)
        return size

    return work


def _plain_read_work(size: int) -> Work:
    names = _names(size)
    table = {name: Sample(1.0, Quality.GOOD, _T0, _T0) for name in names}

    def work() -> int:
        for name in names:
            table[name]
        return size

    return work
