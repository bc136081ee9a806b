"""The authenticated caller and what its role permits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from automation.model.errors import NotAllowedError

FRESH_S = 300


class Role(IntEnum):
    """What a person is for; each role may do all that the ones below it may."""

    VIEWER = 1
    OPERATOR = 2
    SUPERVISOR = 3
    ENGINEER = 4
    ADMIN = 5

    @property
    def label(self) -> str:
        """The role's name in lower case, as it is stored and shown."""
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Role:
        """The role of that name. Raises ``ValueError`` naming the roles there are."""
        try:
            return cls[label.upper()]
        except KeyError:
            raise ValueError(f"role {label!r}: expected one of {', '.join(role.label for role in cls)}") from None


class Permission(Enum):
    """What a command needs; the value is the lowest role that has it."""

    VIEW = Role.VIEWER, "view"
    TRIP = Role.VIEWER, "trip the emergency stop"
    PUT = Role.OPERATOR, "put values"
    ACKNOWLEDGE = Role.OPERATOR, "acknowledge alarms"
    OPERATE = Role.OPERATOR, "command machines"
    RECORD = Role.OPERATOR, "write comments and log entries"
    CLEAR_ESTOP = Role.SUPERVISOR, "clear the emergency stop"
    FORCE = Role.SUPERVISOR, "force tags or take them out of service"
    CONFIGURE = Role.ENGINEER, "change the configuration"
    ADMINISTER = Role.ADMIN, "administer users"

    @classmethod
    def of(cls, label: str) -> Permission:
        """The permission of that name in lower case. Raises ``ValueError`` naming the permissions there are."""
        found = next((one for one in cls if one.label == label), None)
        if found is None:
            raise ValueError(f"permission {label!r}: expected one of {', '.join(one.label for one in cls)}")
        return found

    @property
    def label(self) -> str:
        """The permission's name in lower case, as settings have it."""
        return self.name.lower()

    @property
    def role(self) -> Role:
        """The lowest role that has the permission."""
        return self.value[0]

    @property
    def words(self) -> str:
        """The permission as it completes 'may not …'."""
        return self.value[1]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """An authenticated caller.

    name: the user. origin: the way in and the peer's address, such as ``rest 127.0.0.1``. must_change_password: the password was
    given by somebody else; until it is changed nothing else is permitted. token_from: POSIX seconds at which the token that was
    shown was given out, None where there is none.
    """

    name: str
    role: Role
    origin: str = "runtime"
    must_change_password: bool = False
    token_from: float | None = None

    def require_fresh(self, now: float) -> None:
        """Do nothing if the token was given out in the last minutes, so that it is the person and not a screen left open.

        Raises ``NotAllowedError``.
        """
        if self.token_from is not None and now - self.token_from > FRESH_S:
            raise NotAllowedError(f"{self.name}: this needs a token of the last {FRESH_S // 60} minutes; refresh it or log in")

    def may(self, permission: Permission) -> bool:
        """True if the role has the permission, and the password is the user's own; to stop the plant that is not asked."""
        return self.role >= permission.role and (permission is Permission.TRIP or not self.must_change_password)

    def require(self, permission: Permission) -> None:
        """Do nothing if ``may``. Raises ``NotAllowedError`` naming role and need."""
        if self.must_change_password and permission is not Permission.TRIP:
            raise NotAllowedError(f"{self.name} must change the password before anything else")
        if not self.may(permission):
            raise NotAllowedError(f"{self.name} ({self.role.label}) may not {permission.words}; needs {permission.role.label}")
