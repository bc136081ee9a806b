"""History of tags: for a trend, as it was recorded, as tables and files; and samples from elsewhere that are added to it."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.series import BucketSeries
from automation.publishers.rest.columnar import json_pieces
from automation.publishers.rest.history_import import given_in, report_view
from automation.publishers.rest.history_models import (
    HistoryBody,
    HistoryImportQuery,
    HistoryImportView,
    HistoryQuery,
    HistoryView,
)
from automation.publishers.rest.history_query import MEDIA_OF, format_of, question_of
from automation.publishers.rest.history_views import answer_view
from automation.publishers.rest.operation import UPLOAD_LIMIT, Endpoint, operation
from automation.security.principal import Permission
from automation.storage.micros import from_micros

_FILES = ("text/csv", "application/vnd.apache.parquet")
_ERRORS = (404, 409, 501, 503)


class History(Endpoint):
    """Recorded samples."""

    @operation("Read history", needs=Permission.VIEW, returns=HistoryView, query=HistoryQuery, errors=_ERRORS, gives=_FILES)
    def get(self, query: HistoryQuery) -> object:
        """The range of each tag; start is included, end is not."""
        return self._answer(query)

    @operation(
        "Read history of many tags", needs=Permission.VIEW, returns=HistoryView, body=HistoryBody, errors=_ERRORS, gives=_FILES
    )
    def post(self, body: HistoryBody) -> object:
        """The range of each tag; start is included, end is not."""
        return self._answer(body)

    def _answer(self, query: HistoryQuery | HistoryBody) -> object:
        question = question_of(query, self.sources.clock.now())
        form = format_of(query, [media for media, _ in request.accept_mimetypes])
        if form != "json":
            return self._file(question, form)
        if not query.aggregates and question.mode is Mode.BUCKETS and not question.step and query.tz is None:
            return self._plain_buckets(question)
        answer = self.sources.history.ask(question)
        view = answer_view(answer, question, self._units(question), labelled=query.tz is not None)
        return Response(json_pieces(view), mimetype=MEDIA_OF["json"])

    def _file(self, question: Question, form: FileFormat) -> Response:
        pieces = self.sources.history.export(question, form)
        headers = {"Content-Disposition": f'attachment; filename="history.{form}"'}
        return Response(pieces, mimetype=MEDIA_OF[form], headers=headers)

    def _plain_buckets(self, question: Question) -> object:
        start, end = from_micros(question.low), from_micros(question.high)
        series = self.sources.history.buckets(question.tags, start, end, question.count)
        units = self._units(question)
        return {"series": [_bucket_view(one, units.get(one.tag, "")) for one in series]}

    def _units(self, question: Question) -> dict[str, str]:
        cvt = self.sources.cvt
        return {name: cvt.tag(name).unit for name in question.tags if name in cvt}


def _bucket_view(series: BucketSeries, unit: str) -> dict[str, Any]:
    return {**{name: getattr(series, name) for name in series.__dataclass_fields__}, "unit": unit, "mode": "buckets"}


class HistoryImport(Endpoint):
    """Samples from elsewhere."""

    @operation(
        "Import samples",
        needs=Permission.CONFIGURE,
        returns=HistoryImportView,
        query=HistoryImportQuery,
        errors=(503,),
        limit=UPLOAD_LIMIT,
        file=True,
    )
    def post(self, query: HistoryImportQuery, data: bytes) -> object:
        """What became of the samples, each by itself; those that are recorded already stay as they are."""
        form = query.format or ("json" if request.mimetype == "application/json" else "csv")
        return report_view(self.sources.commands.history.import_samples(self.gate.principal(), given_in(data, form), query.end))


ROUTES = (("", History), ("/import", HistoryImport))
