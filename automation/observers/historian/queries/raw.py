"""Samples as they were recorded, in pages and with what bounds them."""

from __future__ import annotations

from automation.observers.historian.queries.answers import Bounds, Samples
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import PAGE, Columns, Point
from automation.observers.historian.queries.source import SampleSource


def raw(source: SampleSource, tag: str, low: int, high: int, limit: int, bounds: Bounds, meter: Meter) -> Samples:
    """The first limit samples of the range; after the one before it and before the one after it, where bounds asks for them.

    The one after is given with the last page only. Raises ``BudgetError``, ``StorageError``.
    """
    before = source.before(tag, low) if bounds.before else None
    found = Columns([], [], [])
    position, more = low, False
    while position < high and not more:
        page = source.columns(tag, position, high, min(PAGE, limit + 1 - len(found)))
        meter.touch(len(page))
        if not page:
            break
        found = found.joined(page)
        position = page.time[-1] + 1
        more = len(found) > limit
        if len(page) < PAGE and not more:
            break
    found = found.part(0, limit)
    meter.points(len(found))
    after = source.after(tag, high) if bounds.after and not more else None
    return _bounded(tag, before, found, after, more=more)


def _bounded(tag: str, before: Point | None, found: Columns, after: Point | None, *, more: bool) -> Samples:
    first = [] if before is None else [before]
    last = [] if after is None else [after]
    return Samples(
        tag=tag,
        time=[*(p.time for p in first), *found.time, *(p.time for p in last)],
        value=[*(p.value for p in first), *found.value, *(p.value for p in last)],
        quality=[*(p.quality for p in first), *found.quality, *(p.quality for p in last)],
        before=before is not None,
        after=after is not None,
        more=more,
    )
