"""The Modbus driver: addresses to block reads, values to writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.drivers.base import Reading
from automation.drivers.modbus.address import Address, Table, parse
from automation.drivers.modbus.codec import as_bit, encode, with_bit
from automation.drivers.modbus.plan import Block, plan
from automation.drivers.modbus.transport import ADDRESS_REFUSED, FUNCTION_REFUSED, Span, Transport, Words, malformed, quality_of
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError
from automation.model.link import ModbusLink
from automation.model.quality import Quality
from automation.model.sample import Value

# A device that refuses much is cut up over several reads, so that one read stays short.
_SPLITS_PER_READ = 16
# A refused address is asked for again every so many reads: the device may have been mended without losing its connection.
_READS_BEFORE_ASKING_AGAIN = 100
_KEPT_SCANS = 64
_ALL_BITS = 0xFFFF


class ModbusDriver:
    """One Modbus unit behind a transport; see ``drivers.base.Driver``."""

    def __init__(self, link: ModbusLink, transport: Transport) -> None:
        self._link = link
        self._transport = transport
        self._parsed: dict[str, Address] = {}
        self._scans: dict[tuple[str, ...], _Scan] = {}
        self._prepared: dict[tuple[str, ...], Sequence[Block]] = {}
        self._turns = 0
        self._masks = link.mask_write
        self._reads_back = link.read_write

    def check(self, address: str) -> None:
        """Do nothing if the address can be read. Raises ``ConfigError`` naming what is wrong with it."""
        self._parse(address)

    def check_write(self, address: str) -> None:
        """Do nothing if the address can be written. Raises ``ConfigError`` naming what is wrong with it."""
        self._parse(address).check_write()

    def encode(self, address: str, value: Value) -> list[int]:
        """The words that hold the raw value: its registers in the device's order, or one 0 or 1 for a coil or a bit.

        Raises ``ConfigError`` for an address that cannot be written, ``InvalidValueError`` for a value that does not fit.
        """
        target = self._parse(address)
        target.check_write()
        if target.bit is not None:
            return [int(as_bit(target, value))]
        return [int(word) for word in encode(target, value)]

    def prepare(self, addresses: Sequence[str]) -> None:
        """Plan the blocks for the addresses and how they are decoded. Raises ``ConfigError`` for one that is none."""
        key = tuple(addresses)
        if not key or key in self._scans or key in self._prepared:
            return
        blocks = self._plan(key)
        for block in blocks:
            block.prepare()
        if len(self._prepared) >= _KEPT_SCANS:
            self._prepared.clear()
        self._prepared[key] = blocks

    def connect(self) -> None:
        """Open the connection and forget what the device once refused. Raises ``LinkDownError``."""
        for scan in self._scans.values():
            scan.forget()
        self._masks = self._link.mask_write
        self._reads_back = self._link.read_write
        self._transport.connect()

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        self._transport.close()

    def read(self, addresses: Sequence[str]) -> Sequence[Reading]:
        """One reading per address, in order.

        Raises ``LinkDownError``, or ``DeviceTimeoutError`` also when a gateway answers for an absent unit.
        """
        key = tuple(addresses)
        if not key:
            return []
        scan = self._scans.get(key)
        if scan is None:
            self._make_room()
            scan = self._scans[key] = _Scan(len(key), self._prepared.pop(key, ()) or self._plan(key))
        self._turns += 1
        scan.turn = self._turns
        readings = scan.read(self._ask)
        if all(reading.quality is Quality.BAD_NO_COMMUNICATION for reading in readings):
            raise DeviceTimeoutError(f"unit {self._link.unit_id} does not answer its gateway")
        return readings

    def write(self, address: str, value: Value) -> None:
        """Write one raw value in one request, or one bit of a register by function 22. Never repeated.

        Where the link says so, registers are written and read back in one request by function 23, and a device that then shows
        other values refuses.

        A device without function 22 has the register read first; a change of its other bits in between is lost.
        """
        target = self._parse(address)
        target.check_write()
        if target.bit is not None:
            self._write_bit(target, value)
        else:
            self._write_words(target, encode(target, value))

    def _write_words(self, target: Address, words: Sequence[int] | Sequence[bool]) -> None:
        if self._reads_back and target.table is Table.HOLDING:
            given = [int(word) for word in words]
            try:
                shown = list(self._transport.write_read(target.offset, given, self._link.unit_id))
            except DeviceRefusedError as error:
                if error.code != FUNCTION_REFUSED:
                    raise
                self._reads_back = False
            else:
                if shown != given:
                    raise malformed(f"shows {shown} after {given} was written", target.table, target.offset)
                return
        self._transport.write(target.table, target.offset, words, self._link.unit_id)

    def _plan(self, addresses: Sequence[str]) -> Sequence[Block]:
        return plan([self._parse(text) for text in addresses], self._link.max_gap, self._link.max_block)

    def _make_room(self) -> None:
        """Let go of the scan that was read longest ago, if there are many."""
        if len(self._scans) >= _KEPT_SCANS:
            del self._scans[min(self._scans, key=lambda key: self._scans[key].turn)]

    def _write_bit(self, target: Address, value: Value) -> None:
        keep, bits_on = with_bit(target, _ALL_BITS, False), with_bit(target, 0, value)
        if self._masks:
            try:
                self._transport.mask(target.offset, keep, bits_on, self._link.unit_id)
            except DeviceRefusedError as error:
                if error.code != FUNCTION_REFUSED:
                    raise
                self._masks = False
            else:
                return
        (register,) = self._transport.read(target.table, target.offset, 1, self._link.unit_id)
        self._transport.write(target.table, target.offset, [register & keep | bits_on], self._link.unit_id)

    def _ask(self, blocks: Sequence[Block]) -> Sequence[Words | DeviceRefusedError]:
        spans = [Span(block.table, block.start, block.count) for block in blocks]
        return self._transport.read_many(spans, self._link.unit_id)

    def _parse(self, text: str) -> Address:
        address = self._parsed.get(text)
        if address is None:
            address = self._parsed[text] = parse(text)
        return address


class _Scan:
    """The blocks of one list of addresses, and what the device has taught us about them. turn: of its last read."""

    def __init__(self, size: int, planned: Sequence[Block]) -> None:
        self.turn = 0
        self._size = size
        self._planned = planned
        self.forget()

    def forget(self) -> None:
        """Know nothing of the device."""
        self._blocks = list(self._planned)
        self._refused: list[Block] = []
        self._reads = 0

    def read(self, ask: Callable[[Sequence[Block]], Sequence[Words | DeviceRefusedError]]) -> list[Reading]:
        self._reads += 1
        if self._refused and self._reads % _READS_BEFORE_ASKING_AGAIN == 0:
            self._blocks += self._refused
            self._refused = []
        readings = [Reading(None, Quality.BAD_CONFIGURATION_ERROR)] * self._size
        splits = _SPLITS_PER_READ
        waiting, answered, refused = self._blocks, [], list(self._refused)
        while waiting:
            cut: list[Block] = []
            for block, values in zip(waiting, ask(waiting), strict=True):
                if not isinstance(values, DeviceRefusedError):
                    answered.append(block)
                    block.fill(readings, block.decode(values))
                    continue
                if values.code not in ADDRESS_REFUSED:
                    answered.append(block)
                elif (halves := block.halves()) is None:
                    refused.append(block)
                elif splits:
                    splits -= 1
                    cut += halves
                    continue
                else:
                    answered.append(block)
                block.fill(readings, [Reading(None, quality_of(values.code))] * len(block.addresses))
            waiting = cut
        self._blocks, self._refused = answered, refused
        return readings
