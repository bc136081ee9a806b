"""Catalogues to choose from: units and time zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from automation.model.units import Quantity, quantities
from automation.publishers.rest.models import TimeZonesView, UnitsView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_NO_PLACES = frozenset({"Factory", "localtime"})  # what a computer is set to, not where anything is


class Units(Endpoint):
    """All units."""

    @operation("List quantities and units", needs=Permission.VIEW, returns=UnitsView)
    def get(self) -> object:
        """Every quantity with its units."""
        return {"quantities": [_view(quantity) for quantity in quantities()]}


class TimeZones(Endpoint):
    """All time zones."""

    @operation("List time zones", needs=Permission.VIEW, returns=TimeZonesView)
    def get(self) -> object:
        """The names that a clock can be set to."""
        return {"items": _zones()}


@cache
def _zones() -> Sequence[str]:
    """Read once: the folder of the zones has several hundred files."""
    return sorted(available_timezones() - _NO_PLACES)


def _view(quantity: Quantity) -> Json:
    units = [{"id": unit.id, "symbol": unit.symbol, "name": unit.name, "unece": unit.unece} for unit in quantity.units]
    return {"id": quantity.id, "name": quantity.name, "units": units}


ROUTES = (("", Units),)
TIME_ZONE_ROUTES = (("", TimeZones),)
