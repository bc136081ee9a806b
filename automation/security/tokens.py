"""Access tokens: signed statements of who logged in, when, and until when that counts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import jwt

from automation.model.errors import AuthenticationError, ConfigError

MIN_SECRET_BYTES = 32
_ALGORITHM = "HS256"
_MAX_LENGTH = 4096
_CLAIMS = ("sub", "exp", "iat", "jti", "sid", "sst", "epo")


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token says; the role is not in it, so that a change of role counts at once.

    epoch: the user's token epoch when it was issued. session, session_start: the login that it goes back to; a refreshed token
    keeps both. issued_at, expires_at, session_start: POSIX seconds.
    """

    name: str
    epoch: int
    id: str
    session: str
    session_start: float
    issued_at: float
    expires_at: float


class Tokens:
    """Issues and reads tokens signed with the secret.

    lifetime_s: how long one counts. Raises ``ConfigError`` on a secret that is too short.
    """

    def __init__(self, secret: bytes, lifetime_s: float = 3600.0) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ConfigError(f"token secret: {len(secret)} bytes; needs at least {MIN_SECRET_BYTES}")
        if not lifetime_s > 0:
            raise ConfigError(f"token lifetime {lifetime_s} s: must be positive")
        self.lifetime_s = lifetime_s
        self._secret = secret

    def issue(
        self, name: str, epoch: int, now: float, *, of: Claims | None = None, until: float | None = None
    ) -> tuple[str, Claims]:
        """A new token and what it says. of: the token that it follows, whose session it goes on. until: expires no later."""
        claims = Claims(
            name=name,
            epoch=epoch,
            id=secrets.token_hex(16),
            session=of.session if of else secrets.token_hex(16),
            session_start=of.session_start if of else now,
            issued_at=now,
            expires_at=min(now + self.lifetime_s, until if until is not None else float("inf")),
        )
        payload = {
            "sub": claims.name,
            "exp": claims.expires_at,
            "iat": claims.issued_at,
            "jti": claims.id,
            "sid": claims.session,
            "sst": claims.session_start,
            "epo": claims.epoch,
        }
        return jwt.encode(payload, self._secret, algorithm=_ALGORITHM), claims

    def read(self, token: str, now: float) -> Claims:
        """What the token says. Raises ``AuthenticationError`` if it was not signed here or has expired at ``now``."""
        if len(token) > _MAX_LENGTH:
            raise AuthenticationError("the token is not valid")
        try:
            payload = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                # The instant is an argument: the library would ask the machine's clock.
                options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            claims = Claims(
                name=str(payload["sub"]),
                epoch=int(payload["epo"]),
                id=str(payload["jti"]),
                session=str(payload["sid"]),
                session_start=float(payload["sst"]),
                issued_at=float(payload["iat"]),
                expires_at=float(payload["exp"]),
            )
        except (jwt.InvalidTokenError, UnicodeError, TypeError, ValueError) as error:
            raise AuthenticationError("the token is not valid") from error
        if not now < claims.expires_at:
            raise AuthenticationError("the token has expired; log in again")
        return claims
