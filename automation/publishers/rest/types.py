"""Equipment types: what a pump is, once for all of them."""

from __future__ import annotations

from automation.model.configuration import ObjectKind
from automation.publishers.rest.definition_models import (
    CreateBody,
    DefinitionsView,
    DefinitionView,
    DryRunQuery,
    ReplaceBody,
    SavedView,
    SeenQuery,
    TypeView,
)
from automation.publishers.rest.definitions import CHANGE_ERRORS, CREATE_ERRORS, CREATED, DefinitionEndpoint, plan_view
from automation.publishers.rest.models import DoneView
from automation.publishers.rest.operation import operation
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE


class Types(DefinitionEndpoint):
    """All types."""

    kind = ObjectKind.TYPE

    @operation("List types", needs=Permission.VIEW, returns=DefinitionsView)
    def get(self) -> object:
        """Every type."""
        return self.definitions()

    @operation("Make a type", needs=_CONFIGURE, returns=SavedView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
    def post(self, body: CreateBody) -> object:
        """The new type."""
        return self.create(body.body)


class OneType(DefinitionEndpoint):
    """One type."""

    kind = ObjectKind.TYPE

    @operation("Read a type", needs=Permission.VIEW, returns=DefinitionView, errors=(404,))
    def get(self, name: str) -> object:
        """The type."""
        return self.definition(name)

    @operation("Replace a type", needs=_CONFIGURE, returns=TypeView, query=DryRunQuery, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, query: DryRunQuery, body: ReplaceBody) -> object:
        """The type with another body, which every equipment of the type follows; or what would change in each of them."""
        if not query.dry_run:
            return self.replace(name, body.body, body.seen)
        commands = self.sources.commands.configuration
        return plan_view(commands.plan_replace(self.gate.principal(), self.kind, name, body.body, body.seen))

    @operation("Remove a type", needs=_CONFIGURE, returns=DoneView, query=SeenQuery, errors=CHANGE_ERRORS)
    def delete(self, name: str, query: SeenQuery) -> object:
        """Remove the type; refused while there is equipment of it."""
        return self.remove(name, query.seen)


ROUTES = (("", Types), ("/<string:name>", OneType))
