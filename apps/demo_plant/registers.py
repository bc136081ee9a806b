"""The controller's register map, made from the sources of the tags: where each value stands, and as what."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation import DataType, Scale, Tag

Value = bool | int | float | str

_ADDRESS = re.compile(r"(coil|discrete|input|holding):(\d+)(?:\.(\d+))?(?::([a-z0-9]+))?(?::(abcd|cdab))?")
_FORMATS = {"int16": ">h", "uint16": ">H", "uint32": ">I", "float32": ">f", "float64": ">d"}


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value in the controller's memory. table: coil, discrete, input or holding. bit: of the register, None for all of it."""

    name: str
    table: str
    offset: int
    bit: int | None
    kind: str
    swapped: bool
    scale: Scale | None
    type: DataType
    range: tuple[float, float] | None

    @property
    def size(self) -> int:
        """Number of bits or registers."""
        if self.kind.startswith("string"):
            return int(self.kind[6:]) // 2
        return 1 if self.table in ("coil", "discrete") else struct.calcsize(_FORMATS[self.kind]) // 2

    def encode(self, value: Value) -> Sequence[int]:
        """The registers of the value; a value beyond its card's range stays at the end of it."""
        if isinstance(value, str):
            return _words(value.encode("ascii", "replace")[: 2 * self.size].ljust(2 * self.size, b"\0"))
        number = float(value) if self.scale is None else self.scale.to_raw(float(value))
        if self.kind in ("float32", "float64"):
            return self._ordered(_words(struct.pack(_FORMATS[self.kind], number)))
        bits = 16 * self.size
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if self.kind.startswith("int") else (0, 2**bits - 1)
        return self._ordered(_words(struct.pack(_FORMATS[self.kind], min(high, max(low, round(number))))))

    def decode(self, words: Sequence[int]) -> float:
        """The number that the registers hold, in the tag's unit."""
        raw = struct.pack(f">{len(words)}H", *self._ordered(words))
        number = float(struct.unpack(_FORMATS[self.kind], raw)[0])
        return number if self.scale is None else self.scale.to_eng(number)

    def _ordered(self, words: Sequence[int]) -> Sequence[int]:
        return list(reversed(words)) if self.swapped else words


def points(tags: Iterable[Tag], link: str) -> Mapping[str, Point]:
    """The points of the link's tags, by tag. Raises ``ValueError`` naming a source that this controller does not know."""
    return {tag.name: _point(tag) for tag in tags if tag.link == link}


def _point(tag: Tag) -> Point:
    match = _ADDRESS.fullmatch(tag.address or "")
    if match is None:
        raise ValueError(f"tag {tag.name}: the controller has no address {tag.address}")
    table, offset, bit, kind, order = match.groups()
    return Point(
        name=tag.name,
        table=table,
        offset=int(offset),
        bit=None if bit is None else int(bit),
        kind=kind or "uint16",
        swapped=order == "cdab",
        scale=tag.scale,
        type=tag.type,
        range=tag.range,
    )


def _words(data: bytes) -> Sequence[int]:
    return struct.unpack(f">{len(data) // 2}H", data)
