"""The emergency stop: to see, to trip, to clear."""

from __future__ import annotations

from automation.model.estop import EstopState
from automation.publishers.rest.models import ClearBody, EstopView, TripBody
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json, estop_view
from automation.security.principal import Permission


class _EstopEndpoint(Endpoint):
    """What the routes share."""

    def _view(self, state: EstopState) -> Json:
        return estop_view(state, guard_up=self.sources.guard_up())


class Estop(_EstopEndpoint):
    """The state of the stop."""

    @operation("Read the emergency stop", needs=Permission.VIEW, returns=EstopView)
    def get(self) -> object:
        """The latch as the guard holds it."""
        return self._view(self.sources.estop.estop())


class Trip(_EstopEndpoint):
    """To stop."""

    @operation("Trip the stop", needs=Permission.TRIP, pending=True, returns=EstopView, body=TripBody, errors=(404, 503))
    def post(self, body: TripBody) -> object:
        """The latch after the trip."""
        return self._view(self.sources.commands.trip(self.gate.principal(), body.reason, body.zone))


class Clear(_EstopEndpoint):
    """To let go."""

    @operation("Clear the emergency stop", needs=Permission.CLEAR_ESTOP, returns=EstopView, body=ClearBody, errors=(409, 503))
    def post(self, body: ClearBody) -> object:
        """The latch after the clear; the id makes sure that it is the stop that was seen."""
        return self._view(self.sources.commands.clear(self.gate.principal(), body.id, body.reason))


ROUTES = (("", Estop), ("/trip", Trip), ("/clear", Clear))
