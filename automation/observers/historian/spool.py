"""The spool: rows on disk that wait for their database."""

from __future__ import annotations

import logging
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from automation.model.errors import StorageError
from automation.model.tag import DataType
from automation.observers.historian.rows import Row

log = logging.getLogger(__name__)

_HEAD = struct.Struct(">II")
_SUFFIX = ".spool"
_SEGMENT = 4 * 1024 * 1024
_FRAME_ROWS = 5_000


class Frame(NamedTuple):
    """Rows that were written together, and the mark that goes with them; a frame without rows is the start of a run."""

    rows: Sequence[Row]
    until: int


class Spool:
    """Frames of rows in a folder, first in, first out, kept over a restart; safe for several threads.

    A frame counts once all of it and its checksum are on disk: what a crash cut off is set aside on the next start. bytes: what
    the frames in the folder take, of max_bytes at most. Raises ``StorageError`` if the folder cannot be used.
    """

    def __init__(self, folder: Path, max_bytes: int = 256 * 1024 * 1024) -> None:
        self.bytes = 0
        self.folder = folder
        self.max_bytes = max_bytes
        self._lock = threading.RLock()
        self._writing: BinaryIO | None = None
        self._offset = 0
        self._ahead = 0
        with self._failing():
            folder.mkdir(parents=True, exist_ok=True)
            self._segments = sorted(folder.glob(f"*{_SUFFIX}"))
            self.bytes = sum(path.stat().st_size for path in self._segments)
        self._number = int(self._segments[-1].stem) if self._segments else 0

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"history spool {self.folder}: {error.strerror}") from error

    def __bool__(self) -> bool:
        return bool(self._segments)

    def write(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows before returning. Raises ``StorageError`` when the spool or the disk is full; then none is kept."""
        self._keep(b"".join(_framed(rows[i : i + _FRAME_ROWS], until) for i in range(0, len(rows), _FRAME_ROWS)))

    def write_start(self, start: int) -> None:
        """Keep the start of a run, microseconds, in its place among the rows. Raises ``StorageError``."""
        self._keep(_framed((), start))

    def _keep(self, frames: bytes) -> None:
        with self._lock:
            if self.bytes + len(frames) > self.max_bytes:
                raise StorageError(f"history spool {self.folder}: full at {self.bytes} bytes")
            with self._failing():
                self._append(frames)
            self.bytes += len(frames)

    def _append(self, frames: bytes) -> None:
        if self._writing is None:
            self._number += 1
            path = self.folder / f"{self._number:012d}{_SUFFIX}"
            self._writing = path.open("xb")
            self._segments.append(path)
            _sync_folder(self.folder)
        file = self._writing
        size = file.tell()
        try:
            file.write(frames)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            self._take_back(file, size)
            raise
        if file.tell() >= _SEGMENT:
            self._end_segment()

    def _take_back(self, file: BinaryIO, size: int) -> None:
        """Forget half a frame; the segment ends there, so that nothing is written behind what may be left of it."""
        path = self._segments[-1]
        try:
            self._end_segment()
        except OSError:
            file.close()
        try:
            os.truncate(path, size)
        except OSError as error:
            log.warning("history spool %s: cannot be shortened: %s", path, error)

    def _end_segment(self) -> None:
        if self._writing is not None:
            file, self._writing = self._writing, None
            file.close()

    def peek(self) -> Frame | None:
        """The oldest frame, which stays until ``ack``; None when there is none. One reader only. Raises ``StorageError``."""
        with self._failing(), self._lock:
            while self._segments:
                frame = self._read(self._segments[0])
                if frame is not None:
                    return frame
                self._drop_segment()
        return None

    def _read(self, path: Path) -> Frame | None:
        with path.open("rb") as file:
            file.seek(self._offset)
            head = file.read(_HEAD.size)
            if not head:
                return None
            size, checksum = _HEAD.unpack(head) if len(head) == _HEAD.size else (0, 0)
            payload = file.read(size)
            if not payload or zlib.crc32(payload) != checksum:
                self._set_aside(path)
                return None
            self._ahead = _HEAD.size + size
        return _unframed(payload)

    def _set_aside(self, path: Path) -> None:
        damaged = path.with_suffix(".damaged")
        log.error("history spool %s: damaged from byte %d on, set aside as %s", path, self._offset, damaged.name)
        path.rename(damaged)

    def ack(self) -> None:
        """Forget the frame of the last ``peek``: it is safe elsewhere. Raises ``StorageError``."""
        with self._failing(), self._lock:
            self._offset += self._ahead
            self._ahead = 0
            if self._offset >= self._segments[0].stat().st_size:
                self._drop_segment()

    def _drop_segment(self) -> None:
        with self._lock:
            if len(self._segments) == 1:
                self._end_segment()
            self._segments.pop(0).unlink(missing_ok=True)
            self._offset = 0
            self.bytes = sum(path.stat().st_size for path in self._segments)

    def close(self) -> None:
        """Close the file; what waits stays on disk for the next start."""
        with self._lock:
            self._end_segment()


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file survive a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _framed(rows: Sequence[Row], until: int) -> bytes:
    payload = orjson.dumps([until, [(row.tag, row.type.value, *_plain(row)) for row in rows]])
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def _plain(row: Row) -> tuple[object, ...]:
    value = row.value
    if isinstance(value, int) and value.bit_length() > 63:  # noqa: PLR2004 - beyond what this JSON carries
        return row.time, {"int": str(value)}, row.quality
    return row.time, value, row.quality


def _unframed(payload: bytes) -> Frame:
    until, rows = orjson.loads(payload)
    return Frame([Row(tag, DataType(kind), time, _value(value), quality) for tag, kind, time, value, quality in rows], until)


def _value(value: object) -> bool | int | float | str | None:
    if isinstance(value, dict):
        return int(value["int"])
    assert value is None or isinstance(value, bool | int | float | str)  # noqa: S101 - the checksum says we wrote it
    return value
