"""What is known of the unit of a computed number: the units that it was made of, and whether it goes with another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from automation.model.units import Unit, known_unit, quantities
from automation.units.convert import root_of

# What the SI calls a plain number, or the same as something else, but no engineer does: rpm times a circumference in m is m/min.
_OWN: Mapping[str, str] = {
    "angle": "angle",
    "rotational_speed": "angle",
    "count": "count",
    "turbidity": "turbidity",
    "ph": "ph",
    "normal_volume": "normal",
    "normal_volumetric_flow": "normal",
    "apparent_power": "apparent",
    "reactive_power": "reactive",
}
_TEMPERATURE = "temperature"
_POWER_MAX = 12


class Fit(Enum):
    """Whether two measures go together. UNKNOWN: nobody can tell."""

    SAME = "same"
    OTHER_UNIT = "other unit"
    OTHER_QUANTITY = "other quantity"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Measure:
    """A product of units with whole powers, sorted by id; empty for a ratio.

    difference: of two temperatures, which has no zero. The library is loaded only where equal units do not settle the matter.
    """

    factors: tuple[tuple[Unit, int], ...]
    difference: bool = False

    @classmethod
    def of(cls, unit_id: str) -> Measure | None:
        """The measure of one unit, None for no unit, or one that is not in the catalogue."""
        found = known_unit(unit_id)
        return None if found is None else cls(((found, 1),))

    @property
    def single(self) -> Unit | None:
        """The unit, where it is one and no product."""
        return self.factors[0][0] if len(self.factors) == 1 and self.factors[0][1] == 1 else None

    @property
    def temperature(self) -> bool:
        """True for a temperature, in place of a difference of two."""
        return not self.difference and self.single is not None and self.single.quantity == _TEMPERATURE

    @property
    def shifted(self) -> bool:
        """True for a temperature whose zero is not the absolute one: neither a multiple of it nor a product makes sense."""
        return self.temperature and self.factors[0][0].offset

    @property
    def name(self) -> str:
        """Its unit in words, such as ``kW/(m3/h)``."""
        if self.single is not None:
            return self.single.id
        above = [_written(unit, power) for unit, power in self.factors if power > 0]
        below = [_written(unit, -power) for unit, power in self.factors if power < 0]
        return "/".join(["*".join(above) or "1", *below])

    @property
    def size(self) -> Fraction:
        """How large it is, in root units."""
        size = Fraction(1)
        for unit, power in self.factors:
            size *= root_of(unit).size ** power
        return size

    @property
    def dimensions(self) -> Mapping[str, Fraction]:
        """Its powers of the base quantities, those that are not 0."""
        return _summed((name, of * power) for unit, power in self.factors for name, of in root_of(unit).dimensions.items())

    @property
    def conventions(self) -> Mapping[str, Fraction]:
        """Its powers of what is a base quantity to engineers only."""
        return _summed((_OWN[unit.quantity], Fraction(power)) for unit, power in self.factors if unit.quantity in _OWN)

    def times(self, other: Measure, power: int = 1) -> Measure | None:
        """The product with a power of the other; None of a temperature with a zero of its own, and beyond any sensible power."""
        if self.shifted or other.shifted:
            return None
        powers = dict(self.factors)
        for unit, own in other.factors:
            powers[unit] = powers.get(unit, 0) + own * power
        if any(abs(own) > _POWER_MAX for own in powers.values()):
            return None
        factors = sorted(((unit, own) for unit, own in powers.items() if own), key=lambda factor: factor[0].id)
        return Measure(tuple(factors), difference=True)

    def apart(self) -> Measure:
        """The measure of the difference of two."""
        return replace(self, difference=True)

    def known(self) -> str:
        """The id of the unit of the catalogue that it equals, its words if there is none."""
        if self.single is not None:
            return self.single.id
        units = (Measure(((unit, 1),), difference=True) for quantity in quantities() for unit in quantity.units)
        return next((unit.name for unit in units if fit(self, unit) is Fit.SAME), self.name)


def fit(one: Measure, other: Measure) -> Fit:
    """Whether numbers of the two may be added, compared, or taken for one another."""
    if one.factors == other.factors:
        return Fit.SAME
    if one.single and other.single and one.single.quantity != other.single.quantity:
        return Fit.OTHER_QUANTITY
    if one.dimensions != other.dimensions:
        return Fit.OTHER_QUANTITY
    if one.conventions != other.conventions:
        return Fit.UNKNOWN
    same_zero = not (one.temperature and other.temperature) or _zero(one) == _zero(other)
    return Fit.SAME if one.size == other.size and same_zero else Fit.OTHER_UNIT


def _zero(measure: Measure) -> Fraction:
    return root_of(measure.factors[0][0]).zero


def _summed(powers: Iterable[tuple[str, Fraction]]) -> Mapping[str, Fraction]:
    total: dict[str, Fraction] = {}
    for name, power in powers:
        total[name] = total.get(name, Fraction(0)) + power
    return {name: power for name, power in total.items() if power}


def _written(unit: Unit, power: int) -> str:
    text = f"({unit.id})" if "/" in unit.id else unit.id
    return text if power == 1 else f"{text}^{power}"
