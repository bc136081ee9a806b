"""XLSX: the sheet that is named after the kind, or the first; every cell is read as the text that it would be in CSV."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from automation.project.bulk.cells import Unreadable
from automation.project.bulk.limits import COLUMNS_MAX, ROWS_MAX, UNPACKED_BYTES_MAX, TableError

_PARTS_MAX = 1_000
_SAVED_AT = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
_EPOCH, _ZIP_EPOCH = b"2000-01-01T00:00:00Z", (2000, 1, 1, 0, 0, 0)  # the same bytes for the same table
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Whatever the library meets in a damaged or malicious file.
_DAMAGED = (
    ArithmeticError, AttributeError, EOFError, InvalidFileException, LookupError, NotImplementedError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_xlsx(data: bytes, sheet: str) -> Iterator[Sequence[str]]:
    """The rows, the header first. Raises ``TableError``."""
    _check_size(data)
    try:
        yield from _rows(data, sheet)
    except TableError:
        raise
    except _DAMAGED as error:
        raise TableError(f"this is no XLSX that can be read ({type(error).__name__})") from error


def write_xlsx(rows: Iterable[Sequence[bool | int | float | str]], sheet: str) -> bytes:
    """The table as XLSX with one sheet."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "B2"
    for row in rows:
        page.append([(_escaped(cell) or None) if isinstance(cell, str) else cell for cell in row])
    written = io.BytesIO()
    book.save(written)
    return _same_each_time(written.getvalue())


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except _DAMAGED as error:
        raise TableError(f"this is no XLSX that can be read ({type(error).__name__})") from error
    if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
        raise TableError(f"unpacked it is larger than {UNPACKED_BYTES_MAX // 2**20} MiB")


def _rows(data: bytes, sheet: str) -> Iterator[Sequence[str]]:
    book: Any = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        named = next((name for name in book.sheetnames if name.casefold() == sheet), None)
        page = book[named] if named is not None else book.worksheets[0]
        page.reset_dimensions()
        width = None
        for number, cells in enumerate(page.iter_rows(), start=1):
            if number > ROWS_MAX + 1:
                raise TableError(f"at most {ROWS_MAX} rows")
            if width is None:
                width = len(cells)
                if width > COLUMNS_MAX:
                    raise TableError(f"at most {COLUMNS_MAX} columns", row=1)
            yield [_text(cell) for cell in cells[: COLUMNS_MAX + 1]]
    finally:
        book.close()


def _text(cell: Any) -> str:
    refused = _REFUSED.get(cell.data_type)
    if refused is not None:
        return Unreadable(refused)
    write = _WRITERS.get(type(cell.value))
    return Unreadable("a date or a time; write it as text") if write is None else write(cell.value)


_REFUSED = {"f": "a formula; write its value", "e": "an error of the spreadsheet"}
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: lambda value: repr(value).removesuffix(".0"),
    str: lambda value: _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value),
}


def _escaped(text: str) -> str:
    """What XML cannot hold as ``_x0001_`` (ECMA-376 Part 1, 22.9.2.19)."""
    return _HIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _same_each_time(data: bytes) -> bytes:
    """The same archive without the time at which it was made."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            content = _SAVED_AT.sub(_EPOCH, packed.read(name)) if name == "docProps/core.xml" else packed.read(name)
            again.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
