"""Backups: what one holds and how the making of one fares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A finished backup. name: of its folder. made: POSIX seconds. files: SHA-256 of each, by its path in the folder."""

    name: str
    site: str
    made: float
    version: str
    files: Mapping[str, str]
    bytes: int


@dataclass(frozen=True, kw_only=True)
class BackupStatus:
    """How backups fare. progress: 0 to 1 of the one that is being made for ``by``, None if none is.

    error: of the last try, empty if it worked. last, next: POSIX seconds, None if there is none.
    """

    progress: float | None
    by: str
    error: str
    last: float | None
    next: float | None
