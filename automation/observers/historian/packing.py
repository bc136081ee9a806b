"""Samples as bytes: compressed blocks of one tag, and batches of many tags as they came."""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from typing import Any, cast

import orjson

from automation.model.errors import StorageError
from automation.model.sample import Value
from automation.observers.historian.queries.columns import Columns

_HEAD = struct.Struct("<BBBBIqI")  # version, kind of the values, type code of the steps, flags, count, first time, quality
_VERSION = 1
_FLOAT, _INT, _BOOL, _JSON = 1, 2, 3, 4
_HOLES, _QUALITIES = 1, 2
_CODES = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32), ("q", 1 << 63))
_LEVEL = 1
_SHORT = 4_096  # bytes for which a small window, which is set up sooner, does as well
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_BATCH = struct.Struct("<BI")
_NUMBERS = {_FLOAT: "d", _INT: "q"}
_SIZES = {code: array(code).itemsize for code in "BHIqd"}


def pack(columns: Columns) -> bytes:
    """The samples, one at least and in order of time, as a block. Times must fit 64 bits, qualities 32."""
    time = array("q", columns.time)
    steps = list(map(sub, time[1:], time))
    code = next(code for code, limit in _CODES if max(steps, default=0) < limit)
    kind, holes, values = _values(columns.value)
    quality = columns.quality[0]
    mixed = columns.quality.count(quality) != len(time)
    parts = [shuffled(array(code, steps)), values]
    if holes:
        parts.insert(0, holes)
    if mixed:
        parts.insert(0, shuffled(array("I", columns.quality)))
    flags = (_HOLES if holes else 0) | (_QUALITIES if mixed else 0)
    head = _HEAD.pack(_VERSION, kind, ord(code), flags, len(time), time[0], quality)
    return head + squeezed(b"".join(parts))


def squeezed(data: bytes) -> bytes:
    """The bytes compressed, for ``zlib.decompress``."""
    window, memory = (12, 4) if len(data) <= _SHORT else (15, 8)
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, window, memory)
    return squeeze.compress(data) + squeeze.flush()


def unpack(data: bytes, low: int = _INT_MIN, high: int = _INT_MAX + 1) -> Columns:
    """The samples of a block from low up to high, microseconds. Raises ``StorageError`` if it is damaged."""
    try:
        version, kind, code, flags, count, first, quality = _HEAD.unpack_from(data)
        if version != _VERSION:
            raise StorageError(f"history: a block of version {version}, of another version of the runtime")
        body = memoryview(zlib.decompress(memoryview(data)[_HEAD.size :]))
        qualities = holes = None
        if flags & _QUALITIES:
            qualities, body = unshuffled("I", body, count)
        if flags & _HOLES:
            holes, body = body[:count], body[count:]
        steps, body = unshuffled(chr(code), body, count - 1)
        time = list(accumulate(steps, initial=first))
        begin = bisect_left(time, low)
        end = bisect_left(time, high, begin)
        values = _values_of(kind, body, count, begin, end)
        if holes is not None:
            values = [value if there else None for value, there in zip(values, holes[begin:end], strict=True)]
        found = [quality] * (end - begin) if qualities is None else qualities[begin:end]
        return Columns(time[begin:end], values, found)
    except (struct.error, zlib.error, ValueError) as error:
        raise StorageError(f"history: a damaged block: {error}") from error


def _values(values: Sequence[Value]) -> tuple[int, bytes, bytes]:
    """Kind, where there is a value (empty if everywhere) and the values as bytes."""
    types = set(map(type, values))
    holes = b""
    if type(None) in types and len(types) > 1:
        types.discard(type(None))
        if types <= {float} or types <= {int} or types <= {bool}:
            holes = bytes(value is not None for value in values)
            empty = next(iter(types))()
            values = [empty if value is None else value for value in values]
    if types == {float}:
        return _FLOAT, holes, shuffled(array("d", values))
    if types == {bool}:
        return _BOOL, holes, bytes(values)  # type: ignore[arg-type]
    if types == {int} and min(values) >= _INT_MIN and max(values) <= _INT_MAX:  # type: ignore[type-var,operator]
        return _INT, holes, shuffled(array("q", values))
    if holes:  # they are in the text
        values = [value if there else None for value, there in zip(values, holes, strict=True)]
    return _JSON, b"", dump(list(values))


def _values_of(kind: int, body: memoryview, count: int, begin: int, end: int) -> Sequence[Value]:
    if kind in _NUMBERS:
        return part_of(_NUMBERS[kind], body, count, begin, end)
    if kind == _BOOL:
        return [bool(one) for one in body[begin:end]]
    found: Sequence[Value] = load(body)
    return found[begin:end]


def dump(values: Any) -> bytes:
    """The values as JSON, whole numbers of any size included."""
    try:
        return orjson.dumps(values)
    except TypeError:  # a whole number beyond what this JSON carries
        return orjson.dumps([_plain(value) for value in values])


def _plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and not _INT_MIN <= value <= _INT_MAX:
        return {"int": str(value)}
    return value


def load(data: bytes | memoryview) -> Any:
    """The values that ``dump`` wrote."""
    values = orjson.loads(data)
    return [int(value["int"]) if isinstance(value, dict) else value for value in values]


def shuffled(numbers: array[Any]) -> bytes:
    """The bytes of the numbers, all first ones first: alike bytes side by side are compressed best."""
    data, size = numbers.tobytes(), numbers.itemsize
    return data if size == 1 else b"".join(data[i::size] for i in range(size))


def unshuffled(code: str, data: memoryview, count: int) -> tuple[list[Any], memoryview]:
    """So many numbers of what ``shuffled`` gave, and what follows them. Raises ``ValueError`` if there are less."""
    return part_of(code, data, count, 0, count), data[_SIZES[code] * count :]


def part_of(code: str, data: memoryview, count: int, begin: int, end: int) -> list[Any]:
    """The numbers from begin up to end of so many that ``shuffled`` gave. Raises ``ValueError`` if there are less."""
    numbers = array(code)
    size = _SIZES[code]
    if len(data) < size * count:
        raise ValueError("too short")
    buffer = bytearray(size * (end - begin))
    for i in range(size):
        buffer[i::size] = data[i * count + begin : i * count + end]
    numbers.frombytes(buffer)
    return numbers.tolist()


def pack_batch(ids: Sequence[int], times: Sequence[int], values: Sequence[Value], qualities: Sequence[int]) -> bytes:
    """Samples of many tags in the order in which they came. Raises ``OverflowError`` for a number that does not fit."""
    floats = set(map(type, values)) == {float}
    body = array("d", cast("Sequence[float]", values)).tobytes() if floats else dump(list(values))
    columns = (array("i", ids).tobytes(), array("q", times).tobytes(), array("I", qualities).tobytes())
    return b"".join((_BATCH.pack(_FLOAT if floats else _JSON, len(ids)), *columns, body))


def unpack_batch(data: bytes) -> tuple[Sequence[int], Sequence[int], Sequence[Value], Sequence[int]]:
    """Ids, times, values and qualities of a batch. Raises ``StorageError`` if it is damaged."""
    try:
        kind, count = _BATCH.unpack_from(data)
        place = _BATCH.size
        found: list[Sequence[Any]] = []
        for code in ("i", "q", "I"):
            numbers = array(code)
            numbers.frombytes(data[place : place + numbers.itemsize * count])
            place += numbers.itemsize * count
            found.append(numbers.tolist())
        if kind == _FLOAT:
            doubles = array("d")
            doubles.frombytes(data[place:])
            values: Sequence[Value] = doubles.tolist()
        else:
            values = load(memoryview(data)[place:])
        ids, times, qualities = found
        whole = len(ids) == len(times) == len(values) == len(qualities) == count
    except (struct.error, ValueError) as error:
        raise StorageError(f"history: a damaged batch: {error}") from error
    if not whole:
        raise StorageError("history: a damaged batch: columns of different length")
    return ids, times, values, qualities


def dump_deep(values: Any) -> bytes:
    """Values in lists within lists as JSON, whole numbers of any size included."""
    try:
        return orjson.dumps(values)
    except TypeError:
        return orjson.dumps(_plain_deep(values))


def _plain_deep(value: Any) -> Any:
    return [_plain_deep(one) for one in value] if isinstance(value, list | tuple) else _plain(value)


def restored_deep(value: Any) -> Any:
    """The values that ``dump_deep`` wrote, with those whole numbers."""
    if isinstance(value, list):
        return [restored_deep(one) if isinstance(one, list | dict) else one for one in value]
    return int(value["int"]) if isinstance(value, dict) else value
