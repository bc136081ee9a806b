"""From a table of tags, alarms or equipment to bodies, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from typing import Any

from automation.model.configuration import Body, ConfigObject, InvalidConfigurationError, Json, Mistake, ObjectKind
from automation.project.bulk.cells import BY_TYPE, CELL_MAX, EMPTY, Cell, CellError, Unreadable, unguarded
from automation.project.bulk.columns import cell_of, columns_of, fixed, known, path_of, set_at, value_at
from automation.project.bulk.csv_table import read_csv, write_csv
from automation.project.bulk.limits import COLUMNS_MAX, FILE_BYTES_MAX, ROWS_MAX, TableError
from automation.project.bulk.row import Row
from automation.project.bulk.xlsx_table import read_xlsx, write_xlsx
from automation.project.codec import COMPUTED, examine, subject_of
from automation.project.words import nearest

_EXACT = 10**15  # a spreadsheet keeps 15 digits


class TableFormat(Enum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


def parse(
    kind: ObjectKind, data: bytes, table: TableFormat, running: Mapping[str, Body] | None = None
) -> Sequence[Row]:  # fmt: skip
    """The rows of a table. running: bodies by name; a row about one of them changes only the table's columns.

    An empty cell is the field's default. Raises ``InvalidConfigurationError`` where the table as a whole is wrong.
    """
    fixed(kind)
    try:
        return _Reader(kind, _cells(kind, data, table), running or {}).rows()
    except TableError as error:
        place = f"row {error.row}" if error.row else ""
        raise InvalidConfigurationError([Mistake(subject=f"{table.value} file", message=str(error), place=place)]) from error


def dump(kind: ObjectKind, objects: Iterable[ConfigObject], table: TableFormat) -> bytes:
    """The objects as a table, in their order, with the columns that they need."""
    bodies = [one.body for one in objects]
    columns = columns_of(kind, bodies)
    if table is TableFormat.CSV:
        return write_csv(chain([columns], (_texts(kind, body, columns) for body in bodies)))
    return write_xlsx(chain([columns], (_natives(kind, body, columns) for body in bodies)), kind.value)


def _cells(kind: ObjectKind, data: bytes, table: TableFormat) -> Iterator[Sequence[str]]:
    if len(data) > FILE_BYTES_MAX:
        raise TableError(f"larger than {FILE_BYTES_MAX // 2**20} MiB")
    return read_csv(data) if table is TableFormat.CSV else read_xlsx(data, kind.value)


def _texts(kind: ObjectKind, body: Body, columns: Sequence[str]) -> Sequence[str]:
    return [cell.write(value) for value, cell in _values(kind, body, columns)]


def _natives(kind: ObjectKind, body: Body, columns: Sequence[str]) -> Sequence[bool | int | float | str]:
    return [_native(value, cell) for value, cell in _values(kind, body, columns)]


def _native(value: Json, cell: Cell) -> bool | int | float | str:
    """The value itself where the sheet keeps it exactly, else as text."""
    if cell.native and isinstance(value, bool | int | float) and abs(value) < _EXACT and float(f"{value:.15g}") == value:
        return value
    return cell.write(value)


def _values(kind: ObjectKind, body: Body, columns: Sequence[str]) -> Iterator[tuple[Json, Cell]]:
    tag_type = body.get("type", "float")
    for column in columns:
        value = value_at(body, path_of(kind, column))
        yield value, EMPTY if value is None else cell_of(kind, column, tag_type)


class _Reader:
    """One table on its way to bodies."""

    def __init__(self, kind: ObjectKind, rows: Iterator[Sequence[str]], running: Mapping[str, Body]) -> None:
        self._kind = kind
        self._running = running
        self._rows = rows
        self._columns = self._header(next(rows, ()))
        self._paths = [path_of(kind, column) for column in self._columns]
        self._name_at = self._columns.index("name")
        self._type_at = self._columns.index("type") if "type" in self._columns else None
        self._first: dict[str, int] = {}
        self._cells: dict[str, Sequence[Cell]] = {}  # of all columns, by the type of the row's tag

    def rows(self) -> Sequence[Row]:
        """Every row that is not empty."""
        found = []
        for number, cells in enumerate(self._rows, start=2):
            if number > ROWS_MAX + 1:
                raise TableError(f"at most {ROWS_MAX} rows")
            if any(cell.strip() for cell in cells):
                found.append(self._row(number, cells))
        return found

    def _header(self, cells: Sequence[str]) -> Sequence[str]:
        columns = [cell.strip() for cell in cells]
        while columns and not columns[-1]:
            columns.pop()
        if len(columns) > COLUMNS_MAX:
            raise TableError(f"at most {COLUMNS_MAX} columns", row=1)
        mistakes = list(self._header_mistakes(columns))
        if mistakes:
            raise InvalidConfigurationError(mistakes)
        return columns

    def _header_mistakes(self, columns: Sequence[str]) -> Iterator[Mistake]:
        for i, column in enumerate(columns):
            if not known(self._kind, column):
                meant = nearest(column, fixed(self._kind))
                yield _column_mistake(column, "unknown column" if column else f"column {i + 1} has no name", meant)
            elif column in columns[:i]:
                yield _column_mistake(column, "this column is there twice")
        if "name" not in columns:
            yield _column_mistake("name", "this column is missing")

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        place = f"row {number}"
        padded = [*cells[: len(self._columns)], *[""] * (len(self._columns) - len(cells))]
        name = unguarded(padded[self._name_at][: CELL_MAX + 1])
        subject = subject_of(self._kind, {"name": name})
        body, mistakes = self._body(name, padded, subject, place)
        if any(cells[len(self._columns) :]):
            mistakes.append(Mistake(subject=subject, message="more cells than the header has columns", place=place))
        first = self._first.setdefault(name, number)
        if name and first != number:
            mistakes.append(Mistake(subject=subject, field="name", message=f"is there already, in row {first}", place=place))
        computed: dict[str, Any] = {field: body.pop(field) for field in COMPUTED if field in body}
        found, faults = examine(self._kind, body, lambda _path: place)
        told = {mistake.field for mistake in mistakes}
        mistakes += [fault for fault in faults if fault.field not in told]
        shown = name if name.isprintable() else ascii(name)[1:-1]
        if mistakes or found is None:
            return Row(number=number, name=shown[:128], mistakes=mistakes)
        return Row(number=number, name=shown, body={**found.body, **computed})

    def _body(self, name: str, cells: Sequence[str], subject: str, place: str) -> tuple[dict[str, Any], list[Mistake]]:
        """The body as the row has it, and what cannot be understood of the cells."""
        body: dict[str, Any] = dict(self._running.get(name, {}))
        mistakes: list[Mistake] = []
        tag_type = str(body.get("type", "float")) if self._type_at is None else cells[self._type_at].strip() or "float"
        tag_type = tag_type if tag_type in BY_TYPE else ""
        if tag_type not in self._cells:
            self._cells[tag_type] = [cell_of(self._kind, column, tag_type) for column in self._columns]
        for column, path, cell, text in zip(self._columns, self._paths, self._cells[tag_type], cells, strict=True):
            try:
                set_at(body, path, _read(cell, text))
            except CellError as error:
                mistakes.append(Mistake(subject=subject, field=column, message=str(error), place=place))
                set_at(body, path, None)
        return body, mistakes


def _read(cell: Cell, text: str) -> Json:
    """What a cell means; None if it is empty."""
    if isinstance(text, Unreadable):
        raise CellError(text)
    if text == "":
        return None
    if len(text) > cell.longest:
        raise CellError(f"at most {cell.longest} characters in a cell")
    return cell.read(text)


def _column_mistake(column: str, message: str, meant: str = "") -> Mistake:
    shown = column if column.isprintable() else ascii(column)[1:-1]
    return Mistake(subject="header", field=shown[:128], message=message, place="row 1", suggestion=meant)
