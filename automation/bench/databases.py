"""Databases for benches: each one new, and dropped afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from automation.model.errors import ConfigError

DIALECTS = ("sqlite", "postgresql", "mariadb")
_SERVERS = {
    "postgresql": ("postgresql+psycopg2://postgres@127.0.0.1:5432", "postgres"),
    "mariadb": ("mysql+pymysql://root@127.0.0.1:3306", ""),
}


@contextmanager
def new_database(dialect: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: of ``sqlite`` a file in folder, else on the server at the standard port.

    Raises ``ConfigError`` if no such server answers its administrator without a password.
    """
    if dialect == "sqlite":
        yield f"sqlite:///{folder / f'{secrets.token_hex(8)}.db'}"
        return
    address, maintenance = _SERVERS[dialect]
    name = f"automation_bench_{secrets.token_hex(8)}"
    engine = sa.create_engine(f"{address}/{maintenance}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise ConfigError(f"no {dialect} at {address}: {str(error.orig).strip()}") from error
    with connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield f"{address}/{name}"
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
