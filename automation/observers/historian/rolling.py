"""Rollups: what the samples of a span come to, made of the samples themselves or of the rollups of shorter spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from automation.observers.historian.queries.columns import BAD, TIERS, Columns, Part, Rollup
from automation.observers.historian.queries.fold import FROM_ROLLUPS, Fold, Kept

_NONE = Columns((), (), ())


def rollup_of(start: int, columns: Columns) -> Rollup:
    """What samples, one at least and all of one span, come to; durations are told between the first and the last of them."""
    fold = Fold(FROM_ROLLUPS, None, columns.time[-1])
    fold.open(start)
    fold.feed(columns)
    usable = columns.value
    if fold.quality >= BAD or None in usable:
        samples = zip(columns.value, columns.quality, strict=True)
        usable = [value for value, quality in samples if quality < BAD and value is not None]
    known = (usable[0], usable[-1]) if usable else (None, None)
    return _made(fold, columns.time[0], known)


def joined(start: int, rows: Sequence[Rollup]) -> Rollup:
    """What rollups of one span, one at least and in order of time, come to together."""
    if len(rows) == 1:
        return rows[0]._replace(start=start)
    fold = Fold(FROM_ROLLUPS, None, rows[-1].to)
    fold.open(start)
    for row in rows:
        fold.feed_rollup(row)
    usable = [row.known for row in rows if row.known[0] is not None]
    known = (usable[0][0], usable[-1][1]) if usable else (None, None)
    return _made(fold, rows[0].since, known)


def _made(fold: Fold, since: int, known: tuple[object, object]) -> Rollup:
    assert fold.state is not None  # noqa: S101 - something was fed
    return Rollup(
        start=fold.start,
        samples=fold.count,
        quality=fold.quality,
        good=_part(fold.good),
        uncertain=_part(fold.uncertain),
        since=since,
        to=fold.state.time,
        newest=fold.state,
        known=known,  # type: ignore[arg-type]
    )


def _part(kept: Kept) -> Part | None:
    if not (kept.some or kept.held_us):
        return None
    numbers = kept.numbers
    return Part(
        numbers=numbers.count,
        total=numbers.total,
        low=numbers.low if numbers.count else 0.0,
        high=numbers.high if numbers.count else 0.0,
        spread=numbers.spread,
        first=kept.first,
        last=kept.last,
        held_us=kept.held_us,
        weighted_us=kept.weighted.weight,
        weighted=kept.weighted.total,
    )


def spans(columns: Columns, tier: int) -> Iterator[tuple[int, Columns]]:
    """The samples by the span of the tier that each belongs to, with its start."""
    time, low = columns.time, 0
    while low < len(time):
        start = time[low] // tier * tier
        high = bisect_left(time, start + tier, low)
        yield start, columns.part(low, high)
        low = high


@dataclass(slots=True)
class OpenSpans:
    """The spans of one tag that have not ended: the samples of the shortest, and of each longer one what came before them."""

    samples: Columns = _NONE
    longer: list[Rollup | None] = field(default_factory=lambda: [None] * (len(TIERS) - 1))

    def take(self, columns: Columns) -> Iterator[tuple[int, Rollup]]:
        """The spans, tier and rollup, that end because these samples, later than all before, begin others."""
        for start, part in spans(columns, TIERS[0]):
            if self.samples and self.samples.time[0] // TIERS[0] * TIERS[0] != start:
                yield from self._end_shortest()
            self.samples = self.samples.joined(part)
            yield from self._end_longer(start)

    def starts(self) -> Sequence[int]:
        """Where the open span of each tier begins."""
        time = self.samples.time[0]
        return [time // tier * tier for tier in TIERS]

    def _end_shortest(self) -> Iterator[tuple[int, Rollup]]:
        start = self.samples.time[0] // TIERS[0] * TIERS[0]
        row = rollup_of(start, self.samples)
        self.samples = _NONE
        yield TIERS[0], row
        yield from self._give(0, row)

    def _give(self, place: int, row: Rollup) -> Iterator[tuple[int, Rollup]]:
        """Have the longer span at that place take a shorter one that ended."""
        tier = TIERS[place + 1]
        start, open_one = row.start // tier * tier, self.longer[place]
        if open_one is not None and open_one.start != start:
            yield from self._end(place)
            open_one = None
        self.longer[place] = joined(start, [row] if open_one is None else [open_one, row])

    def _end(self, place: int) -> Iterator[tuple[int, Rollup]]:
        row, self.longer[place] = self.longer[place], None
        if row is None:
            return
        yield TIERS[place + 1], row
        if place + 1 < len(self.longer):
            yield from self._give(place + 1, row)

    def _end_longer(self, time: int) -> Iterator[tuple[int, Rollup]]:
        for place in range(len(self.longer)):  # from the shorter ones on, which the longer ones take
            row = self.longer[place]
            if row is not None and row.start + TIERS[place + 1] <= time:
                yield from self._end(place)
