"""Conversion of values and of differences between units of one quantity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from automation.model.errors import InvalidValueError
from automation.model.units import Unit, unit

if TYPE_CHECKING:
    from pint import UnitRegistry

_PAIRS = 4096
_EXACT = 2**53
_making = Lock()


def convert(value: float, from_id: str, to_id: str) -> float:
    """The value in the other unit, rounded once; one that is not finite stays as it is. Safe from every thread.

    Raises ``ConfigError`` on an unknown unit, ``InvalidValueError`` naming both if they belong to different quantities, or if the
    result is too large.
    """
    factor, offset = _line(from_id, to_id)
    return _apply(value, factor, offset, from_id, to_id)


def convert_difference(value: float, from_id: str, to_id: str) -> float:
    """A difference of two values, such as a deadband, in the other unit: 1 degC is 1.8 degF wide. Raises as ``convert``."""
    factor, _ = _line(from_id, to_id)
    return _apply(value, factor, Fraction(0), from_id, to_id)


def converter(from_id: str, to_id: str) -> Callable[[float], float]:
    """What converts finite values from one unit to the other, worked out once for many; a result may be infinite.

    Quicker than ``convert``, and as exact but for the last digit. Raises as ``convert`` does.
    """
    factor, offset = _line(from_id, to_id)
    whole = math.lcm(factor.denominator, offset.denominator)
    times, plus = int(factor * whole), int(offset * whole)
    if max(abs(times), abs(plus), whole) <= _EXACT:  # (68 * 5 - 160) / 9 is 20, 68 * 0.5555555555555556 - 17.77 is not
        return lambda value: (value * times + plus) / whole
    slope, start = float(factor), float(offset)
    return lambda value: value * slope + start


def _apply(value: float, factor: Fraction, offset: Fraction, from_id: str, to_id: str) -> float:
    if isinstance(value, float) and not math.isfinite(value):
        return value
    try:
        return float(_decimal(value) * factor + offset)
    except OverflowError as error:
        raise InvalidValueError(f"a value in {from_id} is too large to be told in {to_id}") from error


def _decimal(value: float) -> Fraction:
    """The number as it is written, so that 293.15 K is 20 degC and not the 19.99999999999998 of the nearest binary fraction."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(float(value)))


@lru_cache(maxsize=_PAIRS)
def _line(from_id: str, to_id: str) -> tuple[Fraction, Fraction]:
    """Factor and offset from one unit to the other."""
    source, target = unit(from_id), unit(to_id)
    if source.quantity != target.quantity:
        raise InvalidValueError(
            f"{source.id} cannot be converted to {target.id}: "
            f"{source.id} is a unit of {_words(source)}, {target.id} of {_words(target)}"
        )
    if source is target:
        return Fraction(1), Fraction(0)
    one, other = root_of(source), root_of(target)
    return one.size / other.size, (one.zero - other.zero) / other.size


def _words(given: Unit) -> str:
    return given.quantity.replace("_", " ")


class Root(NamedTuple):
    """A unit in root units: how large it is, where its zero lies, and its powers of the base quantities."""

    size: Fraction
    zero: Fraction
    dimensions: Mapping[str, Fraction]


@lru_cache(maxsize=_PAIRS)
def root_of(given: Unit) -> Root:
    """The unit in root units. Safe from every thread."""
    with _making:
        registry = _registry()
        if given.offset:
            zero, one = (registry.Quantity(Fraction(n), given.definition).to("kelvin") for n in (0, 1))
            return Root(one.magnitude - zero.magnitude, zero.magnitude, _powers(one.dimensionality))
        size = registry.Quantity(Fraction(1), "dimensionless") * registry.parse_expression(given.definition)
        return Root(Fraction(size.to_root_units().magnitude), Fraction(0), _powers(size.dimensionality))


def _powers(dimensionality: Mapping[str, Any]) -> Mapping[str, Fraction]:
    return {name: Fraction(power) for name, power in dimensionality.items()}


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Any]:
    """The library's units, in fractions so that nothing is rounded on the way; loaded by the first conversion."""
    import pint  # noqa: PLC0415 - takes a third of a second, which no start should pay

    return pint.UnitRegistry(non_int_type=Fraction)
