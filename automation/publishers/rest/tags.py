"""Tags: their values, their areas, and the routes of the other modules about them."""

from __future__ import annotations

from automation.publishers.rest import outputs, tables, tag_definitions, tag_overrides
from automation.publishers.rest.definition_models import AreasView
from automation.publishers.rest.models import NamesBody, ValuesView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import sample_rows
from automation.security.principal import Permission


class TagValues(Endpoint):
    """Newest samples of many tags in short form."""

    @operation("Read values", needs=Permission.VIEW, returns=ValuesView, body=NamesBody, errors=(404,))
    def post(self, body: NamesBody) -> object:
        """The newest sample of each name."""
        return {"items": sample_rows(self.sources.cvt, body.names)}


class TagAreas(Endpoint):
    """The areas of the tags."""

    @operation("List areas", needs=Permission.VIEW, returns=AreasView)
    def get(self) -> object:
        """Every area that has tags, and those above, with how many tags there are in and below it."""
        return {"items": [area._asdict() for area in self.sources.directory.columns().areas()]}


ROUTES = (
    *tag_definitions.ROUTES,
    *tag_overrides.ROUTES,
    *tables.TAG_ROUTES,
    *outputs.TAG_ROUTES,
    ("/values", TagValues),
    ("/areas", TagAreas),
)
