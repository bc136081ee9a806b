from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(1, 20))
def test_clean_text_can_be_stored_and_fits(text, limit):
    result = clean(text, limit)

    assert "\0" not in result
    assert len(result) <= limit
    assert result.encode("utf-8").decode("utf-8") == result


@given(st.text(max_size=20))
def test_ordinary_text_is_kept_as_it_is(text):
    if "\0" not in text:
        assert clean(text, 20) == text


@given(st.integers(0, 4_000_000_000 * 10**6))
def test_microseconds_survive_being_seconds(micros):
    assert to_micros(from_micros(micros)) == micros


@pytest.mark.parametrize("time", [math.inf, -math.inf, 1e300, -1e300, 1e13, math.nan])
def test_every_time_fits_into_64_bits(time):
    assert -(2**63) <= to_micros(time) < 2**63
