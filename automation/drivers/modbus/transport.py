"""How requests reach the device: the seam between the driver and a Modbus library or the guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from automation.drivers.modbus.address import Table
from automation.model.errors import DeviceRefusedError
from automation.model.quality import Quality

# Modbus Application Protocol V1.1b3, section 7.
_MEANINGS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledge, still working",
    6: "server device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target device failed to respond",
}
_QUALITIES = {
    1: Quality.BAD_CONFIGURATION_ERROR,
    2: Quality.BAD_CONFIGURATION_ERROR,
    3: Quality.BAD_CONFIGURATION_ERROR,
    5: Quality.UNCERTAIN_LAST_USABLE_VALUE,
    6: Quality.UNCERTAIN_LAST_USABLE_VALUE,
    10: Quality.BAD_NO_COMMUNICATION,
    11: Quality.BAD_NO_COMMUNICATION,
}
FUNCTION_REFUSED = 1
ADDRESS_REFUSED = frozenset({2, 3})
MALFORMED = 0


Words: TypeAlias = "Sequence[int] | Sequence[bool]"
# Table, offset, count and unit.
Read: TypeAlias = "Callable[[Table, int, int, int], Words]"


class Span(NamedTuple):
    """What one request reads."""

    table: Table
    offset: int
    size: int


class Transport(Protocol):
    """One connection to one device, used by one thread at a time.

    Every call returns within about twice the link's timeout, and those of the links before it where several share a connection.
    read, write and mask raise ``LinkDownError``, ``DeviceTimeoutError``, or ``DeviceRefusedError`` whose code is the device's
    exception code, 0 where the reply does not fit the request.
    """

    def connect(self) -> None:
        """Open the connection. Raises ``LinkDownError`` if nothing answers."""

    def close(self) -> None:
        """Close the connection; harmless when closed."""

    def read(self, table: Table, offset: int, count: int, unit: int) -> Sequence[int] | Sequence[bool]:
        """Exactly count registers or bits, in one request."""

    def read_many(self, spans: Sequence[Span], unit: int) -> Sequence[Words | DeviceRefusedError]:
        """What ``read`` gives or refuses for each of the spans, in order. Raises its other errors."""

    def write(self, table: Table, offset: int, values: Sequence[int] | Sequence[bool], unit: int) -> None:
        """Write coils or holding registers in one request and return when the device has confirmed it."""

    def write_read(self, offset: int, values: Sequence[int], unit: int) -> Sequence[int]:
        """Write holding registers and read the same ones back, in one request; refused with code 1 if none can."""

    def mask(self, offset: int, keep: int, bits_on: int, unit: int) -> None:
        """Let one holding register be ``register & keep | bits_on & ~keep``, in one request; refused with code 1 if none can."""


def one_by_one(read: Read, spans: Sequence[Span], unit: int) -> list[Words | DeviceRefusedError]:
    """What the reads of the spans give, one request after the other."""
    found: list[Words | DeviceRefusedError] = []
    for span in spans:
        try:
            found.append(read(span.table, span.offset, span.size, unit))
        except DeviceRefusedError as error:
            found.append(error)
    return found


def refusal(code: int, table: Table, offset: int) -> DeviceRefusedError:
    """The error that tells of a device's exception code."""
    meaning = _MEANINGS.get(code, "unknown exception")
    return DeviceRefusedError(f"{table.value}:{offset}: the device refused: {meaning} (exception {code})", code)


def malformed(text: str, table: Table, offset: int) -> DeviceRefusedError:
    """The error that tells of a reply which does not fit its request."""
    return DeviceRefusedError(f"{table.value}:{offset}: malformed reply: {text}", MALFORMED)


def quality_of(code: int) -> Quality:
    """The quality of a value whose request got this exception code."""
    if code == MALFORMED:
        return Quality.BAD_COMMUNICATION_ERROR
    return _QUALITIES.get(code, Quality.BAD_DEVICE_FAILURE)
