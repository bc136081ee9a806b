"""Values to registers and back; pure."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import TypeAlias

from automation.drivers.base import Reading
from automation.drivers.modbus.address import Address, RawType
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value

Words: TypeAlias = list[int] | list[bool]
_NOT_A_NUMBER = Reading(None, Quality.BAD_SENSOR_FAILURE)
_PADDING = "\0 "
# What Reading(...) does, without a Python call for each of a block's values.
_new_reading: Callable[[Iterable[object]], Reading] = partial(tuple.__new__, Reading)


class RegisterDecoder:
    """Turn the registers of one block into readings, in the order of the addresses given.

    start: offset of the block's first register. Values of one byte order that do not overlap are taken by one ``struct`` call.
    """

    def __init__(self, addresses: Sequence[Address], start: int, count: int) -> None:
        self._pack = struct.Struct(f">{count}H").pack
        places: dict[tuple[int, RawType | None, bool, bool], int] = {}
        self._layers: list[tuple[bool, Callable[[bytes], tuple[Value, ...]]]] = []
        for swapped, little in ((False, False), (True, False), (False, True), (True, True)):
            mine = sorted({(a.offset, a.end, a.type) for a in addresses if _layout(a) == (swapped, little)}, key=_span)
            while mine:
                layer, mine = _disjoint(mine)
                self._layers.append((swapped, _unpacker(layer, little, start, count)))
                for offset, _end, kind in layer:
                    places[offset, kind, swapped, little] = len(places)
        self._picks = [places[(a.offset, a.type, *_layout(a))] for a in addresses]
        self._in_place = self._picks == list(range(len(places)))
        self._pick = itemgetter(*self._picks)
        self._finish = [(i, finish) for i, a in enumerate(addresses) if (finish := _finisher(a)) is not None]

    def decode(self, registers: Sequence[int]) -> list[Reading]:
        """One reading per address; a float that is not finite is a BAD one. Raises ``struct.error`` on a wrong count."""
        data = self._pack(*registers)
        values: list[Value] = []
        for swapped, unpack in self._layers:
            values += unpack(_swap(data) if swapped else data)
        if not self._in_place:
            picked = self._pick(values)
            values = list(picked) if len(self._picks) > 1 else [picked]
        readings = good(values)
        for i, finish in self._finish:
            readings[i] = finish(values[i])
        return readings


def good(values: Iterable[Value]) -> list[Reading]:
    """A GOOD reading of each value."""
    return list(map(_new_reading, zip(values, repeat(Quality.GOOD), repeat(None), strict=False)))


def _layout(address: Address) -> tuple[bool, bool]:
    """Whether to swap the bytes of each register, and whether to read little-endian afterwards."""
    return address.order.swapped, address.order.little


def _span(field: tuple[int, int, RawType | None]) -> tuple[int, int]:
    return field[0], field[1]


def _disjoint(
    fields: Sequence[tuple[int, int, RawType | None]],
) -> tuple[list[tuple[int, int, RawType | None]], list[tuple[int, int, RawType | None]]]:
    """The fields that fit side by side, and those left over."""
    fitting: list[tuple[int, int, RawType | None]] = []
    left: list[tuple[int, int, RawType | None]] = []
    for field in fields:
        (left if fitting and field[0] < fitting[-1][1] else fitting).append(field)
    return fitting, left


def _unpacker(
    fields: Sequence[tuple[int, int, RawType | None]], little: bool, start: int, count: int
) -> Callable[[bytes], tuple[Value, ...]]:
    parts = ["<" if little else ">"]
    at = start
    for offset, end, kind in fields:
        code = "H" if kind is None else kind.code
        parts.append("xx" * (offset - at) + code)
        if kind is not None and kind.is_string and int(code[:-1]) % 2:
            parts.append("x")
        at = end
    parts.append("xx" * (start + count - at))
    unpack: Callable[[bytes], tuple[Value, ...]] = struct.Struct("".join(parts)).unpack
    return unpack


def _swap(data: bytes) -> bytes:
    swapped = bytearray(data)
    swapped[::2], swapped[1::2] = data[1::2], data[::2]
    return bytes(swapped)


def _finisher(address: Address) -> Callable[[Value], Reading] | None:
    """What is left to do after unpacking, None for whole numbers."""
    if address.bit is not None:
        return _bit_finisher(1 << address.bit)
    if address.type is not None and address.type.is_float:
        return _float
    if address.type is not None and address.type.is_string:
        return _text
    return None


def _bit_finisher(mask: int) -> Callable[[Value], Reading]:
    def finish(value: Value) -> Reading:
        return Reading(isinstance(value, int) and value & mask != 0)

    return finish


def _float(value: Value) -> Reading:
    return Reading(value) if isinstance(value, float) and math.isfinite(value) else _NOT_A_NUMBER


def _text(value: object) -> Reading:
    assert isinstance(value, bytes)  # noqa: S101 - what struct gives for 's'
    return Reading(value.decode("utf-8", "replace").rstrip(_PADDING))


def encode(address: Address, value: Value) -> Words:
    """What to write for the raw value: one bit, or the registers in the device's order.

    Raises ``InvalidValueError`` if the type cannot hold it, or for a bit of a register, which needs the register's other bits.
    """
    if address.type is None:
        return [as_bit(address, value)]
    if address.bit is not None:
        raise InvalidValueError(f"{address.text}: one bit of a register is written together with the others")
    data = _pack(address, address.type, value)
    if address.order.swapped:
        data = _swap(data)
    return list(struct.unpack(f">{address.count}H", data))


def with_bit(address: Address, register: int, value: Value) -> int:
    """The register with the address's bit as the value says. Raises ``InvalidValueError`` if it is not a bit."""
    mask = 1 << (address.bit or 0)
    return register | mask if as_bit(address, value) else register & ~mask


def as_bit(address: Address, value: Value) -> bool:
    """The raw value as a bit. Raises ``InvalidValueError`` if it is neither true nor false, 1 nor 0."""
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise InvalidValueError(f"{address.text}: {value!r:.40} is not a bit")


def _pack(address: Address, kind: RawType, value: Value) -> bytes:
    endian = "<" if address.order.little else ">"
    if kind.is_string:
        return _pack_text(address, kind, value)
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise InvalidValueError(f"{address.text}: {value!r:.40} is not a finite number")
    if kind.is_float:
        return _pack_float(address, endian + kind.code, value)
    if value != int(value) or not (kind.low is not None and kind.high is not None and kind.low <= value <= kind.high):
        raise InvalidValueError(f"{address.text}: {value!r:.40} is not a whole number from {kind.low} to {kind.high}")
    return struct.pack(endian + kind.code, int(value))


def _pack_float(address: Address, code: str, value: float) -> bytes:
    try:
        return struct.pack(code, float(value))
    except OverflowError:
        raise InvalidValueError(f"{address.text}: {value!r:.40} is too large") from None


def _pack_text(address: Address, kind: RawType, value: Value) -> bytes:
    size = int(kind.code[:-1])
    if not isinstance(value, str):
        raise InvalidValueError(f"{address.text}: expected text, got {type(value).__name__}")
    data = value.encode("utf-8", "replace")
    if len(data) > size:
        raise InvalidValueError(f"{address.text}: {len(data)} bytes of text do not fit into {size}")
    return data.ljust(kind.registers * 2, b"\0")
