"""Values at instants: what held then, or what lies between the samples around."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import BAD, Columns, Point, known, quality_at
from automation.observers.historian.queries.source import SampleSource

_PAGE_LEAST, _PAGE_MOST = 16, 10_000


def at_instants(source: SampleSource, tag: str, instants: Sequence[int], meter: Meter, *, linear: bool = True) -> Iterator[Point]:
    """What is known of the tag at each of the instants, ascending microseconds; value None where nothing is.

    linear: a float lies on the line between the samples around it; all else, and without it, holds until the next sample. The
    line ends at BAD samples: before one, and after the last sample, the value holds and is uncertain. Raises ``BudgetError``.
    """
    between = linear and source.type_of(tag) is DataType.FLOAT
    until = source.until()
    if len(instants) == 1 and not between:  # of many tags at once only what holds is read
        meter.touch(1)
        yield _value(source.before(tag, instants[0] + 1), None, instants[0], until, linear=False)
        return
    walk = _Walk(source, tag, meter)
    for instant in instants:
        before, after = walk.around(instant)
        yield _value(before, after, instant, until, linear=between)


def _value(before: Point | None, after: Point | None, instant: int, until: int, *, linear: bool) -> Point:
    holding = known(before, instant, until)
    if holding is None:
        return Point(instant, None, quality_at(before, instant, until))
    low = _number(holding)
    if not linear or low is None or holding.time == instant:
        return Point(instant, holding.value, holding.quality)
    high = None if after is None or after.quality >= BAD else _number(after)
    if after is None or high is None:
        return Point(instant, holding.value, max(holding.quality, int(Quality.UNCERTAIN)))
    part = (instant - holding.time) / (after.time - holding.time)
    return Point(instant, low * (1.0 - part) + high * part, max(holding.quality, after.quality))


def _number(point: Point) -> float | None:
    return None if point.value is None or isinstance(point.value, str) else float(point.value)


class _Walk:
    """Reads the samples around instants that ascend: page by page where they are dense, one by one where they are far apart."""

    def __init__(self, source: SampleSource, tag: str, meter: Meter) -> None:
        self._source = source
        self._tag = tag
        self._meter = meter
        self._page = Columns((), (), ())
        self._before: Point | None = None  # the last sample before the page
        self._last = False  # nothing comes after the page
        self._size = _PAGE_LEAST

    def around(self, instant: int) -> tuple[Point | None, Point | None]:
        """The last sample at the instant or before it, and the first one after it."""
        page = self._page
        if not (self._last or (page and page.time[-1] > instant)):
            page = self._load(instant)
        place = bisect_right(page.time, instant)
        before = page.point(place - 1) if place else self._before
        return before, (page.point(place) if place < len(page) else None)

    def _load(self, instant: int) -> Columns:
        # A page that reached over several instants may be larger the next time; a jump over samples begins small again.
        following = bool(self._page) and self._reaches(instant)
        self._size = min(self._size * 4, _PAGE_MOST) if following else _PAGE_LEAST
        self._before = self._source.before(self._tag, instant + 1)
        self._page = self._source.columns(self._tag, instant + 1, _FOREVER, self._size)
        self._last = len(self._page) < self._size
        self._meter.touch(len(self._page) + 1)
        return self._page

    def _reaches(self, instant: int) -> bool:
        """True if a page as long as the last one would have reached the instant."""
        first, last = self._page.time[0], self._page.time[-1]
        return instant <= last + (last - first)


_FOREVER = 2**62
