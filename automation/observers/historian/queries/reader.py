"""What feeds a fold: rollups where they fit, samples elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import tee

from automation.model.sample import Value
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import Fold
from automation.observers.historian.queries.rollups import Piece, RollupCursor, SampleCursor, cover, usable
from automation.observers.historian.queries.source import SampleSource

_LONG = 86_400_000_000


class Reader:
    """Feeds what a fold needs of one bucket after the other, from rollups where that is permitted and they fit."""

    def __init__(self, source: SampleSource, tag: str, edges: Edges, meter: Meter, *, rollups: bool) -> None:
        tiers = usable(source, tag, edges) if rollups else ()
        plan = (tuple(cover(start, edges.end_of(i), tiers)) for i, start in enumerate(edges.starts))
        self._plan: Iterator[Sequence[Piece]]
        self._pieces: Sequence[Piece] | None = None  # of a bucket that was looked at and is not fed yet
        self._plan, *ahead = tee(plan, len(tiers) + 2)
        self._cursors = {tier: RollupCursor(source, tag, tier, _ranges(ahead.pop(), tier), meter) for tier, _, _ in tiers}
        ranges = _ranges(ahead.pop(), 0) if tiers else iter([(edges.start, edges.end)])
        self._samples = SampleCursor(source, tag, ranges, meter)

    def outline(self) -> tuple[Value, float, float, Value] | None:
        """First, least, greatest and last value of the next bucket, which is then behind.

        None if it is not made of rollups of good numbers alone, all of one tier; ``feed`` then has to be asked.
        """
        pieces = self._pieces = next(self._plan)
        found = self._cursors[pieces[0].tier].plain(*pieces[0][1:]) if len(pieces) == 1 and pieces[0].tier else None
        if found is None:
            return None
        self._pieces = None
        rolled, low, high = found
        first, last = rolled.column("first")[low], rolled.column("last")[high - 1]
        return first, min(rolled.column("low")[low:high]), max(rolled.column("high")[low:high]), last

    def feed(self, fold: Fold) -> None:
        """Give the fold all that is in the next bucket."""
        pieces, self._pieces = self._pieces, None
        for piece in next(self._plan) if pieces is None else pieces:
            if piece.tier:
                self._cursors[piece.tier].feed(fold, piece.low, piece.high)
            else:
                for columns in self._samples.pieces(piece.low, piece.high):
                    fold.feed(columns)


def _ranges(plan: Iterable[Sequence[Piece]], tier: int) -> Iterator[tuple[int, int]]:
    """The ranges of which the tier is read, samples if it is 0; those that follow each other are one, up to some length."""
    low = high = 0
    for piece in (piece for pieces in plan for piece in pieces if piece.tier == tier):
        if piece.low == high and low < high < low + _LONG:
            high = piece.high
            continue
        if high > low:
            yield low, high
        low, high = piece.low, piece.high
    if high > low:
        yield low, high
