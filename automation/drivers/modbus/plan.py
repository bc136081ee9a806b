"""Which blocks to read for a list of addresses; pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from automation.drivers.base import Reading
from automation.drivers.modbus.address import MAX_READ_BITS, MAX_READ_REGISTERS, Address, Table
from automation.drivers.modbus.codec import RegisterDecoder, good

_BITS_PER_REGISTER = 16


class Block:
    """One request and the addresses that it serves.

    addresses: in order of offset, each with its index in the list that was planned.
    """

    def __init__(self, addresses: Sequence[tuple[int, Address]]) -> None:
        self.addresses = tuple(addresses)
        first = addresses[0][1]
        self.table: Table = first.table
        self.start = first.offset
        self.count = max(address.end for _, address in addresses) - self.start
        self._indices = [index for index, _ in addresses]
        low, high = self._indices[0], self._indices[-1] + 1
        self._slice = slice(low, high) if self._indices == list(range(low, high)) else None
        self._decoder: RegisterDecoder | None = None

    def __repr__(self) -> str:
        return f"Block({self.table.value}:{self.start}+{self.count})"

    def decode(self, values: Sequence[int] | Sequence[bool]) -> list[Reading]:
        """One reading per address of the block. values: exactly count registers or bits."""
        if self.table.is_bits:
            return good([bool(values[address.offset - self.start]) for _, address in self.addresses])
        return self._prepared().decode(values)

    def prepare(self) -> None:
        """Do ahead what the first ``decode`` would."""
        if not self.table.is_bits:
            self._prepared()

    def _prepared(self) -> RegisterDecoder:
        if self._decoder is None:
            self._decoder = RegisterDecoder([address for _, address in self.addresses], self.start, self.count)
        return self._decoder

    def fill(self, readings: list[Reading], found: Sequence[Reading]) -> None:
        """Put what was found for the block's addresses to their places in the list that was planned."""
        if self._slice is not None:
            readings[self._slice] = found
            return
        for index, reading in zip(self._indices, found, strict=True):
            readings[index] = reading

    def halves(self) -> tuple[Block, Block] | None:
        """Two blocks that serve the same addresses, cut near the middle but never through a value; None if it cannot be cut."""
        cuts = []
        reach = self.start
        for i, (_, address) in enumerate(self.addresses):
            if i and address.offset >= reach:
                cuts.append(i)
            reach = max(reach, address.end)
        if not cuts:
            return None
        middle = len(self.addresses) / 2
        cut = min(cuts, key=lambda i: abs(i - middle))
        return Block(self.addresses[:cut]), Block(self.addresses[cut:])


def plan(addresses: Sequence[Address], max_gap: int, max_block: int) -> list[Block]:
    """The blocks to read, each within one table.

    max_gap: registers that are read in vain rather than asking twice. max_block: registers of one request; a single longer value
    is a block of its own. In tables of bits both count sixteenfold, so that a request stays as long on the wire.
    """
    indexed = sorted(enumerate(addresses), key=lambda item: (item[1].table.value, item[1].offset, item[1].end))
    blocks: list[Block] = []
    for table, members in groupby(indexed, key=lambda item: item[1].table):
        factor = _BITS_PER_REGISTER if table.is_bits else 1
        longest = min(max_block * factor, MAX_READ_BITS if table.is_bits else MAX_READ_REGISTERS)
        blocks += _merge(list(members), max_gap * factor, longest)
    return blocks


def _merge(members: Sequence[tuple[int, Address]], max_gap: int, longest: int) -> list[Block]:
    blocks: list[Block] = []
    open_block: list[tuple[int, Address]] = []
    start = reach = 0
    for member in members:
        address = member[1]
        end = max(reach, address.end)
        if open_block and (address.offset - reach > max_gap or end - start > longest):
            blocks.append(Block(open_block))
            open_block = []
        if not open_block:
            start, end = address.offset, address.end
        open_block.append(member)
        reach = end
    if open_block:
        blocks.append(Block(open_block))
    return blocks
