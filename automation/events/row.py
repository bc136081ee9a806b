"""A row of the journal as the index has it: most rows differ from others by their time and their numbers only."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product

from automation.model.sample import Value
from automation.storage.text import clean

COMMENTED = "event.commented"
TAG_KINDS = ("tag.", "output.")
_NAME, _AREA, _WORDS = 128, 200, 6000
_NUMBER = re.compile(r"\d+")
_MIXED_MAX = 6  # numbers of a text of which each may be part of a name
ANY_NUMBER = "\x1a"  # what stands for numbers; nobody looks for it


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSource:
    """Where rows come from, and what they say but for their numbers.

    search: what they can be found by, in small letters: kind, subject, tag, area, and the message with ``ANY_NUMBER`` in place
    of each number that is no part of subject or tag.
    """

    subject: str
    tag: str
    area: str
    search: str

    @property
    def digest(self) -> str:
        """The same for equal sources only."""
        parts = [self.subject, self.tag, self.area, self.search]
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def source_of(kind: str, subject: str, message: str, details: Mapping[str, Value]) -> EventSource:
    """The source of a row."""
    tag = _text(details, "tag", _NAME) or (subject if kind.startswith(TAG_KINDS) else "")
    area = _text(details, "area", _AREA)
    words = "\n".join((kind, subject, tag, area, _shape(message, (subject, tag))))
    return EventSource(subject=subject, tag=tag, area=area, search=clean(words.lower(), _WORDS))


def text_variants(text: str) -> Sequence[str]:
    """What else to look for in place of a text with numbers in it, in small letters: with ``ANY_NUMBER`` for each, or for some.

    Every row that has the text comes from a source that has it, or one of these; but other rows do, too: their messages must be
    looked at.
    """
    parts = _NUMBER.split(text.lower())
    numbers: Sequence[Sequence[str]] = [(number, ANY_NUMBER) for number in _NUMBER.findall(text.lower())]
    if len(numbers) > _MIXED_MAX:
        numbers = [(ANY_NUMBER,) for _ in numbers]  # names with so many are found by a part of them
    variants = ("".join(chain.from_iterable(zip(parts, (*chosen, ""), strict=True))) for chosen in product(*numbers))
    return [variant for variant in variants if variant != text.lower()]


def commented(kind: str, details: Mapping[str, Value]) -> int | None:
    """The number of the row that a comment is on, None for a row that is no comment."""
    about = details.get("event")
    return about if kind == COMMENTED and isinstance(about, int) and not isinstance(about, bool) else None


def _shape(message: str, names: Iterable[str]) -> str:
    """The message with holes in place of its numbers, but for those in names that stand by themselves."""
    kept = [span for name in dict.fromkeys(names) if name for span in _spans(message, name)]
    if not kept:
        return _NUMBER.sub(ANY_NUMBER, message)
    return _NUMBER.sub(lambda found: found[0] if any(low <= found.start() < high for low, high in kept) else ANY_NUMBER, message)


def _spans(message: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the name is in the message, without digits beside it."""
    low = message.find(name)
    while low >= 0:
        high = low + len(name)
        if not (message[max(0, low - 1) : low].isdecimal() or message[high : high + 1].isdecimal()):
            yield low, high
        low = message.find(name, high)


def _text(details: Mapping[str, Value], key: str, limit: int) -> str:
    value = details.get(key)
    return clean(value, limit) if isinstance(value, str) else ""
