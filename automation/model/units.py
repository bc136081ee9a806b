"""The catalogue of physical quantities and their units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from automation.model.errors import ConfigError
from automation.model.unit_table import TABLE

_CUSTOMARY = {  # words of the trade, for suggestions only
    "adim": "1", "barg": "bar", "bara": "bar", "cc": "cm3", "celsius": "degC", "cfm": "ft3/min", "fahrenheit": "degF",
    "gpm": "gal/min", "hr": "h", "kelvin": "K", "kgcm2": "kgf/cm2", "lpm": "l/min", "lps": "l/s", "lt": "l",
    "pct": "%", "psia": "psi", "psig": "psi", "rev/min": "rpm", "sec": "s",
}  # fmt: skip
NO_UNIT_ID = -1  # EUInformation.UnitId where there is no code (OPC UA Part 8, 5.6.4.3)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of a quantity.

    id: plain ASCII, as written in a tag. symbol: as shown to people. quantity: id of the quantity. unece: common code of UNECE
    Recommendation 20, empty where it has none. definition: the unit in words of the SI and of customary units. offset: its zero
    is not that of the other units, so that a difference converts otherwise than a value.
    """

    id: str
    symbol: str
    name: str
    quantity: str
    unece: str
    definition: str
    offset: bool = False

    @property
    def opcua_id(self) -> int:
        """UnitId of OPC UA's EUInformation: the characters of the common code as one big-endian number, -1 without a code."""
        return int.from_bytes(self.unece.encode("ascii"), "big") if self.unece else NO_UNIT_ID


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A physical quantity and the units in which it is given."""

    id: str
    name: str
    units: Sequence[Unit]


def quantities() -> Sequence[Quantity]:
    """All quantities with their units."""
    return _quantities()


def unit(unit_id: str) -> Unit:
    """The unit of that id. Raises ``ConfigError`` naming the id and the one that was probably meant."""
    found = _by_id().get(unit_id)
    if found is None:
        raise ConfigError(f"unknown unit {unit_id[:40]!r}{_suggestion(unit_id[:40])}")
    return found


def known_unit(unit_id: str) -> Unit | None:
    """The unit of that id, None if it is not in the catalogue."""
    return _by_id().get(unit_id)


def check_unit(unit_id: str) -> None:
    """Do nothing for a unit of the catalogue, or for no unit. Raises ``ConfigError`` as ``unit``."""
    if unit_id:
        unit(unit_id)


def symbol(unit_id: str) -> str:
    """What to show to people for a tag's unit: the unit's symbol, and the id itself if it is not in the catalogue."""
    found = _by_id().get(unit_id)
    return unit_id if found is None else found.symbol


@cache
def _quantities() -> Sequence[Quantity]:
    return tuple(
        Quantity(id=key, name=name, units=tuple(_unit(key, row) for row in rows.strip().splitlines()))
        for key, name, rows in TABLE
    )


def _unit(quantity: str, row: str) -> Unit:
    unit_id, symbol_, name, unece, definition = (cell.strip() for cell in row.split("|"))
    offset = definition in ("degree_Celsius", "degree_Fahrenheit")
    return Unit(id=unit_id, symbol=symbol_, name=name, quantity=quantity, unece=unece, definition=definition, offset=offset)


@cache
def _by_id() -> Mapping[str, Unit]:
    return {found.id: found for quantity in _quantities() for found in quantity.units}


def _suggestion(wrong: str) -> str:
    """The unit that was probably meant, in words; empty if nothing is near."""
    known = _by_id()
    words = wrong.strip().casefold()
    meant = _CUSTOMARY.get(words) or _by_other_words().get(words) or next(iter(get_close_matches(wrong, known, n=1)), None)
    return f"; did you mean {meant}?" if meant else ""


@cache
def _by_other_words() -> Mapping[str, str]:
    """Ids by symbol, by name in singular and plural, and by themselves, all in lower case; the first one counts."""
    found: dict[str, str] = {}
    for known in _by_id().values():
        for word in (known.symbol, known.id, known.name, f"{known.name}s"):
            found.setdefault(word.casefold(), known.id)
    return found
