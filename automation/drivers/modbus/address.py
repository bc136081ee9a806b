"""The grammar of Modbus addresses: ``TABLE:OFFSET[.BIT][:TYPE[:ORDER]]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from automation.model.errors import ConfigError

MAX_READ_REGISTERS = 125
MAX_WRITE_REGISTERS = 123
MAX_READ_BITS = 2000
_SPACE = 65_536
_GRAMMAR = re.compile(r"(?P<table>[a-z]+):(?P<offset>\d{1,5})(?:\.(?P<bit>\d{1,2}))?(?::(?P<type>\w+)(?::(?P<order>\w+))?)?")
_STRING = re.compile(r"string(\d{1,3})")


class Table(Enum):
    """The four tables of a Modbus device."""

    COIL = "coil"
    DISCRETE = "discrete"
    INPUT = "input"
    HOLDING = "holding"

    @property
    def is_bits(self) -> bool:
        """True for the tables of single bits."""
        return self in (Table.COIL, Table.DISCRETE)

    @property
    def writable(self) -> bool:
        """True for the tables that a master may write."""
        return self in (Table.COIL, Table.HOLDING)


class Order(Enum):
    """The order in which a device sends the bytes of a value; abcd is the most significant first."""

    ABCD = "abcd"
    CDAB = "cdab"
    BADC = "badc"
    DCBA = "dcba"

    @property
    def swapped(self) -> bool:
        """True if the two bytes of each register must change places before the value is read."""
        return self in (Order.CDAB, Order.BADC)

    @property
    def little(self) -> bool:
        """True if the value is then read least significant byte first."""
        return self in (Order.CDAB, Order.DCBA)


@dataclass(frozen=True)
class RawType:
    """A type of value in registers.

    code: its ``struct`` format without byte order. registers: how many it takes. low, high: the whole numbers it holds, None
    for other types.
    """

    name: str
    code: str
    registers: int
    low: int | None = None
    high: int | None = None

    @property
    def is_float(self) -> bool:
        """True for floating point."""
        return self.code in "fd"

    @property
    def is_string(self) -> bool:
        """True for text."""
        return self.code.endswith("s")


_INTEGERS = {
    f"{prefix}int{bits}": RawType(f"{prefix}int{bits}", code, bits // 16, low, high)
    for bits, signed, unsigned in ((16, "h", "H"), (32, "i", "I"), (64, "q", "Q"))
    for prefix, code, low, high in (
        ("", signed, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
        ("u", unsigned, 0, 2**bits - 1),
    )
}
TYPES = {**_INTEGERS, "float32": RawType("float32", "f", 2), "float64": RawType("float64", "d", 4)}
UINT16 = TYPES["uint16"]


@dataclass(frozen=True)
class Address:
    """One value of a device.

    offset: as on the wire, from 0. bit: 0 to 15 within one register, None for the whole value. type: None in the tables of bits.
    """

    text: str
    table: Table
    offset: int
    bit: int | None = None
    type: RawType | None = None
    order: Order = Order.ABCD

    @property
    def count(self) -> int:
        """How many registers, or bits, the value takes."""
        return 1 if self.type is None else self.type.registers

    @property
    def end(self) -> int:
        """The offset just after the value."""
        return self.offset + self.count

    def check_write(self) -> None:
        """Do nothing if a master may write it. Raises ``ConfigError`` naming what forbids it."""
        if not self.table.writable:
            raise ConfigError(f"address {self.text}: a {self.table.value} cannot be written")
        if self.count > MAX_WRITE_REGISTERS:
            raise ConfigError(f"address {self.text}: one request writes at most {MAX_WRITE_REGISTERS} registers")


def parse(text: str) -> Address:
    """The address that the text means. Raises ``ConfigError`` naming the address and what is wrong with it."""
    match = _GRAMMAR.fullmatch(text)
    if match is None:
        raise ConfigError(f"address {text!r}: expected TABLE:OFFSET[.BIT][:TYPE[:ORDER]], such as holding:10:float32:cdab")
    table = _table(text, match["table"])
    offset, bit = int(match["offset"]), match["bit"]
    if table.is_bits:
        if bit or match["type"]:
            raise ConfigError(f"address {text}: a {table.value} is a bit and has neither bit number nor type")
        address = Address(text, table, offset)
    elif bit:
        address = _bit(text, table, offset, int(bit), match["type"])
    else:
        kind = _type(text, match["type"])
        address = Address(text, table, offset, None, kind, _order(text, match["order"], kind))
    if address.end > _SPACE:
        raise ConfigError(f"address {text}: reaches beyond offset {_SPACE - 1}")
    return address


def _table(text: str, name: str) -> Table:
    try:
        return Table(name)
    except ValueError:
        raise ConfigError(f"address {text}: no table {name!r}; there are coil, discrete, input and holding") from None


def _bit(text: str, table: Table, offset: int, bit: int, type_name: str | None) -> Address:
    if bit > 15:  # noqa: PLR2004 - a register has 16 bits
        raise ConfigError(f"address {text}: bit {bit} is not 0 to 15")
    if type_name is not None:
        raise ConfigError(f"address {text}: a bit of a register has no type")
    return Address(text, table, offset, bit, UINT16)


def _type(text: str, name: str | None) -> RawType:
    if name is None:
        return UINT16
    if name in TYPES:
        return TYPES[name]
    match = _STRING.fullmatch(name)
    if match is None:
        raise ConfigError(f"address {text}: no type {name!r}; there are {', '.join(TYPES)} and stringN")
    size = int(match[1])
    if not 1 <= size <= 2 * MAX_READ_REGISTERS:
        raise ConfigError(f"address {text}: a string has 1 to {2 * MAX_READ_REGISTERS} characters")
    return RawType(name, f"{size}s", (size + 1) // 2)


def _order(text: str, name: str | None, kind: RawType) -> Order:
    if name is None:
        return Order.ABCD
    try:
        order = Order(name)
    except ValueError:
        raise ConfigError(f"address {text}: no byte order {name!r}; there are abcd, cdab, badc and dcba") from None
    if kind.is_string and order.little:
        raise ConfigError(f"address {text}: a string is abcd or badc")
    return order
