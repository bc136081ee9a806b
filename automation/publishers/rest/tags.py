"""Tags: to read one, some or all, and to put a value."""

from __future__ import annotations

from automation.model.tag import Tag
from automation.publishers.rest.models import NamesBody, TagsQuery, TagsView, TagView, ValueBody, ValuesView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import sample_rows, tag_view
from automation.security.principal import Permission


class Tags(Endpoint):
    """Many tags."""

    @operation("List tags", needs=Permission.VIEW, returns=TagsView, query=TagsQuery)
    def get(self, query: TagsQuery) -> object:
        """The tags that match, in the order of their declaration."""
        found = [tag for tag in self.sources.cvt.tags() if _matches(tag, query)]
        read, alarms = self.sources.cvt.read, self.sources.alarms.of_tag
        page = found[query.offset : query.offset + query.limit]
        return {"items": [tag_view(tag, read(tag.name), alarms(tag.name)) for tag in page], "total": len(found)}


class OneTag(Endpoint):
    """One tag."""

    @operation("Read a tag", needs=Permission.VIEW, returns=TagView, errors=(404,))
    def get(self, name: str) -> object:
        """The tag with its newest sample."""
        tag = self.sources.cvt.tag(name)
        return tag_view(tag, self.sources.cvt.read(name), self.sources.alarms.of_tag(name))


class TagValue(Endpoint):
    """The value of one tag."""

    @operation("Put a value", needs=Permission.PUT, returns=TagView, body=ValueBody, errors=(404, 409, 423, 502, 503, 504))
    def put(self, name: str, body: ValueBody) -> object:
        """The tag after the device has read the value back."""
        tag = self.sources.cvt.tag(name)
        sample = self.sources.commands.put(self.gate.principal(), name, body.value, body.unit)
        return tag_view(tag, sample, self.sources.alarms.of_tag(name))


class TagValues(Endpoint):
    """Newest samples of many tags in short form."""

    @operation("Read values", needs=Permission.VIEW, returns=ValuesView, body=NamesBody, errors=(404,))
    def post(self, body: NamesBody) -> object:
        """The newest sample of each name."""
        return {"items": sample_rows(self.sources.cvt, body.names)}


def _matches(tag: Tag, query: TagsQuery) -> bool:
    if query.area and tag.area != query.area:
        return False
    if query.kind is not None and tag.kind.value != query.kind:
        return False
    search = query.search.strip().lower()
    return not search or search in tag.name.lower() or search in tag.description.lower()


ROUTES = (("", Tags), ("/values", TagValues), ("/<string:name>", OneTag), ("/<string:name>/value", TagValue))
