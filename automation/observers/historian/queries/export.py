"""Whole answers as tables that are never in memory as a whole, for files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.queries.aggregates import aggregate
from automation.observers.historian.queries.answering import answer, plot
from automation.observers.historian.queries.answers import Samples
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.columns import Point
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.interpolation import at_instants
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.queries.source import SampleSource, pages

Kind: TypeAlias = Literal["time", "float", "int", "bool", "text"]
Batch: TypeAlias = Sequence[Sequence[Any]]

_ROWS = 2_000
_KINDS: dict[DataType, Kind] = {
    DataType.FLOAT: "float",
    DataType.INT: "int",
    DataType.ENUM: "int",
    DataType.BOOL: "bool",
    DataType.STRING: "text",
}


@dataclass(frozen=True)
class Field:
    """A column. kind time: microseconds."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """Rows in batches; each batch has a column of equal length for each field."""

    fields: Sequence[Field]
    batches: Iterator[Batch]


def table_of(source: SampleSource, question: Question, meter: Meter) -> Table:
    """The whole answer, not only a page; one row per sample, per bucket and tag, or per instant for modes with a time base.

    Raises ``InvalidValueError``, ``BudgetError`` and ``StorageError``, also while the batches are taken.
    """
    meter.span(question.low, question.high)
    if question.mode is Mode.BUCKETS:
        return _buckets(source, question, meter)
    if question.mode in (Mode.TABLE, Mode.INTERPOLATED):
        return _rows(source, question, meter)
    fields = [Field("tag", "text"), Field("time", "time"), Field("value", _kind(source, question.tags)), Field("quality", "int")]
    return Table(fields, _samples(source, question, meter))


def _samples(source: SampleSource, question: Question, meter: Meter) -> Iterator[Batch]:
    if question.mode is Mode.AT:
        for series in answer(source, question, meter).series:
            if isinstance(series, Samples):
                yield _batch(series.tag, series.time, series.value, series.quality)
        return
    for tag in question.tags:
        if question.mode is Mode.PLOT:
            line = plot(source, tag, question, meter)
            yield _batch(tag, line.time, line.value, line.quality)
            continue
        before = source.before(tag, question.low) if question.bounds.before else None
        yield from _single(tag, before)
        for page in pages(source, tag, question.low, question.high, meter):
            yield _batch(tag, page.time, page.value, page.quality)
        yield from _single(tag, source.after(tag, question.high) if question.bounds.after else None)


def _single(tag: str, point: Point | None) -> Iterator[Batch]:
    if point is not None:
        yield _batch(tag, [point.time], [point.value], [point.quality])


def _batch(tag: str, time: Sequence[int], value: Sequence[Value], quality: Sequence[int]) -> Batch:
    return [tag] * len(time), time, value, quality


def _buckets(source: SampleSource, question: Question, meter: Meter) -> Table:
    edges = question.edges(meter)
    value = _kind(source, question.tags)
    kinds: Mapping[Aggregate, Kind] = {
        Aggregate.COUNT: "int",
        Aggregate.FIRST: value,
        Aggregate.LAST: value,
        Aggregate.DURATION_IN_STATE: "text",
    }
    fields = [Field("tag", "text"), Field("time", "time")]
    fields += [Field(one.value, kinds.get(one, "float")) for one in question.aggregates]

    def batches() -> Iterator[Batch]:
        for tag in question.tags:
            found = aggregate(source, tag, edges, question.aggregates, meter)
            states = [] if found.states is None else _state_texts(found.states, len(edges))
            columns = [found.columns.get(one, states) for one in question.aggregates]
            for low in range(0, len(edges), _ROWS):
                part = slice(low, low + _ROWS)
                rows = found.time[part]
                yield [tag] * len(rows), rows, *(column[part] for column in columns), found.quality[part]

    return Table([*fields, Field("quality", "int")], batches())


def _state_texts(states: Mapping[Value, Sequence[float]], length: int) -> Sequence[str]:
    names = [(json.dumps(value), seconds) for value, seconds in states.items()]
    return [json.dumps({name: seconds[i] for name, seconds in names if seconds[i]}) for i in range(length)]


def _rows(source: SampleSource, question: Question, meter: Meter) -> Table:
    instants = question.instants(meter).starts
    meter.points(len(instants) * len(question.tags))
    fields = [Field("time", "time")]
    for tag in question.tags:
        fields += [Field(tag, _kind(source, [tag])), Field(f"{tag} quality", "int")]

    def batches() -> Iterator[Batch]:
        columns = [at_instants(source, tag, instants, meter, linear=question.linear) for tag in question.tags]
        for low in range(0, len(instants), _ROWS):
            parts: list[Sequence[Any]] = [instants[low : low + _ROWS]]
            for column in columns:
                points = list(islice(column, _ROWS))
                parts += [point.value for point in points], [point.quality for point in points]
            yield parts

    return Table(fields, batches())


def _kind(source: SampleSource, tags: Sequence[str]) -> Kind:
    """What a column holds that has the values of all these tags."""
    kinds = {_KINDS[kind] for tag in tags if (kind := source.type_of(tag)) is not None}
    if len(kinds) == 1:
        return kinds.pop()
    return "text" if "text" in kinds else "float"
