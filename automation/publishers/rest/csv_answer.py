"""A table as an answer that is sent piece by piece, in which no spreadsheet takes a text for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from flask import Response

from automation.project.bulk.cells import guarded

CSV = "text/csv"
EXPORT_MAX = 1_000_000
_FEW = 200  # rows in one piece of the answer


def csv_answer(rows: Iterator[Mapping[str, Any]], columns: Sequence[str], times: Collection[str], name: str) -> Response:
    """The rows as a file of that name. times: columns with POSIX seconds, which become times in UTC.

    Raises what the first row raises, so that a database that does not answer is told before the answer begins.
    """
    first = list(islice(rows, 1))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(_pieces(chain(first, rows), columns, times), mimetype=CSV, headers=headers)


def _pieces(rows: Iterator[Mapping[str, Any]], columns: Sequence[str], times: Collection[str]) -> Iterator[str]:
    yield _lines([columns])
    while some := list(islice(rows, _FEW)):
        yield _lines([[_time(row[name]) if name in times else _cell(row[name]) for name in columns] for row in some])


def _lines(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = str(value)
    return guarded(text) if text else ""


def _time(value: object) -> object:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _cell(value)
    try:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):  # a device's clock may say anything
        return str(value)
