"""Samples from elsewhere, as CSV or as JSON in columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import orjson

from automation.model.sample import Value
from automation.observers.historian.backfill import BackfillReport, Given
from automation.project.bulk.cells import unguarded
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError

JSON_MAX = 1024 * 1024
_COLUMNS = ("tag", "time", "value", "quality")
_NEEDED = ("tag", "time", "value")
_NAN = float("nan")


def given_in(data: bytes, form: Literal["csv", "json"]) -> Iterator[Given]:
    """The samples of the file, row by row. Raises ``BadRequestError`` for a file that is none."""
    return _of_json(data) if form == "json" else _of_csv(data)


def report_view(report: BackfillReport) -> Mapping[str, Any]:
    """The report as the interface tells it."""
    return {
        "accepted": report.accepted,
        "duplicate": report.duplicate,
        "refused": report.refused,
        "closed": report.closed,
        "refusals": [{"row": one.row, "tag": one.tag, "reason": one.reason} for one in report.refusals],
    }


def _of_csv(data: bytes) -> Iterator[Given]:
    # Decoded piece by piece: the whole file at once would hold up everybody else.
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=""))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        _check_columns(header)
        places = {name: header.index(name) for name in _COLUMNS if name in header}
        for number, cells in enumerate(lines, start=2):
            if cells:
                yield _of_cells(number, cells, places)
    except UnicodeDecodeError as error:
        raise _bad("not text in UTF-8") from error
    except csv.Error as error:
        raise _bad(f"not CSV: {error}") from error


def _of_cells(number: int, cells: Sequence[str], places: Mapping[str, int]) -> Given:
    told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    value = unguarded(told["value"])
    return Given(number, told["tag"].strip(), _time(told["time"]), value if value != "" else None, told.get("quality") or None)


def _time(text: str) -> float:
    """POSIX seconds of a number, or of a date and time with an offset; NaN, which is refused, of all else."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _NAN
    return found.timestamp() if found.tzinfo is not None else _NAN


def _of_json(data: bytes) -> Iterator[Given]:
    if len(data) > JSON_MAX:
        raise BadRequestError(413, "body_too_large", f"history import: JSON may have {JSON_MAX} bytes; send more as CSV")
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(400, "malformed_json", f"malformed JSON: {error.msg.partition(':')[0]}") from error
    if not isinstance(told, dict) or not set(told) <= set(_COLUMNS):
        raise _bad(f"expected an object with the columns {', '.join(_COLUMNS)}")
    _check_columns(list(told))
    columns = {name: _column(name, column) for name, column in told.items() if name != "tag" or not isinstance(column, str)}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise _bad("the columns differ in length")
    length = lengths.pop()
    tags: Sequence[Any] = columns["tag"] if "tag" in columns else [told["tag"]] * length
    return _of_columns(tags, columns["time"], columns["value"], columns.get("quality") or [None] * length)


def _of_columns(tags: Sequence[Any], times: Sequence[Any], values: Sequence[Any], codes: Sequence[Any]) -> Iterator[Given]:
    for number, (tag, time, value, code) in enumerate(zip(tags, times, values, codes, strict=True), start=1):
        at = float(time) if isinstance(time, int | float) and not isinstance(time, bool) else _time(str(time))
        known: Value = value if value is None or isinstance(value, bool | int | float | str) else str(value)
        yield Given(number, str(tag), at, known, code if isinstance(code, int | str) or code is None else str(code))


def _column(name: str, column: object) -> Sequence[Any]:
    if not isinstance(column, list):
        raise _bad(f"{name}: expected a list")
    return column


def _check_columns(names: Sequence[str]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise _bad(f"the column {missing[0]} is missing; expected {', '.join(_COLUMNS)}")


def _bad(message: str) -> BadRequestError:
    return BadRequestError(UNPROCESSABLE, "invalid_request", f"history import: {message}")
