"""Backups of the installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from automation.model.backup import Backup, BackupStatus
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_ACCEPTED = 202


class BackupView(BaseModel):
    """A finished backup. made: POSIX seconds. version: of the runtime that made it."""

    name: str
    site: str
    made: float
    version: str
    bytes: int
    files: int


class BackupStatusView(BaseModel):
    """How backups fare. progress: 0 to 1 of the one that is being made for ``by``; null if none is. error: of the last try."""

    progress: float | None
    by: str
    error: str
    last: float | None
    next: float | None


class BackupsView(BaseModel):
    """The backups, the newest first. folder: where they are on the machine of the runtime. keep: how many are kept."""

    items: list[BackupView]
    status: BackupStatusView
    folder: str
    keep: int


class RemovedView(BaseModel):
    """What was removed."""

    removed: str


class Backups(Endpoint):
    """All backups."""

    @operation("List backups", needs=Permission.ADMINISTER, returns=BackupsView, errors=(503,))
    def get(self) -> object:
        """The backups that are there, and how the next one fares."""
        backups = self.sources.backups
        return {
            "items": [_backup(backup) for backup in backups.list()],
            "status": _status(backups.status()),
            "folder": str(backups.folder),
            "keep": backups.keep,
        }

    @operation("Make a backup", needs=Permission.ADMINISTER, returns=BackupStatusView, errors=(409,), status=_ACCEPTED)
    def post(self) -> object:
        """The backup is made meanwhile, verified, and listed when it is finished."""
        return _status(self.sources.commands.backups.start(self.gate.principal()))


class OneBackup(Endpoint):
    """One backup."""

    @operation("Remove a backup", needs=Permission.ADMINISTER, returns=RemovedView, errors=(404, 503))
    def delete(self, name: str) -> object:
        """The backup is gone."""
        self.sources.commands.backups.remove(self.gate.principal(), name)
        return {"removed": name}


def _backup(backup: Backup) -> Mapping[str, Any]:
    return {
        "name": backup.name,
        "site": backup.site,
        "made": backup.made,
        "version": backup.version,
        "bytes": backup.bytes,
        "files": len(backup.files),
    }


def _status(status: BackupStatus) -> Mapping[str, Any]:
    return {
        "progress": status.progress,
        "by": status.by,
        "error": status.error,
        "last": status.last,
        "next": status.next,
    }


ROUTES = (("", Backups), ("/<string:name>", OneBackup))
