"""Answers to questions, whole or a page of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from automation.observers.historian.queries.aggregates import aggregate
from automation.observers.historian.queries.answers import Answer, Bounds, Samples, Series
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.edges import at_multiples, equal
from automation.observers.historian.queries.interpolation import at_instants
from automation.observers.historian.queries.paging import Place, digest_of, place_of, token_of
from automation.observers.historian.queries.plot import POINTS_PER_PIXEL, from_rollups, min_max, triangles
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.queries.raw import raw
from automation.observers.historian.queries.rollups import finest_at, rounded_width, usable
from automation.observers.historian.queries.source import SampleSource
from automation.storage.calendar import step_of

_FINER = 4  # buckets of one pixel of which the triangles are made


def answer(source: SampleSource, question: Question, meter: Meter) -> Answer:
    """The answer. Raises ``InvalidValueError``, ``BudgetError`` and ``StorageError``."""
    meter.span(question.low, question.high)
    found = _ANSWERS[question.mode](source, question, meter)
    return replace(found, series=[_told(source, series, question.low) for series in found.series])


def _told(source: SampleSource, series: Series, low: int) -> Series:
    """The series with the time from which on samples are kept, where the range begins before it."""
    kept = source.kept_from(series.tag)
    return series if kept is None or kept <= low else replace(series, kept_from=kept)


def _raw(source: SampleSource, question: Question, meter: Meter) -> Answer:
    digest = digest_of(*question.sense)
    if question.token:
        place = place_of(question.token, digest, len(question.tags))
        bounds = replace(question.bounds, before=False)
    else:
        place = Place(low=question.low, high=question.high, at=(question.low,) * len(question.tags))
        bounds = question.bounds
    series: list[Samples] = []
    following: list[int | None] = []
    for tag, at in zip(question.tags, place.at, strict=True):
        if at is None:
            series.append(Samples(tag=tag, time=(), value=(), quality=()))
            following.append(None)
            continue
        found = raw(source, tag, at, place.high, question.limit, bounds, meter)
        series.append(found)
        following.append(found.time[-1] + 1 if found.more else None)
    left = replace(place, at=tuple(following))
    return Answer(series=series, until=source.until(), next="" if left.over else token_of(left, digest))


def _buckets(source: SampleSource, question: Question, meter: Meter) -> Answer:
    edges = question.edges(meter)
    series = [aggregate(source, tag, edges, question.aggregates, meter) for tag in question.tags]
    return Answer(series=series, until=source.until())


def _plot(source: SampleSource, question: Question, meter: Meter) -> Answer:
    return Answer(series=[plot(source, tag, question, meter) for tag in question.tags], until=source.until())


def plot(source: SampleSource, tag: str, question: Question, meter: Meter) -> Samples:
    """The tag as a line for so many pixels, with the samples before and after the range: as recorded where that is little.

    Where the range begins before the samples that are kept, it is made of rollups, and has as many points as they give.
    """
    kept = source.kept_from(tag)
    if kept is not None and question.low < kept:
        return _thinned(source, tag, question, kept, meter)
    few = question.width * POINTS_PER_PIXEL
    found = raw(source, tag, question.low, question.high, few, Bounds(before=True, after=True), meter)
    if not found.more:
        return replace(found, method="raw")
    if question.method == "lttb":
        line = _extremes(source, tag, question, question.width * _FINER, meter)
        return _framed(source, tag, triangles(line, few), question, "lttb")
    return _framed(source, tag, _extremes(source, tag, question, question.width, meter), question, "minmax")


def _thinned(source: SampleSource, tag: str, question: Question, kept: int, meter: Meter) -> Samples:
    tier = finest_at(source, tag, question.low)
    width = max(rounded_width(question.low, question.high, question.width), tier)
    whole = at_multiples(question.low // tier * tier, -(-question.high // tier) * tier, width)
    line = from_rollups(source, tag, whole, meter)
    times = [min(max(time, question.low), question.high - 1) for time in line.time]
    framed = _framed(source, tag, replace(line, time=times), question, "minmax")
    return framed if kept <= question.high or not framed.after else _without_last(framed)  # that one may be long after


def _without_last(found: Samples) -> Samples:
    return replace(found, time=found.time[:-1], value=found.value[:-1], quality=found.quality[:-1], after=False)


def _extremes(source: SampleSource, tag: str, question: Question, count: int, meter: Meter) -> Columns:
    width = rounded_width(question.low, question.high, count)
    if width:
        edges = at_multiples(question.low, question.high, width)
        if usable(source, tag, edges):
            return from_rollups(source, tag, edges, meter)
    return min_max(source, tag, equal(question.low, question.high, count), meter)


def _framed(source: SampleSource, tag: str, kept: Columns, question: Question, method: str) -> Samples:
    before, after = source.before(tag, question.low), source.after(tag, question.high)
    points = [*([before] if before else []), *map(kept.point, range(len(kept))), *([after] if after else [])]
    return replace(_samples(tag, points), before=before is not None, after=after is not None, method=method)


def _interpolated(source: SampleSource, question: Question, meter: Meter) -> Answer:
    instants = question.instants(meter)
    return _rows(source, question, instants.starts, meter)


def _at(source: SampleSource, question: Question, meter: Meter) -> Answer:
    return _rows(source, question, [source.until() if question.latest else question.low], meter)


def _table(source: SampleSource, question: Question, meter: Meter) -> Answer:
    digest = digest_of(*question.sense)
    begin = Place(low=question.low, high=question.high, at=(question.low,))
    place = place_of(question.token, digest, 1) if question.token else begin
    instants = table_instants(replace(question, low=place.low, high=place.high), place.at[0] or 0, meter)
    found = _rows(source, question, instants[: question.limit], meter)
    if len(instants) <= question.limit:
        return found
    left = replace(place, at=(instants[question.limit],))
    return replace(found, next=token_of(left, digest))


def table_instants(question: Question, begin: int, meter: Meter) -> Sequence[int]:
    """The instants of the rows of a table from begin on, one more than the limit at most."""
    if question.step:  # only so far as the page reaches, so that a long table costs no more than its pages
        reach = min(question.high, begin + 2 * (question.limit + 2) * step_of(question.step).least_us)
        question = replace(question, low=begin, high=max(reach, begin + 1))
    starts = question.edges(meter).starts
    return list(islice((start for start in starts if start >= begin), question.limit + 1))


def _rows(source: SampleSource, question: Question, instants: Sequence[int], meter: Meter) -> Answer:
    meter.points(len(instants) * len(question.tags))
    series: list[Series] = []
    for tag in question.tags:
        points = list(at_instants(source, tag, instants, meter, linear=question.linear))
        series.append(_samples(tag, points))
    return Answer(series=series, until=source.until(), time=instants)


def _samples(tag: str, points: Sequence[Point]) -> Samples:
    return Samples(
        tag=tag,
        time=[point.time for point in points],
        value=[point.value for point in points],
        quality=[point.quality for point in points],
    )


_ANSWERS: dict[Mode, Callable[[SampleSource, Question, Meter], Answer]] = {
    Mode.RAW: _raw,
    Mode.BUCKETS: _buckets,
    Mode.PLOT: _plot,
    Mode.INTERPOLATED: _interpolated,
    Mode.TABLE: _table,
    Mode.AT: _at,
}
