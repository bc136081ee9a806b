"""How well the alarm system does its job."""

from __future__ import annotations

from automation.publishers.rest.alarm_analytics_models import AlarmAnalyticsView, AnalyticsQuery, LiveAnalyticsQuery
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_DAY_S = 86_400.0
_LONGEST_S = 366 * _DAY_S
_TIME_MAX = 253_000_000_000.0  # calendars end with the year 9999


class AlarmAnalytics(Endpoint):
    """The metrics of a stretch of time."""

    @operation("Read alarm analytics", needs=Permission.VIEW, returns=AlarmAnalyticsView, query=AnalyticsQuery, errors=(409, 503))
    def get(self, query: AnalyticsQuery) -> object:
        """Every metric with its target, from the journal."""
        now = self.sources.clock.now()
        end = now if query.end is None else query.end
        start = end - _DAY_S if query.start is None else query.start
        _check(start, end)
        return self.sources.alarm_analytics.report(start, end, query.area, now)


class LiveAlarmAnalytics(Endpoint):
    """The metrics of the last 24 hours."""

    @operation(
        "Read live alarm analytics",
        needs=Permission.VIEW,
        returns=AlarmAnalyticsView,
        query=LiveAnalyticsQuery,
        errors=(503,),
    )
    def get(self, query: LiveAnalyticsQuery) -> object:
        """Every metric with its target, from counters that are kept up to date."""
        return self.sources.alarm_analytics.live(query.area, self.sources.clock.now())


def _check(start: float, end: float) -> None:
    for name, time in (("start", start), ("end", end)):
        if not 0 <= time <= _TIME_MAX:
            raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: {name}: {time}: expected POSIX seconds")
    if not start < end:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: start: {start} must be before end {end}")
    if end - start > _LONGEST_S:
        raise BadRequestError(UNPROCESSABLE, "invalid_request", "query: start: at most 366 days before end")


ROUTES = (("/analytics", AlarmAnalytics), ("/analytics/live", LiveAlarmAnalytics))
