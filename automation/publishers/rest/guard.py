"""The guard process."""

from __future__ import annotations

from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.output_models import GuardView
from automation.publishers.rest.output_views import guard_view
from automation.security.principal import Permission


class Guard(Endpoint):
    """The guard."""

    @operation("Look at the guard", needs=Permission.VIEW, returns=GuardView)
    def get(self) -> object:
        """Its links, outputs and buttons, and how long its last stop took."""
        return guard_view(self.sources.outputs.guard_status(), up=self.sources.guard_up())


ROUTES = (("", Guard),)
