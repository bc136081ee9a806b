"""Links to devices."""

from __future__ import annotations

from automation.model.errors import NotFoundError
from automation.publishers.rest.models import LinksView, LinkView
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission


class Links(Endpoint):
    """All links."""

    @operation("List links", needs=Permission.VIEW, returns=LinksView)
    def get(self) -> object:
        """Every link with its counters."""
        return {"items": self.sources.links()}


class OneLink(Endpoint):
    """One link."""

    @operation("Get a link", needs=Permission.VIEW, returns=LinkView, errors=(404,))
    def get(self, name: str) -> object:
        """The link with its counters and those of its scans."""
        for link in self.sources.links():
            if link.name == name:
                return link
        raise NotFoundError(f"unknown link {name}")


ROUTES = (("", Links), ("/<string:name>", OneLink))
