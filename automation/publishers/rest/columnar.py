"""JSON of long columns in slices, so that encoding never keeps the interpreter for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

_SLICE = 5_000
_PIECE = 64 * 1024
_OPTIONS = orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True)
class Column:
    """A long column, each slice of which is made ready for JSON only when its turn comes."""

    values: Sequence[Any]
    ready: Callable[[Sequence[Any]], Any] = list


def json_pieces(document: Mapping[str, Any]) -> Iterator[bytes]:
    """The document as JSON in pieces of some size; ``Column`` may be anywhere in it."""
    waiting: list[bytes] = []
    size = 0
    for part in _parts(document):
        waiting.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _parts(value: object) -> Iterator[bytes]:
    if isinstance(value, Column):
        yield from _column(value)
    elif isinstance(value, Mapping):
        before = b"{"
        for name, part in value.items():
            yield before + orjson.dumps(str(name)) + b":"
            yield from _parts(part)
            before = b","
        yield b"}" if value else b"{}"
    elif isinstance(value, list):
        before = b"["
        for part in value:
            yield before
            yield from _parts(part)
            before = b","
        yield b"]" if value else b"[]"
    else:
        yield orjson.dumps(value, option=_OPTIONS)


def _column(column: Column) -> Iterator[bytes]:
    before = b"["
    for low in range(0, len(column.values), _SLICE):
        told = orjson.dumps(column.ready(column.values[low : low + _SLICE]), option=_OPTIONS)
        yield before + told[1:-1]
        before = b","
    yield b"]" if column.values else b"[]"
