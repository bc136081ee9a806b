"""TOML as a person would write it, and always the same for the same content; read back it gives the same content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from automation.model.configuration import Json

WIDTH = 110
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_TABLES = ("tags", "alarms", "machines")  # lists that are long enough for a header of each entry

Table: TypeAlias = Mapping[str, Json]


def entry(path: str, body: Table) -> Iterator[str]:
    """The lines of one entry of the array of tables at the path."""
    yield f"[[{path}]]"
    yield from _table(path, body)


def pair(key: str, value: Json) -> Iterator[str]:
    """The lines of a key and its value; a list that is too long for one line has a line for each entry."""
    line = f"{_key(key)} = {_top_text(value)}"
    if isinstance(value, Sequence) and not isinstance(value, str) and len(line) > WIDTH:
        yield f"{_key(key)} = ["
        for one in value:
            yield f"    {_value(one)},"
        yield "]"
    else:
        yield line


def _table(path: str, body: Table) -> Iterator[str]:
    """Keys and values first, then the tables within, which are those that do not fit into a line."""
    inner: list[tuple[str, Json]] = []
    for key, value in body.items():
        if _needs_header(key, value):
            inner.append((key, value))
        else:
            yield from pair(key, value)
    for key, value in inner:
        below = f"{path}.{_key(key)}"
        if isinstance(value, Mapping):
            yield ""
            yield f"[{below}]"
            yield from _table(below, value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for one in value:
                yield ""
                yield from entry(below, one if isinstance(one, Mapping) else {})


def _needs_header(key: str, value: Json) -> bool:
    if isinstance(value, Mapping):
        return len(f"{_key(key)} = {_value(value)}") > WIDTH
    return key in _TABLES and isinstance(value, Sequence) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _top_text(value: Json) -> str:
    if isinstance(value, str) and "\n" in value:
        lines = value.split("\n")
        return '"""\n' + "\n".join(_quoted(line)[1:-1] for line in lines) + '"""'
    return _value(value)


def _value(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if value is None:
        raise ValueError("TOML has no null")
    return f"[{', '.join(_value(one) for one in value)}]"


def _quoted(text: str) -> str:
    """A basic string; what cannot be seen is escaped, so that a text is what it looks like."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(_character(one) for one in text)}"'


def _character(one: str) -> str:
    escaped = _ESCAPES.get(one)
    if escaped is not None:
        return escaped
    if one.isprintable():
        return one
    number = ord(one)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004
