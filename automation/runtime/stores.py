"""What is kept: databases, journal, users and keys."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from automation.annotations.sql import SqlAnnotations
from automation.displays.sql import SqlDisplays
from automation.logbook.sql import SqlLogbook
from automation.model.errors import ConfigError, StorageError
from automation.referencing.sql import SqlReferenceStore
from automation.security.accounts import Accounts
from automation.security.first_admin import FirstAdmin, Told, create_first_admin
from automation.security.login import Authenticator
from automation.security.passwords import Passwords
from automation.security.preferences import SqlPreferenceStore
from automation.security.principal import Principal
from automation.security.secret import load_secret
from automation.security.tokens import Tokens
from automation.security.users import SqlUserStore
from automation.settings import Settings
from automation.storage.database import Database
from automation.storage.files import hold_lock
from automation.storage.journal import Journal
from automation.system.clock import Clock

log = logging.getLogger(__name__)

ADMIN_PASSWORD_FILE = "admin-password.txt"  # noqa: S105 - the name of a file
LOCK_FILE = "runtime.lock"


def own_data_folder(folder: Path) -> IO[bytes]:
    """The data folder's lock, made if need be, to be closed at the end.

    Raises ``ConfigError`` if another runtime uses the folder, ``StorageError`` if it cannot be made or written.
    """
    _make_folder(folder)
    lock = hold_lock(folder / LOCK_FILE)
    if lock is None:
        raise ConfigError(f"data folder {folder}: another runtime is using it; one folder belongs to one runtime")
    return lock


class Stores:
    """The opened databases and what lives in them; the tables are brought up to date first.

    Raises ``ConfigError`` and ``StorageError`` naming the address or folder.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self.config = Database(settings.config_url)
        self.history = Database(settings.history_url, durable=settings.history.durability == "sync")
        try:
            self.config.migrate("config")
            self.history.migrate("history")
            self.journal = Journal(self.config)
            self.users = SqlUserStore(self.config, self.journal)
            self.preferences = SqlPreferenceStore(self.config, self.journal)
            self.references = SqlReferenceStore(self.config, self.journal)
            self.logbook = SqlLogbook(self.config, self.journal)
            self.annotations = SqlAnnotations(self.config, self.journal)
            self.displays = SqlDisplays(self.config, self.journal)
            self.passwords = Passwords()
            self.accounts = Accounts(self.users, self.passwords)
            tokens = Tokens(load_secret(settings.data / "token-secret"), settings.security.token_minutes * 60.0)
            self.authenticator = Authenticator(self.users, self.passwords, tokens, self.journal)
        except BaseException:
            self.close(clock.now())
            raise

    def first_admin(self, environment: Mapping[str, str], now: float, show: Callable[[str], None] | None) -> FirstAdmin | None:
        """The administrator of a first start, None if there are users. Raises ``ConfigError`` and ``StorageError``."""
        file = self._settings.data / ADMIN_PASSWORD_FILE
        return create_first_admin(self.users, self.passwords, environment, now, file=file, show=show)

    def standing(self, principal: Principal) -> bool:
        """True while the principal's user exists, is not disabled and has the role that it logged in with."""
        user = self.users.get(principal.name)
        return user is not None and not user.disabled and user.role is principal.role

    def close(self, now: float, *, hung: bool = False) -> None:
        """Keep what was posted to the journal and close the databases. hung: the database does not answer, so it is not asked.

        Raises ``StorageError`` if events could not be kept; they are in the log then.
        """
        journal = getattr(self, "journal", None)
        try:
            if journal is not None and not hung:
                journal.step(now)
        finally:
            if journal is not None:
                _log_unkept(journal)
            self.history.close()
            self.config.close()


def _log_unkept(journal: Journal) -> None:
    for event in journal.posted():
        log.error("not journalled: %.3f %s %s by %s: %s", event.time, event.kind, event.subject, event.actor, event.message)


def hint_of(first: FirstAdmin | None) -> str:
    """What the person at the terminal should know of the first administrator; empty if nothing."""
    if first is None or first.told is Told.TERMINAL:
        return ""
    if first.told is Told.FILE:
        return f"First start: the one-time password of {first.name} is in {first.file}"
    return f"First start: administrator {first.name} made with the password of the environment"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(f"data folder {folder}: cannot be made: {error.strerror}") from error
