"""Overrides: to force a tag, to take it out of service, and back."""

from __future__ import annotations

from automation.publishers.rest.definition_models import ForceBody, ServiceBody
from automation.publishers.rest.models import TagView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.tag_views import TagTeller
from automation.security.principal import Permission

_FORCE = Permission.FORCE
_ERRORS = (404, 409, 423, 503)


class TagForce(Endpoint):
    """The forced value of one tag."""

    @operation("Force a tag", needs=_FORCE, returns=TagView, body=ForceBody, errors=_ERRORS)
    def put(self, name: str, body: ForceBody) -> object:
        """The tag with the value in place of its own."""
        overrides = self.sources.commands.overrides
        overrides.force(self.gate.principal(), name, body.value, body.reason, body.unit)
        return TagTeller(self.sources).named(name)

    @operation("Release a tag", needs=_FORCE, returns=TagView, errors=_ERRORS)
    def delete(self, name: str) -> object:
        """The tag with its own value again."""
        self.sources.commands.overrides.release(self.gate.principal(), name)
        return TagTeller(self.sources).named(name)


class TagService(Endpoint):
    """Whether one tag is in service."""

    @operation("Take a tag in or out of service", needs=_FORCE, returns=TagView, body=ServiceBody, errors=_ERRORS)
    def put(self, name: str, body: ServiceBody) -> object:
        """The tag, BAD while it is out of service."""
        overrides = self.sources.commands.overrides
        change = overrides.return_to_service if body.in_service else overrides.take_out_of_service
        change(self.gate.principal(), name, body.reason)
        return TagTeller(self.sources).named(name)


ROUTES = (("/<string:name>/force", TagForce), ("/<string:name>/service", TagService))
