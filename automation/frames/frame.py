"""Tables as frames of pandas and tables of Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from automation.frames.extra import arrow, pandas
from automation.frames.parquet import record_batch, schema_of
from automation.observers.historian.queries.export import Kind, Table

_DTYPES: dict[Kind, str] = {"float": "float64", "int": "Int64", "bool": "boolean", "text": "str"}


def pandas_frame(table: Table, zone: ZoneInfo) -> Any:
    """The table as a ``pandas.DataFrame`` whose index is the time on the clock of the zone. Raises ``MissingExtraError``."""
    pd = pandas()
    columns: list[list[Any]] = [[] for _ in table.fields]
    for batch in table.batches:
        for column, more in zip(columns, batch, strict=True):
            column.extend(more)
    index = None
    made: dict[str, Any] = {}
    for field, column in zip(table.fields, columns, strict=True):
        if field.kind == "time":
            index = pd.DatetimeIndex(pd.to_datetime(column, unit="us", utc=True)).tz_convert(zone.key)
            index.name = field.name
        else:
            made[field.name] = pd.array(_fitting(column, field.kind), dtype=_DTYPES[field.kind])
    return pd.DataFrame(made, index=index)


def arrow_table(table: Table, zone: ZoneInfo) -> Any:
    """The table as a ``pyarrow.Table``. Raises ``MissingExtraError``."""
    pa, _ = arrow()
    schema = schema_of(table.fields, zone)
    return pa.Table.from_batches([record_batch(batch, schema) for batch in table.batches], schema=schema)


def _fitting(column: Sequence[Any], kind: Kind) -> Sequence[Any]:
    if kind == "text":
        return [None if value is None else str(value) for value in column]
    if kind == "float":
        return [None if value is None or isinstance(value, str) else float(value) for value in column]
    return column
