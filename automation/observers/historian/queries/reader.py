"""What feeds a fold: rollups where they fit, samples elsewhere."""

from __future__ import annotations

from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import Fold
from automation.observers.historian.queries.rollups import RollupCursor, SampleCursor, cover, usable
from automation.observers.historian.queries.source import SampleSource


class Reader:
    """Feeds what a fold needs of one range after the other, from rollups where that is permitted and they fit."""

    def __init__(self, source: SampleSource, tag: str, edges: Edges, meter: Meter, *, rollups: bool) -> None:
        width = max((edges.end_of(i) - edges.starts[i] for i in range(len(edges))), default=0)  # the outer ones may be cut off
        self._tiers = usable(source, tag, width) if rollups else ()
        self._cursors = {tier: RollupCursor(source, tag, tier, meter) for tier, _, _ in self._tiers}
        self._samples = SampleCursor(source, tag, edges.end, meter, dense=not self._tiers)

    def feed(self, fold: Fold, low: int, high: int) -> None:
        """Give the fold all that is from low up to high, which is not before the last call's high."""
        for piece in cover(low, high, self._tiers):
            if piece.tier:
                self._cursors[piece.tier].feed(fold, piece.low, piece.high)
            else:
                for columns in self._samples.pieces(piece.low, piece.high):
                    fold.feed(columns)
