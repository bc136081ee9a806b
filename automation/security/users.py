"""Users and where they are kept."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import InvalidValueError, StorageError
from automation.model.event import Event
from automation.security.principal import Role
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros

_NAME = re.compile(r"[a-z0-9_][a-z0-9_.@\-]{0,63}")

metadata = sa.MetaData()
users_table = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password_hash", sa.String(255), nullable=False),
    sa.Column("must_change_password", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("token_epoch", sa.Integer, nullable=False),
)
ended_table = sa.Table(
    "ended_sessions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("until_us", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who may log in.

    created: POSIX seconds. token_epoch: counted up when role, password or disabled change; tokens of an older epoch are void.
    """

    name: str
    role: Role
    password_hash: str
    must_change_password: bool = False
    disabled: bool = False
    created: float = 0.0
    token_epoch: int = 0

    def __repr__(self) -> str:
        """Name and role; the hash stays out of every log."""
        return f"User({self.name!r}, {self.role.label})"


Users: TypeAlias = Mapping[str, User]
UserChange: TypeAlias = Callable[[Users], tuple[User, Event]]


def user_name(text: str) -> str:
    """The name as it is kept, in lower case. Raises ``InvalidValueError`` if it cannot be one."""
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise InvalidValueError("user name: expected 1 to 64 letters, digits, '_', '.', '@' or '-'")
    return name


class UserStore(Protocol):
    """Where users are kept. Reads come from memory, so that a slow database never delays the check of a token."""

    def get(self, name: str) -> User | None:
        """The user of that name, None if there is none."""

    def all(self) -> Users:
        """All users by name."""

    def change(self, change: UserChange) -> User:
        """Keep the user that ``change`` makes out of all users, and journal its event, as one.

        Raises what change raises, then nothing is kept; and ``StorageError``.
        """

    def end_session(self, session: str, until: float, event: Event | None = None) -> None:
        """Refuse the session's tokens from now on; forgotten after ``until``, when they have expired. Raises ``StorageError``."""

    def ended(self, session: str) -> bool:
        """True if the session was ended before its time."""


class SqlUserStore:
    """Users in the database of the journal, whose branch ``config`` must be migrated.

    ``step`` takes over what another process (a command line) changed; a Worker calls it every few seconds.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._users: Users = {}
        self._ended: Mapping[str, float] = {}
        self._lock = threading.Lock()
        self.step(0.0)

    def get(self, name: str) -> User | None:
        """The user of that name as last read, None if there is none."""
        return self._users.get(name)

    def all(self) -> Users:
        """All users by name, as last read."""
        return self._users

    def step(self, now: float) -> None:
        """Read users and ended sessions anew. Raises ``StorageError``; what was read before then stays in force."""
        with self._lock, self._database.begin() as connection:
            self._users = _read_users(connection)
            ended = connection.execute(ended_table.select())
            self._ended = {row.id: from_micros(row.until_us) for row in ended} | _lasting(self._ended, now)

    def change(self, change: UserChange) -> User:
        """Keep the user that ``change`` makes out of all users, and journal its event, in one transaction.

        No other process changes a user in between. Raises what change raises, and ``StorageError``; then nothing is kept.
        """
        with self._lock:
            with self._journal.transaction() as transaction:
                users = _read_users(transaction.connection)
                user, event = change(users)
                _write_user(transaction.connection, user, new=user.name not in users)
                transaction.add(event)
            self._users = {**users, user.name: user}
        return user

    def end_session(self, session: str, until: float, event: Event | None = None) -> None:
        """Refuse the session's tokens from now on, also when the database fails. Raises ``StorageError``."""
        with self._lock:
            self._ended = {**self._ended, session: until}
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            connection.execute(ended_table.delete().where(ended_table.c.id == session))
            connection.execute(ended_table.insert().values(id=session, until_us=to_micros(until)))
            if event is not None:
                connection.execute(ended_table.delete().where(ended_table.c.until_us < to_micros(event.time)))
                transaction.add(event)

    def ended(self, session: str) -> bool:
        """True if the session was ended before its time."""
        return session in self._ended


def _lasting(ended: Mapping[str, float], now: float) -> dict[str, float]:
    return {session: until for session, until in ended.items() if until > now}


def _read_users(connection: Connection) -> dict[str, User]:
    rows = connection.execute(users_table.select().order_by(users_table.c.name)).mappings()
    return {row["name"]: _user(row) for row in rows}


def _user(row: Mapping[Any, Any]) -> User:
    try:
        role = Role.of(row["role"])
    except ValueError as error:
        raise StorageError(f"user {row['name']}: {error}") from error
    return User(
        name=row["name"],
        role=role,
        password_hash=row["password_hash"],
        must_change_password=row["must_change_password"],
        disabled=row["disabled"],
        created=from_micros(row["created_us"]),
        token_epoch=row["token_epoch"],
    )


def _write_user(connection: Connection, user: User, *, new: bool) -> None:
    values = {
        "role": user.role.label,
        "password_hash": user.password_hash,
        "must_change_password": user.must_change_password,
        "disabled": user.disabled,
        "created_us": to_micros(user.created),
        "token_epoch": user.token_epoch,
    }
    if new:
        connection.execute(users_table.insert().values(name=user.name, **values))
    else:
        connection.execute(users_table.update().where(users_table.c.name == user.name).values(**values))
