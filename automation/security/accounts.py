"""Administration of users: who is there, in which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError, NotFoundError
from automation.model.event import SYSTEM, Event
from automation.model.sample import Value
from automation.security.passwords import Passwords, check_policy
from automation.security.principal import Principal, Role
from automation.security.users import User, Users, UserStore, user_name

_RESERVED = frozenset({SYSTEM, "guard", "runtime", "cli"})  # the journal uses them for what no user did


class Accounts:
    """Adds and changes users. ``by`` is who does it and must have been authorised before.

    Each call is journalled in the transaction of the change. Nobody changes his own role or disables himself, and one enabled
    administrator always remains. A change of role, password or disabled ends the user's sessions.
    """

    def __init__(self, users: UserStore, passwords: Passwords) -> None:
        self._users = users
        self._passwords = passwords

    def all(self) -> Users:
        """All users by name."""
        return self._users.all()

    def add(self, by: Principal, name: str, role: Role, password: str, now: float, *, must_change_password: bool = True) -> User:
        """A new user. Raises ``InvalidValueError`` on a bad name or password, ``ConflictError`` if the name is taken."""
        kept = user_name(name)
        if kept in _RESERVED:
            raise InvalidValueError(f"user name {kept}: reserved")
        check_policy(password, kept)
        user = User(
            name=kept,
            role=role,
            password_hash=self._passwords.hash(password),
            must_change_password=must_change_password,
            created=now,
        )

        def change(users: Users) -> tuple[User, Event]:
            if kept in users:
                raise ConflictError(f"user {kept}: exists already", "exists")
            return user, _event("user.added", user, f"{role.label} {kept} added", by, now, {"role": role.label})

        return self._users.change(change)

    def set_role(self, by: Principal, name: str, role: Role, now: float) -> User:
        """The user in the new role. Raises ``NotAllowedError`` for one's own, ``ConflictError`` for the last administrator."""
        _not_own(by, name, "role")

        def change(users: Users) -> tuple[User, Event]:
            old = _existing(users, name)
            new = replace(old, role=role, token_epoch=old.token_epoch + 1)
            _keep_an_admin(users, new)
            message = f"role of {old.name} changed from {old.role.label} to {role.label}"
            return new, _event("user.role", new, message, by, now, {"old": old.role.label, "new": role.label})

        return self._users.change(change)

    def set_disabled(self, by: Principal, name: str, disabled: bool, now: float) -> User:
        """The user, disabled or enabled. Raises ``NotAllowedError`` for oneself, ``ConflictError`` for the last administrator."""
        _not_own(by, name, "account")
        word = "disabled" if disabled else "enabled"

        def change(users: Users) -> tuple[User, Event]:
            old = _existing(users, name)
            new = replace(old, disabled=disabled, token_epoch=old.token_epoch + 1)
            _keep_an_admin(users, new)
            details: Mapping[str, Value] = {"old": old.disabled, "new": disabled}
            return new, _event(f"user.{word}", new, f"{old.name} {word}", by, now, details)

        return self._users.change(change)

    def reset_password(self, by: Principal, name: str, password: str, now: float) -> User:
        """The user with a password that must be changed at the next login. Raises ``NotAllowedError`` for one's own."""
        _not_own(by, name, "password without the old one")
        check_policy(password, name)
        password_hash = self._passwords.hash(password)

        def change(users: Users) -> tuple[User, Event]:
            old = _existing(users, name)
            new = replace(old, password_hash=password_hash, must_change_password=True, token_epoch=old.token_epoch + 1)
            return new, _event("user.password.reset", new, f"password of {old.name} reset", by, now, {})

        return self._users.change(change)


def _existing(users: Users, name: str) -> User:
    user = users.get(name.strip().lower())
    if user is None:
        raise NotFoundError(f"unknown user {name:.64}")
    return user


def _not_own(by: Principal, name: str, what: str) -> None:
    if by.name == name.strip().lower():
        raise NotAllowedError(f"{by.name} may not change the own {what}")


def _keep_an_admin(users: Users, changed: User) -> None:
    after = {**users, changed.name: changed}
    if not any(user.role is Role.ADMIN and not user.disabled for user in after.values()):
        raise ConflictError(f"user {changed.name}: the last administrator must stay", "last_admin")


def _event(kind: str, user: User, message: str, by: Principal, now: float, details: Mapping[str, Value]) -> Event:
    return Event(time=now, kind=kind, subject=user.name, message=message, actor=by.name, origin=by.origin, details=details)
