"""The files of the HMI as they go over the wire: read once, compressed once, kept while they do not change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import threading
from dataclasses import dataclass
from pathlib import Path

_COMPRESSED = frozenset({".js", ".mjs", ".css", ".html", ".svg", ".json", ".map", ".txt", ".webmanifest"})
_SMALLEST = 1024
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, kw_only=True)
class StaticFile:
    """One file. compressed: its gzip form, None where that does not pay. tag: names the content."""

    content: bytes
    compressed: bytes | None
    type: str
    tag: str


class StaticFiles:
    """The files below one folder; may be used from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._lock = threading.Lock()
        self._kept: dict[Path, tuple[tuple[int, int], StaticFile]] = {}

    def get(self, name: str) -> StaticFile | None:
        """The file of that relative name; None if there is none, or it lies outside the folder."""
        if "\0" in name or "\\" in name:
            return None
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            return None
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        return self._current(path, (status.st_mtime_ns, status.st_size)) if path.is_file() else None

    def _current(self, path: Path, version: tuple[int, int]) -> StaticFile | None:
        with self._lock:
            kept = self._kept.get(path)
            if kept is not None and kept[0] == version:
                return kept[1]
        try:
            file = _read(path)
        except OSError:
            return None
        with self._lock:
            self._kept[path] = version, file
        return file


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    suffix = path.suffix.lower()
    compressed: bytes | None = None
    if suffix in _COMPRESSED and len(content) >= _SMALLEST:
        ready = path.with_name(path.name + ".gz")
        compressed = ready.read_bytes() if ready.is_file() else gzip.compress(content, 6, mtime=0)
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    tag = hashlib.sha256(content).hexdigest()[:32]
    return StaticFile(content=content, compressed=compressed, type=kind, tag=tag)
