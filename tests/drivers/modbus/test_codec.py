"""Values to registers and back."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.base import Reading
from automation.drivers.modbus.address import TYPES, Order, parse
from automation.drivers.modbus.codec import RegisterDecoder, encode, with_bit
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality


def decode(text: str, registers: list[int]) -> Reading:
    address = parse(text)
    (reading,) = RegisterDecoder([address], address.offset, address.count).decode(registers)
    return reading


def values_of(name: str) -> st.SearchStrategy:
    kind = TYPES[name]
    if kind.is_float:
        return st.floats(width=32 if name == "float32" else 64, allow_nan=False, allow_infinity=False)
    return st.integers(kind.low, kind.high)


@st.composite
def typed_values(draw) -> tuple[str, object]:
    name = draw(st.sampled_from(sorted(TYPES)))
    order = draw(st.sampled_from([order.value for order in Order]))
    return f"holding:{draw(st.integers(0, 1000))}:{name}:{order}", draw(values_of(name))


@given(typed_values())
def test_every_value_of_every_type_and_order_comes_back(case):
    text, value = case

    registers = encode(parse(text), value)

    assert all(0 <= register <= 0xFFFF for register in registers)
    assert decode(text, registers) == Reading(value)


@given(st.lists(typed_values(), min_size=1, max_size=20), st.randoms())
def test_many_values_of_one_block_come_back_in_the_order_asked_for(cases, random):
    """Side by side in the block, asked for in any order, each twice."""
    at, registers, wanted = 100, [], []
    for text, value in cases:
        address = parse(f"holding:{at}:{text.split(':', 2)[2]}")
        registers += encode(address, value)
        wanted += [(address, value), (address, value)]
        at = address.end
    random.shuffle(wanted)

    readings = RegisterDecoder([address for address, _ in wanted], 100, len(registers)).decode(registers)

    assert [reading.value for reading in readings] == [value for _, value in wanted]


@given(st.lists(st.integers(0, 0xFFFF), min_size=8, max_size=8))
def test_overlapping_values_are_read_each_for_itself(registers):
    texts = ["holding:0", "holding:0:uint32", "holding:1:uint64", "holding:1.3", "holding:1.15", "holding:2:int16:dcba"]
    data = struct.pack(">8H", *registers)

    readings = RegisterDecoder([parse(text) for text in texts], 0, 8).decode(registers)

    assert [reading.value for reading in readings] == [
        registers[0],
        int.from_bytes(data[0:4], "big"),
        int.from_bytes(data[2:10], "big"),
        bool(registers[1] & 8),
        bool(registers[1] & 0x8000),
        int.from_bytes(data[4:6], "little", signed=True),
    ]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), st.sampled_from(["abcd", "badc"]))
def test_text_comes_back_without_the_padding_behind_it(text, order):
    address = f"holding:0:string80:{order}"

    assert decode(address, encode(parse(address), text)).value == text.rstrip(" ")


def test_the_four_byte_orders_are_as_their_names_say():
    registers = {"abcd": [0x0A0B, 0x0C0D], "cdab": [0x0C0D, 0x0A0B], "badc": [0x0B0A, 0x0D0C], "dcba": [0x0D0C, 0x0B0A]}

    for order, words in registers.items():
        assert encode(parse(f"holding:0:uint32:{order}"), 0x0A0B0C0D) == words
        assert decode(f"holding:0:uint32:{order}", words).value == 0x0A0B0C0D


def test_text_has_its_first_character_in_the_high_byte():
    assert encode(parse("holding:0:string3"), "AB") == [0x4142, 0]
    assert encode(parse("holding:0:string3:badc"), "ABC") == [0x4241, 0x0043]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("text", ["holding:0:float32", "holding:0:float64:dcba"])
def test_a_float_that_is_not_finite_is_a_bad_reading(text, number):
    address = parse(text)
    code = ">f" if address.count == 2 else "<d"
    registers = list(struct.unpack(f">{address.count}H", struct.pack(code, number)))

    assert decode(text, registers) == Reading(None, Quality.BAD_SENSOR_FAILURE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("holding:0", 70_000),
        ("holding:0", -1),
        ("holding:0", 1.5),
        ("holding:0", "7"),
        ("holding:0", None),
        ("holding:0:int16", 32_768),
        ("holding:0:uint64", 2**64),
        ("holding:0:int64", -(2**63) - 1),
        ("holding:0:float32", 1e39),
        ("holding:0:float32", math.nan),
        ("holding:0:float64", math.inf),
        pytest.param("holding:0:float64", 10**400, id="huge"),
        ("holding:0:string4", "fünf"),
        ("holding:0:string4", 4),
        ("holding:0.1", True),
        ("coil:0", 2),
        ("coil:0", "on"),
        ("coil:0", None),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_address(text, value):
    with pytest.raises(InvalidValueError, match=text.replace(".", r"\.")):
        encode(parse(text), value)


@pytest.mark.parametrize(("value", "bit"), [(True, True), (False, False), (1, True), (0, False), (1.0, True)])
def test_a_coil_takes_a_bit_in_any_form(value, bit):
    assert encode(parse("coil:3"), value) == [bit]


def test_a_whole_float_and_a_bit_fit_into_a_register():
    assert encode(parse("holding:0"), 12.0) == [12]
    assert encode(parse("holding:0"), True) == [1]


def test_one_bit_of_a_register_changes_no_other():
    address = parse("holding:0.4")

    assert with_bit(address, 0xFFFF, False) == 0xFFEF
    assert with_bit(address, 0x0001, True) == 0x0011
