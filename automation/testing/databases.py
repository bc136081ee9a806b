"""Databases for tests: each one new, named like no other, and dropped when the test is done."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

DEMAND = "AUTOMATION_DEMAND_SERVICES"
DIALECTS = ("sqlite", "postgresql", "mariadb")
_SERVERS = {
    "postgresql": ("postgresql+psycopg2://postgres@127.0.0.1:5432", "postgres", "PostgreSQL on 127.0.0.1:5432, user postgres"),
    "mariadb": ("mysql+pymysql://root@127.0.0.1:3306", "", "MariaDB on 127.0.0.1:3306, user root without password"),
}


@contextmanager
def scratch_database(dialect: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: ``sqlite`` in a file in folder, ``postgresql`` or ``mariadb`` on the standard port.

    Skips the test, naming what is missing, if no such server answers; fails it if ``AUTOMATION_DEMAND_SERVICES`` is 1.
    """
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'scratch.db'}"
        return
    address, maintenance, words = _SERVERS[dialect]
    name = f"automation_test_{uuid.uuid4().hex}"
    engine = sa.create_engine(f"{address}/{maintenance}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        _missing(f"{words}: {error.orig}")
    with connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield f"{address}/{name}"
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")


def _missing(what: str) -> NoReturn:
    if os.environ.get(DEMAND) == "1":
        pytest.fail(f"no {what}")
    pytest.skip(f"no {what}")
