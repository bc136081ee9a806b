"""Modbus by pymodbus, over any stream: the only module that knows the library."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Callable, Sequence

from pymodbus.client.base import ModbusBaseSyncClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.framer import FramerType
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers
from pymodbus.transport import CommParams, CommType

from automation.drivers.modbus.address import Table
from automation.drivers.modbus.transport import Span, Words, malformed, one_by_one, refusal
from automation.guard.stream import Stream
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.model.link import ModbusTransport
from automation.system.clock import Stopwatch

_READS: dict[Table, type[ModbusPDU]] = {
    Table.COIL: bits.ReadCoilsRequest,
    Table.DISCRETE: bits.ReadDiscreteInputsRequest,
    Table.HOLDING: registers.ReadHoldingRegistersRequest,
    Table.INPUT: registers.ReadInputRegistersRequest,
}
_FRAMERS: dict[str, FramerType] = {
    ModbusTransport.RTU: FramerType.RTU,
    ModbusTransport.RTU_OVER_TCP: FramerType.RTU,
    ModbusTransport.ASCII: FramerType.ASCII,
}
# Unit, function and checksum, which the library counts among the bytes of a reply.
_RTU_ENVELOPE = 4
# The deadlines are ours; the library's own must not come first.
_LONGEST_S = 3600.0
# What the library's decoders raise on frames that only look like Modbus.
_UNREADABLE = (ModbusException, ValueError, IndexError, struct.error, asyncio.TimeoutError)


class _HoldingReply(registers.ReadHoldingRegistersResponse):
    """A reply with registers; with none where its byte count does not fit its length."""

    def decode(self, data: bytes) -> None:
        """Take the registers out of the frame."""
        size = data[0]
        fits = size == len(data) - 1 and size % 2 == 0
        self.registers = struct.unpack(f">{size // 2}H", data[1:]) if fits else ()


class _InputReply(_HoldingReply):
    """The same for input registers."""

    function_code = 4


class _ReadWriteReply(_HoldingReply):
    """The same after a write in the same request."""

    function_code = 23


class _CoilReply(bits.ReadCoilsResponse):
    """A reply with bits, a multiple of eight; with none where its byte count does not fit its length."""

    def decode(self, data: bytes) -> None:
        """Take the bits out of the frame."""
        super().decode(data if data[0] == len(data) - 1 else b"\0")


class _DiscreteReply(_CoilReply):
    """The same for discrete inputs."""

    function_code = 2


class _FixedLength(ModbusPDU):
    """A reply whose length its function fixes."""

    def decode(self, data: bytes) -> None:
        """Take the fields out of the frame. Raises ``ValueError``, so that the library drops it, if its length is wrong."""
        if len(data) != self.rtu_frame_size - _RTU_ENVELOPE:
            raise ValueError(f"{len(data)} bytes for function {self.function_code}")
        super().decode(data)


class _CoilConfirmation(_FixedLength, bits.WriteSingleCoilResponse):
    """That a coil was written."""


class _CoilsConfirmation(_FixedLength, bits.WriteMultipleCoilsResponse):
    """That coils were written."""


class _RegisterConfirmation(_FixedLength, registers.WriteSingleRegisterResponse):
    """That a register was written."""


class _RegistersConfirmation(_FixedLength, registers.WriteMultipleRegistersResponse):
    """That registers were written."""


class _MaskReply(_FixedLength, registers.MaskWriteRegisterResponse):
    """That bits of a register were written."""


_REPLIES: Sequence[type[ModbusPDU]] = (
    _HoldingReply,
    _InputReply,
    _ReadWriteReply,
    _CoilReply,
    _DiscreteReply,
    _CoilConfirmation,
    _CoilsConfirmation,
    _RegisterConfirmation,
    _RegistersConfirmation,
    _MaskReply,
)


class _Client(ModbusBaseSyncClient):
    """The library's client over a stream of ours, with one deadline for the whole reply.

    numbered: replies tell which request they answer; where they do not, what has arrived before a request is thrown away.
    """

    def __init__(self, stream: Stream, framer: FramerType, numbered: bool) -> None:
        super().__init__(framer, 0, CommParams(comm_type=CommType.TCP, timeout_connect=_LONGEST_S), None, None, None)
        for reply in _REPLIES:
            self.register(reply)
        self._stream = stream
        self._numbered = numbered
        self._timeout_s = 0.0
        self._watch = Stopwatch()

    def ask(self, request: ModbusPDU, timeout_s: float) -> ModbusPDU:
        """The reply to the request. Raises what the library raises, and ``OSError``."""
        self._timeout_s = timeout_s
        return self.execute(False, request)

    def connect(self) -> bool:
        """True; there is a client only as long as there is a connection."""
        return True

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:
        """Send the whole request and start its deadline."""
        _ = addr
        if not self._numbered:
            self._stream.discard()
        self._watch = Stopwatch()
        self._stream.send(request, self._timeout_s)
        return len(request)

    def recv(self, size: int | None) -> bytes:
        """What has arrived, empty once the deadline has passed. Raises ``OSError`` when the device hangs up."""
        _ = size
        left = self._timeout_s - self._watch.elapsed_s()
        return b"" if left <= 0 else self._stream.receive(left)


class Connection:
    """One connection that is opened and closed as it is told; for one thread at a time.

    endpoint: for texts. After a lost or unreadable reply it is closed, so that a late frame can never answer a later request.
    """

    def __init__(self, endpoint: str, transport: str, opener: Callable[[], Stream]) -> None:
        # The library reports every failed request; acquisition reports a link once when it is lost and once when it is back.
        logger = logging.getLogger("pymodbus.logging")
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)
        self.endpoint = endpoint
        self._framer = _FRAMERS.get(transport, FramerType.SOCKET)
        self._opener = opener
        self._client: _Client | None = None
        self._last_transaction = 0

    @property
    def is_open(self) -> bool:
        """True from ``open`` to ``close``, or to the first request that failed."""
        return self._client is not None

    def open(self) -> None:
        """Open it, after closing it if it was open. Raises ``LinkDownError`` if nothing answers."""
        self.close()
        try:
            stream = self._opener()
        except OSError as error:
            raise LinkDownError(f"cannot connect to {self.endpoint}: {error.strerror or error}") from error
        client = _Client(stream, self._framer, numbered=self._framer is FramerType.SOCKET)
        # Numbers go on, so that a gateway's late answer to the old connection is not taken for one to the new.
        client.transaction.next_tid = self._last_transaction
        self._client = client

    def close(self) -> None:
        """Close it; harmless when closed."""
        if self._client is not None:
            self._last_transaction = self._client.transaction.next_tid
            self._client.close()
            self._client = None

    def ask(self, request: ModbusPDU, timeout_s: float, about: str) -> ModbusPDU:
        """The reply to the request, whatever it says. about: for texts. Raises ``LinkDownError`` or ``DeviceTimeoutError``."""
        if self._client is None:
            raise LinkDownError(f"{self.endpoint}: not connected")
        try:
            return self._client.ask(request, timeout_s)
        except (ConnectionException, OSError) as error:
            self.close()
            raise LinkDownError(f"{self.endpoint}: connection lost") from error
        except _UNREADABLE as error:
            self.close()
            raise DeviceTimeoutError(f"{self.endpoint}: no valid reply for {about} within {timeout_s} s") from error


class WireTransport:
    """One device on a connection; see ``transport.Transport``."""

    def __init__(self, connection: Connection, timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    def connect(self) -> None:
        """Open the connection. Raises ``LinkDownError`` if nothing answers."""
        self._connection.open()

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        self._connection.close()

    def read(self, table: Table, offset: int, count: int, unit: int) -> Sequence[int] | Sequence[bool]:
        """Exactly count registers or bits, in one request."""
        response = self._request(_READS[table](address=offset, count=count, dev_id=unit), table, offset)
        if table.is_bits:
            if len(response.bits) != (count + 7) // 8 * 8:
                raise malformed(f"{len(response.bits)} bits for {count}", table, offset)
            return response.bits[:count]
        if len(response.registers) != count:
            raise malformed(f"{len(response.registers)} registers for {count}", table, offset)
        return response.registers

    def read_many(self, spans: Sequence[Span], unit: int) -> Sequence[Words | DeviceRefusedError]:
        """What ``read`` gives or refuses for each of the spans, in order."""
        return one_by_one(self.read, spans, unit)

    def write(self, table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> None:
        """Write coils or holding registers in one request and return when the device has confirmed it."""
        request = _write_request(table, offset, values, unit)
        response = self._request(request, table, offset)
        if response.address != offset:
            raise malformed(f"confirmed {table.value}:{response.address}", table, offset)
        if len(values) > 1 and response.count != len(values):
            raise malformed(f"confirmed {response.count} of {len(values)} values", table, offset)
        if len(values) == 1 and list(response.bits if table.is_bits else response.registers) != list(values):
            raise malformed("confirmed another value", table, offset)

    def mask(self, offset: int, keep: int, bits_on: int, unit: int) -> None:
        """Change bits of one holding register in one request and return when the device has confirmed it."""
        request = registers.MaskWriteRegisterRequest(address=offset, and_mask=keep, or_mask=bits_on, dev_id=unit)
        response = self._request(request, Table.HOLDING, offset)
        if not isinstance(response, _MaskReply) or (response.address, response.and_mask, response.or_mask) != (
            offset,
            keep,
            bits_on,
        ):
            raise malformed("confirmed other bits", Table.HOLDING, offset)

    def write_read(self, offset: int, values: Sequence[int], unit: int) -> Sequence[int]:
        """Write holding registers and read the same ones back in one request."""
        count = len(values)
        request = registers.ReadWriteMultipleRegistersRequest(
            read_address=offset, read_count=count, write_address=offset, write_registers=list(values), dev_id=unit
        )
        response = self._request(request, Table.HOLDING, offset)
        if len(response.registers) != count:
            raise malformed(f"{len(response.registers)} registers for {count}", Table.HOLDING, offset)
        return response.registers

    def _request(self, request: ModbusPDU, table: Table, offset: int) -> ModbusPDU:
        response = self._connection.ask(request, self._timeout_s, f"{table.value}:{offset}")
        if isinstance(response, ExceptionResponse) or response.isError():
            if response.function_code & 0x7F != request.function_code:
                raise malformed(f"exception for function {response.function_code & 0x7F}", table, offset)
            raise refusal(response.exception_code, table, offset)
        if response.function_code != request.function_code:
            raise malformed(f"function {response.function_code} for {request.function_code}", table, offset)
        return response


def _write_request(table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> ModbusPDU:
    single = len(values) == 1
    if table is Table.COIL:
        kind = bits.WriteSingleCoilRequest if single else bits.WriteMultipleCoilsRequest
        return kind(address=offset, bits=[bool(value) for value in values], dev_id=unit)
    if table is Table.HOLDING:
        words = registers.WriteSingleRegisterRequest if single else registers.WriteMultipleRegistersRequest
        return words(address=offset, registers=list(values), dev_id=unit)
    raise InvalidValueError(f"{table.value}:{offset}: a {table.value} cannot be written")
