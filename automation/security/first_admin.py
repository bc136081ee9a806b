"""The first start: the administrator that nobody had to be given a default password for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from automation.model.errors import ConfigError, ConflictError, InvalidValueError
from automation.model.event import Event
from automation.security.passwords import Passwords, check_policy, random_password
from automation.security.principal import Role
from automation.security.users import User, Users, UserStore
from automation.storage.files import write_atomic

ADMIN = "admin"
VARIABLE = "AUTOMATION_ADMIN_PASSWORD"


class Told(Enum):
    """Where the first administrator's password is to be found."""

    ENVIRONMENT = "environment"
    TERMINAL = "terminal"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class FirstAdmin:
    """The administrator that was made. file: where the one-time password is, if it is in a file."""

    name: str
    told: Told
    file: Path | None = None


def create_first_admin(
    users: UserStore,
    passwords: Passwords,
    environment: Mapping[str, str],
    now: float,
    *,
    file: Path,
    show: Callable[[str], None] | None,
) -> FirstAdmin | None:
    """The administrator of a first start; None if there are users already.

    The password is that of ``AUTOMATION_ADMIN_PASSWORD``; else a random one that must be changed, handed to ``show`` (to be
    passed where there is a terminal) or written to the file, for its owner only. Never logged. Raises ``ConfigError`` if the one
    given is not good enough, and ``StorageError``.
    """
    if users.all():
        return None
    given = environment.get(VARIABLE, "")
    if given:
        try:
            check_policy(given, ADMIN)
        except InvalidValueError as error:
            raise ConfigError(f"{VARIABLE}: {error}") from error
        return _made(users, passwords, given, FirstAdmin(name=ADMIN, told=Told.ENVIRONMENT), now)
    password = random_password()
    if show is None:
        # Written first: a crash in between must not leave an administrator whose password nobody knows.
        write_atomic(file, f"{password}\n", mode=0o600)
        return _made(users, passwords, password, FirstAdmin(name=ADMIN, told=Told.FILE, file=file), now)
    first = _made(users, passwords, password, FirstAdmin(name=ADMIN, told=Told.TERMINAL), now)
    if first is not None:
        show(password)
    return first


def _made(users: UserStore, passwords: Passwords, password: str, first: FirstAdmin, now: float) -> FirstAdmin | None:
    user = User(
        name=first.name,
        role=Role.ADMIN,
        password_hash=passwords.hash(password),
        must_change_password=first.told is not Told.ENVIRONMENT,
        created=now,
    )

    def change(present: Users) -> tuple[User, Event]:
        if present:
            raise ConflictError("users exist already", "exists")
        message = f"first administrator {user.name} made, password from {first.told.value}"
        return user, Event(time=now, kind="user.added", subject=user.name, message=message, details={"role": user.role.label})

    try:
        users.change(change)
    except ConflictError:  # another process started at the same time and was faster
        return None
    return first
