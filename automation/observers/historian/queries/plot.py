"""Down-sampling for a line of so many pixels: what could be seen is not lost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from automation.model.quality import Quality
from automation.model.sample import Value
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import BAD, UNCERTAIN, Columns
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import Aggregate, Fold, numbers_of
from automation.observers.historian.queries.reader import Reader
from automation.observers.historian.queries.source import SampleSource, pages

GOOD = int(Quality.GOOD)
_SHOWN = frozenset({Aggregate.MIN, Aggregate.MAX, Aggregate.FIRST, Aggregate.LAST})
POINTS_PER_PIXEL = 4  # a column of pixels needs no more: first, least, greatest, last


class Gathering:
    """Points on their way into columns."""

    def __init__(self) -> None:
        self.time: list[int] = []
        self.value: list[Value] = []
        self.quality: list[int] = []

    def add(self, time: int, value: Value, quality: int) -> None:
        """Append a point, whose time is not before the last one's; a BAD one has no value, so that the line breaks."""
        self.time.append(time)
        self.value.append(None if quality >= BAD else value)
        self.quality.append(quality)

    def columns(self) -> Columns:
        """All of them."""
        return Columns(self.time, self.value, self.quality)


def min_max(source: SampleSource, tag: str, edges: Edges, meter: Meter) -> Columns:
    """Of each bucket the first, least, greatest and last sample of every run without a break, and one of every break."""
    found = Gathering()
    for page in pages(source, tag, edges.start, edges.end, meter):
        low = 0
        while low < len(page):
            high = bisect_left(page.time, edges.end_of(edges.index(page.time[low])), low)
            _keep_extremes(page.part(low, high), found)
            low = high
    return found.columns()


def from_rollups(source: SampleSource, tag: str, edges: Edges, meter: Meter) -> Columns:
    """Of each bucket the first, least, greatest and last good value, spread over its time, and a break where it ends BAD.

    Where the samples of a pixel are is not known of rollups, and could not be seen.
    """
    found = Gathering()
    fold = Fold(_SHOWN, source.before(tag, edges.start), source.until())
    reader = Reader(source, tag, edges, meter, rollups=True)
    for index in range(len(edges)):
        low, high = edges.starts[index], edges.end_of(index)
        outline = reader.outline()
        if outline is not None:
            _spread(outline, low, high, GOOD, found)
            continue
        fold.open(low)
        reader.feed(fold)
        fold.close(high)
        if not fold.count:
            continue
        best, quality = fold.best, GOOD if fold.best is fold.good else UNCERTAIN
        values = [best.first, best.numbers.low, best.numbers.high, best.last] if best.numbers.count else []
        _spread(values, low, high, quality, found)
        if fold.state is not None and fold.state.quality >= BAD:
            found.add(high - 1, None, fold.state.quality)
    return found.columns()


def _spread(values: Sequence[Value], low: int, high: int, quality: int, found: Gathering) -> None:
    for place, value in enumerate(values):
        found.add(low + (high - low) * place // POINTS_PER_PIXEL, value, quality)


def triangles(line: Columns, count: int) -> Columns:
    """About count points of the line that keep its look, see ``lttb``, and its breaks; text, which has no look, as it is.

    line: a selection that has the extremes already, so that a long one need not be in memory (MinMaxLTTB, Van Der Donckt 2023).
    """
    found = Gathering()
    for begin, end in runs(line):
        part = line.part(begin, end)
        numbers = numbers_of(part.value)
        bad = part.quality[0] >= BAD
        share = max(3, round(count * len(part) / len(line)))
        kept = range(len(part)) if bad or len(numbers) < len(part) else lttb(part.time, numbers, share)
        for i in kept:
            found.add(*part.point(i))
    return found.columns()


def lttb(time: Sequence[int], value: Sequence[float], count: int) -> list[int]:
    """The indices of count points that keep the look of the line (largest triangle three buckets, Steinarsson 2013).

    The first and the last are among them; all are if there are no more than count, which is 3 or more.
    """
    total = len(time)
    if total <= count:
        return list(range(total))
    every = (total - 2) / (count - 2)
    kept = [0]
    for bucket in range(count - 2):
        low, high = int(bucket * every) + 1, int((bucket + 1) * every) + 1
        following = min(int((bucket + 2) * every) + 1, total)
        kept.append(_farthest(time, value, kept[-1], low, high, max(following, high + 1)))
    kept.append(total - 1)
    return kept


def _farthest(time: Sequence[int], value: Sequence[float], last: int, low: int, high: int, following: int) -> int:
    """The point of [low, high) that makes the largest triangle with the last one kept and the middle of [high, following)."""
    span = following - high
    run = sum(time[high:following]) / span - time[last]
    level = value[last]
    rise = sum(value[high:following]) / span - level
    at = time[last]
    areas = [abs((time[i] - at) * rise - (value[i] - level) * run) for i in range(low, high)]
    return low + areas.index(max(areas))


def extremes(values: Sequence[Value]) -> list[int]:
    """The indices of the first, least, greatest and last of numbers, in their order and each once; of the ends of all else."""
    numbers = numbers_of(values)
    last = len(values) - 1
    if len(numbers) < len(values):
        return sorted({0, last})
    return sorted({0, numbers.index(min(numbers)), numbers.index(max(numbers)), last})


def runs(columns: Columns) -> Iterator[tuple[int, int]]:
    """The parts of the samples in which none or all are BAD, as indices."""
    quality = columns.quality
    if quality and max(quality) < BAD:
        yield 0, len(quality)
        return
    low = 0
    for i in range(1, len(quality) + 1):
        if i == len(quality) or (quality[i] >= BAD) != (quality[low] >= BAD):
            yield low, i
            low = i


def _keep_extremes(piece: Columns, found: Gathering) -> None:
    for low, high in runs(piece):
        part = piece.part(low, high)
        for i in [0] if part.quality[0] >= BAD else extremes(part.value):
            found.add(*part.point(i))
