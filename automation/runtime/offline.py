"""What the command line does to an installation that may or may not be running."""

from __future__ import annotations

from automation.model.errors import ConfigError
from automation.security.accounts import Accounts
from automation.security.passwords import Passwords
from automation.security.principal import Principal, Role
from automation.security.users import SqlUserStore, User
from automation.settings import Settings
from automation.storage.database import Database
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
