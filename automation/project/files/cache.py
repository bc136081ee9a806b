"""What was parsed once, kept by the hash of the file, so that a large project is read again quickly."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from automation.model.configuration import ConfigObject, ObjectKind
from automation.model.errors import StorageError
from automation.model.unit_table import TABLE
from automation.project.files.parsed import Found, Parsed
from automation.project.json_schema import file_schema
from automation.storage.files import read_bytes, write_atomic

log = logging.getLogger(__name__)

_VERSION = 1  # of the checks; a new one makes every kept file be read anew
_SMALLEST = 4096  # bytes; below, parsing is as quick
_BYTES_MAX = 256 * 1024 * 1024
_FILES_MAX = 1000


class ParsedFiles:
    """A folder of parsed files without mistakes; None keeps nothing. The folder must belong to the runtime alone."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, text: str, project: bool) -> Parsed | None:
        """What a file of that text says, None if it is not kept or damaged. project: the file is ``project.toml``."""
        path = self._path(text, project)
        if path is None or not path.exists():
            return None
        with suppress(StorageError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return _parsed(orjson.loads(read_bytes(path, _BYTES_MAX)))
        return None

    def keep(self, text: str, project: bool, parsed: Parsed) -> None:
        """Keep what a file of that text says, in place of the file that was kept longest if there are many.

        A folder that cannot be written keeps nothing; the log says why.
        """
        path = self._path(text, project)
        if path is None or path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomic(path, orjson.dumps(_plain(parsed)))
            _prune(path.parent)
        except (StorageError, OSError) as error:
            log.info("a parsed project file is not kept: %s", error)

    def _path(self, text: str, project: bool) -> Path | None:
        if self._folder is None or len(text) < _SMALLEST:
            return None
        digest = hashlib.sha256(_rules() + bytes([project]) + text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{digest}.json"


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-_FILES_MAX]:
        file.unlink(missing_ok=True)


def _plain(parsed: Parsed) -> Any:
    return {
        "objects": [[one.object.kind.value, one.line, one.object.body] for one in parsed.objects],
        "removed": [[kind.value, name, line] for (kind, name), line in parsed.removed.items()],
    }


def _parsed(plain: Any) -> Parsed:
    kinds = {kind.value: kind for kind in ObjectKind}
    return Parsed(
        objects=[
            Found(object=ConfigObject(kind=kinds[word], name=body["name"], body=body), line=line)
            for word, line, body in plain["objects"]
        ],
        removed={(kinds[word], name): line for word, name, line in plain["removed"]},
    )


@cache
def _rules() -> bytes:
    """A digest of what decides whether a body is right."""
    return hashlib.sha256(json.dumps([_VERSION, file_schema(), TABLE]).encode()).digest()
