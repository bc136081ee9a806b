"""A table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from automation.observers.historian.queries.export import Field, Kind, Table
from automation.project.bulk.cells import guarded
from automation.storage.calendar import datetime_of

_ROWS = 1_000


def csv_pieces(table: Table, zone: ZoneInfo) -> Iterator[bytes]:
    """The table in pieces, its times on the clock of the zone with their offset; no spreadsheet takes a text for a formula."""
    yield _lines([[field.name for field in table.fields]])
    ready = [_ready(field, zone) for field in table.fields]
    for batch in table.batches:
        for low in range(0, len(batch[0]), _ROWS):
            columns = [make(column[low : low + _ROWS]) for make, column in zip(ready, batch, strict=True)]
            yield _lines(zip(*columns, strict=True))


def _ready(field: Field, zone: ZoneInfo) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if field.kind == "time":
        return lambda some: [datetime_of(time, zone).isoformat() for time in some]
    return _CELLS[field.kind]


def _text(values: Sequence[Any]) -> Sequence[str]:
    return [_cell(value) for value in values]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)  # an empty one too, so that it differs from none
    return "" if value is None else str(value)


def _plain(values: Sequence[Any]) -> Sequence[Any]:
    return values  # the writer tells numbers in full and nothing for None


_CELLS: dict[Kind, Callable[[Sequence[Any]], Sequence[Any]]] = {"float": _text, "int": _plain, "bool": _text, "text": _text}


def _lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
