"""Tokens with which a question is continued where its last page ended."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from automation.model.errors import InvalidValueError

DONE = None
_TOKEN_MAX = 4_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question stands. low, high: its range, microseconds. at: for each series where it goes on, None if it is done."""

    low: int
    high: int
    at: tuple[int | None, ...]

    @property
    def over(self) -> bool:
        """True if nothing is left."""
        return all(at is DONE for at in self.at)


def digest_of(*question: object) -> str:
    """What tells one question from others; it is the same in every process."""
    return hashlib.blake2b(repr(question).encode(), digest_size=6).hexdigest()


def token_of(place: Place, digest: str) -> str:
    """The place in a question as a text for addresses."""
    text = json.dumps([digest, place.low, place.high, place.at], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(token: str, digest: str, series: int) -> Place:
    """The place that ``token_of`` told. Raises ``InvalidValueError`` unless it is one of this question."""
    token = token[:_TOKEN_MAX]
    try:
        told, low, high, at = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InvalidValueError("history: next: not a token of an answer") from error
    if told != digest:
        raise InvalidValueError("history: next: it belongs to another question; tags, mode and step must be as before")
    if not (
        _whole((low, high)) and isinstance(at, list) and len(at) == series and _whole([one for one in at if one is not DONE])
    ):
        raise InvalidValueError("history: next: not a token of an answer")
    return Place(low=low, high=high, at=tuple(at))


def _whole(numbers: Sequence[object]) -> bool:
    return all(type(number) is int and abs(number) < 2**62 for number in numbers)
