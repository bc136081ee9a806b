"""One database: its engine, its transactions, its migrations."""

from __future__ import annotations

import importlib.resources
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from automation.model.errors import ConfigError, StorageError

log = logging.getLogger(__name__)

Branch = Literal["config", "history"]

_DRIVERS = {"postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
_DIALECTS = ("sqlite", "postgresql", "mysql")


class Database:
    """A connection pool to one database, safe for use from any thread.

    url: ``sqlite:////path``, ``postgresql://…`` or ``mysql://…``. Raises ``ConfigError`` if the address makes no sense and
    ``StorageError`` if the folder of an SQLite file cannot be written.
    """

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.dialect = self.url.get_backend_name()
        options: dict[str, Any] = {"pool_pre_ping": True, "poolclass": QueuePool, "pool_size": 8, "max_overflow": 16}
        if self.dialect == "sqlite":
            _check_folder(self.url)
            options["connect_args"] = {"timeout": 10.0, "check_same_thread": False}
        self.engine = create_engine(self.url, **options)
        if self.dialect == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block. Raises ``StorageError`` in place of the driver's errors."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise StorageError(f"{self}: {error.orig}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"{self}: {error}") from error

    def migrate(self, branch: Branch) -> None:
        """Bring the tables of the branch up to date; harmless when they are. Raises ``StorageError``."""
        scripts = migrations_folder()
        config = Config()
        config.set_main_option("script_location", _escape(scripts))
        config.set_main_option("version_locations", _escape(scripts / branch))
        config.set_main_option("path_separator", "os")
        config.attributes["version_table"] = f"alembic_version_{branch}"
        with self.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def migrations_folder() -> Path:
    """Where the migration scripts are: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(importlib.resources.files("automation"))) / "migrations"
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "migrations"


def _escape(path: Path) -> str:
    return str(path).replace("%", "%%")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"database url {url!r}: not a database address") from error
    if parsed.drivername in _DRIVERS:
        parsed = parsed.set(drivername=_DRIVERS[parsed.drivername])
    if parsed.get_backend_name() not in _DIALECTS:
        raise ConfigError(f"database url: {parsed.get_backend_name()} is not supported; use {', '.join(_DIALECTS)}")
    return parsed


def _check_folder(url: URL) -> None:
    if url.database is None or url.database == ":memory:":
        raise ConfigError("database url: an SQLite database needs a file")
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-test"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StorageError(f"database folder {folder}: cannot be written: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
