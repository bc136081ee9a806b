"""From objects to the files of a project folder: the same bytes for the same objects."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from automation.model.configuration import ConfigObject, Json, Key, ObjectKind
from automation.model.errors import ConfigError, StorageError
from automation.project.files.reader import PROJECT_FILE, read_all, read_folder
from automation.project.files.toml import entry, pair
from automation.project.json_schema import file_schema
from automation.project.order import ordered
from automation.project.schema import FORMAT
from automation.storage.files import read_text, write_atomic

SCHEMA_FILE = ".schemas/project.json"
FOLDERS: Mapping[ObjectKind, str] = {
    ObjectKind.LINK: "links",
    ObjectKind.TYPE: "types",
    ObjectKind.EQUIPMENT: "equipment",
    ObjectKind.TAG: "tags",
    ObjectKind.ALARM: "alarms",
}
_NO_AREA = "_"
_NAMED = 20
_PART_MAX = 100  # bytes; a file's name may have 255
_FILE_BYTES_MAX = 64 * 1024 * 1024


def write_files(objects: Iterable[ConfigObject], removed: Iterable[Key] = ()) -> Mapping[str, str]:
    """The text of every file by its relative path: one for each area, or type, and one for the project."""
    groups: dict[str, list[ConfigObject]] = {}
    names: dict[str, str] = {}
    for one in sorted(objects, key=lambda one: (one.kind.value, one.name)):
        path = _path(one)
        same = unicodedata.normalize("NFC", path).casefold()  # no file system may take two of our files for one
        names[same] = min(path, names.get(same, path))
        groups.setdefault(same, []).append(one)
    files = {names[same]: _text(names[same], group) for same, group in groups.items()}
    files[PROJECT_FILE] = _project(removed)
    files[SCHEMA_FILE] = _schema()
    return dict(sorted(files.items()))


@cache
def _schema() -> str:
    """What the files may hold, for editors."""
    return json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n"


def write_folder(path: Path, files: Mapping[str, str]) -> None:
    """Bring the folder to the files: each is there whole or as before, and files of an earlier export that are not wanted go.

    Files that no export wrote stay. Raises ``ConfigError`` for a file that would be outside, and for each object that such a file
    defines, so that nothing is defined twice and nobody's file is overwritten; then nothing is written. Raises ``StorageError``.
    """
    _refuse_twice(path, files)
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
            raise ConfigError(f"project {path}: {name[:200]!r} is no file within it")
    for name, text in files.items():
        file = path / name
        if not file.exists() or _content(file) != text:
            write_atomic(file, text)
    for file in _exported(path):
        if file.relative_to(path).as_posix() not in files:
            _remove(file)


def _refuse_twice(folder: Path, files: Mapping[str, str]) -> None:
    own = {file.relative_to(folder).as_posix() for file in _exported(folder)} | {PROJECT_FILE}
    others = {name: text for name, text in read_folder(folder).items() if name not in own} if folder.is_dir() else {}
    by_hand = read_all(others).desired.places
    written = read_all({name: text for name, text in files.items() if name.endswith(".toml")}).desired.objects
    found = [f"{place}: {kind.value} {name}" for (kind, name), place in by_hand.items() if (kind, name) in written]
    found += [f"{name}: the export would overwrite it" for name in others if name in files and name not in {*by_hand.values()}]
    if found:
        words = "\n".join(found[:_NAMED])
        raise ConfigError(f"project {folder}: files that no export wrote are in the way; move or delete them first\n{words}")


def _text(name: str, group: Iterable[ConfigObject]) -> str:
    lines = [_schema_comment(name)]
    for one in group:
        lines += ["", *entry(one.kind.value, ordered(one))]
    return "\n".join(lines) + "\n"


def _project(removed: Iterable[Key]) -> str:
    lines = [_schema_comment(PROJECT_FILE), "", f"format = {FORMAT}"]
    names: dict[str, list[Json]] = {}
    for kind, name in sorted(removed, key=lambda key: (key[0].value, key[1])):
        names.setdefault(kind.value, []).append(name)
    if names:
        lines += ["", "[remove]"]
        for word, given in names.items():
            lines += pair(word, given)
    return "\n".join(lines) + "\n"


def _schema_comment(name: str) -> str:
    return f"#:schema {'../' * name.count('/') or './'}{SCHEMA_FILE}"


def _path(one: ConfigObject) -> str:
    folder = FOLDERS[one.kind]
    if one.kind is ObjectKind.TYPE:
        return f"{folder}/{_part(one.name)}.toml"
    area = one.body.get("area")
    if not isinstance(area, str) or not area:
        return f"{folder}/{_NO_AREA}.toml"
    return f"{folder}/{'/'.join(_part(part) for part in area.split('/'))}.toml"


def _part(text: str) -> str:
    """A part of an area as a file may be called anywhere; different parts stay different."""
    safe = "".join(one if one.isalnum() or one in "_- ." else _percent(one) for one in text)
    if safe == _NO_AREA or safe[:1] in (".", " ", "-"):
        safe = _percent(safe[0]) + safe[1:]
    if safe[-1:] in (".", " ") or safe.casefold().endswith(".toml"):
        at = safe.rindex(".") if safe[-1] != " " else len(safe) - 1
        safe = safe[:at] + _percent(safe[at]) + safe[at + 1 :]
    encoded = safe.encode()
    if len(encoded) <= _PART_MAX:
        return safe
    return encoded[: _PART_MAX - 20].decode(errors="ignore") + f"~{_digest(text)}"


def _percent(one: str) -> str:
    return "".join(f"%{byte:02X}" for byte in one.encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _exported(folder: Path) -> Iterable[Path]:
    """The files that an export wrote, by their first line."""
    for name in FOLDERS.values():
        for here, folders, files in os.walk(folder / name):
            folders[:] = [one for one in folders if not one.startswith(".")]
            for file in (Path(here, one) for one in files if one.endswith(".toml")):
                if not file.is_symlink() and _first_line(file) == _schema_comment(file.relative_to(folder).as_posix()):
                    yield file


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.readline(1024).decode("utf-8", "replace").rstrip("\r\n")
    except OSError as error:
        raise StorageError(f"file {file}: cannot be read: {error.strerror or error}") from error


def _content(file: Path) -> str | None:
    try:
        return read_text(file, _FILE_BYTES_MAX)
    except StorageError:
        return None


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        raise StorageError(f"file {file}: cannot be removed: {error.strerror or error}") from error
