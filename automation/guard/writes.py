"""How output values go over the wire: single writes, and one request for safe values side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from automation.guard.config import GuardedOutput
from automation.guard.modbus_wire import WRITE_WORDS_MAX, Table, decode_read, read_request, write_request

Exchange: TypeAlias = Callable[[int, bytes], bytes]


class SafeWrite(NamedTuple):
    """One request that makes the outputs safe."""

    outputs: tuple[GuardedOutput, ...]
    words: tuple[int, ...]


def plan_safe(outputs: Sequence[GuardedOutput]) -> list[SafeWrite]:
    """The fewest writes that make the outputs safe without touching any other address; bits of a register go one by one."""
    ordered = sorted(outputs, key=lambda output: (output.unit, output.table, output.bit is not None, output.offset))
    writes: list[SafeWrite] = []
    for output in ordered:
        last = writes[-1] if writes else None
        if last is not None and _follows(last, output):
            writes[-1] = SafeWrite((*last.outputs, output), last.words + output.safe)
        else:
            writes.append(SafeWrite((output,), output.safe))
    return writes


def _follows(write: SafeWrite, output: GuardedOutput) -> bool:
    first, last = write.outputs[0], write.outputs[-1]
    if last.bit is not None or output.bit is not None:
        return False
    same = (first.unit, first.table) == (output.unit, output.table)
    return same and last.offset + len(last.safe) == output.offset and len(write.words) + len(output.safe) <= WRITE_WORDS_MAX


def write_safe(exchange: Exchange, write: SafeWrite) -> None:
    """Write the safe values of the plan's one request. Raises what the exchange raises."""
    write_output(exchange, write.outputs[0], write.words)


def write_output(
    exchange: Exchange, output: GuardedOutput, words: Sequence[int], admit: Callable[[], None] | None = None
) -> None:
    """Write the words from the output's address on; admit is asked immediately before the write.

    A bit of a register is written together with the register's other bits as the device holds them.
    """
    if output.bit is not None:
        request = read_request(Table.HOLDING, output.offset, 1)
        register = int(decode_read(request, exchange(output.unit, request))[0])
        mask = 1 << output.bit
        words = (register | mask if words[0] else register & ~mask,)
    pdu = write_request(output.table, output.offset, words)
    if admit is not None:
        admit()
    exchange(output.unit, pdu)
