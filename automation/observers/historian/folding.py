"""A range in equal buckets with the usual aggregates, from rollups where they fit."""

from __future__ import annotations

from automation.observers.historian.buckets import Grid
from automation.observers.historian.queries.aggregates import aggregate
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.source import SampleSource
from automation.observers.historian.series import BucketSeries
from automation.storage.micros import from_micros

_USUAL = (Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.COUNT)
_UNBOUNDED = Budget(points=2**62, days=1e9, samples=2**62, seconds=1e9)


def folded(source: SampleSource, tag: str, grid: Grid) -> BucketSeries:
    """The tag in the buckets of the grid. Raises ``StorageError``."""
    starts = grid.starts()
    found = aggregate(source, tag, Edges(starts, grid.end), _USUAL, Meter(_UNBOUNDED))
    return BucketSeries(
        tag=tag,
        time=[from_micros(start) for start in starts],
        min=found.columns[Aggregate.MIN],  # type: ignore[arg-type]  # these four are numbers
        max=found.columns[Aggregate.MAX],  # type: ignore[arg-type]
        mean=found.columns[Aggregate.MEAN],  # type: ignore[arg-type]
        count=found.columns[Aggregate.COUNT],  # type: ignore[arg-type]
        quality=found.quality,
    )
