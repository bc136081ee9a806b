"""What a caller asks of the history, as a question."""

from __future__ import annotations

from collections.abc import Sequence

from automation.model.errors import InvalidValueError
from automation.observers.historian.queries.answers import Bounds
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Mode, Question
from automation.observers.historian.series import check_range
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.history_models import SERIES_MAX, HistoryBody, HistoryFields, HistoryFormat, HistoryQuery
from automation.storage.calendar import step_of, zone_of
from automation.storage.micros import to_micros

_HOUR_S = 3600.0
_USUAL = (Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.COUNT)
_MEDIA: dict[str, HistoryFormat] = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
}


def question_of(query: HistoryQuery | HistoryBody, now: float) -> Question:
    """The question. Raises ``BadRequestError`` and ``InvalidValueError`` naming the field."""
    mode = Mode(query.mode)
    low, high = _range(query, mode, now)
    return Question(
        mode=mode,
        tags=_names(query),
        low=low,
        high=high,
        aggregates=_aggregates(query, mode),
        step=_step(query),
        count=query.buckets,
        zone=_zone(query),
        width=query.width,
        method=query.method,
        limit=query.limit,
        bounds=Bounds(before=query.bounds in ("before", "both"), after=query.bounds in ("after", "both")),
        linear=query.interpolation == "linear" or (query.interpolation is None and mode is Mode.INTERPOLATED),
        token=_token(query, mode),
        latest=mode is Mode.AT and query.at is None,
    )


def format_of(query: HistoryFields, accept: Sequence[str]) -> HistoryFormat:
    """How the answer shall be told: as the query says, else as the first of the media types that is known."""
    if query.format is not None:
        return query.format
    return next((_MEDIA[media] for media in accept if media in _MEDIA), "json")


def _range(query: HistoryFields, mode: Mode, now: float) -> tuple[int, int]:
    if mode is Mode.AT:
        instant = now if query.at is None else query.at
        check_range(instant, instant + 1.0)
        return to_micros(instant), to_micros(instant) + 1
    if query.at is not None:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: at: belongs to mode at, not to {mode}")
    end = now if query.end is None else query.end
    start = end - _HOUR_S if query.start is None else query.start
    if not start < end:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: start {start} must be before end {end}")
    return check_range(start, end)


def _names(query: HistoryQuery | HistoryBody) -> tuple[str, ...]:
    if isinstance(query, HistoryBody):
        return tuple(dict.fromkeys(query.tags))
    names = tuple(dict.fromkeys(name for part in query.tags.split(",") if (name := part.strip())))
    if not names or len(names) > SERIES_MAX:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: tags: expected 1 to {SERIES_MAX} names")
    return names


def _aggregates(query: HistoryQuery | HistoryBody, mode: Mode) -> tuple[Aggregate, ...]:
    given = query.aggregates if isinstance(query, HistoryBody) else [part.strip() for part in query.aggregates.split(",")]
    names = tuple(dict.fromkeys(name for name in given if name))
    if names and mode is not Mode.BUCKETS:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: aggregates: belong to mode buckets, not to {mode}")
    known = {aggregate.value for aggregate in Aggregate}
    for name in names:
        if name not in known:
            raise BadRequestError(
                UNPROCESSABLE, "invalid_request", f"query: aggregates: {name!r:.40}: expected some of {', '.join(Aggregate)}"
            )
    return tuple(map(Aggregate, names)) or (_USUAL if mode is Mode.BUCKETS else ())


def _step(query: HistoryFields) -> str:
    if query.step is not None and query.bucket_s is not None:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", "query: step and bucket_s say the same; give one of them")
    text = query.step if query.step is not None else "" if query.bucket_s is None else f"{query.bucket_s:f}"
    if query.step is not None or text:
        step_of(text)
    return text


def _zone(query: HistoryFields) -> str:
    if query.tz is None:
        return "UTC"
    zone_of(query.tz)
    return query.tz


def _token(query: HistoryFields, mode: Mode) -> str:
    if query.next and mode not in (Mode.RAW, Mode.TABLE):
        raise InvalidValueError(f"history: next: mode {mode} has no pages")
    return query.next


MEDIA_OF: dict[HistoryFormat, str] = {"json": "application/json", "csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
