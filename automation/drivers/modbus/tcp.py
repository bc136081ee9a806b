"""Modbus TCP by pymodbus: the only module that knows the library."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Sequence

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers

from automation.drivers.modbus.address import Table
from automation.drivers.modbus.transport import malformed, refusal
from automation.model.errors import DeviceTimeoutError, InvalidValueError, LinkDownError
from automation.system.clock import Stopwatch

_READS: dict[Table, type[ModbusPDU]] = {
    Table.COIL: bits.ReadCoilsRequest,
    Table.DISCRETE: bits.ReadDiscreteInputsRequest,
    Table.HOLDING: registers.ReadHoldingRegistersRequest,
    Table.INPUT: registers.ReadInputRegistersRequest,
}
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


class _CoilReply(bits.ReadCoilsResponse):
    """A reply with bits, a multiple of eight; with none where its byte count does not fit its length."""

    def decode(self, data: bytes) -> None:
        """Take the bits out of the frame."""
        super().decode(data if data[0] == len(data) - 1 else b"\0")


class _DiscreteReply(_CoilReply):
    """The same for discrete inputs."""

    function_code = 2


class _Client(ModbusTcpClient):
    """The library's client with a blocking socket and one deadline for the whole reply."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        super().__init__(host, port=port, timeout=timeout_s, retries=0)
        for reply in (_HoldingReply, _InputReply, _CoilReply, _DiscreteReply):
            self.register(reply)
        self._timeout_s = timeout_s
        self._watch = Stopwatch()

    def connect(self) -> bool:
        """True while there is a connection; requests never open one."""
        return self.socket is not None

    def open(self) -> None:
        """Open the connection. Raises ``OSError``."""
        self.socket = socket.create_connection((self.comm_params.host, self.comm_params.port), self._timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:
        """Send the whole request and start its deadline."""
        _ = addr
        if self.socket is None:
            raise ConnectionException("not connected")
        self._watch = Stopwatch()
        self.socket.settimeout(self._timeout_s)
        self.socket.sendall(request)
        return len(request)

    def recv(self, size: int | None) -> bytes:
        """What has arrived, empty once the deadline has passed. Raises ``ConnectionException`` when the device hangs up."""
        left = self._timeout_s - self._watch.elapsed_s()
        if self.socket is None or left <= 0:
            return b""
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(size or 4096)
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionException("the device closed the connection")
        return data


class TcpTransport:
    """One TCP connection; see ``transport.Transport``.

    After a lost or unreadable reply the connection is closed, so that a late frame can never answer a later request.
    """

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        # The library reports every failed request; acquisition reports a link once when it is lost and once when it is back.
        logger = logging.getLogger("pymodbus.logging")
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)
        self._host = host
        self._port = port
        self._endpoint = f"{host}:{port}"
        self._timeout_s = timeout_s
        self._client: _Client | None = None
        self._last_transaction = 0

    def connect(self) -> None:
        """Open the connection. Raises ``LinkDownError`` if nothing answers."""
        self.close()
        client = _Client(self._host, self._port, self._timeout_s)
        try:
            client.open()
        except OSError as error:
            raise LinkDownError(f"cannot connect to {self._endpoint}: {error.strerror or error}") from error
        # Numbers go on, so that a gateway's late answer to the old connection is not taken for one to the new.
        client.transaction.next_tid = self._last_transaction
        self._client = client

    def close(self) -> None:
        """Close the connection; harmless when closed."""
        if self._client is not None:
            self._last_transaction = self._client.transaction.next_tid
            self._client.close()
            self._client = None

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

    def _request(self, request: ModbusPDU, table: Table, offset: int) -> ModbusPDU:
        response = self._exchange(request, table, offset)
        if isinstance(response, ExceptionResponse) or response.isError():
            if response.function_code & 0x7F != request.function_code:
                raise malformed(f"exception for function {response.function_code & 0x7F}", table, offset)
            raise refusal(response.exception_code, table, offset)
        if response.function_code != request.function_code:
            raise malformed(f"function {response.function_code} for {request.function_code}", table, offset)
        return response

    def _exchange(self, request: ModbusPDU, table: Table, offset: int) -> ModbusPDU:
        if self._client is None:
            raise LinkDownError(f"{self._endpoint}: not connected")
        try:
            return self._client.execute(False, request)
        except (ConnectionException, OSError) as error:
            self.close()
            raise LinkDownError(f"{self._endpoint}: connection lost") from error
        except _UNREADABLE as error:
            self.close()
            text = f"{self._endpoint}: no valid reply for {table.value}:{offset} within {self._timeout_s} s"
            raise DeviceTimeoutError(text) from error


def _write_request(table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> ModbusPDU:
    single = len(values) == 1
    if table is Table.COIL:
        kind = bits.WriteSingleCoilRequest if single else bits.WriteMultipleCoilsRequest
        return kind(address=offset, bits=[bool(value) for value in values], dev_id=unit)
    if table is Table.HOLDING:
        words = registers.WriteSingleRegisterRequest if single else registers.WriteMultipleRegistersRequest
        return words(address=offset, registers=list(values), dev_id=unit)
    raise InvalidValueError(f"{table.value}:{offset}: a {table.value} cannot be written")
