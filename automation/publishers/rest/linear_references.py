"""Linear referencing: points of lines, and where their kilometre posts are."""

from __future__ import annotations

from flask import Response

from automation.model.configuration import ImportOptions
from automation.publishers.rest.definition_models import ImportView
from automation.publishers.rest.models import DoneView
from automation.publishers.rest.operation import UPLOAD_LIMIT, Endpoint, file_answer, operation
from automation.publishers.rest.reference_models import (
    InterpolateQuery,
    PointBody,
    PointExportQuery,
    PointImportQuery,
    PointsQuery,
    PointsView,
    PointView,
    PositionView,
    SegmentsView,
)
from automation.publishers.rest.tables import report_view
from automation.publishers.rest.views import Json
from automation.referencing.bulk import to_csv
from automation.referencing.line import locate
from automation.referencing.point import FIELDS, ReferencePoint
from automation.security.principal import Permission

_VIEW, _CONFIGURE = Permission.VIEW, Permission.CONFIGURE
_CREATED = 201
_CHANGE_ERRORS = (404, 409, 423, 503)


class Points(Endpoint):
    """Many points."""

    @operation("List reference points", needs=_VIEW, returns=PointsView, query=PointsQuery, errors=(503,))
    def get(self, query: PointsQuery) -> object:
        """The points of a segment, or of all."""
        points, total = self.sources.linear_references.page(query.segment, query.limit, query.offset)
        return {"items": [point_view(point) for point in points], "total": total}

    @operation(
        "Add a reference point", needs=_CONFIGURE, returns=PointView, body=PointBody, errors=(409, 423, 503), status=_CREATED
    )
    def post(self, body: PointBody) -> object:
        """The new point; refused if there is one at that place."""
        return point_view(self.sources.commands.linear_references.add(self.gate.principal(), **body.model_dump()))


class OnePoint(Endpoint):
    """One point."""

    @operation("Read a reference point", needs=_VIEW, returns=PointView, errors=(404, 503))
    def get(self, point_id: int) -> object:
        """The point."""
        return point_view(self.sources.linear_references.get(point_id))

    @operation("Replace a reference point", needs=_CONFIGURE, returns=PointView, body=PointBody, errors=_CHANGE_ERRORS)
    def put(self, point_id: int, body: PointBody) -> object:
        """The point with other coordinates or at another place."""
        commands = self.sources.commands.linear_references
        return point_view(commands.change(self.gate.principal(), point_id, **body.model_dump()))

    @operation("Remove a reference point", needs=_CONFIGURE, returns=DoneView, errors=_CHANGE_ERRORS)
    def delete(self, point_id: int) -> object:
        """Forget the point."""
        self.sources.commands.linear_references.remove(self.gate.principal(), point_id)
        return {"ok": True}


class Segments(Endpoint):
    """All segments."""

    @operation("List segments", needs=_VIEW, returns=SegmentsView, errors=(503,))
    def get(self) -> object:
        """Every segment that has points, with its reach."""
        return {"items": self.sources.linear_references.segments()}


class Interpolation(Endpoint):
    """A place on a line."""

    @operation("Locate a kilometre post", needs=_VIEW, returns=PositionView, query=InterpolateQuery, errors=(404, 503))
    def get(self, query: InterpolateQuery) -> object:
        """Coordinates of the kilometre post; outside of the surveyed range an error that names it."""
        found = locate(self.sources.linear_references, query.segment, query.kp)
        return {
            "latitude": found.latitude,
            "longitude": found.longitude,
            "elevation": found.elevation,
            "between": [point_view(point) for point in found.between],
        }


class PointExport(Endpoint):
    """A table of points."""

    @operation("Export reference points", needs=_VIEW, returns=None, query=PointExportQuery, gives=("text/csv",), errors=(503,))
    def get(self, query: PointExportQuery) -> Response:
        """The points of a segment, or of all, one a row."""
        table = to_csv(self.sources.linear_references.all(query.segment))
        return file_answer(table.encode(), "text/csv", "linear-references.csv")


class PointImport(Endpoint):
    """A table of points."""

    @operation(
        "Import reference points",
        needs=_CONFIGURE,
        returns=ImportView,
        query=PointImportQuery,
        errors=(409, 423, 503),
        limit=UPLOAD_LIMIT,
        file=True,
    )
    def post(self, query: PointImportQuery, data: bytes) -> object:
        """What the rows of the file came to, or would."""
        options = ImportOptions(dry_run=query.dry_run, good_rows=query.good_rows, create=not query.update)
        commands = self.sources.commands.linear_references
        return report_view(commands.import_table(self.gate.principal(), data, query.format, options))


def point_view(point: ReferencePoint) -> Json:
    """The point as the interface tells it."""
    return {"id": point.id, **{field: getattr(point, field) for field in FIELDS}}


ROUTES = (
    ("", Points),
    ("/segments", Segments),
    ("/interpolate", Interpolation),
    ("/export", PointExport),
    ("/import", PointImport),
    ("/<int:point_id>", OnePoint),
)
