"""Tables of tags and alarms: CSV and XLSX out and in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response

from automation.model.configuration import ImportOptions, ImportReport, ImportRow, ObjectKind
from automation.publishers.rest.definition_models import ExportQuery, ImportQuery, ImportView, TagExportQuery
from automation.publishers.rest.errors import mistake_view
from automation.publishers.rest.operation import UPLOAD_LIMIT, Endpoint, file_answer, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_GIVES = tuple(_MEDIA.values())
_CONFIGURE = Permission.CONFIGURE
_IMPORT_ERRORS = (409, 423, 503)


class TableEndpoint(Endpoint):
    """What the routes share."""

    def exported(self, kind: ObjectKind, names: Sequence[str] | None, format: str) -> Response:
        """The objects as a file."""
        data = self.sources.project.export_table(kind, names, format)
        return file_answer(data, _MEDIA[format], f"{kind.value}s.{format}")

    def imported(self, kind: ObjectKind, data: bytes, query: ImportQuery) -> Json:
        """What the file came to."""
        options = ImportOptions(dry_run=query.dry_run, good_rows=query.good_rows, create=query.mode == "create")
        commands = self.sources.commands.configuration
        return report_view(commands.import_table(self.gate.principal(), kind, data, query.format, options))


class TagExport(TableEndpoint):
    """A table of tags."""

    @operation("Export tags", needs=Permission.VIEW, returns=None, query=TagExportQuery, gives=_GIVES, errors=(404,))
    def get(self, query: TagExportQuery) -> Response:
        """The definitions of the tags that match, one a row; of all without a filter."""
        unfiltered = query.model_fields_set <= {"format"}
        return self.exported(ObjectKind.TAG, None if unfiltered else self._names(query), query.format)

    def _names(self, query: TagExportQuery) -> Sequence[str]:
        columns = self.sources.directory.columns()
        return [columns.tags[i].name for i in columns.find(query) if not columns.tags[i].system]


class TagImport(TableEndpoint):
    """A table of tags."""

    @operation(
        "Import tags",
        needs=_CONFIGURE,
        returns=ImportView,
        query=ImportQuery,
        errors=_IMPORT_ERRORS,
        limit=UPLOAD_LIMIT,
        file=True,
    )
    def post(self, query: ImportQuery, data: bytes) -> object:
        """What the rows of the file came to, or would."""
        return self.imported(ObjectKind.TAG, data, query)


class AlarmExport(TableEndpoint):
    """A table of alarms."""

    @operation("Export alarms", needs=Permission.VIEW, returns=None, query=ExportQuery, gives=_GIVES)
    def get(self, query: ExportQuery) -> Response:
        """The definitions of all alarms, one a row."""
        return self.exported(ObjectKind.ALARM, None, query.format)


class AlarmImport(TableEndpoint):
    """A table of alarms."""

    @operation(
        "Import alarms",
        needs=_CONFIGURE,
        returns=ImportView,
        query=ImportQuery,
        errors=_IMPORT_ERRORS,
        limit=UPLOAD_LIMIT,
        file=True,
    )
    def post(self, query: ImportQuery, data: bytes) -> object:
        """What the rows of the file came to, or would."""
        return self.imported(ObjectKind.ALARM, data, query)


def report_view(report: ImportReport) -> Json:
    """The report as the interface tells it."""
    actions = [row.action for row in report.rows]
    bad = actions.count("bad")
    return {
        "total": len(actions),
        "good": len(actions) - bad,
        "bad": bad,
        "applied": report.applied,
        "added": actions.count("add"),
        "changed": actions.count("change"),
        "rows": [_row(row) for row in report.rows],
    }


def _row(row: ImportRow) -> Json:
    return {
        "row": row.row,
        "name": row.name,
        "action": row.action,
        "mistakes": [mistake_view(mistake) for mistake in row.mistakes],
        "fields": row.fields,
    }


TAG_ROUTES = (("/export", TagExport), ("/import", TagImport))
ALARM_ROUTES = (("/export", AlarmExport), ("/import", AlarmImport))
