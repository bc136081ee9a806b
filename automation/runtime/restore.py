"""Putting a backup back, and moving a history from one database into another, while the runtime does not run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from automation.model.backup import Backup
from automation.model.errors import ConfigError, ConflictError, StorageError
from automation.model.event import Event
from automation.observers.historian.moving import Moved, move_history
from automation.observers.historian.sql import SqlHistoryStore
from automation.runtime.backups import CONFIG_FILE, DATA_FOLDER, HISTORY_FILE, TOKEN_SECRET, make_backup
from automation.runtime.stores import own_data_folder
from automation.settings import Settings
from automation.storage.backup import copy_plain, verify
from automation.storage.copying import Tell, check_file, copy_configuration, copy_file, is_fresh
from automation.storage.database import Database
from automation.storage.journal import Journal

_COMPANIONS = ("", "-wal", "-shm")


def restore(
    settings: Settings,
    place: Path,
    now: float,
    tell: Tell,
    *,
    replace: bool = False,
    other_site: bool = False,
    saved: Callable[[Backup], None] = lambda _backup: None,
) -> Backup:
    """The backup in the folder, which the installation is from now on.

    Everything is checked before anything is changed. replace: an installation that is in use is replaced, after a backup of it
    was made, of which saved is told. other_site: the backup may be of another site. tell: the progress, 0 to 1. Settings and
    project files are not put back: they say where all of this is, and stay with whoever keeps them.

    Raises ``ConfigError`` while the runtime runs, ``ConflictError`` where replace or other_site is missing, ``StorageError`` if
    the backup is not whole or the databases do not take it.
    """
    with own_data_folder(settings.data):
        backup = verify(place)
        for name in (CONFIG_FILE, HISTORY_FILE):
            check_file(place / name)
        if backup.site != settings.site.id and not other_site:
            raise ConflictError(f"backup {backup.name} is of site {backup.site}, not of {settings.site.id}", "other_site")
        if not _unused(settings):
            if not replace:
                raise ConflictError(f"the installation in {settings.data} is in use; it is not replaced unasked", "in_use")
            saved(make_backup(settings, now, lambda _part: None))
        with TemporaryDirectory(dir=settings.data, prefix=".restore-") as work:
            _restore_config(settings, place / CONFIG_FILE, Path(work), backup, now)
            tell(0.2)
            _restore_history(settings, place / HISTORY_FILE, Path(work), lambda part: tell(0.2 + 0.75 * part))
        _restore_data(settings.data, place / DATA_FOLDER)
        (settings.data / TOKEN_SECRET).unlink(missing_ok=True)
        tell(1.0)
        return backup


def move(source: str, target: str, tell: Tell) -> Moved:
    """What was moved of the history at one address to the other, which must be without; the source stays as it is.

    No runtime may use either meanwhile. Raises ``ConfigError``, ``ConflictError`` and ``StorageError``.
    """
    with closing(Database(source)) as old, closing(Database(target)) as new:
        if old.url == new.url:
            raise ConfigError(f"{old}: is source and target at once")
        for database in (old, new):
            database.migrate("history")
        return move_history(SqlHistoryStore(old), SqlHistoryStore(new), tell)


def _unused(settings: Settings) -> bool:
    for url, branch in ((settings.config_url, "config"), (settings.history_url, "history")):
        with closing(Database(url)) as database:
            if database.dialect == "sqlite" and not os.path.getsize(database.url.database or ""):
                continue
            if branch == "config" and not is_fresh(database, settings.data):
                return False
            if branch == "history":
                database.migrate("history")
                if SqlHistoryStore(database).tags():
                    return False
    return True


def _restore_config(settings: Settings, file: Path, work: Path, backup: Backup, now: float) -> None:
    """Put the configuration back by way of a copy, which is brought up to date and told of it first."""
    copy = work / CONFIG_FILE
    copy_file(file, copy, lambda _part: None)
    with closing(Database(f"sqlite:///{copy}")) as database:
        database.migrate("config")
        event = Event(
            time=now,
            kind="backup.restored",
            subject=backup.name,
            message=f"backup {backup.name} was put back; what happened between it and now is not in this journal",
            actor="command line",
            origin="cli",
        )
        Journal(database).append((event,))
        with closing(Database(settings.config_url)) as target:
            if target.dialect != "sqlite":
                copy_configuration(database, target, lambda _part: None)
                return
            path = Path(target.url.database or "")
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    _replace(copy, path)


def _restore_history(settings: Settings, file: Path, work: Path, tell: Tell) -> None:
    copy = work / HISTORY_FILE
    copy_file(file, copy, lambda part: tell(part / 2))
    with closing(Database(settings.history_url)) as target:
        if target.dialect == "sqlite":
            _replace(copy, Path(target.url.database or ""))
            return
        with closing(Database(f"sqlite:///{copy}", durable=False)) as source:
            source.migrate("history")
            store = SqlHistoryStore(target)
            target.migrate("history")
            store.forget_all()
            move_history(SqlHistoryStore(source), store, lambda part: tell(0.5 + part / 2))


def _replace(copy: Path, path: Path) -> None:
    """Put the file in the place of the database, in one step, after the log that belongs to the old one has gone."""
    try:
        copy.chmod(0o600)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        for companion in _COMPANIONS[1:]:
            Path(f"{path}{companion}").unlink(missing_ok=True)
        if copy.stat().st_dev == path.parent.stat().st_dev:
            os.replace(copy, path)
        else:
            shutil.copyfile(copy, path)
    except OSError as error:
        raise StorageError(f"database {path}: cannot be replaced: {error.strerror or error}") from error


def _restore_data(data: Path, source: Path) -> None:
    """Put keys and the like back; the guard's latch as it is now stays: a stop is not cleared by a backup."""
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        inside = path.relative_to(source)
        target = data / inside
        if path.is_file() and not (inside.parts[0] == "guard" and target.exists()):
            copy_plain(path, target)
