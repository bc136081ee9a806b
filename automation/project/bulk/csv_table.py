"""CSV after RFC 4180: UTF-8, with or without a mark in front, separated by comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from automation.project.bulk.limits import TableError

_DELIMITERS = ",;\t"


def read_csv(data: bytes) -> Iterator[Sequence[str]]:
    """The rows, the header first. Raises ``TableError``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"not UTF-8 text: byte {error.start} is wrong; save it as 'CSV UTF-8'") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise TableError(f"line {reader.line_num}: this is no CSV: {error}") from error


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The table as CSV with commas."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8")


def _delimiter(text: str) -> str:
    """The separator that the header line has most of, outside of quotes."""
    header = text.lstrip("\r\n").partition("\n")[0]
    plain = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=plain.count)
