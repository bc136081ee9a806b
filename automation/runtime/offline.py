"""What the command line does to an installation that may or may not be running."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from automation.events.index import EventIndex
from automation.logbook.check import LogbookCheck, check_logbook
from automation.model.configuration import Body, ChangeResult, ImportOptions, ImportReport, Mistake, ObjectKind, Plan
from automation.model.errors import ConfigError
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.replay.result import ReplayResult
from automation.project.replays import question_of
from automation.project.service import Project
from automation.project.store import Stored, Writing
from automation.runtime.apps import load_apps
from automation.runtime.configuration import configuration_in, load_configuration
from automation.runtime.drivers import Drivers
from automation.runtime.notifications import notification_mistakes
from automation.runtime.replay import bounds_of, running_in
from automation.runtime.replay_reading import answer_of
from automation.runtime.stores import LOCK_FILE, Stores, own_data_folder
from automation.security.accounts import Accounts
from automation.security.passwords import Passwords
from automation.security.principal import Principal, Role
from automation.security.users import SqlUserStore, User
from automation.settings import Settings
from automation.storage.database import Database
from automation.storage.files import hold_lock
from automation.storage.journal import Journal
from automation.system.clock import RealClock

OPERATOR_OF_THE_MACHINE = Principal(name="command line", role=Role.ADMIN, origin="cli")


def add_user(settings: Settings, name: str, role: str, password: str) -> User:
    """The user as added; must change the password at the first login.

    Raises ``ConfigError`` for an unknown role, ``InvalidValueError`` for a name or password that is not good enough,
    ``ConflictError`` if the name is taken, and ``StorageError``.
    """
    try:
        rank = Role.of(role)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    database = Database(settings.config_url)
    try:
        database.migrate("config")
        accounts = Accounts(SqlUserStore(database, Journal(database)), Passwords())
        return accounts.add(OPERATOR_OF_THE_MACHINE, name, rank, password, RealClock().now())
    finally:
        database.close()


@dataclass(frozen=True, kw_only=True)
class JournalCheck:
    """What a look at the whole journal found.

    pruned: rows that were removed because they were old. broken: the first that is missing or was changed, None if none.
    logbook: of the log book, None if the journal is not whole, which proves it.
    """

    rows: int
    pruned: int = 0
    broken: int | None = None
    missing: bool = False
    logbook: LogbookCheck | None = None


def verify_journal(settings: Settings) -> JournalCheck:
    """Whether the journal is whole; the runtime may run meanwhile. Raises ``StorageError``."""
    database = Database(settings.config_url)
    try:
        database.migrate("config")
        journal = Journal(database)
        broken = journal.verify()
        missing = broken is not None and all(row.seq != broken for row in journal.query(before_seq=broken + 1, limit=1))
        pruned = journal.anchor()
        logbook = None if broken is not None else check_logbook(database)
        rows = journal.head()[0] - pruned
        return JournalCheck(rows=rows, pruned=pruned, broken=broken, missing=missing, logbook=logbook)
    finally:
        database.close()


def index_journal(settings: Settings) -> int:
    """The indexes of the journal, of alarms and of events, made anew; how many rows the journal has.

    Raises ``ConfigError`` while the runtime runs, and ``StorageError``.
    """
    with own_data_folder(settings.data):
        database = Database(settings.config_url)
        try:
            database.migrate("config")
            AlarmIndex(database, Journal(database)).rebuild()
            return EventIndex(database).rebuild()
        finally:
            database.close()


def is_running(settings: Settings) -> bool:
    """True if a runtime, or a command, uses the data folder at this moment. Raises ``StorageError``."""
    file = settings.data / LOCK_FILE
    if not file.exists():
        return False
    lock = hold_lock(file)
    if lock is None:
        return True
    lock.close()
    return False


class OfflineProject:
    """The project of an installation that does not run, in the name of whoever may use its data folder."""

    def __init__(self, project: Project, clock: RealClock) -> None:
        self._project = project
        self._clock = clock
        self._by = (OPERATOR_OF_THE_MACHINE.name, OPERATOR_OF_THE_MACHINE.origin)

    def validate(self, files: Mapping[str, str]) -> Sequence[Mistake]:
        """Everything that is wrong with the files."""
        return self._project.validate(files)[0]

    def plan(self, files: Mapping[str, str]) -> Plan:
        """What apply would do now."""
        return self._project.plan(files)

    def apply(self, files: Mapping[str, str], *, overwrite: bool = False) -> ChangeResult:
        """Make the configuration what applications and files say; the next start runs it."""
        return self._project.apply(files, *self._by, self._clock.now(), overwrite)

    def export(self, *, mark: bool = False) -> Mapping[str, str]:
        """The configuration as files; mark: edits count as exported from now on."""
        return self._project.export(*self._by, self._clock.now(), mark)

    def import_table(self, kind: ObjectKind, data: bytes, form: str, options: ImportOptions) -> ImportReport:
        """Import a table of tags or alarms."""
        return self._project.import_table(kind, data, form, options, *self._by, self._clock.now())

    def export_table(self, kind: ObjectKind, form: str) -> bytes:
        """All tags or alarms as a table."""
        return self._project.export_table(kind, None, form)


@contextmanager
def offline_project(settings: Settings) -> Iterator[OfflineProject]:
    """The project of the installation while it does not run, and cannot be started meanwhile.

    Raises ``ConfigError`` and ``StorageError``.
    """
    clock = RealClock()
    apps = load_apps(settings)
    with own_data_folder(settings.data):
        stores = Stores(settings, clock)
        try:
            now = clock.now()
            drivers = Drivers(settings, os.environ, now)
            configuration = load_configuration(settings, stores, apps, drivers, now)
            yield OfflineProject(Project(configuration, settings.data / "cache"), clock)
        finally:
            stores.close(clock.now())


def validate_project(
    settings: Settings, files: Mapping[str, str]
) -> tuple[Sequence[Mistake], Mapping[tuple[str, str], int], Sequence[str]]:
    """Everything that is wrong with applications and files, how many there are of each noun (one, many), what should be mended.

    Raises ``ConfigError``.
    """
    apps = load_apps(settings)
    now = RealClock().now()
    with TemporaryDirectory(prefix="automation-") as keys:
        drivers = Drivers(settings, os.environ, now, keys=Path(keys))
        configuration = configuration_in(_Nowhere(), settings, apps, drivers, now)
        project = Project(configuration)
        mistakes, counts = project.validate(files)
        warnings = () if mistakes else project.warnings(files)
    found = [mistake for mistakes in configuration.left_out.values() for mistake in mistakes]
    return (
        [*notification_mistakes(settings, os.environ), *found, *mistakes],
        {
            ("application", "applications"): len(apps),
            ("tag", "tags"): len(configuration.tags()),
            ("alarm", "alarms"): len(configuration.alarms()),
            ("object in project files", "objects in project files"): sum(counts.values()),
        },
        warnings,
    )


def offline_replay(
    settings: Settings,
    start: float,
    end: float,
    alarms: Sequence[Body] | None,
    names: Sequence[str] | None,
    tell: Callable[[float], None],
) -> ReplayResult:
    """A replay of alarms over the history of an installation that does not run; see ``project.replays.question_of``.

    tell: told of the progress, 0 to 1. Raises as ``question_of`` and ``replay``.
    """
    clock = RealClock()
    apps = load_apps(settings)
    with own_data_folder(settings.data):
        stores = Stores(settings, clock)
        try:
            now = clock.now()
            configuration = load_configuration(settings, stores, apps, Drivers(settings, os.environ, now), now)
            running, bounds = running_in(configuration), bounds_of(settings)
            question = question_of(running, Project(configuration), start, end, alarms, names, now=now, bounds=bounds)
        finally:
            stores.close(clock.now())
        length = question.end - question.start

        def pulse(time: float, _samples: int) -> None:
            tell(max(0.0, time - question.start) / length)

        return answer_of(question, settings.config_url, settings.history_url, pulse)


class _Nowhere:
    """A store that keeps nothing: for a look at what applications and files say by themselves."""

    def load(self) -> Stored:
        """Nothing was kept."""
        return Stored()

    def save(self, writing: Writing) -> None:
        """Forget it."""
