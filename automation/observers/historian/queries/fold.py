"""The fold: samples go in, in order of time, and what one bucket after the other comes to is taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import compress
from operator import mul, sub

from automation.model.sample import Value
from automation.observers.historian.queries.columns import BAD, UNCERTAIN, Columns, Part, Point, Rollup, known, quality_at
from automation.observers.historian.queries.numbers import Numbers, Weighted, finite
from automation.observers.historian.queries.rolled import Rolled

_SECOND = 1e6


class Aggregate(StrEnum):
    """What a bucket can be asked for; ``docs/history.md`` defines each."""

    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    TIME_WEIGHTED_MEAN = "time_weighted_mean"
    COUNT = "count"
    FIRST = "first"
    LAST = "last"
    DELTA = "delta"
    STDDEV = "stddev"
    DURATION_GOOD = "duration_good"
    DURATION_IN_STATE = "duration_in_state"
    PERCENT_GOOD = "percent_good"


FROM_ROLLUPS = frozenset(Aggregate) - {Aggregate.DURATION_IN_STATE}
_NUMBERS = frozenset({Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.STDDEV, Aggregate.FIRST, Aggregate.LAST})
_ENDS = frozenset({Aggregate.FIRST, Aggregate.LAST})
_TIMES = frozenset({Aggregate.TIME_WEIGHTED_MEAN, Aggregate.DURATION_GOOD, Aggregate.DURATION_IN_STATE, Aggregate.PERCENT_GOOD})


class Kept:
    """What the samples of one class of quality come to in a bucket. held_us: how long such values held."""

    __slots__ = ("first", "held_us", "last", "numbers", "some", "weighted")

    def __init__(self) -> None:
        self.numbers = Numbers()
        self.weighted = Weighted()
        self.held_us = 0
        self.some = False
        self.first: Value = None
        self.last: Value = None

    def ends(self, first: Value, last: Value) -> None:
        """Take values that come after those before."""
        if not self.some:
            self.first, self.some = first, True
        self.last = last

    def merge(self, part: Part) -> None:
        """Take what samples that come after those before come to."""
        if part.first is not None:
            self.ends(part.first, part.last)
        if part.numbers:
            self.numbers.merge(part.numbers, part.total, part.low, part.high, part.spread)
        self.held_us += part.held_us
        self.weighted.add(part.weighted, part.weighted_us)


class Fold:
    """Goes through the samples of one tag once.

    wanted: what shall be known. before: the last sample before the first bucket. until: how far the record reaches, microseconds.
    Call ``open``, then ``feed`` as often as there are samples, then ``close``; and again for the next bucket.
    """

    def __init__(self, wanted: frozenset[Aggregate], before: Point | None, until: int) -> None:
        self._numeric = bool(wanted & _NUMBERS)
        self._timed = bool(wanted & _TIMES)
        self._spread = Aggregate.STDDEV in wanted
        self._in_state = Aggregate.DURATION_IN_STATE in wanted
        self._delta = Aggregate.DELTA in wanted
        self._ended = bool(wanted & _ENDS)
        self._state: Point | Callable[[], Point] | None = before
        self._until = until
        self.open(0)

    def open(self, start: int) -> None:
        """Begin a bucket."""
        self.start = self._clock = start
        self.held = known(self.state, start, self._until)
        self._held_quality = quality_at(self.state, start, self._until)
        self.count = 0
        self._worst = 0
        self.good, self.uncertain = Kept(), Kept()
        self.states: dict[Value, int] = {}
        self.delta_from: float | None = None
        self.delta_to: float | None = None
        if self._delta and self.held is not None:
            self._know([self.held.value])

    def feed(self, columns: Columns) -> None:
        """Take samples of the bucket, one at least."""
        time, value, quality = columns.time, columns.value, columns.quality
        self._hold(time[0])
        worst = max(quality)
        if self._timed and len(time) > 1:
            self._inside(columns, worst)
        if self._numeric:
            if worst < UNCERTAIN:
                self._take(self.good, value)
            else:
                self._take(self.good, list(compress(value, [code < UNCERTAIN for code in quality])))
                self._take(self.uncertain, list(compress(value, [UNCERTAIN <= code < BAD for code in quality])))
        if self._delta:
            self._know(value if worst < BAD else list(compress(value, [code < BAD for code in quality])))
        self.count += len(time)
        self._worst = max(self._worst, worst)
        self.state = columns.point(len(time) - 1)
        self._clock = time[-1]

    def feed_rollup(self, row: Rollup) -> None:
        """Take the samples of a rollup, all of which are in the bucket."""
        self._hold(row.since)
        for kept, part in ((self.good, row.good), (self.uncertain, row.uncertain)):
            if part is not None:
                kept.merge(part)
        if self._delta:
            self._know([value for value in row.known if value is not None])
        self.count += row.samples
        self._worst = max(self._worst, row.quality)
        self.state = row.newest
        self._clock = row.to

    def feed_rolled(self, rolled: Rolled, low: int, high: int) -> None:
        """Take the samples of the rollups from the index low up to high, one at least, all of which are in the bucket."""
        if rolled.has_odd(low, high) or (self._timed and rolled.end(high - 1) > self._until):
            for row in rolled[low:high]:
                self.feed_rollup(row)
            return
        samples, qualities = rolled.part("samples", low, high), rolled.part("quality", low, high)
        count = sum(samples)
        if self._timed:
            self._hold_rolled(rolled, low, high)
        if self._ended:
            self.good.ends(rolled.column("first")[low], rolled.column("last")[high - 1])
        if self._numeric:
            spread = _spread_of(samples, rolled, low, high) if self._spread else 0.0
            total, least, most = (rolled.part(name, low, high) for name in ("total", "low", "high"))
            self.good.numbers.merge(count, sum(total), min(least), max(most), spread)
        if self._delta:
            self._know([rolled.column("first")[low], rolled.column("last")[high - 1]])
        self.good.some = True
        self.count += count
        self._worst = max(self._worst, *qualities)
        self._state = partial(rolled.newest, high - 1)

    def _hold_rolled(self, rolled: Rolled, low: int, high: int) -> None:
        """Count the times of the rollups, and those between them."""
        since, last = rolled.column("since"), rolled.column("last")
        self._hold(since[low])
        gaps = [since[i + 1] - rolled.end(i) for i in range(low, high - 1)]
        weighted = sum(rolled.column("weighted")[low:high]) + sum(map(mul, last[low : high - 1], gaps))
        self._clock = rolled.end(high - 1)
        held = self._clock - since[low]
        self.good.held_us += held
        self.good.weighted.add(weighted, held)

    @property
    def state(self) -> Point | None:
        """The last sample that was fed, the one before the first bucket if none was."""
        if callable(self._state):  # found out only when somebody asks: mostly others follow at once
            self._state = self._state()
        return self._state

    @state.setter
    def state(self, point: Point | None) -> None:
        self._state = point

    def close(self, end: int) -> None:
        """End the bucket: what was fed stays to be read until the next one is opened."""
        self._hold(end)

    @property
    def quality(self) -> int:
        """The worst quality of the bucket's samples, the one that held if it has none."""
        return self._worst if self.count else self._held_quality

    @property
    def best(self) -> Kept:
        """The good samples, the uncertain ones where none is good."""
        return self.good if self.good.some else self.uncertain

    def _take(self, kept: Kept, values: Sequence[Value]) -> None:
        values = [value for value in values if value is not None] if None in values else values
        if not values:
            return
        kept.ends(values[0], values[-1])
        numbers = numbers_of(values)
        if numbers:
            kept.numbers.add(numbers, spread=self._spread)

    def _know(self, values: Sequence[Value]) -> None:
        numbers = numbers_of(values)
        if numbers:
            if self.delta_from is None:
                self.delta_from = numbers[0]
            self.delta_to = numbers[-1]

    def _hold(self, until: int) -> None:
        """Count the time for which the last sample has held."""
        state = self.state
        if not self._timed or state is None or state.quality >= BAD:
            return
        span = min(until, max(self._until, state.time)) - self._clock
        if span > 0:
            self._span(state.value, state.quality, span)

    def _span(self, value: Value, quality: int, span: int) -> None:
        kept = self.good if quality < UNCERTAIN else self.uncertain
        kept.held_us += span
        if value is not None and not isinstance(value, str):
            kept.weighted.add(value * span, span)
        if self._in_state and value is not None:
            self.states[value] = self.states.get(value, 0) + span

    def _inside(self, columns: Columns, worst: int) -> None:
        """Count the times between the samples."""
        time, value, quality = columns.time, columns.value, columns.quality
        if self._in_state or worst >= UNCERTAIN or time[-1] > self._until or not _all_numbers(value):
            for i in range(len(time) - 1):
                if quality[i] < BAD:
                    end = min(time[i + 1], max(self._until, time[i]))
                    self._span(value[i], quality[i], end - time[i])
            return
        spans = list(map(sub, time[1:], time))
        weight = time[-1] - time[0]
        self.good.held_us += weight
        self.good.weighted.add(float(sum(map(mul, value, spans))), weight)


def _spread_of(samples: Sequence[int], rolled: Rolled, low: int, high: int) -> float:
    """The spread of all samples of the rollups: that within each, and that of their means (Chan, Golub, LeVeque 1983)."""
    means = [total / count for total, count in zip(rolled.column("total")[low:high], samples, strict=True)]
    mean = sum(map(mul, means, samples)) / sum(samples)
    between = sum([count * (one - mean) * (one - mean) for one, count in zip(means, samples, strict=True)])
    return float(sum(rolled.column("spread")[low:high]) + between)


_NUMBER_TYPES = frozenset({float, int, bool})


def _all_numbers(values: Sequence[Value]) -> bool:
    return set(map(type, values)) <= _NUMBER_TYPES


def numbers_of(values: Sequence[Value]) -> Sequence[float]:
    """Those of the values that are numbers."""
    if _all_numbers(values):
        return values  # type: ignore[return-value]  # that is what was found
    return [value for value in values if value is not None and not isinstance(value, str)]


def told(fold: Fold, aggregate: Aggregate, end: int) -> Value:
    """What the closed bucket, which ends at end, comes to."""
    return _TELL[aggregate](fold, end)


def states_of(fold: Fold) -> Mapping[Value, float]:
    """For how many seconds each value held in the closed bucket."""
    return {value: span / _SECOND for value, span in fold.states.items()}


def _held_number(fold: Fold) -> float | None:
    if fold.count or fold.held is None or fold.held.value is None or isinstance(fold.held.value, str):
        return None
    return float(fold.held.value)


def _min(fold: Fold, _end: int) -> Value:
    numbers = fold.best.numbers
    return numbers.low if numbers.count else _held_number(fold)


def _max(fold: Fold, _end: int) -> Value:
    numbers = fold.best.numbers
    return numbers.high if numbers.count else _held_number(fold)


def _mean(fold: Fold, _end: int) -> Value:
    numbers = fold.best.numbers
    return finite(numbers.mean) if numbers.count else _held_number(fold)


def _deviation(fold: Fold, _end: int) -> Value:
    return finite(fold.best.numbers.deviation)


def _first(fold: Fold, _end: int) -> Value:
    if fold.count:
        return fold.best.first
    return None if fold.held is None else fold.held.value


def _last(fold: Fold, _end: int) -> Value:
    if fold.count:
        return fold.best.last
    return None if fold.held is None else fold.held.value


def _delta(fold: Fold, _end: int) -> Value:
    if fold.delta_from is None or fold.delta_to is None:
        return None
    return finite(float(fold.delta_to - fold.delta_from))


def _weighted(fold: Fold, _end: int) -> Value:
    mean = fold.good.weighted.mean
    return finite(fold.uncertain.weighted.mean if mean is None else mean)


def _duration(fold: Fold, _end: int) -> Value:
    return fold.good.held_us / _SECOND


def _percent(fold: Fold, end: int) -> Value:
    return 100.0 * fold.good.held_us / (end - fold.start)


_TELL: Mapping[Aggregate, Callable[[Fold, int], Value]] = {
    Aggregate.MIN: _min,
    Aggregate.MAX: _max,
    Aggregate.MEAN: _mean,
    Aggregate.TIME_WEIGHTED_MEAN: _weighted,
    Aggregate.COUNT: lambda fold, _end: fold.count,
    Aggregate.FIRST: _first,
    Aggregate.LAST: _last,
    Aggregate.DELTA: _delta,
    Aggregate.STDDEV: _deviation,
    Aggregate.DURATION_GOOD: _duration,
    Aggregate.PERCENT_GOOD: _percent,
}
