"""Commands on backups of the installation."""

from __future__ import annotations

from typing import Protocol

from automation.commands.audit import Audit, Call
from automation.model.backup import BackupStatus
from automation.security.principal import Permission, Principal


class BackupsPort(Protocol):
    """The backups of the installation."""

    def start(self, by: str) -> BackupStatus:
        """Make one as soon as may be. Raises ``ConflictError`` while one is being made."""

    def remove(self, name: str) -> None:
        """Remove one. Raises ``NotFoundError``, ``InvalidValueError``, ``StorageError``."""


class BackupCommands:
    """Administrators make and remove backups, also under an emergency stop; each is journalled."""

    def __init__(self, audit: Audit, backups: BackupsPort) -> None:
        self._audit = audit
        self._backups = backups

    def start(self, principal: Principal) -> BackupStatus:
        """How backups fare, now that one is being made. Raises ``NotAllowedError``, ``ConflictError`` while one is already."""
        call = Call(principal=principal, kind="backup.start", subject="backup")
        with self._audit.frame(call, Permission.ADMINISTER, gated=False):
            status = self._backups.start(principal.name)
        self._audit.accepted(call, "backup asked for")
        return status

    def remove(self, principal: Principal, name: str) -> None:
        """Remove a backup. Raises ``NotAllowedError``, ``NotFoundError``, ``InvalidValueError``, ``StorageError``."""
        call = Call(principal=principal, kind="backup.remove", subject=name[:128])
        with self._audit.frame(call, Permission.ADMINISTER, gated=False):
            self._backups.remove(name)
        self._audit.accepted(call, f"backup {name} removed")
