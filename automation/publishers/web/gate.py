"""The access gate: who may use a route is declared beside it, and what is not declared is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from flask import Flask, current_app, g, request
from werkzeug.exceptions import Forbidden, MethodNotAllowed

from automation.model.errors import AuthenticationError, NotAllowedError
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_SCHEME = "Bearer "
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
Refused: TypeAlias = Callable[[Principal, Permission, str, str], None]


class Authenticator(Protocol):
    """Who turns a token into a caller."""

    def verify(self, token: str, now: float, origin: str) -> Principal:
        """The caller that the token was given to. Raises ``AuthenticationError``."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What one method of one route needs.

    permission: None leaves the route open to everybody. pending: any role may, also before it has changed a password that was
    given by somebody else.
    """

    permission: Permission | None
    pending: bool = False


OPEN = Access(permission=None)


class Gate:
    """Authenticate and authorise every request of the application before its view runs.

    Deny by default: a route that nobody declared answers 403. surface: the first word of a principal's origin. refused: told of
    who asked for a change without the permission that it needs, by which method and path.
    """

    def __init__(self, authenticator: Authenticator, clock: Clock, surface: str = "rest", refused: Refused | None = None) -> None:
        self._authenticator = authenticator
        self._clock = clock
        self._surface = surface
        self._refused = refused
        self._accesses: dict[tuple[str, str], Access] = {}

    def install(self, app: Flask) -> None:
        """Have every request of the application pass here first."""
        app.before_request(self._check)

    def declare(self, endpoint: str, method: str, permission: Permission | None, *, pending: bool = False) -> None:
        """Let callers with the permission, or everybody if None, use the method of the endpoint."""
        self._accesses[endpoint, method] = Access(permission=permission, pending=pending)

    def access(self, endpoint: str, method: str) -> Access | None:
        """What was declared for the method of the endpoint; HEAD is as GET."""
        return self._accesses.get((endpoint, "GET" if method == "HEAD" else method))

    def principal(self) -> Principal:
        """The caller of the present request. Raises ``AuthenticationError`` on an open route without one."""
        principal = g.get("principal")
        if not isinstance(principal, Principal):
            raise AuthenticationError("this request carries no token")
        return principal

    def token(self) -> str:
        """The token of the present request. Raises ``AuthenticationError`` without one."""
        header = request.headers.get("Authorization", "")
        if not header.startswith(_SCHEME):
            raise AuthenticationError("no token: send Authorization: Bearer <token>")
        return header[len(_SCHEME) :].strip()

    def origin(self) -> str:
        """The way in and the peer's address, such as ``rest 127.0.0.1``."""
        return f"{self._surface} {request.remote_addr or 'unknown'}"

    def _check(self) -> None:
        if request.endpoint is None:
            return  # no such route: the answer is 404 or 405 for everybody
        access = self.access(request.endpoint, request.method)
        if access is None:
            self._refuse_undeclared(request.endpoint)
        elif access.permission is not None:
            principal = self._authenticate()
            if not access.pending:
                self._require(principal, access.permission)
            g.principal = principal

    def _require(self, principal: Principal, permission: Permission) -> None:
        try:
            principal.require(permission)
        except NotAllowedError:
            if self._refused is not None and request.method not in _READING:
                self._refused(principal, permission, request.method, request.path)
            raise

    def _refuse_undeclared(self, endpoint: str) -> None:
        if request.method == "OPTIONS":
            raise MethodNotAllowed
        current_app.logger.error("route %s %s declares no permission and is refused", request.method, endpoint)
        raise Forbidden("this route declares no permission")

    def _authenticate(self) -> Principal:
        return self._authenticator.verify(self.token(), self._clock.now(), self.origin())
