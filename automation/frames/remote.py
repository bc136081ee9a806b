"""Answers of the REST interface as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from automation.client.client import Json
from automation.client.history import HistoryClient
from automation.observers.historian.queries.export import Batch, Field, Kind, Table
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Mode, Question
from automation.storage.micros import from_micros, to_micros

_WIDE = (Mode.TABLE, Mode.INTERPOLATED)
_TYPES: Mapping[type, Kind] = {bool: "bool", int: "int", float: "float", str: "text"}


def remote_table(client: HistoryClient, question: Question) -> Table:
    """The answer of the runtime as a table like that of ``table_of``; what its columns hold is seen from the values."""
    pages = list(client.pages(_body(question)))
    if question.mode in _WIDE:
        return _wide(pages, question)
    columns = [one.value for one in question.aggregates] if question.mode is Mode.BUCKETS else ["value"]
    batches = [batch for page in pages for batch in _long(page, columns)]
    kinds = [_kind(value for batch in batches for value in batch[place]) for place in range(2, 2 + len(columns))]
    named = [Field(name, kind) for name, kind in zip(columns, kinds, strict=True)]
    return Table([Field("tag", "text"), Field("time", "time"), *named, Field("quality", "int")], iter(batches))


def _body(question: Question) -> Mapping[str, object]:
    body: dict[str, object] = {
        "tags": list(question.tags),
        # Steps begin where the zone says, in every mode that has some.
        "mode": "table" if question.mode is Mode.INTERPOLATED else question.mode.value,
        "buckets": question.count,
        "interpolation": "linear" if question.linear else "stepped",
        "width": question.width,
        "method": question.method,
        "format": "json",
    }
    if question.mode is Mode.AT:
        body |= {} if question.latest else {"at": from_micros(question.low)}
    else:
        body |= {"start": from_micros(question.low), "end": from_micros(question.high)}
    if question.mode is Mode.BUCKETS:
        body["aggregates"] = [one.value for one in question.aggregates]
    if question.mode is Mode.RAW:
        body["bounds"] = "none"
    if question.step:
        body |= {"step": question.step, "tz": question.zone}
    return body


def _micros(times: Sequence[float]) -> Sequence[int]:
    return [to_micros(time) for time in times]


def _long(page: Json, columns: Sequence[str]) -> Iterator[Batch]:
    for series in page["series"]:
        times = _micros(series["time"] if "time" in series else page["time"])
        if times:
            yield [series["tag"]] * len(times), times, *(_column(series, name, len(times)) for name in columns), series["quality"]


def _column(series: Mapping[str, Any], name: str, length: int) -> Sequence[Any]:
    if name != Aggregate.DURATION_IN_STATE:
        found: Sequence[Any] = series[name]
        return found
    states: Mapping[str, Sequence[float]] = series[name]
    return [json.dumps({state: seconds[i] for state, seconds in states.items() if seconds[i]}) for i in range(length)]


def _wide(pages: Sequence[Json], question: Question) -> Table:
    batches: list[Batch] = []
    for page in pages:
        columns: list[Sequence[Any]] = [_micros(page["time"])]
        for series in page["series"]:
            columns += series["value"], series["quality"]
        batches.append(columns)
    fields = [Field("time", "time")]
    for place, tag in enumerate(question.tags):
        kind = _kind(value for batch in batches for value in batch[1 + 2 * place])
        fields += [Field(tag, kind), Field(f"{tag} quality", "int")]
    return Table(fields, iter(batches))


def _kind(values: Iterator[Any]) -> Kind:
    """What the values are, float if there are none; text where they are of several kinds and one is text."""
    kinds = {_TYPES[type(value)] for value in values if value is not None}
    if len(kinds) == 1:
        return kinds.pop()
    return "text" if "text" in kinds else "float"
