"""Messages of the feed, encoded once for all who get them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from automation.model.sample import Sample

SampleRow = tuple[str, Any, int, float, float]

_EVENT = "2"  # Socket.IO's packet type of an event in the default namespace
DISCONNECT = "1"


class Json:
    """The JSON module that the Socket.IO library is given."""

    @staticmethod
    def dumps(value: object, **_options: object) -> str:
        """The value as text."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: object) -> Any:
        """The value of the text. Raises ``ValueError``."""
        return orjson.loads(text)


def event(name: str, payload: object) -> str:
    """The packet of an event with one argument; dataclasses are encoded as they are."""
    return f'{_EVENT}["{name}",{orjson.dumps(payload).decode()}]'


def row(name: str, sample: Sample) -> SampleRow:
    """The sample in the short form of the feed."""
    value, quality, source_time, server_time = sample
    return name, value, int(quality), source_time, server_time


def encoded_row(name: str, sample: Sample) -> str:
    """The same as text; a string that is no proper text is told with replacement marks."""
    try:
        return orjson.dumps(row(name, sample)).decode()
    except TypeError:
        text = str(sample.value).encode("utf-8", "replace").decode()
        return orjson.dumps(row(name, sample._replace(value=text))).decode()


def tags(now: float, rows: Iterable[str]) -> str:
    """The packet of a ``tags`` event made of encoded rows."""
    return f'{_EVENT}["tags",{{"time":{now!r},"items":[{",".join(rows)}]}}]'
