"""Catalogues to choose from: units and time zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from automation.model.units import Quantity, Unit, quantities
from automation.publishers.rest.models import TimeZonesView, UnitsView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.preferences import time_zones
from automation.security.principal import Permission
from automation.units.convert import root_of


class Units(Endpoint):
    """All units."""

    @operation("List quantities and units", needs=Permission.VIEW, returns=UnitsView)
    def get(self) -> object:
        """Every quantity with its units."""
        return {"quantities": _quantities()}


class TimeZones(Endpoint):
    """All time zones."""

    @operation("List time zones", needs=Permission.VIEW, returns=TimeZonesView)
    def get(self) -> object:
        """The names that a clock can be set to."""
        return {"items": time_zones()}


@cache
def _quantities() -> Sequence[Json]:
    """Reckoned once: the size of every unit takes the library a while."""
    return [_view(quantity) for quantity in quantities()]


def _view(quantity: Quantity) -> Json:
    return {"id": quantity.id, "name": quantity.name, "units": [_unit_view(unit) for unit in quantity.units]}


def _unit_view(unit: Unit) -> Json:
    root = root_of(unit)
    return {
        "id": unit.id,
        "symbol": unit.symbol,
        "name": unit.name,
        "unece": unit.unece,
        "factor": float(root.size),
        "offset": float(root.zero),
    }


ROUTES = (("", Units),)
TIME_ZONE_ROUTES = (("", TimeZones),)
