"""The grammar of Modbus addresses."""

from __future__ import annotations

import pytest

from automation.drivers.modbus.address import Order, Table, parse
from automation.model.errors import ConfigError


def test_a_bare_register_is_uint16_most_significant_byte_first():
    address = parse("holding:10")

    assert (address.table, address.offset, address.bit, address.order) == (Table.HOLDING, 10, None, Order.ABCD)
    assert address.type.name == "uint16"
    assert (address.count, address.end) == (1, 11)


def test_type_and_order_are_read():
    address = parse("input:0:float32:cdab")

    assert (address.table, address.type.name, address.order, address.count) == (Table.INPUT, "float32", Order.CDAB, 2)


@pytest.mark.parametrize(("text", "count"), [("holding:0:string1", 1), ("holding:0:string16", 8), ("holding:0:string17", 9)])
def test_a_string_takes_a_register_for_two_characters(text, count):
    assert parse(text).count == count


def test_a_bit_of_a_register_is_read():
    assert parse("holding:100.4").bit == 4


@pytest.mark.parametrize("text", ["coil:0", "coil:65535", "discrete:7", "holding:65534:uint32", "input:1:uint64:dcba"])
def test_an_address_within_the_table_is_accepted(text):
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "expected"),
        ("holding", "expected"),
        ("holding:", "expected"),
        ("holding:-1", "expected"),
        ("holding:1:", "expected"),
        ("holding:1:uint16:abcd:x", "expected"),
        ("holding:1 ", "expected"),
        ("holding:123456", "expected"),
        ("register:1", "table"),
        ("holding:65536", "65535"),
        ("holding:65535:uint32", "65535"),
        ("holding:1.16", "bit 16"),
        ("holding:1.3:uint16", "no type"),
        ("coil:1.0", "bit"),
        ("coil:1:uint16", "bit"),
        ("holding:1:decimal", "decimal"),
        ("holding:1:uint16:acbd", "acbd"),
        ("holding:1:string0", "characters"),
        ("holding:1:string251", "characters"),
        ("holding:1:string8:dcba", "string"),
    ],
)
def test_a_bad_address_is_refused_with_its_text_and_what_is_wrong(text, word):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert text in str(caught.value)
    assert word in str(caught.value)


@pytest.mark.parametrize("text", ["discrete:1", "input:1", "input:1.3", "holding:1:string248"])
def test_what_no_master_can_write_is_refused(text):
    with pytest.raises(ConfigError, match=text.partition(":")[0]):
        parse(text).check_write()
