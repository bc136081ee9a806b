"""One database: its engine, its transactions, its migrations."""

from __future__ import annotations

import importlib.resources
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from automation.model.errors import ConfigError, DataRefusedError, StorageError

Branch = Literal["config", "history"]

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
# A server that takes connections and then says nothing must not hold up the runtime, least of all while it stops.
_CONNECT: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": 10.0, "check_same_thread": False},
    "postgresql": {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 5},
    "mysql": {"connect_timeout": 3, "read_timeout": 10, "write_timeout": 10},
}


_READ_ONLY = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
}


class Database:
    """A connection pool to one database, safe for use from any thread.

    url: ``sqlite:////path``, ``postgresql://…`` or ``mysql://…``. durable: a commit in an SQLite file survives a power cut;
    without it the last ones may be undone, never torn. read_only: every attempt to write fails. writing: held by those who write
    often, where only one can at a time: they follow each other at once, while SQLite's own wait looks ten times a second.

    Raises ``ConfigError`` if the address makes no sense and ``StorageError`` if an SQLite file or its folder cannot be written. A
    new SQLite file is readable for its owner only: it holds password hashes.
    """

    def __init__(self, url: str, *, durable: bool = True, read_only: bool = False) -> None:
        self.url = _parse(url)
        self.dialect = self.url.get_backend_name()  # sqlite, postgresql or mysql
        self.writing: AbstractContextManager[object] = threading.Lock() if self.dialect == "sqlite" else nullcontext()
        options: dict[str, Any] = {"pool_pre_ping": True, "poolclass": QueuePool, "pool_size": 8, "max_overflow": 16}
        if self.dialect == "sqlite":
            _check_file(self.url)
        options["connect_args"] = _CONNECT[self.dialect]
        self.engine = create_engine(self.url, **options)
        if self.dialect == "sqlite":
            event.listen(self.engine, "connect", _sqlite_settings("FULL" if durable else "NORMAL"))
        if read_only:
            event.listen(self.engine, "connect", _statement(_READ_ONLY[self.dialect]))

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block.

        Raises ``StorageError`` in place of the driver's errors: ``DataRefusedError`` where the data are to blame.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (DataError, IntegrityError, OverflowError, UnicodeError) as error:
            raise DataRefusedError(f"{self}: {_one_line(getattr(error, 'orig', None) or error)}") from error
        except DBAPIError as error:
            raise StorageError(f"{self}: {_one_line(error.orig)}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"{self}: {_one_line(error)}") from error

    def migrate(self, branch: Branch) -> None:
        """Bring the tables of the branch up to date; harmless when they are. Raises ``StorageError``."""
        scripts = migrations_folder()
        config = Config()
        config.set_main_option("script_location", _escape(scripts))
        config.set_main_option("version_locations", _escape(scripts / branch))
        config.set_main_option("path_separator", "os")
        config.attributes["version_table"] = f"alembic_version_{branch}"
        try:
            with self.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise StorageError(f"{self}: its tables do not fit this version of the runtime: {error}") from error

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def migrations_folder() -> Path:
    """Where the migration scripts are: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(importlib.resources.files("automation"))) / "migrations"
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "migrations"


def _one_line(error: BaseException | None) -> str:
    return " ".join(str(error).split())


def _escape(path: Path) -> str:
    return str(path).replace("%", "%%")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # the text is not repeated: it may hold a password
        raise ConfigError("database url: not a database address; expected such as sqlite:////var/lib/plant/config.db") from error
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise ConfigError(f"database url: {backend} is not supported; use sqlite, postgresql or mysql")
    return parsed.set(drivername=_DRIVERS[backend])


def _check_file(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise ConfigError("database url: an SQLite database needs a file")
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = path.parent / f".write-test-{os.getpid()}"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"database folder {path.parent}: cannot be written: {error.strerror}") from error
    try:
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StorageError(f"database file {path}: cannot be written: {error.strerror}") from error


def _sqlite_settings(synchronous: str) -> Callable[[Any, Any], None]:
    pragmas = ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "busy_timeout=10000")

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _statement(text: str) -> Callable[[Any, Any], None]:
    def run(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(text)
        cursor.close()
        connection.commit()  # a server would undo it with the transaction that it began

    return run
