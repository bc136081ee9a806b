"""Deadbands: a number in the tag's unit, or percent of span."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.deadband import Deadband
from automation.model.errors import ConfigError


@pytest.mark.parametrize(
    ("given_", "size", "percent"),
    [
        (0.5, 0.5, False),
        ("0.5", 0.5, False),
        ("0.5 %", 0.5, True),
        (" 2% ", 2.0, True),
        ("1e-3 %", 0.001, True),
        (Deadband(3.0, percent=True), 3.0, True),
    ],
)
def test_a_deadband_is_given_as_a_number_or_a_text(given_: float | str | Deadband, size: float, percent: bool) -> None:
    assert Deadband.of(given_) == Deadband(size, percent)


def test_percent_counts_of_the_span() -> None:
    assert Deadband.of("0.5 %").absolute((-100.0, 300.0)) == pytest.approx(2.0)
    assert Deadband.of(0.5).absolute((-100.0, 300.0)) == 0.5
    assert Deadband.of(0.5).absolute(None) == 0.5


@pytest.mark.parametrize(
    "bad", [-1.0, math.nan, math.inf, 10**400, "x", "", "%", "-1 %", "101 %", "1 % %", "nan", "1e400", "++ %"]
)
def test_a_deadband_of_nonsense_is_refused(bad: float | str) -> None:
    with pytest.raises(ConfigError, match="deadband"):
        Deadband.of(bad)


def test_percent_needs_a_range_that_is_not_too_wide() -> None:
    with pytest.raises(ConfigError, match="percent of span needs a range"):
        Deadband.of("1 %").absolute(None)
    with pytest.raises(ConfigError, match="too wide"):
        Deadband.of("1 %").absolute((-1.7e308, 1.7e308))


@given(st.floats(0, 100), st.booleans())
def test_what_is_written_in_a_file_gives_the_deadband_again(size: float, percent: bool) -> None:
    band = Deadband(size, percent)

    assert Deadband.of(band.plain()) == band
    assert not str(band.plain()).startswith("-")


def test_percent_is_written_as_short_as_it_can_be() -> None:
    assert [Deadband(size, percent=True).plain() for size in (0.5, 2, 0.1234567891)] == ["0.5 %", "2 %", "0.1234567891 %"]


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(-(10**400), 10**400)))
def test_anything_is_a_deadband_or_refused(anything: float | str) -> None:
    try:
        band = Deadband.of(anything)
    except ConfigError:
        return

    assert math.isfinite(band.size)
    assert band.size >= 0
