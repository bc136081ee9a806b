"""The quarantine: rows that the database refuses, set aside with the reason so that the others get through."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from automation.model.errors import StorageError
from automation.observers.historian.rows import Row

log = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024 * 1024


class Quarantine:
    """A file of JSON lines: a row each, with the reason and when it was set aside, in microseconds; one thread writes.

    count: rows set aside since the start. max_bytes: what the file may hold; more than that is no matter of single rows.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self.count = 0
        self._path = path
        self._max_bytes = max_bytes

    def add(self, row: Row, reason: str, now: int) -> None:
        """Set the row aside before returning. Raises ``StorageError`` when the file is full or cannot be written."""
        told = {"time": row.time, "tag": row.tag, "type": row.type.value, "value": row.value, "quality": row.quality}
        line = json.dumps({**told, "reason": reason, "set_aside": now}, default=str).encode() + b"\n"
        try:
            self._write(line)
        except OSError as error:
            raise StorageError(f"history quarantine {self._path}: {error.strerror}") from error
        self.count += 1
        log.error("history: a row of %s is refused and set aside in %s: %s", row.tag, self._path, reason)

    def _write(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            size = file.tell()
            if size + len(line) > self._max_bytes:
                raise StorageError(
                    f"history quarantine {self._path}: full at {size} bytes; see why rows are refused, then move it"
                )
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self._path, size)  # half a line would spoil the next one
                raise


def read(path: Path) -> Sequence[dict[str, object]]:
    """The lines of a quarantine, in order; none if there is no file. Raises ``StorageError``."""
    try:
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    except (OSError, ValueError) as error:
        raise StorageError(f"history quarantine {path}: {error}") from error
