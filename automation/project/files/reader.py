"""From a project folder to the objects that it wants, or to every mistake in it with its place."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automation.model.configuration import ConfigObject, InvalidConfigurationError, Key, Mistake, ObjectKind
from automation.model.errors import ConfigError, StorageError
from automation.model.tag import NAME_PATTERN
from automation.project.codec import examine, subject_of
from automation.project.desired import Desired
from automation.project.files.cache import ParsedFiles
from automation.project.files.parsed import Found, Parsed
from automation.project.files.positions import lines_of, nearest_line, object_lines, place_order, plain_text
from automation.project.schema import FORMAT
from automation.project.words import Path as FieldPath
from automation.project.words import nearest
from automation.storage.files import read_bytes

PROJECT_FILE = "project.toml"
FILES_MAX = 20_000
FILE_BYTES_MAX = 64 * 1024 * 1024
PROJECT_BYTES_MAX = 256 * 1024 * 1024
_KINDS = {kind.value: kind for kind in ObjectKind}
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a project's files say. broken: objects with mistakes, with an empty name where it cannot be told."""

    desired: Desired
    mistakes: Sequence[Mistake] = ()
    broken: Sequence[Key] = ()


def read_folder(path: Path) -> Mapping[str, str]:
    """The text of every ``.toml`` file below the folder by its relative path with ``/``; hidden ones and links are left out.

    Raises ``ConfigError`` for a folder that is not there or too large, ``StorageError`` for a file that cannot be read.
    """
    if not path.is_dir():
        raise ConfigError(f"project {path}: no such folder")
    files: dict[str, str] = {}
    size = 0
    for file in _toml_files(path):
        content = read_bytes(file, FILE_BYTES_MAX)
        size += len(content)
        if len(files) >= FILES_MAX or size > PROJECT_BYTES_MAX:
            raise ConfigError(f"project {path}: at most {FILES_MAX} files of {PROJECT_BYTES_MAX // 2**20} MiB together")
        try:
            files[file.relative_to(path).as_posix()] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise StorageError(f"file {file}: not UTF-8 text: byte {error.start} is wrong") from error
    return files


def read_files(files: Mapping[str, str], cache: Path | None = None) -> Desired:
    """What the files want. cache: folder for what was parsed once.

    Raises ``InvalidConfigurationError`` with every mistake of every file.
    """
    reading = read_all(files, cache)
    if reading.mistakes:
        raise InvalidConfigurationError(reading.mistakes)
    return reading.desired


def read_all(files: Mapping[str, str], cache: Path | None = None) -> Reading:
    """What the files want, as far as it can be understood, and every mistake in them."""
    parsed = ParsedFiles(cache)
    objects: dict[Key, ConfigObject] = {}
    places: dict[Key, str] = {}
    removed: dict[Key, str] = {}
    mistakes: list[Mistake] = []
    broken: list[Key] = []
    for name in sorted(name for name in files if name.endswith(".toml")):
        found = parsed.get(files[name], name == PROJECT_FILE) or _parse(name, files[name])
        if not found.mistakes:
            parsed.keep(files[name], name == PROJECT_FILE, found)
        mistakes += found.mistakes
        broken += found.broken
        for one in found.objects:
            place = f"{name}:{one.line}"
            if one.object.key in objects:
                mistakes.append(_again(one.object.key, place, places[one.object.key]))
                continue
            objects[one.object.key], places[one.object.key] = one.object, place
        removed |= {key: f"{name}:{line}" for key, line in found.removed.items()}
    mistakes += _wanted_and_removed(removed, places)
    desired = Desired(objects=objects, places={**removed, **places}, removed=frozenset(removed))
    return Reading(desired=desired, mistakes=sorted(mistakes, key=lambda mistake: place_order(mistake.place)), broken=broken)


def _toml_files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            file = Path(here, name)
            if name.endswith(".toml") and not name.startswith(".") and not file.is_symlink():
                yield file


def _parse(name: str, text: str) -> Parsed:
    """What one file says."""
    text = plain_text(text)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _unreadable(name, text, str(error))
    except (RecursionError, ValueError, OverflowError) as error:
        words = "nested too deeply" if isinstance(error, RecursionError) else "a number or a date that nobody can read"
        return _unreadable(name, text, words)
    return _File(name, text, content).parsed()


def _unreadable(name: str, text: str, words: str) -> Parsed:
    where = _LINE.search(words)
    line = int(where[1]) if where else text.count("\n") + 1 if "end of document" in words else 1
    message = f"this is no TOML: {words[: where.start()].rstrip()}, column {where[2]}" if where else f"this is no TOML: {words}"
    mistake = Mistake(subject=f"file {name}", message=message, place=f"{name}:{line}")
    return Parsed(mistakes=[mistake], broken=[(kind, "") for kind in ObjectKind])


class _File:
    """One file whose TOML is understood."""

    def __init__(self, name: str, text: str, content: Mapping[str, Any]) -> None:
        self._name = name
        self._text = text
        self._content = content
        self._all_lines: Mapping[FieldPath, int] | None = None
        counts = {word: len(content[word]) for word in _KINDS if isinstance(content.get(word), list)}
        self._object_lines = object_lines(text, counts)

    def parsed(self) -> Parsed:
        """What it says."""
        objects: list[Found] = []
        mistakes = list(self._top_mistakes())
        broken: list[Key] = []
        for word, kind in _KINDS.items():
            bodies = self._content.get(word, [])
            if not isinstance(bodies, list):
                mistakes.append(self._mistake((word,), f"expected [[{word}]], with two brackets"))
                broken.append((kind, ""))
                continue
            for i, body in enumerate(bodies):
                found, faults = examine(kind, body, lambda path, entry=(word, i): self._place((*entry, *path)))  # type: ignore[misc]
                mistakes += faults
                if found is None:
                    broken.append((kind, _name_of(body)))
                else:
                    objects.append(Found(object=found, line=self._object_lines[(word, i)]))
        removed, faults = self._removed()
        return Parsed(objects=objects, removed=removed, mistakes=[*mistakes, *faults], broken=broken)

    def _top_mistakes(self) -> Iterator[Mistake]:
        known = [*_KINDS, *(["format", "remove"] if self._name == PROJECT_FILE else [])]
        for word in self._content:
            if word not in known:
                meant = nearest(word, known)
                home = f"; it belongs into {PROJECT_FILE}" if word in ("format", "remove") else ""
                yield self._mistake((word,), f"unknown{home}" if home else "unknown kind of object", meant)
        if self._name == PROJECT_FILE and self._content.get("format") != FORMAT:
            words = f"must be {FORMAT}" if "format" in self._content else f"is missing; write format = {FORMAT}"
            yield self._mistake(("format",), words)

    def _removed(self) -> tuple[Mapping[Key, int], Sequence[Mistake]]:
        given = self._content.get("remove", {}) if self._name == PROJECT_FILE else {}
        if not isinstance(given, dict):
            return {}, [self._mistake(("remove",), 'expected a table such as { tag = ["TK101"] }')]
        removed: dict[Key, int] = {}
        mistakes = []
        for word, names in given.items():
            if word not in _KINDS:
                mistakes.append(self._mistake(("remove", word), "unknown kind of object", nearest(word, _KINDS)))
            elif not isinstance(names, list):
                mistakes.append(self._mistake(("remove", word), "expected a list of names"))
            else:
                for i, name in enumerate(names):
                    if isinstance(name, str) and NAME_PATTERN.fullmatch(name):
                        removed[(_KINDS[word], name)] = self._line(("remove", word, i))
                    else:
                        mistakes.append(self._mistake(("remove", word, i), "expected the name of an object"))
        return removed, mistakes

    def _mistake(self, path: FieldPath, message: str, meant: str = "") -> Mistake:
        field = ".".join(part if isinstance(part, str) and part.isprintable() else ascii(part) for part in path)[:200]
        return Mistake(subject=f"file {self._name}", field=field, message=message, place=self._place(path), suggestion=meant)

    def _place(self, path: FieldPath) -> str:
        return f"{self._name}:{self._line(path)}"

    def _line(self, path: FieldPath) -> int:
        if self._all_lines is None:
            self._all_lines = lines_of(self._text)
        return nearest_line(self._all_lines, path)


def _name_of(body: object) -> str:
    name = body.get("name") if isinstance(body, dict) else None
    return name if isinstance(name, str) else ""


def _again(key: Key, place: str, first: str) -> Mistake:
    subject = subject_of(key[0], {"name": key[1]})
    return Mistake(subject=subject, message=f"is there already, at {first}", place=place)


def _wanted_and_removed(removed: Mapping[Key, str], places: Mapping[Key, str]) -> Iterable[Mistake]:
    for key, place in removed.items():
        if key in places:
            subject = subject_of(key[0], {"name": key[1]})
            yield Mistake(subject=subject, message=f"is removed, but wanted at {places[key]}", place=place)
