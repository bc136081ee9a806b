"""Rollups of one tag and tier as bytes: the usual ones column by column, the others as JSON beside them."""

from __future__ import annotations

import math
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from automation.model.errors import StorageError
from automation.observers.historian.packing import dump_deep, part_of, restored_deep, shuffled, squeezed
from automation.observers.historian.queries.columns import Part, Point, Rollup
from automation.observers.historian.queries.rolled import COLUMNS, Rolled, is_plain

_HEAD = struct.Struct("<BBHI")  # version, type code of first and last values or 0 without columns, rollups, length of the columns
_VERSION = 1
_SECOND = 1_000_000
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_CODES: Mapping[type, str] = {float: "d", int: "q", bool: "B"}
_CODE_OF: Mapping[str, str] = {"samples": "I", "quality": "I", "since": "q", "span": "q"}
_SUMS = (1, 4, 9)  # of a part; what is too large for a double is infinite


def pack_rollups(rows: Sequence[Rollup]) -> bytes:
    """The rollups, one at least and in order of time, whose starts are whole seconds after the first one's."""
    begin = rows[0].start
    kind = next((type(row.good.first) for row in rows if row.good is not None and is_plain(row)), None)
    odd = [index for index, row in enumerate(rows) if not (is_plain(row) and type(row.newest.value) is kind and _fits(row))]
    if len(odd) == len(rows):
        return _HEAD.pack(_VERSION, 0, len(rows), 0) + squeezed(_odd_text(rows, odd))
    code = _CODES[kind]  # type: ignore[index]  # of something plain
    columns = [shuffled(array("I", [(row.start - begin) // _SECOND for row in rows]))]
    values = zip(*(_plain_values(row) for row in (_without(rows, odd) if odd else rows)), strict=True)
    for name, column in zip(COLUMNS, values, strict=True):
        columns.append(shuffled(array(_code_of(name, code), column)))
    body = b"".join(columns)
    text = _odd_text(rows, odd) if odd else b""
    return _HEAD.pack(_VERSION, ord(code), len(rows), len(body)) + squeezed(body + text)


def unpack_rollups(start: int, tier: int, data: bytes) -> Rolled:
    """The rollups of the tier, microseconds, of which the first begins there. Raises ``StorageError`` if they are damaged."""
    try:
        version, kind, count, length = _HEAD.unpack_from(data)
        if version != _VERSION:
            raise StorageError(f"history: rollups of version {version}, of another version of the runtime")
        body = memoryview(zlib.decompress(memoryview(data)[_HEAD.size :]))
        odd = _odd_of(start, body[length:]) if length < len(body) else {}
        if not kind:
            return Rolled.of(list(odd.values()))
        return _columns_of(start, tier, chr(kind), body[:length], count, odd)
    except (struct.error, zlib.error, ValueError, LookupError, TypeError) as error:
        raise StorageError(f"history: damaged rollups: {error}") from error


def _columns_of(start: int, tier: int, code: str, body: memoryview, count: int, odd: Mapping[int, Rollup]) -> Rolled:
    places: dict[str, tuple[str, int]] = {}
    place = 4 * count
    for name in COLUMNS:
        places[name] = (_code_of(name, code), place)
        place += array(places[name][0]).itemsize * count
    if len(body) != place:
        raise ValueError("too short")
    starts = _starts_of(start, tier, body, count)

    def column(name: str, low: int, high: int) -> Sequence[Any]:
        code, place = places[name]
        found = part_of(code, body[place:], count, low, high)
        if name == "since":
            return [at + offset for at, offset in zip(starts[low:high], found, strict=True)]
        return list(map(bool, found)) if code == "B" else found

    return Rolled(starts, odd, column)


def _starts_of(start: int, tier: int, body: memoryview, count: int) -> Sequence[int]:
    last = part_of("I", body, count, count - 1, count)[0]
    if last * _SECOND == tier * (count - 1):  # as many as there can be, so that none is left out and they need not be told
        return range(start, start + tier * count, tier)
    return [start + offset * _SECOND for offset in part_of("I", body, count, 0, count)]


def _code_of(name: str, code: str) -> str:
    return code if name in ("first", "last") else _CODE_OF.get(name, "d")


def _fits(row: Rollup) -> bool:
    """True if first and last value fit the columns."""
    first, last = row.known
    return not isinstance(first, int) or all(_INT_MIN <= value <= _INT_MAX for value in (first, last))  # type: ignore[operator]


def _plain_values(row: Rollup) -> tuple[Any, ...]:
    good = row.good
    if good is None:
        raise ValueError("a rollup without good samples has no columns")
    start, samples, quality, _, _, since, to, _, _ = row
    times = (samples, quality, since - start, to - since)
    return (*times, good.first, good.last, good.low, good.high, good.total, good.spread, good.weighted)


def _without(rows: Sequence[Rollup], odd: Sequence[int]) -> Sequence[Rollup]:
    """The rows, in the places of the odd ones a plain one."""
    plain = next(row for index, row in enumerate(rows) if index not in odd)
    found = list(rows)
    for index in odd:
        found[index] = plain
    return found


def _odd_text(rows: Sequence[Rollup], odd: Sequence[int]) -> bytes:
    begin = rows[0].start
    return dump_deep([[index, (rows[index].start - begin) // _SECOND, *_told(rows[index])] for index in odd])


def _told(row: Rollup) -> list[Any]:
    parts = [None if part is None else _part_told(part) for part in (row.good, row.uncertain)]
    newest = (row.newest.time - row.start, row.newest.value, row.newest.quality)
    return [row.samples, row.quality, *parts, row.since - row.start, row.to - row.start, newest, list(row.known)]


def _odd_of(begin: int, text: memoryview) -> dict[int, Rollup]:
    told = orjson.loads(text)
    if b"{" in bytes(text):  # a whole number beyond what this JSON carries
        told = restored_deep(told)
    return {index: _rollup(begin + offset * _SECOND, values) for index, offset, *values in told}


def _rollup(start: int, told: Sequence[Any]) -> Rollup:
    samples, quality, good, uncertain, since, to, newest, known = told
    return Rollup(
        start,
        samples,
        quality,
        _part(good),
        _part(uncertain),
        start + since,
        start + to,
        Point(start + newest[0], newest[1], newest[2]),
        (known[0], known[1]),
    )


def _part_told(part: Part) -> Sequence[Any]:
    if math.isfinite(part.total + part.spread + part.weighted):
        return tuple(part)
    return [str(value) if place in _SUMS else value for place, value in enumerate(part)]  # JSON has no such numbers


def _part(told: Sequence[Any] | None) -> Part | None:
    if told is None:
        return None
    if not all(isinstance(told[place], float | int) for place in _SUMS):
        told = [float(value or "inf") if place in _SUMS else value for place, value in enumerate(told)]
    return Part(*told)
