"""Answers of the history as the interface tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from automation.model.sample import Value
from automation.observers.historian.queries.answers import Answer, Buckets, Samples, Series
from automation.observers.historian.queries.question import Mode, Question
from automation.publishers.rest.columnar import Column
from automation.storage.calendar import datetime_of, zone_of
from automation.storage.micros import from_micros

_SHARED = (Mode.TABLE, Mode.AT)


def answer_view(answer: Answer, question: Question, units: Mapping[str, str], *, labelled: bool) -> Mapping[str, Any]:
    """The answer, ready for ``json_pieces``. labelled: times are told on the clock of the question's zone too."""
    zone = zone_of(question.zone) if labelled else None
    shared = question.mode in _SHARED
    series = [
        {"tag": one.tag, "unit": units.get(one.tag, ""), "mode": question.mode.value, **_columns(one, zone, shared=shared)}
        for one in answer.series
    ]
    common = {} if answer.time is None else _times(answer.time, zone)
    return {"series": series, **common, "until": from_micros(answer.until), "next": answer.next or None}


def _columns(series: Series, zone: ZoneInfo | None, *, shared: bool) -> Mapping[str, Any]:
    times: dict[str, Any] = {} if shared else dict(_times(series.time, zone))
    if series.kept_from is not None:
        times["kept_from"] = from_micros(series.kept_from)
    quality = Column(series.quality)
    if isinstance(series, Samples):
        own: dict[str, Any] = {"value": Column(series.value, _finite), "quality": quality}
        if not shared:
            own |= {"boundary": series.before, "boundary_after": series.after, "truncated": series.more}
        return {**times, **own, **({"method": series.method} if series.method else {})}
    return {**times, **_aggregates(series), "quality": quality}


def _aggregates(series: Buckets) -> Mapping[str, Any]:
    columns: dict[str, Any] = {name.value: Column(column, _finite) for name, column in series.columns.items()}
    if series.states is not None:
        columns["duration_in_state"] = {state_name(value): Column(column) for value, column in series.states.items()}
    return columns


def state_name(value: Value) -> str:
    """The value as a key: ``true``, ``false``, or the number."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _times(times: Sequence[int], zone: ZoneInfo | None) -> Mapping[str, Column]:
    told = {"time": Column(times, lambda some: [from_micros(time) for time in some])}
    if zone is None:
        return told
    return {**told, "label": Column(times, lambda some: [datetime_of(time, zone).isoformat() for time in some])}


_WHOLE = 2**63


def _finite(values: Sequence[Any]) -> Sequence[Any]:
    """The values; a whole number that JSON libraries cannot take is told as text."""
    return [str(v) if type(v) is int and not -_WHOLE <= v < _WHOLE * 2 else v for v in values]
