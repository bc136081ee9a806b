"""Modbus through the guard, which owns the connection of every device with outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from automation.drivers.modbus.address import Table
from automation.drivers.modbus.transport import Span, Words
from automation.guard.lanes import Lane
from automation.guard.modbus_wire import decode_read, mask_request, read_request, read_write_request, write_request
from automation.model.errors import AutomationError, DeviceRefusedError, GuardUnavailableError, LinkDownError


class Gateway(Protocol):
    """What of the guard's client is needed here; ``guard.client.GuardClient`` is one."""

    def execute(self, link: str, unit: int, pdu: bytes, lane: Lane = Lane.POLL) -> bytes:
        """The device's answer to a read, checked against the request."""

    def execute_many(
        self, link: str, unit: int, pdus: Sequence[bytes], lane: Lane = Lane.POLL
    ) -> Sequence[bytes | AutomationError]:
        """The device's answer to each of several reads, or why there is none."""

    def write(self, link: str, unit: int, pdu: bytes, epoch: int | None = None) -> bytes:
        """The device's answer to a write of addresses that are no output."""


class GuardedTransport:
    """One link of the guard; see ``transport.Transport``. The guard connects, and refuses writes to outputs by this way."""

    def __init__(self, link: str, gateway: Gateway) -> None:
        self._link = link
        self._gateway = gateway
        self._open = False

    def connect(self) -> None:
        """Allow requests. The connection is the guard's; the first request tells whether the device answers."""
        self._open = True

    def close(self) -> None:
        """Allow no more requests."""
        self._open = False

    def read(self, table: Table, offset: int, count: int, unit: int) -> Sequence[int] | Sequence[bool]:
        """Exactly count registers or bits, in one request. Raises ``LinkDownError`` also while there is no guard."""
        self._check_open()
        request = read_request(table.value, offset, count)
        try:
            reply = self._gateway.execute(self._link, unit, request, Lane.POLL)
        except GuardUnavailableError as error:
            raise LinkDownError(f"link {self._link}: {error}") from error
        return decode_read(request, reply)

    def read_many(self, spans: Sequence[Span], unit: int) -> Sequence[Words | DeviceRefusedError]:
        """What ``read`` gives or refuses for each of the spans, in order, asked for at once. Raises as ``read``."""
        self._check_open()
        requests = [read_request(span.table.value, span.offset, span.size) for span in spans]
        try:
            replies = self._gateway.execute_many(self._link, unit, requests, Lane.POLL)
        except GuardUnavailableError as error:
            raise LinkDownError(f"link {self._link}: {error}") from error
        return [_answer(request, reply) for request, reply in zip(requests, replies, strict=True)]

    def write(self, table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> None:
        """Write coils or holding registers that are no outputs, in one request.

        Raises ``NotAllowedError`` for an output, ``EstopActiveError`` or ``GuardUnavailableError`` besides the driver's errors.
        """
        self._check_open()
        self._gateway.write(self._link, unit, write_request(table.value, offset, values))

    def mask(self, offset: int, keep: int, bits_on: int, unit: int) -> None:
        """Change bits of one holding register that is no output, in one request. Raises as ``write``."""
        self._check_open()
        self._gateway.write(self._link, unit, mask_request(offset, keep, bits_on))

    def write_read(self, offset: int, values: Sequence[int], unit: int) -> Sequence[int]:
        """Write holding registers that are no outputs and read the same ones back, in one request. Raises as ``write``."""
        self._check_open()
        request = read_write_request(offset, values)
        return [int(word) for word in decode_read(request, self._gateway.write(self._link, unit, request))]

    def _check_open(self) -> None:
        if not self._open:
            raise LinkDownError(f"link {self._link}: not connected")


def _answer(request: bytes, reply: bytes | AutomationError) -> Words | DeviceRefusedError:
    if isinstance(reply, DeviceRefusedError):
        return reply
    if isinstance(reply, AutomationError):
        raise reply
    try:
        return decode_read(request, reply)
    except DeviceRefusedError as error:
        return error
