"""The history over the REST interface, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from automation.client.client import Client, Json

_POINTS = 400_000  # of one page, below what a runtime allows by default
_LIMIT_MAX = 50_000
_PAGED = ("raw", "table")


class HistoryClient:
    """Questions to the history of a running runtime; calls raise as ``Client`` does."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def pages(self, question: Mapping[str, object]) -> Iterator[Json]:
        """The answer to a question, in as many pages as it has.

        question: the fields of ``POST /api/history``, with ``tags`` as a list.
        """
        asked = dict(question)
        tags = asked["tags"]
        if asked.get("mode") in _PAGED:
            count = len(tags) if isinstance(tags, list) else 1
            asked.setdefault("limit", max(1, min(_LIMIT_MAX, _POINTS // max(1, count))))
        while True:
            page = self._client.post("/history", asked)
            yield page
            token = page.get("next")
            if not token:
                return
            asked["next"] = token
