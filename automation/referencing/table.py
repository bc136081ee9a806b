"""Tables of people: CSV and XLSX in, CSV out."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import openpyxl

from automation.model.errors import InvalidValueError

Cell: TypeAlias = str | float | None
TableFormat: TypeAlias = Literal["csv", "xlsx"]

ROWS_MAX = 50_000
_LINES_MAX = 1_048_576  # of a sheet
_UNPACKED_MAX = 128 * 1024 * 1024
_DELIMITERS = ",;\t"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARD = "'"


@dataclass(frozen=True, kw_only=True)
class Table:
    """The first line of a table and what is under it.

    rows: each with its number as a spreadsheet shows it; empty ones are left out.
    """

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Cell]]]


def read_table(content: bytes, form: TableFormat) -> Table:
    """The table in the file; text is without the guard that ``write_csv`` puts before it.

    form: csv with ``,``, ``;`` or tabulators, in UTF-8 or UTF-16; or xlsx, of which the first sheet counts.
    Raises ``InvalidValueError`` if it is no such file, has no header or more than ``ROWS_MAX`` rows.
    """
    header: Sequence[str] | None = None
    rows: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in enumerate(_csv(content) if form == "csv" else _xlsx(content), start=1):
        if number > _LINES_MAX:
            raise InvalidValueError(f"file: has more than {_LINES_MAX} lines")
        row = [_unguarded(cell.strip()) if isinstance(cell, str) else cell for cell in cells]
        if all(cell is None or cell == "" for cell in row):
            continue
        if header is None:
            header = [str(cell or "") for cell in row]
        elif len(rows) >= ROWS_MAX:
            raise InvalidValueError(f"file: has more than {ROWS_MAX} rows; import it in parts")
        else:
            rows.append((number, row))
    if header is None:
        raise InvalidValueError("file: is empty; the names of the columns are expected in its first line")
    return Table(header=header, rows=rows)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180); text that a spreadsheet would run as a formula has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def _guarded(text: str) -> str:
    return _GUARD + text if text.startswith((*_FORMULA, _GUARD)) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(_GUARD) and text[1:].startswith((*_FORMULA, _GUARD)) else text


def _csv(content: bytes) -> Iterable[Sequence[Cell]]:
    text = _decoded(content)
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidValueError(f"file: line {reader.line_num} is no CSV: {error}") from error


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValueError("file: is no text in UTF-8; save it as CSV UTF-8") from error


def _xlsx(content: bytes) -> Iterable[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked <= _UNPACKED_MAX:
            yield from _sheet(content)
            return
    except Exception as error:  # the library meets damage with whatever its parts happen to raise
        raise InvalidValueError(f"file: is no XLSX that can be read: {error}") from error
    raise InvalidValueError("file: is too large when unpacked")


def _sheet(content: bytes) -> Iterable[Sequence[Cell]]:
    """The cells of the first sheet, formulas as the values that they had when the file was saved."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return str(value)
