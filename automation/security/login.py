"""Logging in, staying logged in, logging out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.model.errors import AuthenticationError, InvalidValueError
from automation.model.event import SYSTEM, Event
from automation.security.attempts import Attempts
from automation.security.passwords import Passwords, check_policy
from automation.security.principal import Principal
from automation.security.tokens import Claims, Tokens
from automation.security.users import User, Users, UserStore
from automation.storage.journal import EventJournal

SESSION_S = 12 * 3600.0
_NAME_MAX = 64
_WRONG = "wrong user name or password"


@dataclass(frozen=True, kw_only=True)
class Session:
    """A token for somebody who has proved who he is. expires_at: POSIX seconds; refresh the token before."""

    token: str
    expires_at: float
    principal: Principal


class Authenticator:
    """Finds out who is calling; what he may do is up to the commands.

    origin, everywhere: the way in and the peer's address without its port, such as ``rest 127.0.0.1``. session_s: after so long a
    session ends, however often its token was refreshed. Nothing but ``change_password`` and ``logout`` waits for the database.
    """

    def __init__(
        self,
        users: UserStore,
        passwords: Passwords,
        tokens: Tokens,
        journal: EventJournal,
        attempts: Attempts | None = None,
        *,
        session_s: float = SESSION_S,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._tokens = tokens
        self._journal = journal
        self._attempts = attempts or Attempts()
        self._session_s = session_s

    def login(self, name: str, password: str, origin: str, now: float) -> Session:
        """A session of the user. Raises ``AuthenticationError``, always with the same words, and ``TooManyAttemptsError``."""
        return self._session(self._logged_in(name, password, origin, now), origin, now)

    def authenticate(self, name: str, password: str, origin: str, now: float) -> Principal:
        """The user as a principal, for ways in that keep sessions of their own; refused and journalled like ``login``."""
        return _principal(self._logged_in(name, password, origin, now), origin)

    def verify(self, token: str, now: float, origin: str) -> Principal:
        """Who holds the token, with the role of this moment. Raises ``AuthenticationError``; reads memory only."""
        user, claims = self._holder(token, now)
        return _principal(user, origin, claims)

    def refresh(self, token: str, now: float, origin: str) -> Session:
        """A new token in the same session. Raises ``AuthenticationError``, also when the session has lasted its time."""
        user, claims = self._holder(token, now)
        if now >= claims.session_start + self._session_s:
            raise AuthenticationError("the session has ended; log in again")
        return self._session(user, origin, now, claims)

    def logout(self, token: str, now: float, origin: str) -> None:
        """End the session of the token: none of its tokens counts any more. Raises ``AuthenticationError``, ``StorageError``."""
        user, claims = self._holder(token, now)
        event = _event("logout", user.name, f"{user.name} logged out", origin, now, actor=user.name)
        self._users.end_session(claims.session, claims.session_start + self._session_s + self._tokens.lifetime_s, event)

    def change_password(self, principal: Principal, old_password: str, new_password: str, now: float) -> Session:
        """Replace the principal's own password; every other token of the user is void, the new session counts.

        Raises ``AuthenticationError`` if the old password is wrong, ``InvalidValueError`` if the new one is not good enough,
        ``TooManyAttemptsError`` and ``StorageError``.
        """
        user = self._authenticated(principal.name, old_password, principal.origin, now)
        check_policy(new_password, user.name)
        if new_password == old_password:
            raise InvalidValueError("password: the new one must differ from the old one")
        changed_hash = self._passwords.hash(new_password)

        def change(users: Users) -> tuple[User, Event]:
            newest = users.get(user.name)
            if newest is None or newest.token_epoch != user.token_epoch:
                raise AuthenticationError("the account was changed meanwhile; log in again")
            event = _event(
                "user.password", user.name, f"{user.name} changed the password", principal.origin, now, actor=user.name
            )
            return _with_password(newest, changed_hash), event

        return self._session(self._users.change(change), principal.origin, now)

    def _logged_in(self, name: str, password: str, origin: str, now: float) -> User:
        user = self._authenticated(name, password, origin, now)
        self._journal.post(_event("login", user.name, f"{user.name} logged in", origin, now, actor=user.name))
        return user

    def _authenticated(self, name: str, password: str, origin: str, now: float) -> User:
        account, peer = name.strip().lower()[:_NAME_MAX], origin.rpartition(" ")[2]
        # A refusal here leaves no row: the lock's own row was written when it began, and a flood shall not fill the journal.
        locks = self._attempts.begin(account, peer, now)
        user = self._users.get(account)
        right = self._passwords.matches(password, None if user is None else user.password_hash)
        if user is None or user.disabled or not right:
            self._refused(account, peer, locks, origin, now)
            raise AuthenticationError(_WRONG)
        self._attempts.succeeded(account, peer)
        return user

    def _refused(self, account: str, peer: str, locks: Sequence[str], origin: str, now: float) -> None:
        self._journal.post(_event("login.failed", account, f"failed login as {account}", origin, now))
        for lock in locks:
            subject = account if lock == "account" else peer
            message = f"{lock} {subject} locked after too many failed logins"
            self._journal.post(_event("login.locked", subject, message, origin, now))

    def _holder(self, token: str, now: float) -> tuple[User, Claims]:
        claims = self._tokens.read(token, now)
        user = self._users.get(claims.name)
        if user is None or user.disabled or user.token_epoch != claims.epoch or self._users.ended(claims.session):
            raise AuthenticationError("the token no longer counts; log in again")
        return user, claims

    def _session(self, user: User, origin: str, now: float, follows: Claims | None = None) -> Session:
        start = follows.session_start if follows else now
        token, claims = self._tokens.issue(user.name, user.token_epoch, now, of=follows, until=start + self._session_s)
        return Session(token=token, expires_at=claims.expires_at, principal=_principal(user, origin, claims))


def _principal(user: User, origin: str, claims: Claims | None = None) -> Principal:
    return Principal(
        name=user.name,
        role=user.role,
        origin=origin,
        must_change_password=user.must_change_password,
        token_from=None if claims is None else claims.issued_at,
    )


def _with_password(user: User, password_hash: str) -> User:
    return replace(user, password_hash=password_hash, must_change_password=False, token_epoch=user.token_epoch + 1)


def _event(kind: str, subject: str, message: str, origin: str, now: float, *, actor: str = SYSTEM) -> Event:
    return Event(time=now, kind=kind, subject=subject, message=message, actor=actor, origin=origin)
