"""Operations: the lives of commands."""

from __future__ import annotations

from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.output_models import OperationsQuery, OperationsView, OperationView
from automation.publishers.rest.output_views import operation_view
from automation.security.principal import Permission


class Operations(Endpoint):
    """The newest operations."""

    @operation("List operations", needs=Permission.VIEW, returns=OperationsView, query=OperationsQuery)
    def get(self, query: OperationsQuery) -> object:
        """Those that were asked for, the newest first."""
        found = self.sources.commands.outputs.operations.list(query.subject, query.state or "", query.limit)
        return {"items": [operation_view(one) for one in found]}


class OneOperation(Endpoint):
    """One operation."""

    @operation("Get an operation", needs=Permission.VIEW, returns=OperationView, errors=(404,))
    def get(self, operation_id: str) -> object:
        """What has become of it."""
        return operation_view(self.sources.commands.outputs.operations.get(operation_id))


class CancelOperation(Endpoint):
    """To end an operation before its time."""

    @operation("Cancel an operation", needs=Permission.PUT, returns=OperationView, errors=(404, 409, 502, 503, 504), status=200)
    def post(self, operation_id: str) -> object:
        """The operation after its output was made safe."""
        return operation_view(self.sources.commands.outputs.cancel(self.gate.principal(), operation_id))


ROUTES = (
    ("", Operations),
    ("/<string:operation_id>", OneOperation),
    ("/<string:operation_id>/cancel", CancelOperation),
)
