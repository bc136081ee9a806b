"""One unit on a line that several share."""

from __future__ import annotations

from collections.abc import Sequence

from automation.drivers.modbus.address import Table
from automation.drivers.modbus.transport import Span, Transport, Words, one_by_one
from automation.guard.lanes import Lane
from automation.guard.line import Line
from automation.model.errors import DeviceRefusedError


class SharedTransport:
    """One unit on a line; see ``transport.Transport``. Writes go before any reads that wait."""

    def __init__(self, line: Line, device: Transport) -> None:
        self._line = line
        self._device = device

    def connect(self) -> None:
        """Use the line from now on. Raises ``LinkDownError`` if it cannot be opened."""
        self._line.join(self)

    def close(self) -> None:
        """Leave the line to the others; harmless when closed."""
        self._line.leave(self)

    def read(self, table: Table, offset: int, count: int, unit: int) -> Sequence[int] | Sequence[bool]:
        """Exactly count registers or bits, in one request."""
        return self._line.ask(self, unit, Lane.POLL, lambda: self._device.read(table, offset, count, unit))

    def read_many(self, spans: Sequence[Span], unit: int) -> Sequence[Words | DeviceRefusedError]:
        """What ``read`` gives or refuses for each of the spans, in order; others have their turn in between."""
        return one_by_one(self.read, spans, unit)

    def write(self, table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> None:
        """Write coils or holding registers in one request."""
        self._line.ask(self, unit, Lane.WRITE, lambda: self._device.write(table, offset, values, unit))

    def mask(self, offset: int, keep: int, bits_on: int, unit: int) -> None:
        """Change bits of one holding register in one request."""
        self._line.ask(self, unit, Lane.WRITE, lambda: self._device.mask(offset, keep, bits_on, unit))

    def write_read(self, offset: int, values: Sequence[int], unit: int) -> Sequence[int]:
        """Write holding registers and read the same ones back in one request."""
        return self._line.ask(self, unit, Lane.WRITE, lambda: self._device.write_read(offset, values, unit))
