"""The bench of the recorder: from updates of the table to rows that a store is given, without a store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from statistics import median

from automation.bench.report import Figure, Result
from automation.bench.runner import Bench
from automation.bench.timing import Work, rates
from automation.cvt.table import Cvt
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.observers.historian.recorder import Recorder
from automation.observers.historian.rows import Row
from automation.observers.historian.spool import Spool
from automation.system.process import tune_interpreter

_TAGS, _BATCH, _T0 = 10_000, 1_000, 1_800_000_000.0
_SET = "10,000 tags updated in batches of 1,000 values, every value changed, put into the mailbox and made into rows; the store "
_SET += "takes them and forgets them"

CHANGE = Figure(
    bench="recorder",
    name="recorder_per_s",
    unit="samples/s",
    at_least=400_000,
    method=f"{_SET}; limit: a row per value made in a loop, without a table",
)
DEADBAND = Figure(
    bench="recorder",
    name="recorder_deadband_per_s",
    unit="samples/s",
    method="as recorder_per_s, every tag with a deadband that half of the values exceed",
)
DOOR = Figure(
    bench="recorder",
    name="recorder_swinging_door_per_s",
    unit="samples/s",
    method="as recorder_per_s, every tag with swinging-door compression, ramps of ten samples",
)


class _Nothing:
    """A store that forgets what it is given."""

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Take the rows."""

    def close_ends(self, start: int) -> None:
        """Know of no run before."""


def measure(figures: Sequence[Figure], quick: bool) -> Iterator[Result]:
    """The results of the figures, in the order of the bench."""
    tune_interpreter()
    for figure in figures:
        with ExitStack() as stack:
            works = [_recorder_work(stack, _HISTORIES[figure.name]), _limit_work()]
            values, limits = rates(works, runs=3 if quick else 7, seconds=0.2 if quick else 0.5)
            yield Result(figure=figure, values=values, limit=median(limits))


_HISTORIES: Mapping[str, bool | Mapping[str, object]] = {
    CHANGE.name: True,
    DEADBAND.name: {"deadband": 1.5},
    DOOR.name: {"mode": "swinging_door", "deviation": 0.5},
}
BENCH = Bench((CHANGE, DEADBAND, DOOR), measure)


def _recorder_work(stack: ExitStack, history: bool | Mapping[str, object]) -> Work:
    cvt = Cvt()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    names = [f"AREA{i % 7}.UNIT{i}.PV" for i in range(_TAGS)]
    tags = [Tag(name=name, history=history) for name in names]
    groups = [cvt.add(tags[i : i + _BATCH], _T0) for i in range(0, _TAGS, _BATCH)]
    recorder = Recorder(cvt, _Nothing(), Spool(folder))  # type: ignore[arg-type] # nobody asks it anything
    stack.callback(recorder.abandon)
    passes = _passes()
    now = _T0

    def work() -> int:
        nonlocal now
        now += 0.1
        for group, values in zip(groups, next(passes), strict=True):
            group.update(values, Quality.GOOD, now, now)
        recorder.step(now)
        return _TAGS

    return work


def _limit_work() -> Work:
    names = [f"AREA{i % 7}.UNIT{i}.PV" for i in range(_TAGS)]
    passes = _passes()
    time = round(_T0 * 1e6)

    def work() -> int:
        nonlocal time
        time += 100_000
        rows = 0
        for at, values in enumerate(next(passes)):
            batch = names[at * _BATCH : (at + 1) * _BATCH]
            rows += len([Row(name, DataType.FLOAT, time, value, 0) for name, value in zip(batch, values, strict=True)])
        return rows

    return work


def _passes() -> Iterator[Sequence[Sequence[float]]]:
    """Batches of values, pass after pass: ramps up and down in ten steps."""
    steps = [*range(10), *range(10, 0, -1)]
    return cycle(
        [[[float(i + step) for i in range(start, start + _BATCH)] for start in range(0, _TAGS, _BATCH)] for step in steps]
    )
