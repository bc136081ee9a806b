"""A backup: a folder that is there whole or not at all, and says what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from automation.model.backup import Backup
from automation.model.errors import InvalidValueError, NotFoundError, StorageError
from automation.storage.files import write_atomic

MANIFEST = "manifest.json"
FORMAT = 1
_PARTIAL = ".partial-"
_CHUNK = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.\d{8}T\d{6}Z(-\d+)?")
_MANIFEST_MAX = 1 << 24


@contextmanager
def new_backup(folder: Path, site: str, version: str, now: float) -> Iterator[Path]:
    """A folder to be filled within the block; at its end it is summed up, checked, and becomes a backup.

    A block that raises leaves nothing. Raises ``StorageError`` naming the folder.
    """
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(folder)
        name = _free_name(folder, site, now)
        partial = folder / f"{_PARTIAL}{name}"
        partial.mkdir(mode=0o700)
        try:
            yield partial
            files = {path.relative_to(partial).as_posix(): digest_of(path) for path in _files(partial)}
            size = sum(path.stat().st_size for path in _files(partial))
            told = {"format": FORMAT, "site": site, "version": version, "made": now, "files": files, "bytes": size}
            write_atomic(partial / MANIFEST, json.dumps(told, indent=1, sort_keys=True), mode=0o600)
            _sync(partial)
            os.rename(partial, folder / name)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


def verify(place: Path) -> Backup:
    """The backup in the folder, whose every file is there and as it was written. Raises ``StorageError`` naming what is not."""
    backup = read(place)
    for name, digest in backup.files.items():
        file = place / name
        if not file.is_file():
            raise StorageError(f"backup {place}: {name} is missing")
        with _told(file):
            if digest_of(file) != digest:
                raise StorageError(f"backup {place}: {name} is not as it was written")
    return backup


def read(place: Path) -> Backup:
    """What the backup in the folder says of itself. Raises ``StorageError``."""
    manifest = place / MANIFEST
    try:
        told = json.loads(manifest.read_bytes()[:_MANIFEST_MAX])
        return _backup(place, told)
    except FileNotFoundError as error:
        raise StorageError(f"backup {place}: there is none: {MANIFEST} is missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(f"backup {place}: {MANIFEST} cannot be read: {error}") from error


def _backup(place: Path, told: Mapping[str, Any]) -> Backup:
    if told["format"] != FORMAT:
        raise StorageError(
            f"backup {place}: has format {told['format']}, of another version of the runtime; this one reads {FORMAT}"
        )
    files = {str(name): str(digest) for name, digest in told["files"].items()}
    for name in files:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise StorageError(f"backup {place}: {name} is outside of it")
    return Backup(
        name=place.name,
        site=str(told["site"]),
        made=float(told["made"]),
        version=str(told["version"]),
        files=files,
        bytes=int(told["bytes"]),
    )


def backups_in(folder: Path) -> Sequence[Backup]:
    """The backups in the folder, the newest first; what is no backup is left out. Raises ``StorageError``."""
    if not folder.is_dir():
        return ()
    with _told(folder):
        places = [place for place in folder.iterdir() if _NAME.fullmatch(place.name) and (place / MANIFEST).is_file()]
    return sorted((read(place) for place in places), key=lambda backup: (backup.made, backup.name), reverse=True)


def prune(folder: Path, site: str, keep: int) -> Sequence[str]:
    """Remove the oldest backups of the site beyond so many; their names. Raises ``StorageError``."""
    gone = [backup.name for backup in backups_in(folder) if backup.site == site][keep:]
    for name in gone:
        remove(folder, name)
    return gone


def remove(folder: Path, name: str) -> None:
    """Remove one backup. Raises ``NotFoundError``, ``InvalidValueError`` for what is no name of one, ``StorageError``."""
    if not _NAME.fullmatch(name):
        raise InvalidValueError(f"backup {name[:100]!r}: no name of a backup")
    place = folder / name
    if not (place / MANIFEST).is_file():
        raise NotFoundError(f"unknown backup {name}")
    with _told(place):
        gone = folder / f"{_PARTIAL}{name}"
        os.rename(place, gone)  # in one step no backup any more, whatever becomes of the rest
        shutil.rmtree(gone)


def copy_plain(source: Path, target: Path) -> None:
    """Copy a file, readable for its owner only. Raises ``StorageError`` naming it."""
    with _told(source):
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, target)
        target.chmod(0o600)


def digest_of(path: Path) -> str:
    """The SHA-256 of the file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(folder: Path) -> None:
    for path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _sweep(folder: Path) -> None:
    """Remove what a crash left behind; only one backup is made at a time, which the lock of the data folder sees to."""
    for path in folder.glob(f"{_PARTIAL}*"):
        shutil.rmtree(path)


def _free_name(folder: Path, site: str, now: float) -> str:
    stamp = f"{site}.{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while (folder / (name := stamp if number == 1 else f"{stamp}-{number}")).exists():
        number += 1
    return name


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"backup {path}: {error.strerror or error}") from error
