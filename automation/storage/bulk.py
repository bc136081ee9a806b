"""Bulk inserts, which every database spells its own way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from psycopg2.extras import execute_values
from sqlalchemy import Connection

from automation.model.errors import DataRefusedError, StorageError

_PAGE = 1000


def insert_new(connection: Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert the rows, leaving alone those whose key is already there.

    rows: values in the order of columns. Raises ``StorageError``, or SQLAlchemy's errors, which ``Database.begin`` translates.
    """
    if not rows:
        return
    head = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES"  # names come from table definitions, never from outside
    if connection.dialect.name == "postgresql":
        _execute_values(connection, f"{head} %s ON CONFLICT DO NOTHING", rows)
    elif connection.dialect.name == "mysql":
        marks = ", ".join(["%s"] * len(columns))
        # INSERT IGNORE would hide values that do not fit as well.
        connection.exec_driver_sql(f"{head} ({marks}) ON DUPLICATE KEY UPDATE {columns[0]} = {columns[0]}", list(rows))
    else:
        marks = ", ".join(["?"] * len(columns))
        connection.exec_driver_sql(f"{head} ({marks}) ON CONFLICT DO NOTHING", list(rows))


def _execute_values(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    cursor = connection.connection.cursor()
    try:
        execute_values(cursor, statement, rows, page_size=_PAGE)
    except connection.dialect.loaded_dbapi.Error as error:
        dbapi = connection.dialect.loaded_dbapi
        refused = isinstance(error, dbapi.DataError | dbapi.IntegrityError)
        kind = DataRefusedError if refused else StorageError
        raise kind(f"{connection.engine.url.render_as_string()}: {error}") from error
    finally:
        cursor.close()
