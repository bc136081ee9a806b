"""What is kept: databases, journal, users and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from automation.model.errors import StorageError
from automation.security.accounts import Accounts
from automation.security.first_admin import FirstAdmin, Told, create_first_admin
from automation.security.login import Authenticator
from automation.security.passwords import Passwords
from automation.security.secret import load_secret
from automation.security.tokens import Tokens
from automation.security.users import SqlUserStore
from automation.settings import Settings
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.system.clock import Clock

ADMIN_PASSWORD_FILE = "admin-password.txt"  # noqa: S105 - the name of a file


class Stores:
    """The opened databases and what lives in them; the tables are brought up to date first.

    Raises ``ConfigError`` and ``StorageError`` naming the address or folder.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        _make_folder(settings.data)
        self.config = Database(settings.config_url)
        self.history = Database(settings.history_url, durable=False)
        try:
            self.config.migrate("config")
            self.history.migrate("history")
            self.journal = Journal(self.config)
            self.users = SqlUserStore(self.config, self.journal)
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

    def close(self, now: float) -> None:
        """Keep what was posted to the journal and close the databases."""
        try:
            journal = getattr(self, "journal", None)
            if journal is not None:
                journal.step(now)
        finally:
            self.history.close()
            self.config.close()


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
