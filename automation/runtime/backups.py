"""Backups of an installation: made while it runs, by hand or by the clock, and put back while it does not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from automation.model.backup import Backup, BackupStatus
from automation.model.errors import AutomationError, ConflictError, StorageError
from automation.model.event import SYSTEM, Event
from automation.observers.historian.moving import move_history
from automation.observers.historian.sql import SqlHistoryStore
from automation.settings import Settings
from automation.storage.backup import backups_in, copy_plain, new_backup, prune, remove, verify
from automation.storage.copying import Tell, check_file, copy_configuration, copy_file
from automation.storage.database import Database
from automation.system.process import package_version

log = logging.getLogger(__name__)

CONFIG_FILE, HISTORY_FILE, DATA_FOLDER, PROJECT_FOLDER = "config.db", "history.db", "data", "project"
# Databases are copied in their own way, locks are nobody's, a cache is made anew.
# Made anew, so that a restore ends every session: it also brings back who was locked out since.
TOKEN_SECRET = "token-secret"  # noqa: S105 - the name of a file
_LEFT_OUT = (".db", ".db-wal", ".db-shm", ".lock", ".tmp", ".damaged")
_FOLDERS_LEFT_OUT = ("cache", "backups")
_CONFIG_SHARE = 0.2  # of the progress
_HOUR_S = 3600.0


def make_backup(settings: Settings, now: float, tell: Tell) -> Backup:
    """A new backup of databases, keys and project files, verified; beyond the number that is kept the oldest are removed.

    The runtime may run meanwhile. tell: the progress, 0 to 1. Raises ``StorageError``; then there is no new backup.
    """
    folder, site = settings.backup_folder, settings.site.id
    with new_backup(folder, site, package_version(), now) as place:
        _copy_config(settings.config_url, place / CONFIG_FILE, lambda part: tell(part * _CONFIG_SHARE))
        _copy_history(
            settings.history_url, place / HISTORY_FILE, lambda part: tell(_CONFIG_SHARE + part * (0.95 - _CONFIG_SHARE))
        )
        for name in (CONFIG_FILE, HISTORY_FILE):
            check_file(place / name)
        _copy_folder(settings.data, place / DATA_FOLDER)
        _copy_folder(Path(settings.project.folder), place / PROJECT_FOLDER)
    made = verify(folder / backups_in(folder)[0].name)
    prune(folder, site, settings.backup.keep)
    tell(1.0)
    return made


def _copy_config(url: str, target: Path, tell: Tell) -> None:
    with closing(Database(url)) as source:
        if source.dialect == "sqlite":
            copy_file(Path(source.url.database or ""), target, tell)
            return
        with closing(Database(f"sqlite:///{target}")) as file:
            copy_configuration(source, file, tell)
    _without_companions(target)


def _copy_history(url: str, target: Path, tell: Tell) -> None:
    with closing(Database(url)) as source:
        if source.dialect == "sqlite":
            copy_file(Path(source.url.database or ""), target, tell)
            return
        source.migrate("history")
        with closing(Database(f"sqlite:///{target}", durable=False)) as file:
            file.migrate("history")
            move_history(SqlHistoryStore(source), SqlHistoryStore(file), tell)
    _without_companions(target)


def _without_companions(file: Path) -> None:
    """Leave one file, not three."""
    with closing(Database(f"sqlite:///{file}")) as database, database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")


def _copy_folder(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if (
            path.is_file()
            and path.name != TOKEN_SECRET
            and not path.name.endswith(_LEFT_OUT)
            and not set(inside.parts) & set(_FOLDERS_LEFT_OUT)
        ):
            copy_plain(path, target / inside)


class Backups:
    """The backups of a running installation; one is made at a time, in the thread that calls ``step``.

    note: is told of each event. Everything but ``step`` may be called from any thread.
    """

    def __init__(
        self,
        settings: Settings,
        note: Callable[[Event], None],
        now: float,
        make: Callable[[Settings, float, Tell], Backup] = make_backup,
    ) -> None:
        self.on_work: Callable[[], None] | None = None
        self._settings = settings
        self._note = note
        self._make = make
        self._lock = threading.Lock()
        self._halted = False
        self._asked_by = ""
        self._progress: float | None = None
        self._error = ""
        found = self.list()
        self._last = found[0].made if found else None
        self._next = next_time(settings, now)

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self._settings.backup_folder

    @property
    def keep(self) -> int:
        """How many are kept."""
        return self._settings.backup.keep

    def list(self) -> Sequence[Backup]:
        """The backups that are there, the newest first. Raises ``StorageError``."""
        return backups_in(self._settings.backup_folder)

    def status(self) -> BackupStatus:
        """How backups fare."""
        return BackupStatus(progress=self._progress, by=self._asked_by, error=self._error, last=self._last, next=self._next)

    def start(self, by: str) -> BackupStatus:
        """Make a backup as soon as may be. Raises ``ConflictError`` while one is being made."""
        with self._lock:
            if self._asked_by:
                raise ConflictError(f"a backup is being made already, for {self._asked_by}", "running")
            self._asked_by, self._progress = by, 0.0
        if self.on_work is not None:
            self.on_work()
        return self.status()

    def remove(self, name: str) -> None:
        """Remove one. Raises ``NotFoundError``, ``InvalidValueError``, ``StorageError``."""
        remove(self._settings.backup_folder, name)

    def halt(self) -> None:
        """Give up the one that is being made; it leaves nothing behind."""
        self._halted = True

    def step(self, now: float) -> float | None:
        """Make the backup that was asked for or whose time has come; when to look again, None if nothing is planned."""
        if self._next is not None and now >= self._next:
            self._next = next_time(self._settings, now)
            with self._lock:
                self._asked_by = self._asked_by or SYSTEM
        if self._asked_by:
            self._run(self._asked_by, now)
        return self._next

    def _run(self, by: str, now: float) -> None:
        try:
            backup = self._make(self._settings, now, self._tell)
        except AutomationError as error:
            self._error = str(error)
            log.error("backup failed: %s", error)  # noqa: TRY400 - its text says all
            self._note(_event("backup.failed", self._settings.site.id, f"backup failed: {error}", by, now))
        else:
            self._error, self._last = "", now
            self._note(_event("backup.made", backup.name, f"backup made and verified, {backup.bytes} bytes", by, now))
        finally:
            with self._lock:
                self._asked_by, self._progress = "", None

    def _tell(self, progress: float) -> None:
        if self._halted:
            raise StorageError("the runtime stops")
        self._progress = progress


def _event(kind: str, subject: str, message: str, by: str, now: float) -> Event:
    return Event(time=now, kind=kind, subject=subject, message=message[:1000], actor=by)


def next_time(settings: Settings, now: float) -> float | None:
    """When the next backup is due by the clock, which is the first of the daily times after now in the site's zone."""
    if not settings.backup.at:
        return None
    hour, minute = map(int, settings.backup.at.split(":"))
    here = datetime.fromtimestamp(now, ZoneInfo(settings.site.time_zone))
    due = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if due.timestamp() <= now:
        due = (due.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=here.tzinfo)
    return due.timestamp()
