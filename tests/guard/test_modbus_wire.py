"""Modbus PDUs and frames: what is sent, what is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.guard.modbus_wire import (
    Table,
    check_reply,
    decode_read,
    encode_exception,
    encode_frame,
    encode_reply,
    parse_request,
    read_request,
    take_frame,
    write_request,
)
from automation.model.errors import DeviceRefusedError, InvalidValueError

TABLES = st.sampled_from(list(Table))
OFFSETS = st.integers(0, 60_000)


@pytest.mark.parametrize(
    ("pdu", "wire"),
    [
        (read_request("coil", 19, 37), "0100130025"),
        (read_request("discrete", 196, 22), "0200c40016"),
        (read_request("holding", 107, 3), "03006b0003"),
        (read_request("input", 8, 1), "0400080001"),
        (write_request("coil", 172, [True]), "0500acff00"),
        (write_request("coil", 172, [False]), "0500ac0000"),
        (write_request("holding", 1, [3]), "0600010003"),
        (write_request("coil", 19, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0]), "0f0013000a02cd01"),
        (write_request("holding", 1, [10, 258]), "100001000204000a0102"),
    ],
)
def test_requests_are_the_bytes_of_the_standard(pdu: bytes, wire: str) -> None:
    assert pdu.hex() == wire


@given(TABLES, OFFSETS, st.integers(1, 125))
def test_a_read_request_says_what_was_asked(table: Table, offset: int, size: int) -> None:
    request = parse_request(read_request(table, offset, size))

    assert (request.table, request.offset, request.size, request.writes) == (table, offset, size, False)


@given(OFFSETS, st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=123))
def test_register_writes_keep_their_values(offset: int, values: list[int]) -> None:
    request = parse_request(write_request("holding", offset, values))

    assert (request.table, request.offset, list(request.values)) == (Table.HOLDING, offset, values)


@given(OFFSETS, st.lists(st.booleans(), min_size=1, max_size=1968))
def test_coil_writes_keep_their_values(offset: int, values: list[bool]) -> None:
    request = parse_request(write_request("coil", offset, values))

    assert (request.table, request.offset, list(request.values)) == (Table.COIL, offset, values)


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=125))
def test_registers_read_come_back_as_the_device_holds_them(values: list[int]) -> None:
    request = read_request("input", 0, len(values))

    assert decode_read(request, encode_reply(parse_request(request), values)) == values


@given(st.lists(st.booleans(), min_size=1, max_size=2000))
def test_bits_read_come_back_as_the_device_holds_them(values: list[bool]) -> None:
    request = read_request("discrete", 0, len(values))

    assert decode_read(request, encode_reply(parse_request(request), values)) == values


@pytest.mark.parametrize(
    ("table", "offset", "values"),
    [
        ("holding", 0, [70_000]),
        ("holding", 0, [-1]),
        ("holding", 0, [1.5]),
        ("holding", 0, []),
        ("holding", 0, [0] * 124),
        ("holding", 65_535, [1, 2]),
        ("holding", -1, [1]),
        ("coil", 0, [2]),
        ("coil", 0, [1] * 1969),
        ("input", 0, [1]),
        ("discrete", 0, [1]),
        ("register", 0, [1]),
    ],
)
def test_a_write_that_no_device_could_take_is_refused_before_it_is_sent(table: str, offset: int, values: list[int]) -> None:
    with pytest.raises(InvalidValueError):
        write_request(table, offset, values)


@pytest.mark.parametrize(
    ("table", "offset", "size"), [("holding", 0, 0), ("holding", 0, 126), ("coil", 0, 2001), ("input", 65_535, 2)]
)
def test_a_read_that_no_device_could_answer_is_refused(table: str, offset: int, size: int) -> None:
    with pytest.raises(InvalidValueError):
        read_request(table, offset, size)


@given(st.binary(max_size=300))
def test_no_bytes_as_a_request_do_more_than_be_refused(pdu: bytes) -> None:
    try:
        request = parse_request(pdu)
    except InvalidValueError:
        return
    assert request.size >= 1


@pytest.mark.parametrize(
    "pdu", ["", "03", "0300000000", "2b0e0100", "0500001234", "0f0000000a01ff", "10000000020400010002ff", "03000000010000"]
)
def test_malformed_requests_are_refused(pdu: str) -> None:
    with pytest.raises(InvalidValueError):
        parse_request(bytes.fromhex(pdu))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        bytes.fromhex("0302"),  # a register is missing
        bytes.fromhex("030200"),
        bytes.fromhex("03020001"),  # one register for two asked
        bytes.fromhex("030400010002ff"),
        bytes.fromhex("040400010002"),  # another function
        bytes.fromhex("8302ff"),
        bytes.fromhex("8402"),
    ],
)
def test_a_reply_that_does_not_fit_the_request_is_not_believed(reply: bytes) -> None:
    with pytest.raises(DeviceRefusedError) as refused:
        decode_read(read_request("holding", 10, 2), reply)

    assert refused.value.code == 0


def test_an_exception_reply_tells_code_and_address() -> None:
    with pytest.raises(DeviceRefusedError, match=r"holding:10: the device refused: illegal data address") as refused:
        check_reply(read_request("holding", 10, 2), encode_exception(3, 2))

    assert refused.value.code == 2


def test_an_echo_of_another_write_is_not_believed() -> None:
    with pytest.raises(DeviceRefusedError):
        check_reply(write_request("holding", 1, [3]), write_request("holding", 1, [4]))


@given(TABLES, st.integers(1, 20), st.binary(max_size=60))
def test_no_bytes_as_a_reply_are_taken_for_the_wrong_number_of_values(table: Table, size: int, reply: bytes) -> None:
    request = read_request(table, 0, size)
    try:
        values = decode_read(request, reply)
    except DeviceRefusedError:
        return
    assert len(values) == size


@given(st.integers(0, 0xFFFF), st.integers(0, 255), st.binary(min_size=1, max_size=253), st.binary(max_size=3))
def test_a_frame_is_taken_whole_however_it_arrives(transaction: int, unit: int, pdu: bytes, rest: bytes) -> None:
    buffer = bytearray()
    wire = encode_frame(transaction, unit, pdu)
    for byte in wire[:-1]:
        buffer.append(byte)
        assert take_frame(buffer) is None
    buffer += wire[-1:] + rest

    frame = take_frame(buffer)

    assert frame == (transaction, unit, pdu)
    assert bytes(buffer) == rest


@pytest.mark.parametrize("wire", ["000100010006010300", "0001000000ff010300", "00010000000101", "474554202f20485454"])
def test_bytes_that_are_no_modbus_are_told(wire: str) -> None:
    with pytest.raises(DeviceRefusedError):
        take_frame(bytearray.fromhex(wire))
