"""Buckets computed in the plainest way, to compare with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from automation.model.quality import Quality
from automation.observers.historian.buckets import Grid
from automation.observers.historian.series import BucketSeries
from automation.storage.micros import from_micros


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the samples of one bucket that has any come to; last: its newest sample."""

    index: int
    min: float | None
    max: float | None
    mean: float | None
    count: int
    quality: int
    last_value: float | None
    last_quality: int


class State(NamedTuple):
    """What is known after a sample. value: None for text or nothing."""

    value: float | None
    quality: int


UNKNOWN = State(None, int(Quality.BAD_WAITING_FOR_INITIAL_DATA))


def fill(tag: str, grid: Grid, aggregates: Iterable[Aggregate], before: State, until: int) -> BucketSeries:
    """The series of all buckets of the grid.

    An empty bucket holds the value before it, since only changes are recorded, unless that was BAD or the bucket begins after
    the record ends. before: state at the start of the grid. until: how far the record reaches, microseconds.
    """
    known = {aggregate.index: aggregate for aggregate in aggregates}
    state = before
    filled: list[Aggregate] = []
    for index, start in enumerate(grid.starts()):
        aggregate = known.get(index)
        if aggregate is None:
            aggregate = _held(index, state if start <= until else UNKNOWN)
        else:
            state = State(aggregate.last_value, aggregate.last_quality)
        filled.append(aggregate)
    return BucketSeries(
        tag=tag,
        time=[from_micros(start) for start in grid.starts()],
        min=[a.min for a in filled],
        max=[a.max for a in filled],
        mean=[a.mean for a in filled],
        count=[a.count for a in filled],
        quality=[a.quality for a in filled],
    )


def _held(index: int, state: State) -> Aggregate:
    value = None if state.quality >= Quality.BAD else state.value
    return Aggregate(index, value, value, value, 0, state.quality, value, state.quality)
