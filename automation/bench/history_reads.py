"""What the bench of the history asks: trends and samples of one tag with a sample every second."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.answering import answer
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Columns
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.system.clock import Stopwatch

_SECOND = 1_000_000
_DAY_S = 86_400
_WAITING_S = 600  # the last samples are not packed yet, as in a runtime
_END = 1_800_012_345 * _SECOND
_TAG = "TK101.LT"
_USUAL = (Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN)

_PIXELS = 1_000
_TOLD = {Mode.BUCKETS: range(1_000, 1_001), Mode.RAW: range(3_598, 3_602), Mode.PLOT: range(_PIXELS, 4 * _PIXELS + 3)}

Ask = Callable[[int], float]


@contextmanager
def one_tag(folder: Path, days: int) -> Iterator[SqlHistoryStore]:
    """A history of so many days with a sample every second, some milliseconds off it, values without a pattern; SQLite."""
    with closing(Database(f"sqlite:///{folder / f'days-{days}.db'}", durable=False)) as database:
        database.migrate("history")
        store = SqlHistoryStore(database)
        chance = random.Random(3)  # noqa: S311 - the same history in every run
        noise = [chance.gauss(0, 1) for _ in range(_DAY_S)]
        offsets = [second * _SECOND + chance.randrange(20_000) for second in range(_DAY_S)]
        for day in range(days, 0, -1):
            begin = _END - day * _DAY_S * _SECOND
            length = _DAY_S if day > 1 else _DAY_S - _WAITING_S
            part = Columns(
                [begin + offset for offset in offsets[:length]], [50 + day % 40 + one for one in noise[:length]], [0] * length
            )
            store.append_columns(_TAG, DataType.FLOAT, part)
        waiting = range(_END - _WAITING_S * _SECOND, _END, _SECOND)
        store.append([Row(_TAG, DataType.FLOAT, time, 50.0 + time % 7, int(Quality.GOOD)) for time in waiting], _END)
        yield store


def trend(store: SqlHistoryStore, days: int) -> Ask:
    """Milliseconds until the last so many days are told in 1,000 buckets; each call asks for another range."""

    def ask(number: int) -> float:
        high = _END - number * 1_234_567
        low = high - days * _DAY_S * _SECOND
        return _timed_ms(store, Question(mode=Mode.BUCKETS, tags=(_TAG,), low=low, high=high, count=1_000, aggregates=_USUAL))

    return ask


def line(store: SqlHistoryStore, days: int) -> Ask:
    """Milliseconds until the last so many days are told as a line for 1,000 pixels; each call asks for another range."""

    def ask(number: int) -> float:
        high = _END - number * 1_234_567
        low = high - days * _DAY_S * _SECOND
        return _timed_ms(store, Question(mode=Mode.PLOT, tags=(_TAG,), low=low, high=high, width=_PIXELS))

    return ask


def last_hour(store: SqlHistoryStore) -> Ask:
    """Milliseconds until every sample of the last hour is told."""

    def ask(number: int) -> float:
        high = _END - number * 1_234_567
        return _timed_ms(store, Question(mode=Mode.RAW, tags=(_TAG,), low=high - 3_600 * _SECOND, high=high))

    return ask


def _timed_ms(store: SqlHistoryStore, question: Question) -> float:
    watch = Stopwatch()
    with store.reading(question.tags) as source:
        found = answer(source, question, Meter(Budget()))
    elapsed = watch.elapsed_s() * 1e3
    told = len(found.series[0].time)
    assert told in _TOLD[question.mode], f"{told} are told"  # noqa: S101 - a figure of less would be a lie
    return elapsed
