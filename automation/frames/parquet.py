"""A table as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from automation.frames.extra import arrow
from automation.model.errors import InvalidValueError
from automation.observers.historian.queries.export import Field, Table

_GROUP_ROWS = 100_000


class _Pipe:
    """What is written, to be taken away again."""

    closed = False

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        """Take the data."""
        self._waiting.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written so far."""
        return self._size

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        found, self._waiting = b"".join(self._waiting), []
        return found

    def readable(self) -> bool:
        """Nobody reads from it."""
        return False

    def writable(self) -> bool:
        """It is written to."""
        return True

    def seekable(self) -> bool:
        """What is written is gone."""
        return False

    def close(self) -> None:
        """The end."""
        self.closed = True


def parquet_pieces(table: Table, zone: ZoneInfo) -> Iterator[bytes]:
    """The table in pieces, a row group in memory at a time; its times are UTC and say the zone.

    Raises ``MissingExtraError`` without pyarrow, ``InvalidValueError`` for a whole number that no column of Parquet holds.
    """
    pa, parquet = arrow()
    schema = schema_of(table.fields, zone)
    pipe = _Pipe()
    with parquet.ParquetWriter(pa.PythonFile(pipe, mode="w"), schema, compression="zstd") as writer:
        for batch in _groups(table.batches):
            writer.write_batch(record_batch(batch, schema))
            yield pipe.taken()
    yield pipe.taken()


def schema_of(fields: Sequence[Field], zone: ZoneInfo) -> Any:
    """The Arrow schema of the fields."""
    pa, _ = arrow()
    types: dict[str, Callable[[], Any]] = {
        "time": lambda: pa.timestamp("us", tz=zone.key),
        "float": pa.float64,
        "int": pa.int64,
        "bool": pa.bool_,
        "text": pa.string,
    }
    return pa.schema([pa.field(field.name, types[field.kind]()) for field in fields])


def record_batch(batch: Sequence[Sequence[Any]], schema: Any) -> Any:
    """The columns as a batch of that schema. Raises ``InvalidValueError`` naming the column that does not fit."""
    pa, _ = arrow()
    arrays = []
    for column, field in zip(batch, schema, strict=True):
        try:
            arrays.append(pa.array(_fitting(column, field.type, pa), field.type))
        except (pa.ArrowInvalid, OverflowError, pa.ArrowTypeError) as error:
            raise InvalidValueError(f"history: column {field.name}: a value does not fit {field.type}; take CSV") from error
    return pa.record_batch(arrays, schema=schema)


def _fitting(column: Sequence[Any], kind: Any, pa: Any) -> Sequence[Any]:
    """The values as the column has them: of a tag whose type was another one before, or of several tags."""
    if kind == pa.float64():
        return [None if value is None or isinstance(value, str) else float(value) for value in column]
    if kind == pa.string():
        return [None if value is None else str(value) for value in column]
    if kind == pa.bool_():
        return [None if value is None or isinstance(value, str) else bool(value) for value in column]
    if kind == pa.int64():
        return [None if value is None or isinstance(value, str) else int(value) for value in column]
    return list(column)


def _groups(batches: Iterator[Sequence[Sequence[Any]]]) -> Iterator[Sequence[Sequence[Any]]]:
    """The batches joined to row groups of some size."""
    waiting: list[list[Any]] = []
    for batch in batches:
        if not waiting:
            waiting = [[] for _ in batch]
        for column, more in zip(waiting, batch, strict=True):
            column.extend(more)
        if len(waiting[0]) >= _GROUP_ROWS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
