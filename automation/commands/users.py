"""Commands on users: every change of who may come in."""

from __future__ import annotations

from collections.abc import Sequence

from automation.commands.audit import Audit, Call
from automation.model.errors import InvalidValueError, NotFoundError, TooManyAttemptsError
from automation.security.accounts import Accounts
from automation.security.login import Authenticator, Session
from automation.security.principal import Permission, Principal, Role
from automation.security.users import User
from automation.system.clock import Clock


class UserCommands:
    """Users are changed by administrators, passwords by their owners.

    What is done is journalled with the change, in one transaction; what is refused, here.
    """

    def __init__(self, audit: Audit, accounts: Accounts, authenticator: Authenticator, clock: Clock) -> None:
        self._audit = audit
        self._accounts = accounts
        self._authenticator = authenticator
        self._clock = clock

    def list(self, principal: Principal) -> Sequence[User]:
        """All users, by name. Raises ``NotAllowedError``."""
        principal.require(Permission.ADMINISTER)
        return tuple(self._accounts.all().values())

    def get(self, principal: Principal, name: str) -> User:
        """One user. Raises ``NotAllowedError``, ``NotFoundError``."""
        principal.require(Permission.ADMINISTER)
        user = self._accounts.all().get(name)
        if user is None:
            raise NotFoundError(f"unknown user {name:.64}")
        return user

    def add(self, principal: Principal, name: str, role: str, password: str) -> User:
        """The new user, who must change the password at the first login.

        Raises ``InvalidValueError`` on a bad name, role or password, ``ConflictError`` if the name is taken.
        """
        with self._audit.frame(Call(principal=principal, kind="user.added", subject=name), Permission.ADMINISTER):
            return self._accounts.add(principal, name, _role(role), password, self._clock.now())

    def set_role(self, principal: Principal, name: str, role: str) -> User:
        """The user in the new role. Raises ``NotAllowedError`` for one's own, ``ConflictError`` for the last administrator."""
        call = Call(principal=principal, kind="user.role", subject=name, details={"new": role})
        with self._audit.frame(call, Permission.ADMINISTER):
            return self._accounts.set_role(principal, name, _role(role), self._clock.now())

    def disable(self, principal: Principal, name: str) -> User:
        """The user, who cannot log in any more.

        Raises ``NotAllowedError`` for oneself, ``ConflictError`` for the last administrator.
        """
        with self._audit.frame(Call(principal=principal, kind="user.disabled", subject=name), Permission.ADMINISTER):
            return self._accounts.set_disabled(principal, name, disabled=True, now=self._clock.now())

    def enable(self, principal: Principal, name: str) -> User:
        """The user, who can log in again."""
        with self._audit.frame(Call(principal=principal, kind="user.enabled", subject=name), Permission.ADMINISTER):
            return self._accounts.set_disabled(principal, name, disabled=False, now=self._clock.now())

    def reset_password(self, principal: Principal, name: str, password: str) -> User:
        """The user with a new password that must be changed at the next login. Raises ``InvalidValueError`` on a bad one."""
        with self._audit.frame(Call(principal=principal, kind="user.password.reset", subject=name), Permission.ADMINISTER):
            return self._accounts.reset_password(principal, name, password, self._clock.now())

    def change_password(self, principal: Principal, old_password: str, new_password: str) -> Session:
        """A new session of the principal under the new password; all others end. Works under an emergency stop too.

        Raises ``AuthenticationError`` if the old password is wrong, ``InvalidValueError``, ``TooManyAttemptsError``.
        """
        call = Call(principal=principal, kind="user.password", subject=principal.name)
        locked: TooManyAttemptsError | None = None
        with self._audit.frame(call, None, gated=False):
            try:
                return self._authenticator.change_password(principal, old_password, new_password, self._clock.now())
            except TooManyAttemptsError as error:
                locked = error  # journalled once, when the lock began
        raise locked


def _role(label: str) -> Role:
    try:
        return Role.of(label)
    except ValueError as error:
        raise InvalidValueError(str(error)) from None
