"""Values on their way to a node: what fits its type; pure."""

from __future__ import annotations

import math

from automation.model.errors import InvalidValueError
from automation.model.sample import Value

BOOLEAN, FLOAT, DOUBLE, STRING = 1, 10, 11, 12
# Built-in types by their number (Part 6, 5.1.2) with the bounds of the whole numbers among them.
BOUNDS = {
    2: (-(2**7), 2**7 - 1),
    3: (0, 2**8 - 1),
    4: (-(2**15), 2**15 - 1),
    5: (0, 2**16 - 1),
    6: (-(2**31), 2**31 - 1),
    7: (0, 2**32 - 1),
    8: (-(2**63), 2**63 - 1),
    9: (0, 2**64 - 1),
}
_FLOAT_MAX = 3.4028234663852886e38
_NAMES = {
    1: "Boolean",
    2: "SByte",
    3: "Byte",
    4: "Int16",
    5: "UInt16",
    6: "Int32",
    7: "UInt32",
    8: "Int64",
    9: "UInt64",
    10: "Float",
    11: "Double",
    12: "String",
    13: "DateTime",
    21: "LocalizedText",
}
# Data types of namespace 0 that are no types of values themselves, with the widest that a value of them may have.
_ABSTRACT = {26: DOUBLE, 27: 8, 28: 9, 29: 6}


def type_of(data_type: int) -> int | None:
    """The built-in type of values of a data type of namespace 0, None if values of it cannot be written."""
    number = _ABSTRACT.get(data_type, data_type)
    return number if BOOLEAN <= number <= STRING else None


def fit(address: str, number: int, value: Value) -> bool | int | float | str:
    """The value as the built-in type of that number holds it. Raises ``InvalidValueError`` if it does not fit."""
    fitted: bool | int | float | str | None = None
    if number == STRING:
        fitted = value if isinstance(value, str) else None
    elif isinstance(value, str) or value is None:
        fitted = None
    elif number == BOOLEAN:
        fitted = bool(value) if value in (0, 1) else None
    elif number in BOUNDS:
        low, high = BOUNDS[number]
        fitted = int(value) if math.isfinite(value) and value == int(value) and low <= value <= high else None
    elif math.isfinite(value) and (number == DOUBLE or abs(value) <= _FLOAT_MAX):
        fitted = float(value)
    if fitted is None:
        raise InvalidValueError(f"address {address}: {value!r} does not fit its type {_NAMES[number]}")
    return fitted


def readable_type(data_type: int | None) -> str:
    """The name of the type that values of a data type of namespace 0 have, empty if a tag can have none of them."""
    return "" if data_type is None else _NAMES.get(_ABSTRACT.get(data_type, data_type), "")
