"""Backups that are names in a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from automation.model.backup import Backup, BackupStatus
from automation.model.errors import ConflictError, NotFoundError


class ListedBackups:
    """Backups of a test: ``start`` only says that one is being made, ``finish`` lists it. folder: nothing is in it."""

    folder = Path("/var/backups/plant")
    keep = 7

    def __init__(self) -> None:
        self.items: list[Backup] = []
        self.by = ""
        self.error = ""

    def list(self) -> Sequence[Backup]:
        """The backups that were finished, the newest first."""
        return tuple(self.items)

    def status(self) -> BackupStatus:
        """As of the calls made."""
        last = self.items[0].made if self.items else None
        return BackupStatus(progress=0.5 if self.by else None, by=self.by, error=self.error, last=last, next=None)

    def start(self, by: str) -> BackupStatus:
        """One is being made from now on. Raises ``ConflictError`` if one is already."""
        if self.by:
            raise ConflictError(f"a backup is being made already, for {self.by}", "running")
        self.by = by
        return self.status()

    def finish(self, name: str, made: float) -> None:
        """The one that was being made is there."""
        self.items.insert(
            0, Backup(name=name, site="test", made=made, version="1.2.3", files={"config.db": "0" * 64}, bytes=4096)
        )
        self.by = ""

    def remove(self, name: str) -> None:
        """Remove one. Raises ``NotFoundError``."""
        found = [item for item in self.items if item.name == name]
        if not found:
            raise NotFoundError(f"unknown backup {name}")
        self.items.remove(found[0])
