"""Counters of the requests that were answered, by route and status."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from flask import Flask, Response, g, request

from automation.system.clock import Stopwatch

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})  # what a caller invents makes no new counters


class Traffic:
    """What the web application has answered since it started; read by metrics, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[str] = Counter()

    def install(self, app: Flask) -> None:
        """Count every request of the application."""
        app.before_request(self._begin)
        app.after_request(self._end)

    def counts(self) -> Mapping[tuple[str, str, int], int]:
        """Number of answers by (method, route, status); the route is the pattern, so names of tags make no new ones."""
        with self._lock:
            return dict(self._counts)

    def seconds(self) -> Mapping[str, float]:
        """Seconds spent answering, by route."""
        with self._lock:
            return {route: float(seconds) for route, seconds in self._seconds.items()}

    def _begin(self) -> None:
        g.stopwatch = Stopwatch()

    def _end(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        method = request.method if request.method in _METHODS else "other"
        stopwatch = g.get("stopwatch")
        with self._lock:
            self._counts[method, route, response.status_code] += 1
            if stopwatch is not None:
                self._seconds[route] += stopwatch.elapsed_s()
        return response
