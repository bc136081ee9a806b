"""Links to devices."""

from __future__ import annotations

from automation.publishers.rest.models import LinksView
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission


class Links(Endpoint):
    """All links."""

    @operation("List links", needs=Permission.VIEW, returns=LinksView)
    def get(self) -> object:
        """Every link with its counters."""
        return {"items": self.sources.links()}


ROUTES = (("", Links),)
