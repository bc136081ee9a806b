"""Which blocks are read for a list of addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.modbus.address import parse
from automation.drivers.modbus.plan import plan


def spans(*texts: str, max_gap: int = 8, max_block: int = 100) -> list[tuple[str, int, int]]:
    return [(b.table.value, b.start, b.count) for b in plan([parse(text) for text in texts], max_gap, max_block)]


def test_neighbours_are_one_block():
    assert spans("holding:2", "holding:0", "holding:1") == [("holding", 0, 3)]


def test_a_gap_up_to_the_limit_is_read_along():
    assert spans("holding:0", "holding:9") == [("holding", 0, 10)]
    assert spans("holding:0", "holding:10") == [("holding", 0, 1), ("holding", 10, 1)]
    assert spans("holding:0", "holding:2", max_gap=0) == [("holding", 0, 1), ("holding", 2, 1)]


def test_tables_are_never_mixed():
    assert spans("holding:0", "input:1", "coil:2", "discrete:3") == [
        ("coil", 2, 1),
        ("discrete", 3, 1),
        ("holding", 0, 1),
        ("input", 1, 1),
    ]


def test_a_block_ends_before_a_value_that_would_be_cut():
    assert spans("holding:0", "holding:8", "holding:9:uint32", max_block=10) == [("holding", 0, 9), ("holding", 9, 2)]


def test_a_value_longer_than_a_block_is_a_block_of_its_own():
    assert spans("holding:0", "holding:1:string240", "holding:121", max_block=100) == [
        ("holding", 0, 1),
        ("holding", 1, 120),
        ("holding", 121, 1),
    ]


def test_bits_are_counted_sixteenfold():
    assert spans("coil:0", "coil:128") == [("coil", 0, 129)]
    assert spans("coil:0", "coil:129", max_gap=8) == [("coil", 0, 130)]
    assert spans("coil:0", "coil:130", max_gap=8) == [("coil", 0, 1), ("coil", 130, 1)]
    assert spans(*(f"coil:{n}" for n in range(2100)), max_block=125) == [("coil", 0, 2000), ("coil", 2000, 100)]


def test_a_value_inside_another_does_not_shorten_the_block():
    assert spans("holding:0:uint64", "holding:1", "holding:4", max_gap=0) == [("holding", 0, 5)]


def test_halves_are_cut_between_values():
    (block,) = plan([parse(text) for text in ("holding:0:uint64", "holding:1", "holding:4", "holding:5")], 8, 100)

    left, right = block.halves()

    assert [(b.start, b.count) for b in (left, right)] == [(0, 4), (4, 2)]
    assert left.halves() is None


@st.composite
def scans(draw) -> list[str]:
    table = st.sampled_from(["holding", "input"])
    kind = st.sampled_from(["uint16", "float32", "int64:cdab", "string9"])
    registers = st.builds(lambda t, o, k: f"{t}:{o}:{k}", table, st.integers(0, 400), kind)
    bits = st.builds(lambda t, o: f"{t}:{o}", st.sampled_from(["coil", "discrete"]), st.integers(0, 4000))
    return draw(st.lists(registers | bits, min_size=1, max_size=60))


@given(scans(), st.integers(0, 20), st.integers(1, 125))
@pytest.mark.filterwarnings("ignore")
def test_every_address_is_in_exactly_one_block_and_blocks_keep_their_limits(texts, max_gap, max_block):
    addresses = [parse(text) for text in texts]

    blocks = plan(addresses, max_gap, max_block)

    served = sorted(index for block in blocks for index, _ in block.addresses)
    assert served == list(range(len(addresses)))
    for block in blocks:
        assert all(block.start <= a.offset and a.end <= block.start + block.count for _, a in block.addresses)
        longest_value = max(a.count for _, a in block.addresses)
        assert block.count <= (min(2000, max_block * 16) if block.table.is_bits else max(max_block, longest_value + 8))
        assert block.count <= (2000 if block.table.is_bits else 125)
