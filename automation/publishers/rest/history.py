"""History of tags: in buckets for a trend, or as it was recorded."""

from __future__ import annotations

from typing import Any

from automation.observers.historian.series import BucketSeries, RawSeries
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.models import SERIES_MAX, HistoryQuery, HistoryView
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_HOUR_S = 3600.0


class History(Endpoint):
    """Recorded samples."""

    @operation("Read history", needs=Permission.VIEW, returns=HistoryView, query=HistoryQuery, errors=(404, 503))
    def get(self, query: HistoryQuery) -> object:
        """The range of each tag; start is included, end is not."""
        names = _names(query.tags)
        end = self.sources.clock.now() if query.end is None else query.end
        start = end - _HOUR_S if query.start is None else query.start
        if not start < end:
            raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: start {start} must be before end {end}")
        history = self.sources.history
        series: list[Any] = (
            [*history.raw(names, start, end, query.limit)]
            if query.mode == "raw"
            else [*history.buckets(names, start, end, query.buckets)]
        )
        return {"series": [self._view(one, query.mode) for one in series]}

    def _view(self, series: RawSeries | BucketSeries, mode: str) -> dict[str, Any]:
        cvt = self.sources.cvt
        unit = cvt.tag(series.tag).unit if series.tag in cvt else ""
        columns = {name: getattr(series, name) for name in series.__dataclass_fields__}
        return {**columns, "unit": unit, "mode": mode}


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if not names or len(names) > SERIES_MAX:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: tags: expected 1 to {SERIES_MAX} names")
    return names


ROUTES = (("", History),)
