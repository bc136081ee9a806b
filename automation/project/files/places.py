"""Where in a project's files it stands what is wrong with an object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from automation.model.configuration import Key, Mistake, ObjectKind
from automation.project.desired import Desired
from automation.project.files.positions import lines_of, nearest_line, place_order, plain_text
from automation.project.words import Path

_KINDS = {kind.value: kind for kind in ObjectKind}
_INDEX_DIGITS = 5


class Places:
    """The places of one reading of files."""

    def __init__(self, files: Mapping[str, str], desired: Desired) -> None:
        self._files = files
        self._desired = desired
        self._lines: dict[str, Mapping[Path, int]] = {}
        self._entries: dict[str, Mapping[int, Path]] = {}

    def placed(self, mistakes: Iterable[Mistake]) -> Sequence[Mistake]:
        """The mistakes, each with its place where its subject is in a file; in the order of files and lines."""
        found = [self._placed(mistake) for mistake in mistakes]
        return sorted(found, key=lambda mistake: place_order(mistake.place))

    def _placed(self, mistake: Mistake) -> Mistake:
        key = _key_of(mistake.subject)
        place = self._desired.places.get(key) if key is not None else None
        if place is None or mistake.place not in ("", place):
            return mistake
        name, _, line = place.rpartition(":")
        return replace(mistake, place=f"{name}:{self._line(name, int(line), mistake.field)}")

    def _line(self, name: str, line: int, field: str) -> int:
        """The line of a field of the object that begins at a line; the object's own if the field is not there."""
        if name not in self._lines:
            lines = self._lines[name] = lines_of(plain_text(self._files[name]))
            self._entries[name] = {at: path for path, at in lines.items() if len(path) == 2 and path[0] in _KINDS}  # noqa: PLR2004
        entry = self._entries[name].get(line)
        return line if entry is None else nearest_line(self._lines[name], (*entry, *_parts(field)))


def _parts(field: str) -> Path:
    return tuple(int(part) if part.isdecimal() and len(part) <= _INDEX_DIGITS else part for part in field.split("."))


def _key_of(subject: str) -> Key | None:
    """The object that a subject names, such as ``tag TK101`` or ``remove tag TK101``."""
    word, _, name = subject.removeprefix("remove ").partition(" ")
    return (_KINDS[word], name) if word in _KINDS else None
