"""Rollups: what the samples of a span come to, made of the samples themselves or of the rollups of shorter spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import mul, sub
from typing import Any, cast

from automation.observers.historian.queries.columns import BAD, TIERS, UNCERTAIN, Columns, Part, Point, Rollup
from automation.observers.historian.queries.fold import FROM_ROLLUPS, Fold, Kept
from automation.observers.historian.queries.numbers import spread_of
from automation.observers.historian.queries.rolled import is_plain

_NONE = Columns((), (), ())
_NUMBERS = frozenset({float, int, bool})


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
    if all(map(is_plain, rows)):
        return _joined_plain(start, rows)
    fold = Fold(FROM_ROLLUPS, None, rows[-1].to)
    fold.open(start)
    for row in rows:
        fold.feed_rollup(row)
    usable = [row.known for row in rows if row.known[0] is not None]
    known = (usable[0][0], usable[-1][1]) if usable else (None, None)
    return _made(fold, rows[0].since, known)


def _joined_plain(start: int, rows: Sequence[Rollup]) -> Rollup:
    """What rollups of good numbers alone come to."""
    columns: Any = zip(*(cast("Part", row.good) for row in rows), strict=True)
    numbers, totals, lows, highs, spreads, firsts, lasts, _, _, weights = columns
    count, total, quality = sum(numbers), sum(totals), max(row.quality for row in rows)
    mean = total / count
    apart = [one / of - mean for one, of in zip(totals, numbers, strict=True)]
    spread = sum(spreads) + sum([far * far * of for far, of in zip(apart, numbers, strict=True)])
    gaps = [after.since - row.to for row, after in pairwise(rows)]
    weighted = sum(weights) + sum(map(mul, lasts, gaps))
    since, to = rows[0].since, rows[-1].to
    part = Part(count, total, min(lows), max(highs), spread, firsts[0], lasts[-1], to - since, to - since, weighted)
    return Rollup(start, count, quality, part, None, since, to, rows[-1].newest, (firsts[0], lasts[-1]))


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


def rollups_of(columns: Columns, tier: int) -> list[Rollup]:
    """What the samples, in order of time, come to in each span of the tier."""
    if not columns:
        return []
    if max(columns.quality) >= UNCERTAIN or not set(map(type, columns.value)) <= _NUMBERS:
        return [rollup_of(start, part) for start, part in spans(columns, tier)]
    time, found, low = columns.time, [], 0
    steps = list(map(sub, time[1:], time))
    same = columns.quality.count(columns.quality[0]) == len(time)
    while low < len(time):
        start = time[low] // tier * tier
        high = bisect_left(time, start + tier, low)
        quality = columns.quality[0] if same else max(columns.quality[low:high])
        found.append(_of_good_numbers(start, columns, steps, quality, range(low, high)))
        low = high
    return found


def _of_good_numbers(start: int, columns: Columns, steps: Sequence[int], quality: int, places: range) -> Rollup:
    """The rollup of the samples in these places. steps: from each sample to the next. quality: the worst of theirs."""
    low, high, count = places.start, places.stop, len(places)
    values: Sequence[float] = columns.value[low:high]  # type: ignore[assignment]  # that is what was found
    first, last, since, to = values[0], values[-1], columns.time[low], columns.time[high - 1]
    total = float(sum(values))
    spread = weighted = 0.0
    if count > 1:
        spread = spread_of(values, total / count)
        weighted = float(sum(map(mul, values, steps[low : high - 1])))
    part = Part(count, total, float(min(values)), float(max(values)), spread, first, last, to - since, to - since, weighted)
    newest = Point(to, last, columns.quality[high - 1])
    return Rollup(start, count, quality, part, None, since, to, newest, (first, last))


class OpenSpans:
    """The spans of one tag that have not ended: the samples of the shortest, and of each longer one what came before them.

    shelves: where for each tier the shelf begins to which rollups came last, None if that is not known.
    """

    __slots__ = ("longer", "samples", "shelves")

    def __init__(self) -> None:
        self.samples = _NONE
        self.longer: list[Rollup | None] = [None] * (len(TIERS) - 1)
        self.shelves: list[int | None] = [None] * len(TIERS)

    def take(self, columns: Columns) -> list[list[Rollup]]:
        """The rollups of each tier that end because these samples, later than all before, begin others."""
        whole = self.samples.joined(columns)
        now = whole.time[-1]
        cut = bisect_left(whole.time, now // TIERS[0] * TIERS[0])
        self.samples = whole.part(cut, len(whole))
        found = [rollups_of(whole.part(0, cut), TIERS[0])]
        for place in range(len(self.longer)):
            found.append(self._give(place, found[place], now))
        return found

    def _give(self, place: int, rows: Sequence[Rollup], now: int) -> list[Rollup]:
        """Have the longer span at that place take shorter ones that ended; those of its tier that end by now."""
        tier, open_one = TIERS[place + 1], self.longer[place]
        if not rows and (open_one is None or open_one.start + tier > now):
            return []
        ended = [] if open_one is None else [open_one]
        for start, group in groupby(rows, key=lambda row: row.start // tier * tier):
            if ended and ended[-1].start == start:
                ended[-1] = joined(start, [ended[-1], *group])
            else:
                ended.append(joined(start, list(group)))
        self.longer[place] = ended.pop() if ended[-1].start + tier > now else None
        return ended
