"""Outputs among the tags: their value with a life, what stands in their way, selections and locks."""

from __future__ import annotations

from flask import request

from automation.commands.outputs import PutOptions
from automation.model.errors import InvalidValueError, NotAllowedError
from automation.model.output import Output
from automation.publishers.rest.models import DoneView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.output_models import (
    LeaseBody,
    LeasesView,
    LeaseView,
    NoteBody,
    OutputView,
    PutBody,
    PutView,
    SelectionView,
    TagOutsView,
)
from automation.publishers.rest.output_views import operation_view, output_view
from automation.publishers.rest.tag_views import TagTeller
from automation.publishers.rest.views import sample_fields
from automation.security.principal import Permission

_KEY = "Idempotency-Key"
_ERRORS = (404, 409, 423, 502, 503, 504)


class TagValue(Endpoint):
    """The value of one tag."""

    @operation("Put a value", needs=Permission.PUT, returns=PutView, body=PutBody, errors=_ERRORS)
    def put(self, name: str, body: PutBody) -> object:
        """The tag after the device has read the value back, and the operation."""
        commands = self.sources.commands.outputs
        options = PutOptions(
            for_s=body.for_s, until=body.until, confirmed=body.confirmed, selection=body.selection, key=_key(body.key)
        )
        sample, operation_id = commands.put(self.gate.principal(), name, body.value, body.unit, options)
        told = operation_view(commands.operations.get(operation_id))
        return {**TagTeller(self.sources).named(name), **sample_fields(sample), "operation": told}


class _OutputEndpoint(Endpoint):
    """What the routes share."""

    def _view(self, name: str) -> object:
        output = self.sources.cvt.tag(name)
        if not isinstance(output, Output):
            raise NotAllowedError(f"{name} is no output")
        look = self.sources.outputs.look(name, self.sources.clock.now())
        running = self.sources.commands.outputs.operations.running_on(name)
        return output_view(output, look, running[-1] if running else None)


class TagOutput(_OutputEndpoint):
    """One output."""

    @operation("Look at an output", needs=Permission.VIEW, returns=OutputView, errors=(404,))
    def get(self, name: str) -> object:
        """Its rules, what it is doing, and what stands in its way."""
        return self._view(name)


class TagSelection(Endpoint):
    """The selection of an output, before it is operated."""

    @operation("Select an output", needs=Permission.PUT, returns=SelectionView, errors=(404, 409, 423), status=201)
    def post(self, name: str) -> object:
        """The selection, which the next command uses up."""
        return self.sources.commands.outputs.select(self.gate.principal(), name)

    @operation("Unselect an output", needs=Permission.PUT, returns=DoneView, errors=(404,))
    def delete(self, name: str) -> object:
        """One's selection is forgotten."""
        self.sources.commands.outputs.unselect(self.gate.principal(), name)
        return {"ok": True}


class TagLock(_OutputEndpoint):
    """The lock on an output."""

    @operation("Tag an output out", needs=Permission.PUT, returns=OutputView, body=NoteBody, errors=(404, 409, 503))
    def put(self, name: str, body: NoteBody) -> object:
        """The output, which nobody can switch on until the lock is removed."""
        self.sources.commands.outputs.tag_out(self.gate.principal(), name, body.note)
        return self._view(name)

    @operation("Remove a tag-out", needs=Permission.PUT, returns=OutputView, errors=(404, 503))
    def delete(self, name: str) -> object:
        """The output without the lock."""
        self.sources.commands.outputs.remove_tag_out(self.gate.principal(), name)
        return self._view(name)


class TagOuts(Endpoint):
    """All locks."""

    @operation("List tag-outs", needs=Permission.VIEW, returns=TagOutsView)
    def get(self) -> object:
        """Every lock, the oldest first."""
        return {"items": self.sources.outputs.tag_outs.all()}


class Leases(Endpoint):
    """All leases."""

    @operation("List leases", needs=Permission.VIEW, returns=LeasesView)
    def get(self) -> object:
        """Every lease."""
        return {"items": self.sources.outputs.leases.all()}

    @operation("Lease a device", needs=Permission.PUT, returns=LeaseView, body=LeaseBody, errors=(409, 423), status=201)
    def post(self, body: LeaseBody) -> object:
        """The lease, new or renewed."""
        return self.sources.commands.outputs.lease(self.gate.principal(), body.device, body.for_s)


class OneLease(Endpoint):
    """One lease."""

    @operation("Give a lease back", needs=Permission.PUT, returns=DoneView, errors=(404, 409))
    def delete(self, device: str) -> object:
        """What was switched on under it is made safe."""
        self.sources.commands.outputs.give_back(self.gate.principal(), device)
        return {"ok": True}


def _key(given: str) -> str:
    header = request.headers.get(_KEY, "")
    if header and given and header != given:
        raise InvalidValueError(f"key: is {given!r:.70} in the body and another one in the header {_KEY}")
    return given or header


TAG_ROUTES = (
    ("/<string:name>/value", TagValue),
    ("/<string:name>/output", TagOutput),
    ("/<string:name>/selection", TagSelection),
    ("/<string:name>/tag-out", TagLock),
)
TAG_OUT_ROUTES = (("", TagOuts),)
LEASE_ROUTES = (("", Leases), ("/<string:device>", OneLease))
