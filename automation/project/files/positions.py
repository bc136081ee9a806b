"""Where each key of a TOML text is written; the library that parses it does not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from automation.project.codec import Path

_SPACE = re.compile(r"(?:[ \t\n\r]+|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_SIMPLE = re.compile(r"""([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:"[^"\\\n]*"(?!")|[A-Za-z0-9+.\-]+)[ \t]*(?=[\n\r#]|$)""")
_KEY_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*(\.)?""")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r'''|"(?:[^"\\\n]|\\.)*+"'''
    r"""|'[^'\n]*+'"""
    r"|[^\s,\[\]{}\"'#][^,\[\]{}\"'#\n]*+",
    re.DOTALL,
)
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\]", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def lines_of(text: str) -> Mapping[Path, int]:
    """The line of every table, key and entry of a valid TOML text, by its path; lines count from 1."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


def object_lines(text: str, counts: Mapping[str, int]) -> Mapping[Path, int]:
    """The lines of the entries of some arrays of tables only, much quicker where they are written plainly.

    counts: how many entries each has.
    """
    if '"""' not in text and "'''" not in text:
        lines: dict[Path, int] = {}
        seen = dict.fromkeys(counts, 0)
        line, counted = 1, 0
        for found in _HEADER.finditer(text):
            name = found[1]
            if name in seen:
                line += text.count("\n", counted, found.start(1))
                counted = found.start(1)
                lines[(name, seen[name])] = line
                seen[name] += 1
        if seen == counts:
            return lines
    return lines_of(text)


def plain_text(text: str) -> str:
    """The text as the parser takes it: without a mark in front, each line with the same end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the path, or of the nearest thing that it is in; 1 if that is the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def place_order(place: str) -> tuple[str, int]:
    """What sorts places of the form ``file:line`` by file and line."""
    name, _, line = place.rpartition(":")
    return (name, int(line)) if line.isdecimal() else (place, 0)


class _Scan:
    """One pass over a text that a parser has accepted already."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._entries: dict[Path, int] = {}  # of each array of tables

    def document(self) -> None:
        """The whole text."""
        table: Path = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._statement(table)
            self._skip(_SPACE)

    def _header(self) -> Path:
        many = self._text.startswith("[[", self._at)
        here = self._here()
        self._at += 2 if many else 1
        *outer, last = self._key()
        self._at += 2 if many else 1
        path = (*self._resolved(outer), last)
        if many:
            count = self._entries.get(path, 0)
            self._entries[path] = count + 1
            path = (*path, count)
        self.lines.setdefault(path, here)
        return path

    def _resolved(self, parts: Sequence[str]) -> Path:
        """The path of a header's outer tables: a name that is an array means its last entry."""
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if path in self._entries:
                path = (*path, self._entries[path] - 1)
        return path

    def _statement(self, table: Path) -> None:
        simple = _SIMPLE.match(self._text, self._at)
        if simple is not None:
            self.lines[(*table, simple[1])] = self._here()
            self._at = simple.end()
        else:
            self._pair(table)

    def _pair(self, table: Path) -> None:
        here = self._here()
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, here)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> Sequence[str]:
        parts = []
        while found := _KEY_PART.match(self._text, self._at):
            self._at = found.end()
            bare, basic, literal, dot = found.groups()
            parts.append(bare or (_unescaped(basic) if basic is not None else literal))
            if dot is None:
                break
        return parts

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._at += 1
            self._list(path)
        elif opening == "{":
            self._at += 1
            self._inline_table(path)
        elif found := _SCALAR.match(self._text, self._at):
            self._at = found.end()

    def _list(self, path: Path) -> None:
        i = 0
        self._skip(_SPACE)
        while self._text[self._at] != "]":
            entry = (*path, i)
            self.lines.setdefault(entry, self._here())
            self._value(entry)
            i += 1
            self._skip(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_SPACE)
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._skip(_SPACE)
        while self._text[self._at] != "}":
            self._pair(path)
            self._skip(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_SPACE)
        self._at += 1

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self._at)
        if found is not None:
            self._at = found.end()

    def _here(self) -> int:
        """The line of the place that was reached."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    number = found[1] or found[2]
    return chr(int(number, 16)) if number else _ESCAPED.get(found[3], found[3])
