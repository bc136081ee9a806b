"""The definitions of tags: to make, change, rename, remove and look at them."""

from __future__ import annotations

from automation.model.configuration import ObjectKind
from automation.publishers.rest.definition_models import (
    CheckBody,
    CreateBody,
    MistakesView,
    PatchBody,
    RenameBody,
    ReplaceBody,
    SeenQuery,
    TagDetailView,
)
from automation.publishers.rest.definitions import CHANGE_ERRORS, CREATE_ERRORS, CREATED
from automation.publishers.rest.errors import mistake_view
from automation.publishers.rest.models import DescriptionsView, DoneView, NamesBody, TagsQuery, TagsView, TagView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.tag_views import TagTeller, chosen_fields, only
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE
_TAG = ObjectKind.TAG


class Tags(Endpoint):
    """Many tags."""

    @operation("List tags", needs=Permission.VIEW, returns=TagsView, query=TagsQuery)
    def get(self, query: TagsQuery) -> object:
        """The tags that match."""
        fields = chosen_fields(query.fields)
        columns = self.sources.directory.columns()
        found, end = columns.find(query), query.offset + query.limit
        page = columns.sort(found, query.sort, end)[query.offset : end]
        teller = TagTeller(self.sources)
        views = (teller.running(*columns.places[i]) for i in page)
        return {"items": only(views, fields), "total": len(found)}

    @operation("Make a tag", needs=_CONFIGURE, returns=TagView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
    def post(self, body: CreateBody) -> object:
        """The new tag; it runs at once."""
        self.sources.commands.configuration.create(self.gate.principal(), _TAG, body.body)
        return TagTeller(self.sources).named(str(body.body["name"]))


class TagDescriptions(Endpoint):
    """Many tags by name."""

    @operation("Read tags", needs=Permission.VIEW, returns=DescriptionsView, body=NamesBody)
    def post(self, body: NamesBody) -> object:
        """The tags of these names; a name that nobody knows is left out."""
        teller, cvt = TagTeller(self.sources), self.sources.cvt
        return {"items": [teller.named(name) for name in dict.fromkeys(body.names) if name in cvt]}


class OneTag(Endpoint):
    """One tag."""

    @operation("Read a tag", needs=Permission.VIEW, returns=TagView, errors=(404,))
    def get(self, name: str) -> object:
        """The tag with its newest sample."""
        return TagTeller(self.sources).named(name)

    @operation("Replace a tag's definition", needs=_CONFIGURE, returns=TagView, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, body: ReplaceBody) -> object:
        """The tag with another definition; refused if it was changed since it was seen."""
        self.sources.commands.configuration.replace(self.gate.principal(), _TAG, name, body.body, body.seen)
        return TagTeller(self.sources).named(name)

    @operation("Change a tag's definition", needs=_CONFIGURE, returns=TagView, body=PatchBody, errors=CHANGE_ERRORS)
    def patch(self, name: str, body: PatchBody) -> object:
        """The tag with some fields changed."""
        self.sources.commands.configuration.patch(self.gate.principal(), _TAG, name, body.model_extra or {})
        return TagTeller(self.sources).named(name)

    @operation("Remove a tag", needs=_CONFIGURE, returns=DoneView, query=SeenQuery, errors=CHANGE_ERRORS)
    def delete(self, name: str, query: SeenQuery) -> object:
        """Remove the tag; refused while others use it, naming them."""
        self.sources.commands.configuration.delete(self.gate.principal(), _TAG, name, query.seen)
        return {"ok": True}


class TagDetail(Endpoint):
    """One tag in full."""

    @operation("Read everything about a tag", needs=Permission.VIEW, returns=TagDetailView, errors=(404,))
    def get(self, name: str) -> object:
        """The tag with its definition, what the device sent, what lies over it, and who uses it."""
        return TagTeller(self.sources).detail(name)


class TagRename(Endpoint):
    """The name of one tag."""

    @operation("Rename a tag", needs=_CONFIGURE, returns=TagView, body=RenameBody, errors=CHANGE_ERRORS)
    def post(self, name: str, body: RenameBody) -> object:
        """The tag under its new name, with the same id and history; what refers to it follows."""
        self.sources.commands.configuration.rename(self.gate.principal(), _TAG, name, body.name)
        return TagTeller(self.sources).named(body.name)


class TagCheck(Endpoint):
    """A definition that may become a tag."""

    @operation("Look for mistakes", needs=_CONFIGURE, returns=MistakesView, body=CheckBody)
    def post(self, body: CheckBody) -> object:
        """What is wrong with the definition; nothing is changed."""
        mistakes = self.sources.commands.configuration.check(self.gate.principal(), _TAG, body.body, body.name)
        return {"mistakes": [mistake_view(mistake) for mistake in mistakes]}


ROUTES = (
    ("", Tags),
    ("/descriptions", TagDescriptions),
    ("/check", TagCheck),
    ("/<string:name>", OneTag),
    ("/<string:name>/detail", TagDetail),
    ("/<string:name>/rename", TagRename),
)
