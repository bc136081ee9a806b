"""What fits a node's type."""

from __future__ import annotations

import math

import pytest

from automation.drivers.opcua.values import BOUNDS, fit, readable_type, type_of
from automation.model.errors import InvalidValueError

BOOLEAN, BYTE, INT16, FLOAT, DOUBLE, STRING = 1, 3, 4, 10, 11, 12


@pytest.mark.parametrize(
    ("number", "value", "fitted"),
    [(BOOLEAN, 1, True), (BOOLEAN, False, False), (BYTE, 255.0, 255), (INT16, True, 1), (DOUBLE, 3, 3.0), (STRING, "a", "a")],
)
def test_a_value_takes_the_type_of_its_node(number, value, fitted):
    found = fit("ns=2;i=1", number, value)

    assert (found, type(found)) == (fitted, type(fitted))


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (BOOLEAN, 2),
        (BOOLEAN, "true"),
        (BYTE, 256),
        (BYTE, -1),
        (INT16, 1.5),
        (INT16, math.nan),
        (FLOAT, 1e39),
        (DOUBLE, math.inf),
        (DOUBLE, "1"),
        (DOUBLE, None),
        (STRING, 1),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(number, value):
    with pytest.raises(InvalidValueError, match="ns=2;i=1"):
        fit("ns=2;i=1", number, value)


@pytest.mark.parametrize("number", list(BOUNDS))
def test_the_bounds_of_whole_numbers_fit_and_what_is_beyond_does_not(number):
    low, high = BOUNDS[number]

    assert (fit("i", number, low), fit("i", number, high)) == (low, high)
    for beyond in (low - 1, high + 1):
        with pytest.raises(InvalidValueError):
            fit("i", number, beyond)


def test_abstract_types_and_enumerations_have_a_type_of_values():
    assert (type_of(26), type_of(29), type_of(22)) == (DOUBLE, 6, None)
    assert (readable_type(29), readable_type(13), readable_type(22), readable_type(None)) == ("Int32", "DateTime", "", "")
