"""Modbus on the wire: requests, replies and their checks, as bytes; pure.

Functions 1 to 6, 15, 16, 22 and 23 of the Modbus Application Protocol V1.1b3; the TCP frame of the Messaging on
TCP/IP guide V1.0b.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from automation.model.errors import DeviceRefusedError, InvalidValueError

HEADER_SIZE = 7
PDU_MAX = 253
READ_BITS_MAX = 2000
READ_WORDS_MAX = 125
WRITE_BITS_MAX = 1968
WRITE_WORDS_MAX = 123
_OFFSET_MAX = 0xFFFF
_EXCEPTION = 0x80
_ON = 0xFF00


class Table(StrEnum):
    """The four address spaces of a Modbus device."""

    COIL = "coil"
    DISCRETE = "discrete"
    INPUT = "input"
    HOLDING = "holding"

    @property
    def bits(self) -> bool:
        """True where an address holds one bit, False where it holds a 16-bit word."""
        return self in (Table.COIL, Table.DISCRETE)


_READ_FUNCTIONS = {Table.COIL: 1, Table.DISCRETE: 2, Table.HOLDING: 3, Table.INPUT: 4}
_READ_TABLES = {function: table for table, function in _READ_FUNCTIONS.items()}
_WRITE_SINGLE = {Table.COIL: 5, Table.HOLDING: 6}
_WRITE_MULTIPLE = {Table.COIL: 15, Table.HOLDING: 16}
_WRITE_TABLES = {5: Table.COIL, 6: Table.HOLDING, 15: Table.COIL, 16: Table.HOLDING, 22: Table.HOLDING, 23: Table.HOLDING}
MASK_WRITE, READ_WRITE = 22, 23
_READ_WRITE_WORDS_MAX = 121

EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledge, still working",
    6: "device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target did not respond",
}


class Request(NamedTuple):
    """One request as it was asked.

    offset, size: bits or words; of function 23 those that are written. values: what to write, bool for coils and int for
    registers, of function 22 the masks of what is kept and of what is on; empty for a read. reads: offset and number of words
    that function 23 reads after it has written.
    """

    function: int
    table: Table
    offset: int
    size: int
    values: tuple[int, ...] = ()
    reads: tuple[int, int] = (0, 0)

    @property
    def writes(self) -> bool:
        """True if the request changes the device."""
        return self.function in _WRITE_TABLES


class Frame(NamedTuple):
    """One Modbus TCP frame."""

    transaction: int
    unit: int
    pdu: bytes


def read_request(table: str, offset: int, count: int) -> bytes:
    """The PDU that reads count bits or words from offset. Raises ``InvalidValueError`` if no device could answer it."""
    table = _table(table)
    _check_span(table, offset, count, READ_BITS_MAX if table.bits else READ_WORDS_MAX)
    return struct.pack(">BHH", _READ_FUNCTIONS[table], offset, count)


def write_request(table: str, offset: int, values: Sequence[int]) -> bytes:
    """The PDU that writes the values from offset: function 5 or 6 for one value, 15 or 16 for more.

    Coils take bool or 0 and 1, registers 0 to 65535. Raises ``InvalidValueError`` on anything else, before anything is sent.
    """
    table = _table(table)
    if table not in _WRITE_SINGLE:
        raise InvalidValueError(f"{table}:{offset}: the table is read only")
    _check_span(table, offset, len(values), WRITE_BITS_MAX if table.bits else WRITE_WORDS_MAX)
    _check_values(table, offset, values)
    if len(values) == 1:
        value = values[0] * _ON if table.bits else values[0]
        return struct.pack(">BHH", _WRITE_SINGLE[table], offset, value)
    data = _pack_bits(values) if table.bits else struct.pack(f">{len(values)}H", *values)
    return struct.pack(">BHHB", _WRITE_MULTIPLE[table], offset, len(values), len(data)) + data


@lru_cache(maxsize=4096)
def parse_request(pdu: bytes) -> Request:
    """What a request PDU asks for. Raises ``InvalidValueError`` if it is malformed or of another function."""
    if not 5 <= len(pdu) <= PDU_MAX:  # noqa: PLR2004 - function, offset and count
        raise InvalidValueError(f"Modbus request of {len(pdu)} bytes: too short or too long")
    function, offset, number = struct.unpack_from(">BHH", pdu)
    if function in _READ_TABLES and len(pdu) == 5:  # noqa: PLR2004
        table = _READ_TABLES[function]
        _check_span(table, offset, number, READ_BITS_MAX if table.bits else READ_WORDS_MAX)
        return Request(function, table, offset, number)
    if function in (5, 6) and len(pdu) == 5:  # noqa: PLR2004
        return _single_write(function, offset, number)
    if function in (15, 16):
        return _multiple_write(function, offset, number, pdu[5:])
    if function == MASK_WRITE and len(pdu) == 7:  # noqa: PLR2004
        return Request(function, Table.HOLDING, offset, 1, (number, int.from_bytes(pdu[5:], "big")))
    if function == READ_WRITE:
        return _read_write(offset, number, pdu[5:])
    raise InvalidValueError(f"Modbus function {function} with {len(pdu)} bytes: not supported")


def _single_write(function: int, offset: int, number: int) -> Request:
    table = _WRITE_TABLES[function]
    if not table.bits:
        return Request(function, table, offset, 1, (number,))
    if number not in (0, _ON):
        raise InvalidValueError(f"coil {offset}: {number:#06x} is neither on nor off")
    return Request(function, table, offset, 1, (number == _ON,))


def _multiple_write(function: int, offset: int, count: int, tail: bytes) -> Request:
    table = _WRITE_TABLES[function]
    _check_span(table, offset, count, WRITE_BITS_MAX if table.bits else WRITE_WORDS_MAX)
    data = tail[1:]
    if not tail or tail[0] != len(data) or len(data) != _data_size(table, count):
        raise InvalidValueError(f"{table}:{offset}: {len(data)} bytes do not hold {count} values")
    values = _unpack_bits(data, count) if table.bits else struct.unpack(f">{count}H", data)
    return Request(function, table, offset, count, tuple(values))


def _read_write(read_offset: int, reads: int, tail: bytes) -> Request:
    if len(tail) < 5:  # noqa: PLR2004 - offset, count and number of bytes
        raise InvalidValueError(f"Modbus function {READ_WRITE}: too short")
    _check_span(Table.HOLDING, read_offset, reads, READ_WORDS_MAX)
    offset, count, size = struct.unpack_from(">HHB", tail)
    _check_span(Table.HOLDING, offset, count, _READ_WRITE_WORDS_MAX)
    data = tail[5:]
    if size != len(data) or len(data) != count * 2:
        raise InvalidValueError(f"holding:{offset}: {len(data)} bytes do not hold {count} values")
    return Request(READ_WRITE, Table.HOLDING, offset, count, struct.unpack(f">{count}H", data), (read_offset, reads))


def mask_request(offset: int, keep: int, on: int) -> bytes:
    """The PDU that lets one holding register be ``register & keep | on & ~keep``. Raises ``InvalidValueError``."""
    _check_span(Table.HOLDING, offset, 1, 1)
    _check_values(Table.HOLDING, offset, (keep, on))
    return struct.pack(">BHHH", MASK_WRITE, offset, keep, on)


def read_write_request(offset: int, values: Sequence[int]) -> bytes:
    """The PDU that writes holding registers from offset and reads the same ones back. Raises ``InvalidValueError``."""
    _check_span(Table.HOLDING, offset, len(values), _READ_WRITE_WORDS_MAX)
    _check_values(Table.HOLDING, offset, values)
    count = len(values)
    return struct.pack(f">BHHHHB{count}H", READ_WRITE, offset, count, offset, count, count * 2, *values)


def reply_size(request: bytes) -> int:
    """How many bytes the PDU of the right answer to the request has, beyond its function.

    Raises ``InvalidValueError`` for a request that makes no sense.
    """
    asked = parse_request(request)
    if asked.function == MASK_WRITE:
        return 6
    if asked.function == READ_WRITE:
        return 1 + asked.reads[1] * 2
    return 4 if asked.writes else 1 + _data_size(asked.table, asked.size)


def check_reply(request: bytes, reply: bytes) -> None:
    """Do nothing if the reply PDU is the whole and right answer to the request PDU.

    Raises ``DeviceRefusedError``: with the device's exception code, or with code 0 if function, length, byte count or echo is
    wrong.
    """
    asked = parse_request(request)
    where = f"{asked.table}:{asked.offset}"
    if len(reply) == 2 and reply[0] == asked.function | _EXCEPTION:  # noqa: PLR2004
        code = reply[1]
        raise DeviceRefusedError(f"{where}: the device refused: {EXCEPTIONS.get(code, 'exception')} (code {code})", code)
    if not reply or reply[0] != asked.function:
        got = reply[0] if reply else "nothing"
        raise DeviceRefusedError(f"{where}: the device answered function {got} to function {asked.function}")
    if asked.writes and asked.function != READ_WRITE:
        if reply != (request if asked.function == MASK_WRITE else request[:5]):
            raise DeviceRefusedError(f"{where}: the device confirmed another write than the one sent")
        return
    size, number = _data_size(asked.table, asked.size), asked.size
    if asked.function == READ_WRITE:
        size, number = asked.reads[1] * 2, asked.reads[1]
    if len(reply) != size + 2 or reply[1] != size:
        raise DeviceRefusedError(f"{where}: the device answered {len(reply) - 2} bytes where {number} values take {size}")


def decode_read(request: bytes, reply: bytes) -> list[int] | list[bool]:
    """The values of a reply to a read, one per address: bool for bits, 0 to 65535 for words. Raises as ``check_reply``."""
    check_reply(request, reply)
    asked = parse_request(request)
    if asked.function == READ_WRITE:
        return list(struct.unpack(f">{asked.reads[1]}H", reply[2:]))
    if asked.writes:
        raise InvalidValueError(f"Modbus function {asked.function} reads nothing")
    if asked.table.bits:
        return _unpack_bits(reply[2:], asked.size)
    return list(struct.unpack(f">{asked.size}H", reply[2:]))


def encode_reply(request: Request, values: Sequence[int] = ()) -> bytes:
    """The PDU with which a device answers: the values read, or the echo of a write."""
    if request.function == MASK_WRITE:
        return struct.pack(">BHHH", MASK_WRITE, request.offset, *request.values)
    if not request.writes or request.function == READ_WRITE:
        data = _pack_bits(values) if request.table.bits else struct.pack(f">{len(values)}H", *values)
        return bytes((request.function, len(data))) + data
    number = request.size
    if request.function in (5, 6):
        number = request.values[0] * _ON if request.table.bits else request.values[0]
    return struct.pack(">BHH", request.function, request.offset, number)


def encode_exception(function: int, code: int) -> bytes:
    """The PDU with which a device refuses."""
    return bytes((function | _EXCEPTION, code))


def encode_frame(transaction: int, unit: int, pdu: bytes) -> bytes:
    """The bytes on the TCP connection."""
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu


def take_frame(buffer: bytearray) -> Frame | None:
    """The first whole frame of what arrived, removed from the buffer; None while it is incomplete.

    Raises ``DeviceRefusedError`` if the bytes are no Modbus TCP; the connection is then out of step and must be closed.
    """
    if len(buffer) < HEADER_SIZE:
        return None
    transaction, protocol, length, unit = struct.unpack_from(">HHHB", buffer)
    if protocol != 0 or not 2 <= length <= PDU_MAX + 1:  # noqa: PLR2004 - unit and function at least
        raise DeviceRefusedError(f"not a Modbus TCP frame: protocol {protocol}, length {length}")
    end = HEADER_SIZE - 1 + length
    if len(buffer) < end:
        return None
    pdu = bytes(buffer[HEADER_SIZE:end])
    del buffer[:end]
    return Frame(transaction, unit, pdu)


def _table(name: str) -> Table:
    try:
        return Table(name)
    except ValueError:
        raise InvalidValueError(f"table {name!r}: expected one of {', '.join(Table)}") from None


def _check_span(table: Table, offset: int, count: int, most: int) -> None:
    if not 0 <= offset <= _OFFSET_MAX:
        raise InvalidValueError(f"{table}:{offset}: the offset must be 0 to {_OFFSET_MAX}")
    if not 1 <= count <= most or offset + count > _OFFSET_MAX + 1:
        raise InvalidValueError(f"{table}:{offset}: {count} values do not fit one request")


def _check_values(table: Table, offset: int, values: Sequence[int]) -> None:
    most = 1 if table.bits else 0xFFFF
    for value in values:
        if not (isinstance(value, int) and 0 <= value <= most):
            raise InvalidValueError(f"{table}:{offset}: {value!r:.40} is not 0 to {most}")


def _data_size(table: Table, count: int) -> int:
    return (count + 7) // 8 if table.bits else count * 2


def _pack_bits(values: Sequence[int]) -> bytes:
    number = 0
    for i, value in enumerate(values):
        number |= bool(value) << i
    return number.to_bytes((len(values) + 7) // 8, "little")


def _unpack_bits(data: bytes, count: int) -> list[bool]:
    number = int.from_bytes(data, "little")
    return [bool(number >> i & 1) for i in range(count)]
