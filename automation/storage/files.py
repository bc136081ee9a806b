"""Files that are there whole or not at all, and files that only their owner reads."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from automation.model.errors import ConfigError, StorageError

_OTHERS = 0o077
_SECRET_MODE = 0o600
DEFAULT_MAX_BYTES = 16 * 1024 * 1024


def write_atomic(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Replace the file by the content: a reader, and a crash at any moment, finds the old file or the new one, never a part.

    mode: permissions of the new file, whatever the process' umask. Makes missing folders. Raises ``StorageError`` naming the
    file.
    """
    with _errors_name(path, "written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path, _bytes(content), mode) as temporary:
            os.replace(temporary, path)
        _sync_folder(path.parent)


def create_secret(path: Path, content: bytes | str) -> bool:
    """True if a new file with the content was made, readable for its owner only; False if the file was there: it is kept.

    Two processes that start together agree on one content. Raises ``StorageError`` naming the file.
    """
    with _errors_name(path, "written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path, _bytes(content), _SECRET_MODE) as temporary:
            try:
                os.link(temporary, path)  # unlike a rename, this fails if the name is taken
            except FileExistsError:
                return False
        _sync_folder(path.parent)
    return True


def hold_lock(path: Path) -> IO[bytes] | None:
    """The file, locked until it is closed or the process ends; None if somebody else holds it. Raises ``StorageError``."""
    with _errors_name(path, "locked"):
        file = path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            if isinstance(error, BlockingIOError):
                return None
            raise
    return file


def read_bytes(path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> bytes:
    """The content of the file. Raises ``StorageError`` naming the file if it cannot be read or is larger than max_bytes."""
    with _errors_name(path, "read"), path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise StorageError(f"file {path}: larger than {max_bytes} bytes")
    return content


def read_text(path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> str:
    """The content of the file as UTF-8 text. Raises ``StorageError`` naming the file."""
    try:
        return read_bytes(path, max_bytes).decode("utf-8")
    except UnicodeDecodeError as error:
        raise StorageError(f"file {path}: not UTF-8 text: byte {error.start} is wrong") from error


def read_secret(path: Path, max_bytes: int = 4096) -> bytes:
    """The content of a file that only its owner may read.

    Raises ``ConfigError`` if the group or others have any permission on it, and ``StorageError`` if it cannot be read.
    """
    with _errors_name(path, "read"), path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        content = file.read(max_bytes + 1)
    if mode & _OTHERS:
        raise ConfigError(f"file {path}: permissions {mode & 0o777:04o} let others read the secret; run: chmod 600 {path}")
    if len(content) > max_bytes:
        raise StorageError(f"file {path}: larger than {max_bytes} bytes")
    return content


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


@contextmanager
def _errors_name(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"file {path}: cannot be {done}: {error.strerror or error}") from error


@contextmanager
def _temporary(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A finished file beside the path; removed at the end unless it was renamed."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _SECRET_MODE)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
