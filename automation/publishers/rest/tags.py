"""Tags: their values, their areas, and the routes of the other modules about them."""

from __future__ import annotations

from automation.publishers.rest import tables, tag_definitions, tag_overrides
from automation.publishers.rest.definition_models import AreasView
from automation.publishers.rest.models import NamesBody, TagView, ValueBody, ValuesView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.tag_views import TagTeller
from automation.publishers.rest.views import sample_fields, sample_rows
from automation.security.principal import Permission


class TagValue(Endpoint):
    """The value of one tag."""

    @operation("Put a value", needs=Permission.PUT, returns=TagView, body=ValueBody, errors=(404, 409, 423, 502, 503, 504))
    def put(self, name: str, body: ValueBody) -> object:
        """The tag after the device has read the value back."""
        sample = self.sources.commands.put(self.gate.principal(), name, body.value, body.unit)
        return {**TagTeller(self.sources).named(name), **sample_fields(sample)}


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
    ("/values", TagValues),
    ("/areas", TagAreas),
    ("/<string:name>/value", TagValue),
)
